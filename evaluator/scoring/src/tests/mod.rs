//! Tests of the whole reader.

mod causes;
mod circo;
mod echoes;
mod hostile;
mod keyed;
pub(crate) mod kit;
mod naive;
mod sentences;
mod written;
