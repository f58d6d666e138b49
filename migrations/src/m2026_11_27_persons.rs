//! Persons behind accounts: limits and decisions stay when an account is deleted or created again.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::{prelude::*, schema as col};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(server_secret()).await?;
        manager.create_table(role_history()).await?;
        for (table, mut column) in [
            ("user", col::text_null("person").take()),
            // The person that a mail names, besides its recipient.
            ("mail", col::integer_null("names_user_id").take()),
        ] {
            let alter = Table::alter().table(table).add_column(column.take()).take();
            manager.alter_table(alter).await?;
        }
        for (name, table, column) in
            [("user_person", "user", "person"), ("role_history_of_user", "role_history", "user_id")]
        {
            manager
                .create_index(Index::create().name(name).table(table).col(column).take())
                .await?;
        }
        let db = manager.get_connection();
        let statements = match db.get_database_backend() {
            DbBackend::Postgres => [KEEP_ROLES, KEEP_FORMER_ROLES_POSTGRES, FORGET_NAMES_POSTGRES],
            _ => [KEEP_ROLES, KEEP_FORMER_ROLES, FORGET_NAMES],
        };
        for statement in statements {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// People with a role now.
const KEEP_ROLES: &str = "INSERT INTO role_history (user_id, challenge_id, given_at) \
     SELECT user_id, challenge_id, given_at FROM role";

/// Roles that were given in a browser and removed since then: the log says `person 7`.
const KEEP_FORMER_ROLES: &str = "INSERT INTO role_history (user_id, challenge_id, given_at, ended_at) \
     SELECT CAST(substr(subject, 8) AS integer), challenge_id, min(at), max(at) FROM event \
     WHERE action = 'give-role' AND CAST(substr(subject, 8) AS integer) IN (SELECT id FROM \"user\") \
     AND NOT EXISTS (SELECT 1 FROM role WHERE role.challenge_id = event.challenge_id \
     AND role.user_id = CAST(substr(event.subject, 8) AS integer)) \
     GROUP BY subject, challenge_id";

/// The same where a text that is no number is an error.
const KEEP_FORMER_ROLES_POSTGRES: &str = "INSERT INTO role_history (user_id, challenge_id, given_at, ended_at) \
     SELECT former.user_id, challenge_id, min(at), max(at) FROM event CROSS JOIN LATERAL \
     (SELECT CAST(nullif(regexp_replace(subject, '[^0-9]', '', 'g'), '') AS integer) AS user_id) former \
     WHERE action = 'give-role' AND former.user_id IN (SELECT id FROM \"user\") \
     AND NOT EXISTS (SELECT 1 FROM role WHERE role.challenge_id = event.challenge_id \
     AND role.user_id = former.user_id) \
     GROUP BY former.user_id, challenge_id";

/// The log names people by id only, so that nothing remains of a person who deletes their account.
const FORGET_NAMES: &str = "UPDATE event SET before = json_remove(before, '$.name'), \
     after = json_remove(after, '$.name') WHERE action IN ('give-role', 'take-role')";

const FORGET_NAMES_POSTGRES: &str = "UPDATE event SET before = CAST(CAST(before AS jsonb) - 'name' AS text), \
     after = CAST(CAST(after AS jsonb) - 'name' AS text) WHERE action IN ('give-role', 'take-role')";

fn server_secret() -> TableCreateStatement {
    Table::create()
        .table("server_secret")
        .col(col::text("name").primary_key())
        .col(col::text("value"))
        .take()
}

fn role_history() -> TableCreateStatement {
    let user = ForeignKey::create()
        .from("role_history", "user_id")
        .to("user", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    let challenge = ForeignKey::create()
        .from("role_history", "challenge_id")
        .to("challenge", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take();
    Table::create()
        .table("role_history")
        .col(col::pk_auto("id"))
        .col(col::integer("user_id"))
        .col(col::integer_null("challenge_id"))
        .col(col::big_integer("given_at"))
        .col(col::big_integer_null("ended_at"))
        .foreign_key(&mut user.clone())
        .foreign_key(&mut challenge.clone())
        .take()
}
