//! The dialog manager: reads what a user says about the item that is shown, remembers it, and finds the
//! next candidate.
//!
//! After Guo et al., *Dialog-based Interactive Image Retrieval* (`NeurIPS` 2018): a response encoder turns an
//! item and a caption into one vector, a state tracker joins the vectors of all turns, and the candidate
//! generator takes the nearest item ([`network`]). It is trained by dialogs with a simulated user, first
//! with the target known ([`training`]), then by looking ahead ([`policy`]). Two things are new here: items
//! are words as well as vectors, so the tracker also remembers each wanted and unwanted word; and an item
//! that was shown isn't shown again.

pub mod agent;
pub mod catalogue;
pub mod checkpoint;
pub mod network;
pub mod policy;
pub mod service;
pub mod settings;
pub mod single_turn;
pub mod source;
pub mod talk;
pub mod training;
mod transformer;
pub mod words;
