//! Stories told through the whole reader.

mod hostile;
mod kit;
mod naive;
mod sentences;
