//! Challenges, benchmarks, phases, teams, tokens, submissions and their results.
//!
//! Instants are microseconds since 1970-01-01 UTC in a big integer: they compare the same way in
//! every database, also inside a statement.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut table in [challenge(), benchmark(), phase(), team(), token()] {
            manager.create_table(table.take()).await?;
        }
        for mut table in [session(), submission(), scorecard(), ranks()] {
            manager.create_table(table.take()).await?;
        }
        for mut index in submission_indexes() {
            manager.create_index(index.take()).await?;
        }
        Ok(())
    }
}

fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

fn belongs_to(
    from: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from, column).to(to, "id").on_delete(ForeignKeyAction::Cascade).take()
}

fn unique(name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).unique().take();
    for column in columns {
        index.col(*column);
    }
    index
}

fn challenge() -> TableCreateStatement {
    table("challenge")
        .col(col::pk_auto("id"))
        .col(col::text_uniq("name"))
        .col(col::text("title"))
        .col(col::text("summary"))
        .col(col::text("rules"))
        .col(col::big_integer("created_at"))
        .take()
}

fn benchmark() -> TableCreateStatement {
    table("benchmark")
        .col(col::pk_auto("id"))
        .col(col::integer("challenge_id"))
        .col(col::text("name"))
        .col(col::text("folder"))
        .col(col::text("split"))
        .col(col::text("protocol"))
        .col(col::text("targets"))
        .col(col::text_null("targets_file"))
        .col(col::text("version"))
        .col(col::text("gallery_digest"))
        .col(col::integer("queries"))
        .foreign_key(&mut belongs_to("benchmark", "challenge_id", "challenge"))
        .index(&mut unique("benchmark_name", &["challenge_id", "name"]))
        .take()
}

fn phase() -> TableCreateStatement {
    table("phase")
        .col(col::pk_auto("id"))
        .col(col::integer("challenge_id"))
        .col(col::integer("benchmark_id"))
        .col(col::text("name"))
        .col(col::text("title"))
        .col(col::text("kind"))
        .col(col::integer("position"))
        .col(col::big_integer("opens_at"))
        .col(col::big_integer_null("closes_at"))
        .col(col::integer_null("limit_per_day"))
        .col(col::integer_null("limit_total"))
        .col(col::integer_null("limit_at_once"))
        .col(col::integer_null("limit_invalid_per_day"))
        .foreign_key(&mut belongs_to("phase", "challenge_id", "challenge"))
        .foreign_key(&mut belongs_to("phase", "benchmark_id", "benchmark"))
        .index(&mut unique("phase_name", &["challenge_id", "name"]))
        .take()
}

fn team() -> TableCreateStatement {
    table("team")
        .col(col::pk_auto("id"))
        .col(col::integer("challenge_id"))
        .col(col::text("name"))
        .col(col::text("kind"))
        .col(col::big_integer("created_at"))
        .foreign_key(&mut belongs_to("team", "challenge_id", "challenge"))
        .index(&mut unique("team_name", &["challenge_id", "name"]))
        .take()
}

fn token() -> TableCreateStatement {
    table("token")
        .col(col::pk_auto("id"))
        .col(col::integer("team_id"))
        .col(col::text_uniq("digest"))
        .col(col::big_integer("created_at"))
        .col(col::big_integer_null("revoked_at"))
        .foreign_key(&mut belongs_to("token", "team_id", "team"))
        .take()
}

fn session() -> TableCreateStatement {
    table("session")
        .col(col::pk_auto("id"))
        .col(col::integer("team_id"))
        .col(col::text_uniq("digest"))
        .col(col::big_integer("created_at"))
        .col(col::big_integer("expires_at"))
        .foreign_key(&mut belongs_to("session", "team_id", "team"))
        .take()
}

fn submission() -> TableCreateStatement {
    table("submission")
        .col(col::uuid("id").primary_key())
        .col(col::integer("phase_id"))
        .col(col::integer("team_id"))
        .col(col::text("source"))
        .col(col::text("state"))
        .col(col::big_integer("received_at"))
        .col(col::big_integer_null("finished_at"))
        .col(col::text("method"))
        .col(col::text("upload_key"))
        .col(col::text("upload_digest"))
        .col(col::big_integer("upload_bytes"))
        .col(col::text_null("idempotency_key"))
        .col(col::uuid_null("lease_token"))
        .col(col::big_integer("lease_expires_at"))
        .col(col::integer("attempts"))
        .col(col::text_null("problems"))
        .col(col::text_null("warnings"))
        .foreign_key(&mut belongs_to("submission", "phase_id", "phase"))
        .foreign_key(&mut belongs_to("submission", "team_id", "team"))
        .index(&mut unique("submission_idempotency", &["team_id", "phase_id", "idempotency_key"]))
        .take()
}

fn submission_indexes() -> [IndexCreateStatement; 3] {
    let on = |name: &'static str, columns: [&'static str; 3]| {
        let mut index = Index::create().name(name).table("submission").take();
        for column in columns {
            index.col(column);
        }
        index
    };
    [
        on("submission_limits", ["team_id", "phase_id", "received_at"]),
        on("submission_board", ["phase_id", "state", "finished_at"]),
        on("submission_queue", ["state", "lease_expires_at", "received_at"]),
    ]
}

fn scorecard() -> TableCreateStatement {
    table("scorecard")
        .col(col::pk_auto("id"))
        .col(col::uuid("submission_id"))
        .col(col::text("benchmark_version"))
        .col(col::integer("scorer_version"))
        .col(col::double("overall"))
        .col(col::text("card"))
        .col(col::big_integer("created_at"))
        .foreign_key(&mut belongs_to("scorecard", "submission_id", "submission"))
        .index(&mut unique(
            "scorecard_version",
            &["submission_id", "benchmark_version", "scorer_version"],
        ))
        .take()
}

fn ranks() -> TableCreateStatement {
    table("ranks")
        .col(col::uuid("submission_id").primary_key())
        .col(col::blob("bytes"))
        .foreign_key(&mut belongs_to("ranks", "submission_id", "submission"))
        .take()
}
