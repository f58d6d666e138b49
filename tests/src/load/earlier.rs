//! Many earlier submissions, copied from one that was scored.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use crate::columns_of;

/// Copies the one scored submission of a database until there are this many, of this many teams. Each gets
/// another time and another score; their uploads are not there. All run in one statement per table.
pub async fn fill(db: &DatabaseConnection, submissions: usize, teams: usize) {
    let (id, chance) = match db.get_database_backend() {
        DbBackend::Postgres => ("gen_random_uuid()", "random()"),
        _ => ("randomblob(16)", "(abs(random() % 100000) / 100000.0)"),
    };
    let numbers = |count: usize| {
        format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})")
    };
    let one = "(select * from team order by id desc limit 1) as one";
    let named = [("id", None), ("name", Some("'Team ' || i"))];
    copy(db, "team", &named, &numbers(teams - 1), &format!("n, {one}")).await;
    let score = format!("0.5 * {chance}");
    let of = format!("(select min(id) from team) + i % {teams}");
    let changed = [
        ("id", Some(id)),
        ("team_id", Some(of.as_str())),
        ("received_at", Some("received_at - 1000000 * cast(i as bigint)")),
        ("finished_at", Some("finished_at - 1000000 * cast(i as bigint)")),
        ("upload_key", Some("upload_key || i")),
        ("upload_digest", Some("upload_digest || i")),
        ("score", Some(score.as_str())),
    ];
    let one = "(select * from submission limit 1) as one";
    copy(db, "submission", &changed, &numbers(submissions - 1), &format!("n, {one}")).await;
    let changed = [
        ("id", None),
        ("submission_id", Some("submission.id")),
        ("overall", Some("submission.score")),
        ("benchmark_version", Some("one.benchmark_version")),
        ("scorer_version", Some("one.scorer_version")),
        ("card", Some("one.card")),
        ("final_overall", Some("one.final_overall")),
        ("final_card", Some("one.final_card")),
        ("created_at", Some("one.created_at")),
    ];
    let from = "submission, (select * from scorecard limit 1) as one \
                where submission.id not in (select submission_id from scorecard)";
    copy(db, "scorecard", &changed, "", from).await;
    let changed = [("submission_id", Some("submission.id")), ("bytes", Some("one.bytes"))];
    let from = "submission, (select * from ranks limit 1) as one \
                where submission.id not in (select submission_id from ranks)";
    copy(db, "ranks", &changed, "", from).await;
    // As PostgreSQL does by itself after a while; SQLite never does.
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("analyze").await.unwrap();
    }
}

/// Inserts copies of a row; columns that are changed to nothing get their next number.
async fn copy(
    db: &DatabaseConnection,
    table: &str,
    changed: &[(&str, Option<&str>)],
    with: &str,
    from: &str,
) {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (_, column) in columns_of(db).await.into_iter().filter(|(of, _)| of == table) {
        let value = match changed.iter().find(|(name, _)| *name == column) {
            Some((_, None)) => continue,
            Some((_, Some(value))) => (*value).to_owned(),
            None => format!("\"{column}\""),
        };
        names.push(format!("\"{column}\""));
        values.push(value);
    }
    let (names, values) = (names.join(", "), values.join(", "));
    let copies = format!("insert into {table} ({names}) {with} select {values} from {from}");
    db.execute_unprepared(&copies).await.unwrap();
}
