//! The rules of a challenge server: who may do what, and when. It knows nothing about HTTP or the
//! command line.
//!
//! Layers, each using only those before it: [`ambient`], [`error`] and storage ([`entities`],
//! [`database`], [`storage`], [`site`]), then [`accounts`], [`challenges`], [`submissions`],
//! [`receipts`], [`standings`], [`plans`], [`moderation`].

pub mod accounts;
pub mod ambient;
pub mod backup;
pub mod captioner;
pub mod challenges;
mod code;
pub mod database;
pub mod dialogs;
pub mod doctor;
pub mod entities;
pub mod error;
pub mod mail;
pub mod manager;
pub mod memory;
pub mod moderation;
pub mod plans;
pub mod private;
mod program;
pub mod receipts;
pub mod site;
pub mod spreadsheet;
pub mod standings;
pub mod storage;
pub mod submissions;

pub use error::{Code, Error, Result};
