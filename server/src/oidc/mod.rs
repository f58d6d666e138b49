//! OpenID Connect: persons sign in with an account that they have elsewhere (authorisation code
//! flow with PKCE). What is said to a provider and what it says is here; whom that makes a person
//! is [`domain::accounts`].

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
