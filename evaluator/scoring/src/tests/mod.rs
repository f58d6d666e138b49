//! Stories told through the whole reader.

mod hostile;
mod keyed;
mod kit;
mod naive;
mod sentences;
mod written;
