//! Finds the submission of each team that counts in a phase: now by an index, whose cost grows with
//! the number of teams, and at a past instant by looking at every submission once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{
    Asterisk, Cond, DynIden, Expr, ExprTrait as _, Func, IntoIden as _, JoinType, Order, Query,
    SelectStatement, SimpleExpr,
};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::ambient::Instant;
use crate::entities::submission::{Column, Entity, State};
use crate::entities::team::{Anonymity, TeamKind};
use crate::entities::{benchmark, phase, scorecard, team};
use crate::error::Result;
use crate::submissions;

/// Databases limit the number of parameters in a statement.
const AT_ONCE: usize = 1000;

/// The values that decide whether a scored submission counts, and its rank.
#[derive(Debug, FromQueryResult)]
struct Scored {
    id: Uuid,
    team_id: i32,
    received_at: Instant,
    withdrawn_at: Option<Instant>,
    disqualified_at: Option<Instant>,
    hidden_at: Option<Instant>,
    final_at: Option<Instant>,
    score: f64,
    final_score: Option<f64>,
}

impl Scored {
    /// Orders submissions: the smallest value is the best.
    fn place(&self, revealed: bool) -> impl Ord + use<> {
        let score = self.final_score.filter(|_| revealed).unwrap_or(self.score);
        // Scores are finite and not negative, so their bits have the same order.
        (Reverse(score.to_bits()), self.received_at, self.id)
    }
}

/// The submission by which a team is ranked, with its team and scorecard.
#[derive(Debug, FromQueryResult)]
pub(super) struct Ranked {
    pub(super) team_id: i32,
    pub(super) name: String,
    pub(super) kind: TeamKind,
    pub(super) anonymity: Anonymity,
    pub(super) pseudonym: Option<String>,
    pub(super) id: Uuid,
    pub(super) method: String,
    pub(super) details: String,
    pub(super) received_at: Instant,
    pub(super) card: String,
    /// The score by which it is ordered.
    pub(super) overall: f64,
    /// The team's scored submissions, whether they count or not.
    pub(super) tries: i64,
}

/// The submissions by which teams are ranked now, one row per team from one statement, before the reveal or
/// from then on; optionally only for some teams.
///
/// A team is ranked by the submission that is its best before the reveal. If it could be another one
/// afterwards, the best of many tries would count, and nobody could have known which that is. Among final
/// submissions, which the team chose, the best one counts.
pub(super) async fn ranked(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    (teams, revealed): (Option<&BTreeSet<i32>>, bool),
) -> Result<Vec<Ranked>> {
    let of_team = |condition: Cond| {
        Query::select()
            .from(Entity)
            .cond_where(condition)
            .and_where(Expr::col((Entity, Column::TeamId)).equals((team::Entity, team::Column::Id)))
            .take()
    };
    let own = || of_team(counting(phase, benchmark));
    let tries = of_team(tries(phase)).expr(Expr::col(Asterisk).count()).take();
    let best = best_of(&mut own(), Column::Score.into_iden());
    let id = if phase.finals > 0 {
        let first = own()
            .columns([Column::Id, Column::ReceivedAt])
            .expr_as(score(revealed), CHOSEN_SCORE)
            .and_where(Expr::col((Entity, Column::FinalAt)).is_not_null())
            // There are more than `finals` only if the phase allowed more before.
            .order_by(Column::FinalAt, Order::Asc)
            .order_by(Column::Id, Order::Asc)
            .limit(phase.finals as u64)
            .take();
        let mut chosen = Query::select().from_subquery(first, "chosen").take();
        let final_one = best_of(&mut chosen, CHOSEN_SCORE.into_iden());
        Func::coalesce([subquery(final_one), subquery(best)]).into()
    } else {
        subquery(best)
    };
    let of_best = Expr::col(("ranked", Column::Id)).eq(id);
    let mut all = ranked_by(of_best, (&benchmark.edition(), revealed), subquery(tries));
    all.and_where(Expr::col((team::Entity, team::Column::ChallengeId)).eq(phase.challenge_id));
    if let Some(teams) = teams {
        let among = Expr::col((team::Entity, team::Column::Id)).is_in(teams.iter().copied());
        all.and_where(among);
    }
    read(db, &all).await
}

/// The name of the score among chosen submissions.
const CHOSEN_SCORE: &str = "chosen_score";

/// The score of a submission, before the reveal or from then on.
fn score(revealed: bool) -> SimpleExpr {
    let column = |column: Column| Expr::col((Entity, column));
    if revealed {
        return Func::coalesce([column(Column::FinalScore), column(Column::Score)]).into();
    }
    column(Column::Score)
}

/// The id of the best of some submissions by a score.
fn best_of(some: &mut SelectStatement, score: DynIden) -> SelectStatement {
    some.column(Column::Id)
        .order_by(score, Order::Desc)
        .order_by(Column::ReceivedAt, Order::Asc)
        .order_by(Column::Id, Order::Asc)
        .limit(1)
        .take()
}

fn subquery(statement: SelectStatement) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(statement.into()))
}

/// Teams ranked by the submissions that fulfil a condition.
fn ranked_by(
    condition: SimpleExpr,
    (edition, revealed): (&str, bool),
    tries: SimpleExpr,
) -> SelectStatement {
    let of_card = |column: scorecard::Column| Expr::col((scorecard::Entity, column));
    let (card, overall): (SimpleExpr, SimpleExpr) = if revealed {
        let either = |last, first| Func::coalesce([of_card(last), of_card(first)]).into();
        (
            either(scorecard::Column::FinalCard, scorecard::Column::Card),
            either(scorecard::Column::FinalOverall, scorecard::Column::Overall),
        )
    } else {
        (of_card(scorecard::Column::Card), of_card(scorecard::Column::Overall))
    };
    let of_team =
        [team::Column::Name, team::Column::Kind, team::Column::Anonymity, team::Column::Pseudonym];
    let of_submission =
        [Column::TeamId, Column::Id, Column::Method, Column::Details, Column::ReceivedAt];
    Query::select()
        .columns(of_team.map(|column| (team::Entity, column)))
        .columns(of_submission.map(|column| ("ranked", column)))
        .expr_as(card, "card")
        .expr_as(overall, "overall")
        .expr_as(tries, "tries")
        .from(team::Entity)
        .join_as(JoinType::InnerJoin, Entity, "ranked", condition)
        .inner_join(
            scorecard::Entity,
            Expr::col((scorecard::Entity, scorecard::Column::SubmissionId))
                .equals(("ranked", Column::Id)),
        )
        .cond_where(submissions::counting(edition))
        .take()
}

async fn read(db: &impl ConnectionTrait, all: &SelectStatement) -> Result<Vec<Ranked>> {
    let rows = db.query_all(all).await?;
    Ok(rows.iter().map(|row| Ranked::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// The condition of the submissions that count now; it uses the index `submission_standing`.
fn counting(phase: &phase::Model, benchmark: &benchmark::Model) -> Cond {
    submissions::counting_submissions()
        .add(Column::PhaseId.eq(phase.id))
        .add(Column::ScoredAgainst.eq(benchmark.edition()))
        .add(Column::Score.is_not_null())
}

/// The condition of the submissions that were scored, whether they count or not: a withdrawn one has
/// told its team something too. It uses the same index.
fn tries(phase: &phase::Model) -> Cond {
    Cond::all()
        .add(Column::PhaseId.eq(phase.id))
        .add(Column::Trial.eq(false))
        .add(Column::State.eq(State::Scored))
}

/// The submissions by which teams were ranked just before an instant, and the ids of all that
/// counted. Actions that were undone since then leave no trace.
pub(super) async fn ranked_before(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    before: Instant,
) -> Result<(Vec<Ranked>, BTreeSet<Uuid>)> {
    let scored = scored_before(db, phase, benchmark, before).await?;
    let seen = scored.values().flat_map(|team| &team.counting).map(|row| row.id).collect();
    Ok((best_of_teams(db, phase, (benchmark, false), scored).await?, seen))
}

/// The submissions by which teams would be ranked now with the rescoring set that the benchmark
/// names, which need not be in force: by the scores on its scorecards, before the reveal or from then on.
pub(super) async fn ranked_by_set(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    revealed: bool,
) -> Result<Vec<Ranked>> {
    let of_submission = Expr::col((scorecard::Entity, scorecard::Column::SubmissionId));
    let all = scored_columns()
        .expr_as(Expr::col((scorecard::Entity, scorecard::Column::Overall)), "score")
        .expr_as(Expr::col((scorecard::Entity, scorecard::Column::FinalOverall)), "final_score")
        .inner_join(scorecard::Entity, of_submission.equals((Entity, Column::Id)))
        .cond_where(submissions::counting_submissions())
        .cond_where(submissions::counting(&benchmark.edition()))
        .and_where(Column::PhaseId.eq(phase.id))
        .take();
    let mut teams: BTreeMap<i32, TeamScored> = BTreeMap::new();
    for row in db.query_all(&all).await? {
        let row = Scored::from_query_result(&row, "")?;
        let team = teams.entry(row.team_id).or_default();
        team.tries += 1;
        team.counting.push(row);
    }
    best_of_teams(db, phase, (benchmark, revealed), teams).await
}

/// The rows of teams for the best of their submissions.
async fn best_of_teams(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    (benchmark, revealed): (&benchmark::Model, bool),
    teams: BTreeMap<i32, TeamScored>,
) -> Result<Vec<Ranked>> {
    let tries: BTreeMap<Uuid, i64> = teams
        .into_values()
        .filter_map(|team| Some((best(team.counting, phase.finals, revealed)?, team.tries)))
        .collect();
    let ids: Vec<Uuid> = tries.keys().copied().collect();
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let among = Expr::col(("ranked", Column::Id)).is_in(some.iter().copied());
        let of_team =
            Expr::col(("ranked", Column::TeamId)).equals((team::Entity, team::Column::Id));
        let rows = ranked_by(among.and(of_team), (&benchmark.edition(), revealed), 0_i64.into());
        all.extend(read(db, &rows).await?);
    }
    for row in &mut all {
        row.tries = tries.get(&row.id).copied().unwrap_or_default();
    }
    Ok(all)
}

/// The scored submissions of a team.
#[derive(Default)]
struct TeamScored {
    /// How many there were.
    tries: i64,
    /// Those that counted.
    counting: Vec<Scored>,
}

/// The submissions of a phase that were scored before an instant, by team.
async fn scored_before(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    before: Instant,
) -> Result<BTreeMap<i32, TeamScored>> {
    let has_happened = |at: Option<Instant>| at.is_some_and(|at| at < before);
    let all = scored_columns()
        .columns([Column::Score, Column::FinalScore].map(|column| (Entity, column)))
        .and_where(Column::PhaseId.eq(phase.id))
        .and_where(Column::Trial.eq(false))
        .and_where(Column::State.eq(State::Scored))
        .and_where(Column::ScoredAgainst.eq(benchmark.edition()))
        .and_where(Column::Score.is_not_null())
        .and_where(Column::ReceivedAt.lt(before))
        .take();
    let mut teams: BTreeMap<i32, TeamScored> = BTreeMap::new();
    for row in db.query_all(&all).await? {
        let mut row = Scored::from_query_result(&row, "")?;
        let team = teams.entry(row.team_id).or_default();
        team.tries += 1;
        let removed = [row.withdrawn_at, row.disqualified_at, row.hidden_at];
        if !removed.into_iter().any(has_happened) {
            row.final_at = row.final_at.filter(|at| *at < before);
            team.counting.push(row);
        }
    }
    Ok(teams)
}

/// Submissions with the columns of [`Scored`], except the score.
fn scored_columns() -> SelectStatement {
    let columns = [
        Column::Id,
        Column::TeamId,
        Column::ReceivedAt,
        Column::WithdrawnAt,
        Column::DisqualifiedAt,
        Column::HiddenAt,
        Column::FinalAt,
    ];
    Query::select().columns(columns.map(|column| (Entity, column))).from(Entity).take()
}

/// The submission by which a team is ranked: its best, or the best of its final ones.
fn best(mut own: Vec<Scored>, finals: i32, revealed: bool) -> Option<Uuid> {
    let mut by_final_score = false;
    if finals > 0 && own.iter().any(|row| row.final_at.is_some()) {
        own.retain(|row| row.final_at.is_some());
        // There are more than `finals` only if the phase allowed more before.
        own.sort_by_key(|row| (row.final_at, row.id));
        own.truncate(finals as usize);
        by_final_score = revealed;
    }
    own.iter().min_by_key(|row| row.place(by_final_score)).map(|row| row.id)
}
