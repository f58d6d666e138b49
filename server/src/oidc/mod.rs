//! OpenID Connect: people sign in with an account that they have elsewhere (authorisation code flow
//! with PKCE). The protocol is here; which account a person gets is decided in
//! [`domain::accounts`].

mod flow;
mod http;
mod id_token;
mod provider;
mod settings;
mod signatures;

pub use flow::{FLOW_SECONDS, Flow, Purpose};
pub use provider::{Provider, Providers};
pub use settings::ProviderSettings;
pub(crate) use settings::variable;
