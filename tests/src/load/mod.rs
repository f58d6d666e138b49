//! The night before a deadline: a large challenge, uploads that arrive by chance, and people who watch
//! the board. `make load` measures it, and a test runs a short form.

mod crowd;
mod earlier;
mod fleet;
mod material;
mod place;
mod tally;
mod times;

pub use crowd::Crowd;
pub use earlier::fill;
pub use fleet::{Fleet, Processes};
pub use material::Material;
pub use place::{Place, Size};
pub use tally::Tally;
pub use times::Times;
