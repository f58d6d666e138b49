//! People: accounts, team members, organisers and their log, mails; and new settings of phases:
//! freeze, reveal, final submissions, fields.

use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut table in [user(), identity(), link(), attempt(), role()] {
            manager.create_table(table.take()).await?;
        }
        for mut table in [participation(), membership(), invite(), mail(), event()] {
            manager.create_table(table.take()).await?;
        }
        for mut table in [announcement(), notice(), question(), quota_grant(), frozen()] {
            manager.create_table(table.take()).await?;
        }
        for mut index in indexes() {
            manager.create_index(index.take()).await?;
        }
        for (table, mut column) in columns() {
            // SQLite adds one column per statement.
            let alter = Table::alter().table(table).add_column(column.take()).take();
            manager.alter_table(alter).await?;
        }
        // Sessions belonged to teams and now belong to people, so everyone signs in again.
        manager.drop_table(Table::drop().table("session").take()).await?;
        manager.create_table(session()).await?;
        keep_tokens(manager).await
    }
}

/// A token can now belong to a person and needs no team. SQLite can't make a column nullable, so
/// the table is created again.
async fn keep_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let rename = Table::rename().table("token", "token_of_teams").take();
    manager.rename_table(rename).await?;
    manager.create_table(token()).await?;
    let old = ["id", "team_id", "digest", "created_at", "revoked_at"];
    let select = Query::select().columns(old).from("token_of_teams").take();
    let mut insert = Query::insert().into_table("token").columns(old).take();
    insert.select_from(select).map_err(|e| DbErr::Migration(e.to_string()))?;
    manager.execute(insert).await?;
    manager.drop_table(Table::drop().table("token_of_teams").take()).await
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

fn user() -> TableCreateStatement {
    table("user")
        .col(col::pk_auto("id"))
        .col(col::text_null("email").unique_key())
        .col(col::text("name"))
        .col(col::text_null("password"))
        .col(col::big_integer_null("confirmed_at"))
        .col(col::boolean("notices").default(true))
        .col(col::big_integer("created_at"))
        .col(col::big_integer_null("deleted_at"))
        .take()
}

fn identity() -> TableCreateStatement {
    table("identity")
        .col(col::pk_auto("id"))
        .col(col::integer("user_id"))
        .col(col::text("issuer"))
        .col(col::text("subject"))
        .col(col::big_integer("created_at"))
        .foreign_key(&mut belongs_to("identity", "user_id", "user"))
        .index(&mut unique("identity_subject", &["issuer", "subject"]))
        .take()
}

fn session() -> TableCreateStatement {
    table("session")
        .col(col::pk_auto("id"))
        .col(col::integer("user_id"))
        .col(col::text_uniq("digest"))
        .col(col::text("browser"))
        .col(col::big_integer("created_at"))
        .col(col::big_integer("seen_at"))
        .col(col::big_integer("expires_at"))
        .foreign_key(&mut belongs_to("session", "user_id", "user"))
        .take()
}

fn token() -> TableCreateStatement {
    table("token")
        .col(col::pk_auto("id"))
        .col(col::integer_null("team_id"))
        .col(col::integer_null("user_id"))
        .col(col::text("name").default(""))
        .col(col::text("scopes").default("read submit"))
        .col(col::text_uniq("digest"))
        .col(col::big_integer("created_at"))
        .col(col::big_integer_null("expires_at"))
        .col(col::big_integer_null("used_at"))
        .col(col::big_integer_null("revoked_at"))
        .foreign_key(&mut belongs_to("token", "team_id", "team"))
        .foreign_key(&mut belongs_to("token", "user_id", "user"))
        .take()
}

fn link() -> TableCreateStatement {
    table("link")
        .col(col::pk_auto("id"))
        .col(col::text("purpose"))
        .col(col::integer_null("user_id"))
        .col(col::text_uniq("digest"))
        .col(col::big_integer("created_at"))
        .col(col::big_integer("expires_at"))
        .col(col::big_integer_null("used_at"))
        .foreign_key(&mut belongs_to("link", "user_id", "user"))
        .take()
}

fn attempt() -> TableCreateStatement {
    table("attempt")
        .col(col::pk_auto("id"))
        .col(col::text("what"))
        .col(col::text("whose"))
        .col(col::big_integer("at"))
        .take()
}

fn role() -> TableCreateStatement {
    table("role")
        .col(col::pk_auto("id"))
        .col(col::integer("user_id"))
        .col(col::integer_null("challenge_id"))
        .col(col::text("role"))
        .col(col::big_integer("given_at"))
        .col(col::integer_null("given_by"))
        .foreign_key(&mut belongs_to("role", "user_id", "user"))
        .foreign_key(&mut belongs_to("role", "challenge_id", "challenge"))
        .index(&mut unique("role_of_user", &["user_id", "challenge_id"]))
        .take()
}

fn participation() -> TableCreateStatement {
    table("participation")
        .col(col::pk_auto("id"))
        .col(col::integer("challenge_id"))
        .col(col::integer("user_id"))
        .col(col::integer("rules_version"))
        .col(col::big_integer("accepted_at"))
        .col(col::text("state"))
        .col(col::big_integer_null("decided_at"))
        .col(col::integer_null("decided_by"))
        .foreign_key(&mut belongs_to("participation", "challenge_id", "challenge"))
        .foreign_key(&mut belongs_to("participation", "user_id", "user"))
        .index(&mut unique("participation_of_user", &["challenge_id", "user_id"]))
        .take()
}

fn membership() -> TableCreateStatement {
    table("membership")
        .col(col::pk_auto("id"))
        .col(col::integer("challenge_id"))
        .col(col::integer("team_id"))
        .col(col::integer("user_id"))
        .col(col::big_integer("joined_at"))
        .col(col::big_integer_null("left_at"))
        .foreign_key(&mut belongs_to("membership", "challenge_id", "challenge"))
        .foreign_key(&mut belongs_to("membership", "team_id", "team"))
        .foreign_key(&mut belongs_to("membership", "user_id", "user"))
        .take()
}

fn invite() -> TableCreateStatement {
    table("invite")
        .col(col::pk_auto("id"))
        .col(col::integer("team_id"))
        .col(col::text_uniq("digest"))
        .col(col::text_null("email"))
        .col(col::integer_null("invited_by"))
        .col(col::big_integer("created_at"))
        .col(col::big_integer("expires_at"))
        .col(col::big_integer_null("revoked_at"))
        .col(col::big_integer_null("used_at"))
        .col(col::integer_null("used_by"))
        .foreign_key(&mut belongs_to("invite", "team_id", "team"))
        .take()
}

fn mail() -> TableCreateStatement {
    table("mail")
        .col(col::pk_auto("id"))
        .col(col::text("address"))
        .col(col::text("subject"))
        .col(col::text("text"))
        .col(col::big_integer("created_at"))
        .col(col::big_integer("due_at"))
        .col(col::integer("attempts"))
        .col(col::big_integer_null("sent_at"))
        .col(col::text_null("failure"))
        .take()
}

fn event() -> TableCreateStatement {
    table("event")
        .col(col::pk_auto("id"))
        .col(col::integer_null("challenge_id"))
        .col(col::big_integer("at"))
        .col(col::integer_null("user_id"))
        .col(col::text("action"))
        .col(col::text("subject"))
        .col(col::text("reason"))
        .col(col::text("before"))
        .col(col::text("after"))
        .col(col::integer_null("undone_by"))
        .take()
}

fn announcement() -> TableCreateStatement {
    table("announcement")
        .col(col::pk_auto("id"))
        .col(col::integer("challenge_id"))
        .col(col::integer("user_id"))
        .col(col::big_integer("at"))
        .col(col::text("title"))
        .col(col::text("text"))
        .col(col::boolean("mailed"))
        .col(col::big_integer_null("removed_at"))
        .foreign_key(&mut belongs_to("announcement", "challenge_id", "challenge"))
        .take()
}

fn notice() -> TableCreateStatement {
    table("notice")
        .col(col::pk_auto("id"))
        .col(col::integer("team_id"))
        .col(col::big_integer("at"))
        .col(col::text("kind"))
        .col(col::text("text"))
        .col(col::uuid_null("submission_id"))
        .foreign_key(&mut belongs_to("notice", "team_id", "team"))
        .take()
}

fn question() -> TableCreateStatement {
    table("question")
        .col(col::pk_auto("id"))
        .col(col::uuid("submission_id"))
        .col(col::integer("user_id"))
        .col(col::big_integer("asked_at"))
        .col(col::text("text"))
        .col(col::integer_null("answered_by"))
        .col(col::big_integer_null("answered_at"))
        .col(col::text_null("answer"))
        .foreign_key(&mut belongs_to("question", "submission_id", "submission"))
        .take()
}

fn quota_grant() -> TableCreateStatement {
    table("quota_grant")
        .col(col::pk_auto("id"))
        .col(col::integer("phase_id"))
        .col(col::integer("team_id"))
        .col(col::integer("per_day"))
        .col(col::integer("total"))
        .col(col::text("reason"))
        .col(col::integer("given_by"))
        .col(col::big_integer("given_at"))
        .col(col::big_integer_null("until"))
        .col(col::big_integer_null("revoked_at"))
        .foreign_key(&mut belongs_to("quota_grant", "phase_id", "phase"))
        .foreign_key(&mut belongs_to("quota_grant", "team_id", "team"))
        .take()
}

fn frozen() -> TableCreateStatement {
    table("frozen")
        .col(col::integer("phase_id").primary_key())
        .col(col::big_integer("frozen_at"))
        .col(col::big_integer("made_at"))
        .col(col::text("standings"))
        .foreign_key(&mut belongs_to("frozen", "phase_id", "phase"))
        .take()
}

fn indexes() -> [IndexCreateStatement; 8] {
    let on = |name: &'static str, table: &'static str, columns: &[&'static str]| {
        let mut index = Index::create().name(name).table(table).take();
        for column in columns {
            index.col(*column);
        }
        index
    };
    let present = Expr::col("left_at").is_null();
    let mut one_team = on("membership_one_team", "membership", &["challenge_id", "user_id"]);
    one_team.unique().and_where(present);
    [
        one_team,
        on("membership_of_team", "membership", &["team_id", "user_id"]),
        on("membership_of_user", "membership", &["user_id"]),
        on("attempt_count", "attempt", &["what", "whose", "at"]),
        on("mail_due", "mail", &["sent_at", "due_at"]),
        on("event_of_challenge", "event", &["challenge_id", "at"]),
        on("notice_of_team", "notice", &["team_id", "at"]),
        on("question_of_submission", "question", &["submission_id"]),
    ]
}

fn columns() -> [(&'static str, ColumnDef); 19] {
    [
        ("challenge", col::integer("rules_version").default(1).take()),
        ("challenge", col::boolean("approval").default(false).take()),
        ("challenge", col::text("email_domains").default("").take()),
        ("challenge", col::integer_null("team_size").take()),
        ("team", col::text_null("pseudonym").take()),
        ("team", col::text("anonymity").default("none").take()),
        ("phase", col::big_integer_null("freeze_at").take()),
        ("phase", col::big_integer_null("reveal_at").take()),
        ("phase", col::integer("finals").default(0).take()),
        ("phase", col::text("fields").default("[]").take()),
        ("phase", col::boolean("probes").default(true).take()),
        ("submission", col::integer_null("user_id").take()),
        ("submission", col::text("details").default("{}").take()),
        ("submission", col::boolean("trial").default(false).take()),
        ("submission", col::big_integer_null("final_at").take()),
        ("submission", col::big_integer_null("disqualified_at").take()),
        ("submission", col::text_null("disqualified_why").take()),
        ("submission", col::big_integer_null("hidden_at").take()),
        ("submission", col::text_null("hidden_why").take()),
    ]
}
