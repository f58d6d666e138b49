//! The Fashion IQ Challenge server: [`api`], [`pages`] and [`cli`] pass requests to the [`domain`],
//! which has the rules, and return its answers.

mod allocator;
pub mod api;
pub mod app;
pub mod archive;
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
