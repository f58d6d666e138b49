//! Notices to teams: on their pages, and by mail to members who want mails.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Decision, PhaseMoves};
use crate::challenges::Viewer;
use crate::database::{Notice, UnitOfWork};
use crate::entities::submission::State;
use crate::entities::team::TeamKind;
use crate::entities::{benchmark, notice, submission, team};
use crate::error::Result;
use crate::standings::{Move, Placed};

/// Notes a notice to a team about a decision on its submission.
pub(super) fn decided(
    unit: &mut UnitOfWork<'_>,
    row: &submission::Model,
    decision: Decision,
    reason: &str,
) {
    let what = match decision {
        Decision::Disqualify => "was disqualified",
        Decision::Reinstate => "was reinstated",
        // Only the organisers need to know.
        Decision::Hide | Decision::Show => return,
    };
    let method =
        if row.method.is_empty() { String::new() } else { format!(" “{}”", row.method) };
    unit.notify(Notice {
        team_id: row.team_id,
        kind: decision.name().to_owned(),
        text: format!("Your submission{method} {what}: {reason}"),
        submission: Some(row.id),
    });
}

/// The kind of the notices about a rescoring.
const RESCORED: &str = "rescored";

/// Notes notices about a rescoring of a phase. While ranks are public, each team whose rank or
/// score changed gets the old and the new one. Otherwise every team with a scored submission gets
/// the same sentence, which tells nothing about its scores.
pub(super) async fn rescored(
    unit: &mut UnitOfWork<'_>,
    PhaseMoves { phase, moves, frozen }: &PhaseMoves,
    benchmark: &benchmark::Model,
    is_undone: bool,
    reason: &str,
) -> Result<()> {
    let title = &phase.title;
    let what = if is_undone {
        format!("The rescoring of {title} was undone")
    } else {
        format!("The submissions to {title} were scored again")
    };
    let notice = |team_id: i32, places: String| Notice {
        team_id,
        kind: RESCORED.to_owned(),
        text: format!("{what}{places}. Reason: {reason}"),
        submission: None,
    };
    let shown = phase.seen_at(Viewer::Public, benchmark, unit.now())?.shown;
    if shown.has_overall() && !frozen {
        let has_members = |kind| matches!(kind, TeamKind::Team | TeamKind::Guest);
        for it in moves.iter().filter(|it| has_members(it.team.kind)) {
            unit.notify(notice(it.team.id, format!(": {}", places(it))));
        }
        return Ok(());
    }
    let teams = submission::Entity::find()
        .select_only()
        .column(submission::Column::TeamId)
        .filter(submission::Column::PhaseId.eq(phase.id))
        .filter(submission::Column::State.eq(State::Scored))
        .filter(submission::Column::Trial.eq(false))
        .distinct();
    for team in teams.into_tuple().all(unit.db()).await? {
        unit.notify(notice(team, String::new()));
    }
    Ok(())
}

/// A team's old and new place in words: `your rank 2 → 1, your score 41.20 → 43.00`.
fn places(it: &Move) -> String {
    let rank = |placed: Option<Placed>| match placed.and_then(|placed| placed.rank) {
        Some(rank) => rank.to_string(),
        None => "none".to_owned(),
    };
    let score = |placed: Option<Placed>| match placed {
        Some(placed) => format!("{:.2}", placed.score * 100.0),
        None => "none".to_owned(),
    };
    let change = |what: &str, before: String, after: String| {
        if before == after {
            format!("your {what} is still {after}")
        } else {
            format!("your {what} {before} → {after}")
        }
    };
    let score = change("score", score(it.before), score(it.after));
    if it.team.kind == TeamKind::Team {
        format!("{}, {score}", change("rank", rank(it.before), rank(it.after)))
    } else {
        score
    }
}

/// The notices of a team, the latest first, up to a maximum number.
pub async fn notices_of(
    db: &impl ConnectionTrait,
    team: &team::Model,
    most: u64,
) -> Result<Vec<notice::Model>> {
    let of = notice::Entity::find().filter(notice::Column::TeamId.eq(team.id));
    Ok(of.order_by_desc(notice::Column::Id).limit(most).all(db).await?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::standings::Entrant;

    #[test]
    fn a_team_reads_its_old_and_its_new_place() {
        let placed = |rank, score| Some(Placed { rank, score, submission: uuid::Uuid::nil() });
        let told = |kind, before, after| {
            let team = Arc::new(Entrant { id: 1, name: "Atelier".to_owned(), kind });
            places(&Move { team, before, after })
        };
        let (first, second) = (placed(Some(1), 0.5), placed(Some(2), 0.4321));
        let both = "your rank 2 → 1, your score 43.21 → 50.00";
        assert_eq!(told(TeamKind::Team, second, first), both);
        let same = "your rank is still 1, your score 50.00 → 43.21";
        assert_eq!(told(TeamKind::Team, first, placed(Some(1), 0.4321)), same);
        let gone = "your rank 1 → none, your score 50.00 → none";
        assert_eq!(told(TeamKind::Team, first, None), gone);
        let guest = "your score 50.00 → 43.21";
        assert_eq!(told(TeamKind::Guest, placed(None, 0.5), placed(None, 0.4321)), guest);
    }
}
