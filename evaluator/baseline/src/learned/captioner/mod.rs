//! The relative captioner: says in people's words how a target differs from the item that is shown.
//!
//! After *Show, Attend and Tell* (Xu et al. 2015), as Guo et al. (`NeurIPS` 2018) use it for dialogs: an LSTM
//! says word after word and attends to the items meanwhile. What it attends to is a set: the words that only
//! the target has, that only the shown item has, and that both have, and both items' vectors if there are
//! some ([`pairs`], [`network`]). It learns from people's captions of split train ([`training`]), and plays
//! the user of dialogs ([`speaking`]).

pub mod checkpoint;
pub mod nearest;
pub mod network;
pub mod pairs;
pub mod service;
pub mod settings;
pub mod source;
pub mod speaking;
pub mod training;
