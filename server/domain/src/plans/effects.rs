//! The effects of a change of a phase on teams, in sentences.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::accounts;
use crate::ambient::Instant;
use crate::challenges::{Effect, Limits, PHASE_SETTINGS, PhaseState, Retention, Viewer, state_at};
use crate::entities::{benchmark, challenge, phase, submission};
use crate::error::{Error, Result, rfc3339};
use crate::submissions::{Usage, limits_of, uploads_of, usage};

/// A phase before and after the change, with the scores that may be shown.
pub(super) struct Turn<'a> {
    pub(super) old: &'a phase::Model,
    pub(super) new: &'a phase::Model,
    pub(super) benchmark: &'a benchmark::Model,
    pub(super) now: Instant,
}

/// What a team has used, with its limits before and after.
struct Team {
    used: Usage,
    old: Limits,
    new: Limits,
}

/// A limit, and how much of it a team has used.
type Counted = (fn(&Limits) -> Option<u32>, fn(&Usage) -> u32);

const COUNTED: [(&str, Counted); 4] = [
    ("submissions today", (|l| l.per_day, |u| u.today)),
    ("submissions in this phase", (|l| l.total, |u| u.total)),
    ("submissions at once", (|l| l.at_once, |u| u.at_once)),
    ("invalid uploads today", (|l| l.invalid_per_day, |u| u.invalid_today)),
];

impl Turn<'_> {
    /// The effects of the change, for each setting that differs.
    pub(super) async fn effects(&self, db: &impl ConnectionTrait) -> Result<Vec<String>> {
        let mut possible = Vec::new();
        for setting in PHASE_SETTINGS {
            if setting.get(self.old)? != setting.get(self.new)? {
                possible.extend(setting.effects);
            }
        }
        let mut effects = Vec::new();
        for effect in Effect::ALL.into_iter().filter(|effect| possible.contains(effect)) {
            match effect {
                Effect::Opening => effects.extend(self.opening()),
                Effect::Day => effects.extend(self.day()?),
                Effect::Scores => effects.extend(self.scores()?),
                Effect::Board => effects.extend(self.board()),
                Effect::Finals => effects.push(self.finals()),
                Effect::Probes => effects.push(self.probes()),
                Effect::Fields => effects.extend(self.asked()?),
                Effect::Limits => effects.extend(self.limits(db).await?),
                Effect::Uploads => effects.extend(self.uploads(db).await?),
            }
        }
        Ok(effects)
    }

    fn opening(&self) -> Option<String> {
        let (old, new) = (state_at(self.old, self.now), state_at(self.new, self.now));
        let sentence = match (old, new) {
            (old, new) if old == new => return None,
            (_, PhaseState::Open) => "it takes submissions from now on",
            (_, PhaseState::Closed) => "it takes no more submissions from now on",
            (_, PhaseState::Upcoming) => "it takes no submissions until it opens again",
        };
        Some(sentence.to_owned())
    }

    fn day(&self) -> Result<Option<String>> {
        let (old, new) = (self.old.reset()?, self.new.reset()?);
        let (old, new) = (old.day_start(self.now), new.day_start(self.now));
        let sentence = format!("today started at {}, not at {}", rfc3339(new), rfc3339(old));
        Ok((old != new).then_some(sentence))
    }

    fn scores(&self) -> Result<Vec<String>> {
        let mut sentences = Vec::new();
        for (who, viewer) in
            [("everyone", Viewer::Public), ("a team, for its own submissions,", Viewer::OwnTeam)]
        {
            let shown = |phase: &phase::Model| {
                Ok::<_, Error>(phase.seen_at(viewer, self.benchmark, self.now)?.shown)
            };
            let (old, new) = (shown(self.old)?, shown(self.new)?);
            if old != new {
                let what = if new.is_nothing() { "nothing".to_owned() } else { new.to_string() };
                sentences
                    .push(format!("{who} sees {what} from now on, also for earlier submissions"));
            }
        }
        Ok(sentences)
    }

    /// What everyone sees of the board, now and later.
    fn board(&self) -> Vec<String> {
        let (old, new, now) = (self.old, self.new, self.now);
        let mut sentences = Vec::new();
        match (old.frozen_at(now), new.frozen_at(now)) {
            (was, Some(at)) if was != Some(at) => {
                let until = until(new);
                sentences
                    .push(format!("everyone sees the board as it was at {} {until}", rfc3339(at)));
            }
            (Some(_), None) => sentences
                .push("the board is no longer frozen: everyone sees the current board".to_owned()),
            _ => {}
        }
        if let Some(at) = new.freeze_at.filter(|at| *at > now && new.freeze_at != old.freeze_at) {
            let (at, until) = (rfc3339(at), until(new));
            sentences
                .push(format!("from {at}, everyone sees the board as it was at that time {until}"));
        }
        if old.freeze_at.is_some_and(|at| at > now) && new.freeze_at.is_none() {
            sentences.push("the board will not freeze".to_owned());
        }
        if let Some(at) = new.reveal_at.filter(|at| *at > now && new.reveal_at != old.reveal_at) {
            sentences.push(format!(
                "from {}, everyone sees everything that the targets allow",
                rfc3339(at)
            ));
        }
        sentences
    }

    fn finals(&self) -> String {
        match self.new.finals {
            0 => "the best submission of each team counts".to_owned(),
            most => format!(
                "a team can choose up to {most} submissions, and the best of them counts; if it \
                 chooses none, its best submission counts"
            ),
        }
    }

    fn probes(&self) -> String {
        let are = if self.new.probes { "are" } else { "are not" };
        format!("probes {are} shown")
    }

    /// What is asked for with new submissions.
    fn asked(&self) -> Result<Vec<String>> {
        let (old, new) = (self.old.asked()?, self.new.asked()?);
        let asks = new.iter().filter(|field| !old.iter().any(|other| other.name == field.name));
        let drops = old.iter().filter(|field| !new.iter().any(|other| other.name == field.name));
        let must = asks.clone().filter(|field| field.required);
        let list = |what: &str, fields: Vec<&str>| {
            (!fields.is_empty()).then(|| format!("{what} {}", fields.join(", ")))
        };
        Ok([
            list("new submissions are asked for", asks.map(|field| field.name.as_str()).collect()),
            list("new submissions are refused without", must.map(|f| f.name.as_str()).collect()),
            list("no longer shown:", drops.map(|f| f.name.as_str()).collect()),
        ]
        .into_iter()
        .flatten()
        .collect())
    }

    /// From when on uploads are deleted, and how many there are.
    async fn uploads(&self, db: &impl ConnectionTrait) -> Result<Vec<String>> {
        let (old, Retention { others, ranked }) = (self.old.retention(), self.new.retention());
        if old == self.new.retention() {
            return Ok(vec![]);
        }
        let (files, bytes) = uploads_of(db, self.old.id).await?;
        let now = self.now;
        let from = |at: Instant| {
            if at <= now { "at once".to_owned() } else { format!("from {} on", rfc3339(at)) }
        };
        let mut sentences = vec![match others {
            None => "uploads are kept for ever".to_owned(),
            Some(at) => format!(
                "{}, the uploads of submissions that are not on the board are deleted for good; the phase has {files} uploads ({} MB) now",
                from(at),
                bytes.div_ceil(1_000_000)
            ),
        }];
        sentences
            .extend(ranked.map(|at| format!("{}, those on the board are deleted too", from(at))));
        if others.is_some() {
            sentences.push(
                "a deleted upload can no longer be downloaded, or scored again with corrected targets; scores, \
                 ranks and receipts stay"
                    .to_owned(),
            );
        }
        Ok(sentences)
    }

    /// How many teams a limit stops, or no longer stops.
    async fn limits(&self, db: &impl ConnectionTrait) -> Result<Vec<String>> {
        let (old, new) = (self.old.limits(), self.new.limits());
        if old == new {
            return Ok(vec![]);
        }
        // Grants to a team count before and after.
        let mut used = Vec::new();
        for team in teams(db, self.old.id).await? {
            let team = accounts::team_by_id(db, team).await?;
            used.push(Team {
                used: usage(db, self.new, &team, self.now).await?,
                old: limits_of(db, self.old, &team, self.now).await?,
                new: limits_of(db, self.new, &team, self.now).await?,
            });
        }
        let stops = |limit: Option<u32>, used: u32| limit.is_some_and(|limit| used >= limit);
        let mut sentences = Vec::new();
        for (what, (limit, count)) in COUNTED {
            let was = |team: &&Team| stops(limit(&team.old), count(&team.used));
            let is = |team: &&Team| stops(limit(&team.new), count(&team.used));
            let stopped = used.iter().filter(|team| is(team) && !was(team));
            let freed = used.iter().filter(|team| was(team) && !is(team));
            sentences.extend(teams_get(stopped.count(), "no more", what));
            sentences.extend(teams_get(freed.count(), "more", what));
        }
        Ok(sentences)
    }
}

/// Until when a frozen board is shown.
fn until(phase: &phase::Model) -> String {
    let reveals = phase.reveal_at.map(|at| format!("until {}", rfc3339(at)));
    reveals.unwrap_or_else(|| "until a reveal is set".to_owned())
}

/// The effect of changed rules.
pub(super) fn of_rules(old: &challenge::Model, new: &challenge::Model) -> Vec<String> {
    let version = new.rules_version;
    let sentence = format!("everyone is asked to accept version {version} of the rules");
    if old.rules_version == version { vec![] } else { vec![sentence] }
}

fn teams_get(teams: usize, how_many: &str, what: &str) -> Option<String> {
    match teams {
        0 => None,
        1 => Some(format!("1 team gets {how_many} {what}")),
        _ => Some(format!("{teams} teams get {how_many} {what}")),
    }
}

/// The teams that have submitted to a phase.
async fn teams(db: &impl ConnectionTrait, phase_id: i32) -> Result<Vec<i32>> {
    let of = submission::Entity::find()
        .select_only()
        .column(submission::Column::TeamId)
        .distinct()
        .filter(submission::Column::PhaseId.eq(phase_id));
    Ok(of.into_tuple().all(db).await?)
}
