//! The Fashion IQ Challenge server: [`api`], [`pages`] and [`cli`] carry what they are asked to the
//! [`domain`], where the rules are, and answers back.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod oidc;
mod outgoing;
pub mod pages;
pub mod postman;
pub mod pressure;
pub mod refusal;
pub mod serve;
mod upload_form;

pub use app::App;
