//! The mails about accounts: plain text, each with a link, and what to do if it was someone else.

use super::{Email, Secret};
use crate::mail::Letter;

const NOT_YOU: &str = "If this wasn’t you, ignore this mail.";

/// The page to continue to after a link, as its query.
fn going(next: &str) -> String {
    let query = serde_html_form::to_string([("next", next)]).unwrap_or_default();
    if next.is_empty() { String::new() } else { format!("?{query}") }
}

/// To a person who has just signed up.
pub(super) fn confirm(base: &str, address: &str, secret: &Secret, next: &str) -> Letter {
    let going = going(next);
    let text = format!(
        "Welcome. Confirm your address within a day, using the password that you \
         chose:\n\n{base}/confirm/{}{going}\n\n{NOT_YOU}\n",
        secret.reveal()
    );
    Letter::new(address, "Confirm your address", text)
}

/// To a person who signs up a second time.
pub(super) fn has_account(base: &str, address: &str, next: &str) -> Letter {
    let going = going(next);
    let text = format!(
        "Someone, probably you, tried to sign up with this address, but it already has an account. \
         Sign in:\n\n{base}/sign-in{going}\n\nIf you forgot your \
         password:\n\n{base}/forgot{going}\n\n{NOT_YOU}\n"
    );
    Letter::new(address, "You already have an account", text)
}

/// To the new address of an account.
pub(super) fn confirm_address(base: &str, address: &str, name: &str, secret: &Secret) -> Letter {
    let text = format!(
        "{name} wants to use this address for their account. If this is you, sign in and confirm \
         it within a day:\n\n{base}/email/{}\n\nIf it isn’t, ignore this mail; nothing changes.\n",
        secret.reveal()
    );
    Letter::new(address, "Confirm your new address", text)
}

/// To the old address of an account.
pub(super) fn address_changed(base: &str, before: &str, now: &Email) -> Letter {
    let text = format!(
        "The address of your account at {base} was changed to {now}. Mails now go there.\n\nIf \
         this wasn’t you, contact the organisers immediately.\n"
    );
    Letter::new(before, "Your e-mail address was changed", text)
}

/// To a person who has forgotten their password.
pub(super) fn reset(base: &str, address: &str, secret: &Secret, next: &str) -> Letter {
    let going = going(next);
    let text = format!(
        "Choose a new password within an hour:\n\n{base}/reset/{}{going}\n\n{NOT_YOU}\n",
        secret.reveal()
    );
    Letter::new(address, "Choose a new password", text)
}

/// To an address without an account, for which a new password was requested.
pub(super) fn no_account(base: &str, address: &str, next: &str) -> Letter {
    let going = going(next);
    let text = format!(
        "Someone, probably you, asked for a new password for this address, but it has no account \
         here. You may have signed up with another address. To sign up \
         now:\n\n{base}/sign-up{going}\n\n{NOT_YOU}\n"
    );
    Letter::new(address, "This address has no account", text)
}

/// To a person with a new password.
pub(super) fn password_changed(base: &str, address: &str, keep_tokens: bool) -> Letter {
    let tokens = if keep_tokens {
        "Your API tokens still work; you can revoke them on your account page."
    } else {
        "Your API tokens were revoked; programs need new ones."
    };
    let text = format!(
        "Your password was changed, and all other browsers were signed out. {tokens}\n\nIf this \
         wasn’t you, choose a new one now:\n\n{base}/forgot\n"
    );
    Letter::new(address, "Your password was changed", text)
}

/// To a person who can now sign in with a provider.
pub(super) fn linked(base: &str, address: &str, title: &str) -> Letter {
    let text = format!(
        "You can now also sign in with your {title} account.\n\nIf this wasn’t you, choose a new \
         password now, sign in and remove {title}:\n\n{base}/forgot\n"
    );
    Letter::new(address, "New way to sign in", text)
}

/// To a person who is invited to a team.
pub(crate) fn invited(
    base: &str,
    address: &str,
    (by, team, challenge): (&str, &str, &str),
    secret: &Secret,
) -> Letter {
    let text = format!(
        "{by} invited you to the team “{team}” of {challenge}. The link is only for you and works \
         once, within a week:\n\n{base}/invites/{}\n\n{NOT_YOU}\n",
        secret.reveal()
    );
    Letter::new(address, "Invitation to a team", text)
}
