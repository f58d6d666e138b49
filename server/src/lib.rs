//! The Fashion IQ Challenge server: who may do what, when.
//!
//! The domain is a folder a noun ([`accounts`], [`challenges`], [`submissions`], [`standings`],
//! [`moderation`]);
//! rules live there, once. [`api`] and [`pages`] only carry requests to it and answers back.

pub mod accounts;
pub mod ambient;
pub mod api;
pub mod app;
pub mod challenges;
pub mod cli;
pub mod config;
pub mod database;
pub mod entities;
pub mod error;
pub mod mail;
pub mod moderation;
pub mod oidc;
mod outgoing;
pub mod pages;
pub mod pressure;
pub mod private;
pub mod serve;
mod spreadsheet;
pub mod standings;
pub mod storage;
pub mod submissions;
mod upload_form;

pub use app::App;
pub use error::{Error, Result};
