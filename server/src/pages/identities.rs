//! The section of `/account` about identity providers that a person can sign in with.

use std::sync::Arc;

use domain::accounts;
use domain::entities::{identity, user};
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::{Cell, Form, Section, Weight};

use super::done::{Done, said};
use super::visitor::{self, Person};
use super::{account, answer, forms, see_other, sign_in_with};
use crate::app::App;
use crate::oidc::Purpose;
use crate::refusal::Result;
use crate::serve::ClientAddress;

/// `POST /account/link/{provider}`: responds with a link to the provider. Browsers don't let our form
/// redirect to another site, and a plain link that starts linking could be placed on any site.
#[handler]
pub async fn link(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(_user): Person,
    ClientAddress(from): ClientAddress,
    Path(name): Path<String>,
) -> Result<Response> {
    let provider = app.providers.find(&name)?;
    let title = &provider.settings.title;
    let way = sign_in_with::begin(&app, cookies, &from, provider, (Purpose::Link, "/account"));
    let section = Section::new("link", "")
        .link(format!("Continue to {title}"), way.await?)
        .link("Cancel", "/account");
    let lede = "After signing in there, you return here. From then on, you can sign in to this \
                account either way.";
    let page = forms::page(&app, &format!("Add {title}"), lede, section);
    Ok(visitor::private(answer(&page)?))
}

/// `POST /account/identities/{id}/unlink`
#[handler]
pub async fn unlink(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(id): Path<i32>,
) -> Result<Response> {
    match forms::refused(accounts::unlink_identity(&app, &user, id).await)? {
        Ok(()) => {
            said(&app, cookies, Done::Unlinked);
            Ok(see_other("/account#identities"))
        }
        Err(error) => account::again(&app, cookies, &user, ("", &()), &error).await,
    }
}

/// The section of the account page; `None` if no provider is configured and none was linked.
pub(super) async fn section(app: &App, user: &user::Model) -> Result<Option<Section>> {
    let own = accounts::identities_of(&app.db, user).await?;
    if own.is_empty() && app.providers.all().is_empty() {
        return Ok(None);
    }
    let row = |row: &identity::Model| {
        let remove = Form::new(format!("/account/identities/{}/unlink", row.id), "remove")
            .asking("You will no longer be able to sign in that way.", "Yes, remove it");
        vec![
            Cell::text(app.providers.title_of(&row.issuer)),
            Cell::text(row.subject.clone()),
            Cell::At(row.created_at.utc()),
            Cell::Form(remove.weighing(Weight::Small)),
        ]
    };
    let section = Section::new("identities", "Other ways to sign in").table(
        &["Provider", "Signed in there as", "Since", ""],
        own.iter().map(row).collect(),
        "None.",
    );
    let others = app.providers.all().iter().map(|provider| &provider.settings);
    let others = others.filter(|other| own.iter().all(|row| row.issuer != other.issuer));
    Ok(Some(others.fold(section, |section, provider| {
        let add = Form::new(
            format!("/account/link/{}", provider.name),
            format!("Add {}", provider.title),
        );
        section.form(add.weighing(Weight::Quiet))
    })))
}
