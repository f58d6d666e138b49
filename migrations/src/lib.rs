//! The database schema, step by step. A step that has been released is never edited.

use sea_orm_migration::prelude::*;

mod m2026_11_24_challenge;
mod m2026_11_25_published;
mod m2026_11_26_people;
mod m2026_11_27_data;
mod m2026_11_27_devices;
mod m2026_11_27_persons;
mod m2026_11_27_upload_store;
mod m2026_11_28_addresses;
mod m2026_11_28_draft;
mod m2026_11_28_edits;
mod m2026_11_28_licence;
mod m2026_11_28_unrelated;
mod m2026_11_29_changes;
mod m2026_11_29_task;
mod m2026_11_30_score;
mod m2026_12_01_rescoring;
mod m2026_12_01_signing_key;
mod m2026_12_02_commitment;
mod m2026_12_05_final_results;
mod m2026_12_06_benchmark_audit;
mod m2026_12_07_feedback_share;
mod m2026_12_10_data_set;
mod m2026_12_11_dialogs;
mod m2026_12_12_release;
mod m2026_12_13_availability;
mod m2026_12_14_simulator;
mod m2026_12_15_activity;
mod m2026_12_16_retention;

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
            Box::new(m2026_11_28_draft::Migration),
            Box::new(m2026_11_28_unrelated::Migration),
            Box::new(m2026_11_28_addresses::Migration),
            Box::new(m2026_11_28_licence::Migration),
            Box::new(m2026_11_28_edits::Migration),
            Box::new(m2026_11_29_changes::Migration),
            Box::new(m2026_11_29_task::Migration),
            Box::new(m2026_11_30_score::Migration),
            Box::new(m2026_12_01_signing_key::Migration),
            Box::new(m2026_12_02_commitment::Migration),
            Box::new(m2026_12_01_rescoring::Migration),
            Box::new(m2026_12_05_final_results::Migration),
            Box::new(m2026_12_06_benchmark_audit::Migration),
            Box::new(m2026_12_07_feedback_share::Migration),
            Box::new(m2026_12_10_data_set::Migration),
            Box::new(m2026_12_11_dialogs::Migration),
            Box::new(m2026_12_12_release::Migration),
            Box::new(m2026_12_13_availability::Migration),
            Box::new(m2026_12_14_simulator::Migration),
            Box::new(m2026_12_15_activity::Migration),
            Box::new(m2026_12_16_retention::Migration),
        ]
    }
}
