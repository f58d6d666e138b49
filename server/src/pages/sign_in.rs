//! `/sign-in` and `/sign-out`: a person's session in a browser.

use std::sync::Arc;

use poem::http::StatusCode;
use poem::web::cookie::CookieJar;
use poem::web::{Data, Query};
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;
use web::pages::{DeskPage, Form, Section};

use super::filled::Filled;
use super::visitor::{self, Address};
use super::{answer, forms, see_other, sign_in_with};
use crate::accounts;
use crate::app::App;
use crate::error::{Error, Result};

/// Where to go once signed in.
#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    next: String,
}

/// What the form sends.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    next: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// `GET /sign-in`
#[handler]
pub fn show(Data(app): Data<&Arc<App>>, Query(wish): Query<Wish>) -> Result<Response> {
    Ok(visitor::private(answer(&page(app, &wish.next, form(&wish.next, "")))?))
}

/// `POST /sign-in`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    request: &Request,
    Address(from): Address,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let device = visitor::device(&app, request.cookie());
    let by = (from.as_str(), device.as_ref());
    let signed = accounts::sign_in(&app, by, &sent.email, &sent.password).await;
    let user = match forms::refused(signed)? {
        Ok(user) => user,
        Err(error) => return saying(&app, &sent.next, &sent.email, &error),
    };
    visitor::sign_in(&app, request, &user).await?;
    Ok(see_other(within(&sent.next).unwrap_or("/account")))
}

/// `POST /sign-out`
#[handler]
pub async fn sign_out(app: Data<&Arc<App>>, cookies: &CookieJar) -> Result<Response> {
    visitor::sign_out(&app, cookies).await?;
    Ok(see_other("/"))
}

/// The form in place of a page that only a person who has signed in may see.
pub(super) fn instead_of(app: &App, next: &str) -> Result<Response> {
    let page = answer(&page(app, next, form(next, "")))?;
    Ok(visitor::private(page.with_status(StatusCode::UNAUTHORIZED)))
}

/// The form with a sentence, for whoever has to sign in with what they have.
pub(super) fn saying(app: &App, next: &str, email: &str, error: &Error) -> Result<Response> {
    let mut form = form(next, email);
    forms::complain(&mut form, error);
    Ok(super::saying(error, visitor::private(answer(&page(app, next, form))?)))
}

fn form(next: &str, email: &str) -> Form {
    Form::new("/sign-in", "Sign in")
        .hiding("next", within(next).unwrap_or_default())
        .with(forms::email(email))
        .with(forms::password())
}

fn page(app: &App, next: &str, form: Form) -> DeskPage {
    let lede = match within(next) {
        Some(_) => "Then you get to the page that you asked for.",
        None => "A cookie keeps you signed in until you sign out, for a month at most.",
    };
    let section = Section::new("sign-in", "").form(form);
    let section = app.providers.all().iter().fold(section, |section, provider| {
        let label = format!("Sign in with {}", provider.settings.title);
        section.link(label, sign_in_with::way(&provider.settings, next))
    });
    let section = section
        .link("Sign up", "/sign-up")
        .link("I don’t know my password any more", "/forgot")
        .link("What we keep", "/privacy");
    forms::page(app, "Sign in", lede, section)
}

/// An address on this server; what leads elsewhere is no address to go to.
pub(super) fn within(next: &str) -> Option<&str> {
    let elsewhere = next.starts_with("//") || next.contains(['\\', ':']);
    let plain = next.chars().all(|c| c.is_ascii_graphic());
    Some(next).filter(|next| next.starts_with('/') && plain && !elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_nowhere_else() {
        assert_eq!(within("/c/fiq/submissions"), Some("/c/fiq/submissions"));
        for elsewhere in [
            "",
            "c/fiq",
            "//example.org",
            "/\\example.org",
            "https://example.org",
            "/\t/example.org",
            "javascript:alert(1)",
            "/c\r\nset-cookie: a=b",
        ] {
            assert_eq!(within(elsewhere), None, "{elsewhere:?}");
        }
    }
}
