//! The database schema, step by step. A step that has been released is never edited.

use sea_orm_migration::prelude::*;

mod m2026_11_24_challenge;
mod m2026_11_25_published;
mod m2026_11_26_people;
mod m2026_11_27_data;
mod m2026_11_27_devices;
mod m2026_11_27_persons;
mod m2026_11_27_upload_store;

/// All steps, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m2026_11_24_challenge::Migration),
            Box::new(m2026_11_25_published::Migration),
            Box::new(m2026_11_26_people::Migration),
            Box::new(m2026_11_27_persons::Migration),
            Box::new(m2026_11_27_data::Migration),
            Box::new(m2026_11_27_devices::Migration),
            Box::new(m2026_11_27_upload_store::Migration),
        ]
    }
}
