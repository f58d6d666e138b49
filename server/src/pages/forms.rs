//! Form fields that several pages share, and how a refused form is shown again.

use domain::ambient::Instant;
use domain::error::Error;
use serde::Serialize;
use web::pages::{DeskPage, Field, FieldKind, Form, Section};

use super::layout;
use crate::app::App;
use crate::refusal::{Refusal, Result};

/// A page with one form and little else.
pub(super) fn page(app: &App, heading: &str, lede: &str, section: Section) -> DeskPage {
    DeskPage {
        layout: layout::plain(),
        kicker: None,
        heading: heading.to_owned(),
        lede: lede.to_owned(),
        notice: None,
        tabs: vec![],
        sections: vec![section],
        now: app.ambient.now().utc(),
    }
}

/// Separates refusals, which a form shows next to its field, from our own faults, which have their own
/// page.
pub(super) fn refused<T>(result: Result<T, impl Into<Refusal>>) -> Result<Result<T>> {
    match result.map_err(Into::into) {
        Err(error) if error.status.is_server_error() => Err(error),
        result => Ok(result),
    }
}

/// Puts the typed values back into a form that was refused.
pub(super) fn keep(form: &mut Form, typed: &impl Serialize) {
    let pairs = serde_html_form::to_string(typed).unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_html_form::from_str(&pairs).unwrap_or_default();
    form.refill(&pairs);
}

/// Puts a refusal next to the field it concerns, without the name of the field.
pub(super) fn complain(form: &mut Form, error: &Refusal) {
    let named = error.field.as_ref().map(|field| format!("`{field}` "));
    let rule = named.as_ref().and_then(|named| error.detail.strip_prefix(named.as_str()));
    let known = |field: &&str| form.fields.iter().any(|own| own.name == **field);
    match error.field.as_deref().filter(known) {
        Some(field) => {
            let sentence = rule.map_or_else(|| error.detail.clone(), |rule| format!("it {rule}"));
            let field = field.to_owned();
            form.complain(Some(&field), &sentence);
        }
        None => form.complain(None, &error.detail),
    }
}

pub(super) fn email(value: &str) -> Field {
    Field::new(FieldKind::Email, "email", "E-mail").autocomplete("username").value(value)
}

pub(super) fn password() -> Field {
    Field::new(FieldKind::Password, "password", "Password").autocomplete("current-password")
}

pub(super) fn new_password() -> Field {
    Field::new(FieldKind::Password, "password", "Password")
        .autocomplete("new-password")
        .hint("At least 10 characters. Several unrelated words work well.")
}

/// For a new password: anyone who knew the old one may have made tokens.
pub(super) fn keep_tokens() -> Field {
    Field::new(FieldKind::Check, "keep_tokens", "Keep my API tokens")
        .optional()
        .hint("Otherwise they are revoked now. Keep them only if nobody else knew the password.")
}

pub(super) fn name(value: &str) -> Field {
    Field::text("name", "Name")
        .autocomplete("name")
        .value(value)
        .hint("Your team and the organisers see it; the board shows the team’s name only.")
}

/// An instant in the format of forms: `2026-11-24 12:00`, in UTC.
pub(super) fn instant(at: Instant) -> String {
    let at = at.utc();
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute()
    )
}

/// Reads an instant from a form; an empty field is `None`.
pub(super) fn read_instant(field: &str, typed: &str) -> Result<Option<Instant>> {
    use time::PrimitiveDateTime;
    use time::macros::format_description;
    let typed = typed.trim().trim_end_matches('Z').replace('T', " ");
    if typed.is_empty() {
        return Ok(None);
    }
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]");
    let read = PrimitiveDateTime::parse(&typed, format);
    let wrong = |_| Error::field(field, "must be a time in UTC, such as 2026-11-24 12:00");
    Ok(Some(Instant::of(read.map_err(wrong)?.assume_utc())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_as_it_is_shown() {
        let noon = Instant::of(time::macros::datetime!(2026-11-24 12:34 UTC));
        assert_eq!(instant(noon), "2026-11-24 12:34");
        for typed in ["2026-11-24 12:34", " 2026-11-24T12:34Z "] {
            assert_eq!(read_instant("opens", typed).unwrap(), Some(noon));
        }
        assert_eq!(read_instant("opens", " ").unwrap(), None);
        let error = read_instant("opens", "tomorrow").unwrap_err();
        assert_eq!(error.field.as_deref(), Some("opens"));
    }
}
