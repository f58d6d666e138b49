//! Events store a typed change instead of two values of any form.

use std::collections::HashMap;

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use sea_orm_migration::{prelude::*, schema as col};
use serde_json::{Value, json};

/// How many events are read at a time.
const BATCH: i32 = 500;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let change = col::text("change").default("{}").take();
        manager.alter_table(Table::alter().table("event").add_column(change).take()).await?;
        convert(manager.get_connection()).await?;
        for column in ["before", "after"] {
            manager.alter_table(Table::alter().table("event").drop_column(column).take()).await?;
        }
        Ok(())
    }
}

/// An event as stored by earlier versions.
struct Old {
    id: i32,
    action: String,
    subject: String,
    before: Value,
    after: Value,
}

/// Gives every event its change. An undo comes after the event it undid, whose change is then
/// known.
async fn convert(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut after = 0;
    loop {
        let ask = format!(
            "SELECT id, action, subject, before, after FROM event WHERE id > {after} \
             ORDER BY id LIMIT {BATCH}"
        );
        let rows = db.query_all_raw(statement(db, &ask, [])).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get_by_index(0)?;
        for row in &rows {
            let old = Old::of(row)?;
            let change = old.change(db).await?.unwrap_or_else(|| old.legacy());
            let subject = match change["type"].as_str() {
                Some("definition-files" | "legacy") => "definition".to_owned(),
                _ => old.subject.clone(),
            };
            let values = [change.to_string().into(), subject.into(), old.id.into()];
            let update = "UPDATE event SET change = ?, subject = ? WHERE id = ?";
            db.execute_raw(statement(db, update, values)).await?;
        }
    }
}

fn statement(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = sea_orm_migration::sea_orm::Value>,
) -> Statement {
    let backend = db.get_database_backend();
    if backend != DbBackend::Postgres {
        return Statement::from_sql_and_values(backend, sql, values);
    }
    // PostgreSQL numbers its parameters.
    let mut pieces = sql.split('?');
    let first = pieces.next().unwrap_or_default().to_owned();
    let numbered = pieces.zip(1..).fold(first, |sql, (piece, n)| format!("{sql}${n}{piece}"));
    Statement::from_sql_and_values(backend, numbered, values)
}

impl Old {
    fn of(row: &QueryResult) -> Result<Self, DbErr> {
        let value = |text: String| serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Self {
            id: row.try_get_by_index(0)?,
            action: row.try_get_by_index(1)?,
            subject: row.try_get_by_index(2)?,
            before: value(row.try_get_by_index(3)?),
            after: value(row.try_get_by_index(4)?),
        })
    }

    /// The change; none if the values can't be read.
    async fn change(&self, db: &impl ConnectionTrait) -> Result<Option<Value>, DbErr> {
        let (before, after) = (&self.before, &self.after);
        let name = self.subject.split_once(' ').map_or("", |(_, name)| name);
        let number = name.parse::<i32>().ok();
        Ok(Some(match self.action.as_str() {
            "disqualify" | "reinstate" => json!({
                "type": "disqualification", "submission": name,
                "before": ruling(before, "disqualified"), "after": ruling(after, "disqualified"),
            }),
            "hide" | "show" => json!({
                "type": "hiding", "submission": name,
                "before": ruling(before, "hidden"), "after": ruling(after, "hidden"),
            }),
            "define" => json!({
                "type": "definition-files",
                "before": before["definition"].as_str().unwrap_or_default(),
                "after": after["definition"].as_str().unwrap_or_default(),
            }),
            "approve" | "refuse" => {
                let Some(id) = number else { return Ok(None) };
                let user = "SELECT user_id FROM participation WHERE id = ?";
                let Some(user) = number_of(db, user, id).await? else { return Ok(None) };
                json!({
                    "type": "participation", "participation": id, "user": user,
                    "before": before, "after": after,
                })
            }
            "change-team" => json!({
                "type": "team-kind", "team": number,
                "before": before["kind"], "after": after["kind"],
            }),
            "give-role" | "take-role" => json!({
                "type": "role", "user": number, "before": before["role"], "after": after["role"],
            }),
            "grant" | "revoke-grant" => json!({
                "type": "grant", "grant": number,
                "team": after["team"], "phase": after["phase"],
                "per_day": after["per_day"], "total": after["total"], "until": after["until"],
                "before": self.action == "revoke-grant", "after": self.action == "grant",
            }),
            "announce" | "remove-announcement" => json!({
                "type": "announcement", "announcement": number,
                "title": after["title"].as_str().or(before["title"].as_str()).unwrap_or_default(),
                "mailed": after["mailed"].as_bool().unwrap_or_default(),
                "before": self.action != "announce", "after": self.action == "announce",
            }),
            "answer" => {
                let Some(id) = number else { return Ok(None) };
                let submission = "SELECT submission_id FROM question WHERE id = ?";
                let row = db.query_one_raw(statement(db, submission, [id.into()])).await?;
                let Some(row) = row else { return Ok(None) };
                let submission: sea_orm_migration::sea_orm::prelude::Uuid =
                    row.try_get_by_index(0)?;
                json!({
                    "type": "answer", "question": id, "submission": submission.to_string(),
                    "answer": after["answer"],
                })
            }
            "grant-data" | "revoke-data" => json!({
                "type": "data", "path": name,
                "before": self.action == "revoke-data", "after": self.action == "grant-data",
            }),
            "undo" => return self.undo(db).await,
            _ => return Ok(None),
        }))
    }

    /// The change of an undo: the inverse of the undone event's change.
    async fn undo(&self, db: &impl ConnectionTrait) -> Result<Option<Value>, DbErr> {
        let undone = "SELECT id, change FROM event WHERE undone_by = ? AND id < ?";
        let values = [self.id.into(), self.id.into()];
        let Some(row) = db.query_one_raw(statement(db, undone, values)).await? else {
            return Ok(None);
        };
        let (event, change): (i32, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let Ok(Value::Object(mut change)) = serde_json::from_str(&change) else { return Ok(None) };
        if !change.contains_key("before") {
            return Ok(None);
        }
        let (before, after) = (change.remove("before"), change.remove("after"));
        change.extend([
            ("before".to_owned(), after.unwrap_or_default()),
            ("after".to_owned(), before.unwrap_or_default()),
        ]);
        Ok(Some(json!({ "type": "undo", "event": event, "change": change })))
    }

    /// The values as they were recorded.
    fn legacy(&self) -> Value {
        let values = HashMap::from([("before", &self.before), ("after", &self.after)]);
        let values = serde_json::to_string(&values).unwrap_or_default();
        json!({ "type": "legacy", "text": format!("{} {}: {values}", self.action, self.subject) })
    }
}

fn ruling(values: &Value, what: &str) -> Value {
    let (at, why) = (&values[format!("{what}_at")], &values[format!("{what}_why")]);
    if at.is_null() {
        return Value::Null;
    }
    json!({ "at": at, "reason": why.as_str().unwrap_or_default() })
}

async fn number_of(db: &impl ConnectionTrait, sql: &str, id: i32) -> Result<Option<i32>, DbErr> {
    let row = db.query_one_raw(statement(db, sql, [id.into()])).await?;
    row.map(|row| row.try_get_by_index(0)).transpose()
}
