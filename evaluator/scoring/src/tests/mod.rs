//! Tests of the whole reader, and of the share of queries that scores are computed on.

mod causes;
mod circo;
mod echoes;
mod hostile;
mod keyed;
pub(crate) mod kit;
mod naive;
mod sentences;
mod share;
mod written;
