//! The kit of the whole-system tests: a world with a challenge in it, a server, and teams that talk
//! to it over HTTP.
//!
//! ```no_run
//! # async fn story() {
//! let tester = system_tests::Tester::start().await;
//! let team = tester.team("Atelier").await;
//! let answer = team.upload("test", tester.test.run(|query| Some(query % 60 + 1))).await;
//! assert_eq!(answer.status, 201);
//! # }
//! ```

mod ambient;
mod asked;
mod bucket;
mod candidates;
mod captions;
mod cut;
mod forms;
pub mod fuzz;
mod http;
mod line;
pub mod load;
mod neighbours;
mod postgres;
mod program;
mod runs;
mod server;
mod sessions;
mod small_disk;
mod tester;
pub mod usage;
mod wire;
mod world;

pub use ambient::{SeededChance, TestClock};
pub use bucket::Bucket;
pub use candidates::Candidates;
pub use captions::{Captions, Mood};
pub use cut::{CutLine, Trouble};
pub(crate) use forms::escaped;
pub use forms::{Browser, Form, shown_fields, unescaped};
pub use http::{Answer, Client, SlowUpload};
pub use line::{Harm, Line};
pub use neighbours::{MailServer, Provider, free_port, text_of};
pub use postgres::{
    PostgresServer, columns_of, copy_database, database_of, database_url, on_postgres,
    open_database, place_of, remove_database, settings_of,
};
pub use program::Program;
pub use runs::{Questions, unzip, zip};
pub use server::{Server, eventually, until, wait_for};
pub use sessions::SESSIONS;
pub use small_disk::SmallDisk;
pub use tester::{PASSWORD, Team, Tester, files_of_uploads};
pub use wire::Wire;
pub use world::World;
