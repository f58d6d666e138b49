//! The form that signs a team in.

use askama::Template;

use super::Layout;

/// The form that signs a team in, `/sign-in`; also the answer wherever a team must be known and
/// nobody is signed in.
///
/// It is sent as `application/x-www-form-urlencoded` with the fields `csrf_token`, `next` and
/// `token`.
#[derive(Clone, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// What stands around it.
    pub layout: Layout,
    /// What is seen once signed in, such as `your team’s submissions`; absent where it was not asked
    /// for.
    pub what: Option<String>,
    /// Where the form is sent.
    pub action: String,
    /// The value of the hidden field `csrf_token`.
    pub csrf_token: String,
    /// The value of the hidden field `next`: where to go afterwards, an address of this server.
    pub next: String,
    /// What is wrong with the token that was typed, in a sentence for people.
    pub complaint: Option<String>,
}
