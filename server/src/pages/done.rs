//! The done-message: a sentence that the next page shows once. A cookie carries its code for a few
//! minutes.

use poem::web::cookie::CookieJar;

use super::visitor::{cookie, cookie_value, without};
use crate::app::App;

const DONE: &str = "fiq_done";

/// How long the code waits for its page, in seconds.
const SECONDS: i64 = 300;

/// Declares the actions, their codes in the cookie and their sentences on the page: a page shows only
/// these, no matter who set the cookie.
macro_rules! done {
    ($($(#[$doc:meta])* $name:ident $word:literal $sentence:literal;)*) => {
        /// The action that was just done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Done { $($(#[$doc])* $name),* }

        impl Done {
            const ALL: &[Self] = &[$(Self::$name),*];

            const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// The sentence on the page.
            pub(crate) const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),* }
            }
        }
    };
}

done! {
    Saved "saved" "Saved.";
    Changed "changed" "The changes are applied. You can undo them in the log.";
    MadeChallenge "made-challenge" "The challenge is created. You are its owner.";
    Frozen "frozen" "The board is frozen: everyone sees it as it was at this moment.";
    Audited "audited" "The benchmark is audited; the result is below.";
    Confirmed "confirmed" "The results are final. Their permanent address is below.";
    Revealed "revealed" "All scores that the targets allow are public now.";
    RescoringMade "rescoring-made" "The new scores are being computed. Boards don’t change.";
    Rescored "rescored" "The new scores count, and teams are notified. You can undo this in the log.";
    Undone "undone" "Undone, and recorded in the log.";
    Decided "decided" "Done, and recorded in the log.";
    Archived "archived" "The challenge is archived: every page stays, and nothing can be submitted.";
    Deleted "deleted" "The challenge is deleted. Organisers still see this page and can restore it.";
    ChallengeRestored "challenge-restored" "The challenge is restored.";
    RoleSet "role-set" "The role was changed.";
    Granted "granted" "Granted.";
    TakenBack "taken-back" "Removed.";
    Announced "announced" "Your announcement is on the news page.";
    Answered "answered" "Your answer is sent.";
    SignedUp "signed-up" "Your address is confirmed, and you are signed in.";
    SignedIn "signed-in" "You are signed in.";
    SignedOut "signed-out" "You are signed out.";
    PasswordChanged "password-changed" "Your password is changed, and all other browsers are signed out.";
    AddressChanged "address-changed" "Your address is changed, and a notice was sent to the old one.";
    BrowserEnded "browser-ended" "That browser is signed out.";
    TokenRevoked "token-revoked" "The token is revoked: programs that use it are refused from now on.";
    Unlinked "unlinked" "Removed: you can no longer sign in that way.";
    Joined "joined" "You are taking part. Next, you need a team.";
    Asked "asked" "The organisers will decide; you will get an e-mail.";
    TeamMade "team-made" "Your team is created.";
    TeamJoined "team-joined" "You are in the team.";
    TeamLeft "team-left" "You have left the team. Its submissions stay where they are.";
    TeamTaken "team-taken" "You are in your team again.";
    InviteRevoked "invite-revoked" "The invitation is revoked.";
    Withdrawn "withdrawn" "The submission is withdrawn: it no longer counts. You can restore it \
                           here.";
    Restored "restored" "The submission counts again.";
    Final "final" "This submission is one of your final submissions.";
    NotFinal "not-final" "This submission is no longer one of your final submissions.";
    QuestionSent "question-sent" "Your question was sent to the organisers.";
    AccountDeleted "account-deleted" "Your account is deleted.";
}

/// Makes the next page show what was done.
pub(super) fn said(app: &App, cookies: &CookieJar, done: Done) {
    cookies.add(cookie(app, DONE, done.word(), SECONDS));
}

/// Whether there is a message for the next page.
pub(super) fn is_something(app: &App, cookies: &CookieJar) -> bool {
    cookie_value(app, cookies, DONE).is_some()
}

/// The message for this page, if there is one; it is shown once.
pub(super) fn to_say(app: &App, cookies: &CookieJar) -> Option<Done> {
    let word = cookie_value(app, cookies, DONE)?;
    cookies.add(without(app, DONE));
    Done::ALL.iter().copied().find(|done| done.word() == word)
}
