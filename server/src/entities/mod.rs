//! The rows of the database. What they mean and may become is said in the domain folders.

pub mod announcement;
pub mod attempt;
pub mod benchmark;
pub mod challenge;
pub mod event;
pub mod frozen;
pub mod identity;
pub mod invite;
pub mod link;
pub mod mail;
pub mod membership;
pub mod notice;
pub mod participation;
pub mod phase;
pub mod question;
pub mod quota_grant;
pub mod ranks;
pub mod role;
pub mod scorecard;
pub mod session;
pub mod submission;
pub mod team;
pub mod token;
pub mod upload_store;
pub mod user;
