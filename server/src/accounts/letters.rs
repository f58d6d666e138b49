//! The mails about accounts: plain text, a link in each, and what to do if it was somebody else.

use super::Secret;
use crate::mail::Letter;

const NOT_YOU: &str = "If this wasn’t you, you need to do nothing.";

/// To whoever has just signed up.
pub(super) fn confirm(base: &str, address: &str, secret: &Secret) -> Letter {
    let text = format!(
        "Welcome. Confirm that this address is yours, within a day, with the password that you \
         chose:\n\n{base}/confirm/{}\n\n{NOT_YOU}\n",
        secret.reveal()
    );
    Letter::new(address, "Confirm your address", text)
}

/// To whoever signs up a second time.
pub(super) fn has_account(base: &str, address: &str) -> Letter {
    let text = format!(
        "Somebody, probably you, wanted to sign up with this address, which has an account \
         already. Sign in:\n\n{base}/sign-in\n\nIf you don’t know the password any more:\n\n\
         {base}/forgot\n\n{NOT_YOU}\n"
    );
    Letter::new(address, "You have an account already", text)
}

/// To whoever has forgotten their password.
pub(super) fn reset(base: &str, address: &str, secret: &Secret) -> Letter {
    let text = format!(
        "Choose a new password, within an hour:\n\n{base}/reset/{}\n\n{NOT_YOU}\n",
        secret.reveal()
    );
    Letter::new(address, "Choose a new password", text)
}

/// To an address without an account whose password was asked for.
pub(super) fn no_account(base: &str, address: &str) -> Letter {
    let text = format!(
        "Somebody, probably you, wanted a new password for this address, but it has no account \
         here. You may have signed up with another one, or do it now:\n\n{base}/sign-up\n\n\
         {NOT_YOU}\n"
    );
    Letter::new(address, "This address has no account", text)
}

/// To whoever has a new password.
pub(super) fn password_changed(base: &str, address: &str) -> Letter {
    let text = format!(
        "Your password was changed, and all browsers but the one that did it were signed out.\n\n\
         If this wasn’t you, choose another one now:\n\n{base}/forgot\n"
    );
    Letter::new(address, "Your password was changed", text)
}

/// To whoever can sign in with a provider from now on.
pub(super) fn linked(base: &str, address: &str, title: &str) -> Letter {
    let text = format!(
        "From now on you can sign in with your account of {title} as well.\n\nIf this wasn’t you, \
         choose another password now, sign in and remove it:\n\n{base}/forgot\n"
    );
    Letter::new(address, "Another way to sign in", text)
}

/// To whoever is invited into a team.
pub(crate) fn invited(
    base: &str,
    address: &str,
    (by, team, challenge): (&str, &str, &str),
    secret: &Secret,
) -> Letter {
    let text = format!(
        "{by} invites you into the team “{team}” of {challenge}. The link is yours alone and opens \
         the team once, within a week:\n\n{base}/invites/{}\n\n{NOT_YOU}\n",
        secret.reveal()
    );
    Letter::new(address, "An invitation into a team", text)
}
