//! `/invites/{secret}`: a link into a team.

use std::sync::Arc;

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::{DeskPage, Form, Section};

use super::visitor::{self, Person};
use super::{answer, forms, layout, saying, see_other};
use crate::accounts::{self, Secret};
use crate::app::App;
use crate::error::Result;
use crate::{challenges, database};

/// `GET /invites/{secret}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(secret): Path<String>,
) -> Result<Response> {
    let page = page(&app, &secret, user.id).await?;
    Ok(visitor::private(answer(&page)?))
}

/// `POST /invites/{secret}`
#[handler]
pub async fn follow(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(secret): Path<String>,
) -> Result<Response> {
    let claimed = Secret::claimed(&secret);
    let followed = async {
        let transaction = database::begin(&app.db).await?;
        let now = app.ambient.now();
        let team = accounts::follow_invite(&transaction, now, &claimed, &user).await?;
        transaction.commit().await?;
        Ok(team)
    };
    match forms::refused(followed.await)? {
        Ok(team) => {
            let challenge = challenges::by_id(&app.db, team.challenge_id).await?;
            Ok(see_other(&layout::team(&challenge)))
        }
        Err(error) if error.code == "spent-link" => Err(error),
        Err(error) => {
            let mut page = page(&app, &secret, user.id).await?;
            page.notice = Some(error.detail.clone());
            Ok(saying(&error, visitor::private(answer(&page)?)))
        }
    }
}

async fn page(app: &App, secret: &str, user_id: i32) -> Result<DeskPage> {
    let now = app.ambient.now();
    let (invite, team) = accounts::invited_to(&app.db, now, &Secret::claimed(secret)).await?;
    let challenge = challenges::by_id(&app.db, team.challenge_id).await?;
    let by = accounts::inviter(&app.db, &invite).await?;
    let user = accounts::user_by_id(&app.db, user_id).await?;
    let joined = accounts::participation_of(&app.db, &challenge, &user).await?.is_some();
    let section = if joined {
        let form = Form::new(format!("/invites/{secret}"), format!("Join “{}”", team.name));
        Section::new("join", "").form(form)
    } else {
        let text = "First accept the rules of the challenge; then open this link again.";
        Section::new("join", "").text(text).link("To the rules", layout::team(&challenge))
    };
    let lede = format!("{} invited you into a team of {}.", by, challenge.title);
    Ok(forms::page(app, &format!("Join “{}”", team.name), &lede, section))
}
