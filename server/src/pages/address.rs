//! `/account/email` and `/email/{secret}`: changing the e-mail address of an account.

use std::sync::Arc;

use domain::accounts::{self, Secret};
use domain::entities::user;
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Form, Section, Weight};

use super::done::{Done, said};
use super::filled::Filled;
use super::visitor::{self, Person};
use super::{account, answer, forms, see_other, sign_up};
use crate::app::App;
use crate::refusal::Result;
use crate::serve::ClientAddress;

/// The fields of the address form.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// The values put back into a form that was refused.
#[derive(Serialize)]
struct Typed<'a> {
    email: &'a str,
}

/// The address form on the account page.
pub(super) fn section(user: &user::Model) -> Section {
    let mut form = Form::new("/account/email", "Change address").with(forms::email(""));
    if user.password.is_some() {
        form = form.with(forms::password());
    }
    let text = format!(
        "Your address is {}. We send a link to the new one; nothing changes until you follow it.",
        user.email.as_deref().unwrap_or_default()
    );
    Section::new("email", "E-mail").text(&text).form(form.weighing(Weight::Quiet).called("address"))
}

/// `POST /account/email`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    ClientAddress(from): ClientAddress,
    Person(user): Person,
    Filled(sent): Filled<Wanted>,
) -> Result<Response> {
    let typed = (sent.email.as_str(), sent.password.as_str());
    let asked = accounts::ask_for_address(&app, &from, &user, typed).await;
    match forms::refused(asked)? {
        Ok(()) => sign_up::sent_page(&app, "confirms your new address"),
        Err(error) => {
            let typed = Typed { email: &sent.email };
            account::again(&app, cookies, &user, ("/account/email", &typed), &error).await
        }
    }
}

/// `GET /email/{secret}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(secret): Path<String>,
) -> Result<Response> {
    let claimed = Secret::claimed(&secret);
    let email = accounts::asked_address(&app.db, app.ambient.now(), &user, &claimed).await?;
    let form = Form::new(format!("/email/{secret}"), "Use this address");
    let section = Section::new("email", "").form(form).link("Keep the old address", "/account");
    let lede = format!("{email} becomes the address of your account.");
    Ok(visitor::private(answer(&forms::page(&app, "Confirm your address", &lede, section))?))
}

/// `POST /email/{secret}`
#[handler]
pub async fn confirm(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(secret): Path<String>,
) -> Result<Response> {
    accounts::confirm_address(&app, &user, &Secret::claimed(&secret)).await?;
    said(&app, cookies, Done::AddressChanged);
    Ok(see_other("/account#email"))
}
