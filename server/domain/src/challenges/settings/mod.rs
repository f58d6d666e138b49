//! The settings of a phase, each described once in [`PHASE_SETTINGS`].

mod effect;
mod table;
mod value;

use std::ops::Deref;

use toml::Table;

pub use effect::Effect;
pub use table::PHASE_SETTINGS;
pub use value::{Kind, Setting, Value};

use super::definition::must;
use super::fields::FieldChange;
use super::retention::check_retention;
use super::{DialogRules, PhaseKind, Reset, Shown, asked};
use crate::ambient::Instant;
use crate::entities::{benchmark, phase};
use crate::error::{Error, Result};

/// The settings of a phase: its columns without ids, name and position.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseSettings(phase::Model);

impl Deref for PhaseSettings {
    type Target = phase::Model;

    fn deref(&self) -> &phase::Model {
        &self.0
    }
}

impl PhaseSettings {
    /// Settings with all optional ones left out.
    fn empty() -> Self {
        Self(phase::Model {
            id: 0,
            challenge_id: 0,
            benchmark_id: 0,
            name: String::new(),
            title: String::new(),
            kind: PhaseKind::Ranking.name().to_owned(),
            position: 0,
            opens_at: Instant(0),
            closes_at: None,
            limit_per_day: None,
            limit_total: None,
            limit_at_once: None,
            limit_invalid_per_day: None,
            reset_hour: 0,
            reset_zone: "UTC".to_owned(),
            shown_public: None,
            shown_team: None,
            freeze_at: None,
            reveal_at: None,
            finals: 0,
            fields: "[]".to_owned(),
            probes: true,
            feedback_share: None,
            rounded: None,
            ladder: 0,
            dialog_turns: None,
            dialog_count: None,
            dialog_minutes: None,
            dialog_transcripts: false,
            upload_days: None,
            ranked_upload_days: None,
        })
    }

    /// The settings of a phase.
    pub fn of(row: &phase::Model) -> Self {
        Self(row.clone())
    }

    /// Reads the settings among the keys of a phase in `challenge.toml`.
    pub fn read(table: &Table) -> Result<Self> {
        // A misspelt name is reported before the missing setting.
        for (key, value) in table {
            let inner = value.as_table().filter(|_| is_group(key)).into_iter().flatten();
            let mut names = inner.map(|(name, _)| format!("{key}.{name}")).collect::<Vec<_>>();
            if !is_group(key) {
                names.push(key.clone());
            }
            if let Some(unknown) = names.iter().find(|name| setting_named(name).is_none()) {
                let known = PHASE_SETTINGS.iter().map(|setting| setting.name);
                let known = known.collect::<Vec<_>>().join("`, `");
                let sentence = format!("unknown field `{unknown}`, expected one of `{known}`");
                return Err(Error::unusable(sentence));
            }
        }
        let mut settings = Self::empty();
        for setting in PHASE_SETTINGS {
            match at(table, setting.name) {
                Some(written) => settings.set(setting, setting.read(written)?)?,
                None if setting.is_required() => {
                    return Err(Error::unusable(format!("missing field `{}`", setting.name)));
                }
                None => {}
            }
        }
        Ok(settings)
    }

    /// The settings as keys of a phase in `challenge.toml`.
    pub fn write(&self) -> Result<Table> {
        let mut table = Table::new();
        for setting in PHASE_SETTINGS {
            if let Some(value) = setting.write(&setting.get(self)?)? {
                match setting.name.split_once('.') {
                    Some((group, name)) => {
                        let group = table.entry(group).or_insert_with(|| Table::new().into());
                        if let toml::Value::Table(group) = group {
                            group.insert(name.to_owned(), value);
                        }
                    }
                    None => drop(table.insert(setting.name.to_owned(), value)),
                }
            }
        }
        Ok(table)
    }

    /// Changes the value of a setting.
    pub fn set(&mut self, setting: &Setting, value: Value) -> Result<()> {
        (setting.set)(&mut self.0, value)
    }

    /// Refuses settings that contradict each other.
    pub fn check(&self) -> Result<()> {
        super::definition::check_title("title", &self.title)?;
        let (opens, closes) = (self.opens_at, self.closes_at);
        must(closes.is_none_or(|closes| closes > opens), "it closes before it opens")?;
        if let Some(freezes) = self.freeze_at {
            must(freezes > opens, "it freezes before it opens")?;
            let reveals = self.reveal_at;
            must(reveals.is_none_or(|at| at >= freezes), "it reveals before it freezes")?;
        }
        must(self.reveal_at.is_none_or(|at| at > opens), "it reveals before it opens")?;
        asked::check(&self.asked()?)?;
        Reset::new(self.reset_hour, &self.reset_zone)?;
        DialogRules::check(&self.0)?;
        check_retention(&self.0)?;
        let percent = self.feedback_share.unwrap_or_default();
        must((0..=99).contains(&percent), "feedback_share must be a percentage from 0 to 99")?;
        must(
            percent == 0 || self.closes_before_reveal(),
            "a feedback share needs `reveals`, and `closes` not after it: the final standings are on the \
             other queries, so nobody may submit once they are shown",
        )?;
        let both = percent > 0 && self.ladder > 0;
        must(!both, "choose feedback_share or ladder; both hide the same thing")?;
        let limits = self.limits();
        let fits = limits.total.is_none_or(|total| limits.per_day.is_none_or(|day| day <= total));
        must(fits, "limits.per_day is larger than limits.total, so it would never count")
    }

    /// The row of a phase with these settings, without its id. An existing phase keeps what must not
    /// change by itself.
    pub(crate) fn row(
        &self,
        benchmark: &benchmark::Model,
        (name, position): (&str, usize),
        existing: Option<&phase::Model>,
    ) -> Result<phase::Model> {
        let task = benchmark.task()?;
        let (share, rounded) = self.feedback(benchmark.targets, existing);
        let shown = |names: &Option<String>| {
            let read = |names: &str| Ok::<_, Error>(Shown::read(task, names)?.to_string());
            names.as_deref().map(read).transpose()
        };
        let dialog = DialogRules::of(&self.0)?;
        Ok(phase::Model {
            dialog_turns: dialog.map(|rules| rules.turns as i32),
            dialog_count: dialog.map(|rules| rules.dialogs as i32),
            dialog_minutes: dialog.map(|rules| rules.minutes as i32),
            challenge_id: benchmark.challenge_id,
            benchmark_id: benchmark.id,
            name: name.to_owned(),
            position: position as i32,
            shown_public: shown(&self.shown_public)?,
            shown_team: shown(&self.shown_team)?,
            feedback_share: Some(share),
            rounded: Some(rounded),
            ..self.0.clone()
        })
    }
}

/// The setting with this name in `challenge.toml`.
pub fn setting_named(name: &str) -> Option<&'static Setting> {
    PHASE_SETTINGS.iter().find(|setting| setting.name == name)
}

/// The fields of a phase that differ, with their old and new values.
pub(crate) fn differing(
    (old, on_old): (&phase::Model, &benchmark::Model),
    (new, on_new): (&phase::Model, &benchmark::Model),
) -> Result<Vec<FieldChange>> {
    let mut fields = vec![
        ("benchmark", format!("\"{}\"", on_old.name), format!("\"{}\"", on_new.name)),
        ("position", (old.position + 1).to_string(), (new.position + 1).to_string()),
    ];
    let (scores_old, scores_new) = (old.publishable(on_old)?, new.publishable(on_new)?);
    for setting in PHASE_SETTINGS {
        let (old, new) = (setting.print(old, scores_old)?, setting.print(new, scores_new)?);
        fields.push((setting.name, old, new));
    }
    let differing = fields.into_iter().filter(|(_, old, new)| old != new);
    Ok(differing.map(|(field, old, new)| FieldChange { field, old, new }).collect())
}

fn is_group(key: &str) -> bool {
    PHASE_SETTINGS.iter().any(|setting| setting.name.split_once('.').is_some_and(|it| it.0 == key))
}

/// The value in a table under a name, in which a dot leads into a nested table.
fn at<'a>(table: &'a Table, name: &str) -> Option<&'a toml::Value> {
    match name.split_once('.') {
        Some((group, name)) => table.get(group)?.get(name),
        None => table.get(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The organisers' page on settings.
    const PAGE: &str = include_str!("../../../../../docs/phase-settings.md");

    /// Every setting in use.
    const FULL: &str = r#"
        title = "Test"
        opens = 2026-11-01T00:00:00Z
        closes = 2027-01-01T00:00:00Z
        freezes = 2026-12-01T00:00:00Z
        reveals = 2027-02-01T00:00:00Z
        finals = 2
        probes = false
        limits = { per_day = 1, total = 2, at_once = 3, invalid_per_day = 4 }
        reset = { hour = 5, zone = "AoE" }
        shown = { public = ["overall"], team = [] }
        feedback_share = 30
        rounded = true
        ladder = 5
        field = [{ name = "code", label = "Code", kind = "link", required = true, public = true }]
        kind = "ranking"
        dialog = { transcripts = false }
        uploads = { days = 30, ranked_days = 365 }
    "#;

    /// The same as dialogs.
    fn full_of_dialogs() -> String {
        let rules = "dialog = { turns = 4, dialogs = 7, minutes = 60, transcripts = true }";
        FULL.replace("ladder = 5", "ladder = 0")
            .replace("kind = \"ranking\"", "kind = \"dialog\"")
            .replace("dialog = { transcripts = false }", rules)
    }

    #[test]
    fn every_setting_is_read_as_it_is_written() {
        let full = [FULL.to_owned(), full_of_dialogs()].map(|text| {
            let table: Table = text.parse().unwrap();
            let settings = PhaseSettings::read(&table).unwrap();
            assert_eq!(settings.write().unwrap(), table);
            settings
        });
        let empty = PhaseSettings::empty();
        for setting in PHASE_SETTINGS {
            let empty = setting.get(&empty).unwrap();
            let is_kept = full.iter().any(|settings| setting.get(settings).unwrap() != empty);
            assert!(is_kept, "{} is kept in its column", setting.name);
        }
    }

    #[test]
    fn settings_that_contradict_each_other_are_refused() {
        let refused = |from: &str, to: &str| {
            let settings = PhaseSettings::read(&FULL.replace(from, to).parse().unwrap()).unwrap();
            settings.check().unwrap_err().detail
        };
        assert!(refused("ladder = 5", "ladder = 5").contains("choose feedback_share or ladder"));
        assert!(refused("feedback_share = 30", "feedback_share = 100").contains("from 0 to 99"));
        let late = "reveals = 2026-12-31T00:00:00Z";
        assert!(refused("reveals = 2027-02-01T00:00:00Z", late).contains("needs `reveals`"));
        assert!(
            refused("days = 30", "days = 366").contains("must not be less than `uploads.days`")
        );
        assert!(refused("days = 30, ", "").contains("needs `uploads.days`"));
    }

    #[test]
    fn what_is_missing_unknown_or_of_another_kind_is_named() {
        let refused = |line: &str| {
            let base = "title = \"Test\"\nopens = 2026-11-01T00:00:00Z\n";
            let table: Table = format!("{base}{line}").parse().unwrap();
            PhaseSettings::read(&table).unwrap_err().detail
        };
        assert!(refused("limits = { daily = 3 }").contains("unknown field `limits.daily`"));
        assert!(refused("limit = 3").contains("unknown field `limit`, expected one of `title`"));
        for (line, rule) in [
            ("limits = { per_day = -1 }", "`limits.per_day` must be a whole number"),
            ("probes = \"yes\"", "`probes` must be true or false"),
            ("closes = 3", "`closes` must be a date and time"),
            ("closes = 2026-11-01", "has no offset from UTC"),
            ("shown = { team = [3] }", "`shown.team` must be a list"),
            ("field = [{ name = \"x\" }]", "field: "),
        ] {
            assert!(refused(line).contains(rule), "{line}: {}", refused(line));
        }
        let without = PhaseSettings::read(&"title = \"Test\"".parse().unwrap()).unwrap_err();
        assert_eq!(without.detail, "missing field `opens`");
    }

    #[test]
    fn the_page_about_settings_lists_each_of_them() {
        let row = |setting: &Setting| {
            let form = if setting.field.is_empty() { "–" } else { setting.label };
            format!("| `{}` | {form} | {} | {} |", setting.name, setting.help, setting.absent)
        };
        let rows: Vec<String> = PHASE_SETTINGS.iter().map(row).collect();
        let table = format!(
            "| in `challenge.toml` | in the form | meaning | left out |\n|---|---|---|---|\n{}\n",
            rows.join("\n")
        );
        assert!(PAGE.contains(&table), "docs/phase-settings.md should have\n\n{table}");
        let example = include_str!("../../../../../docs/challenge.toml");
        for setting in PHASE_SETTINGS {
            let word = setting.name.rsplit('.').next().unwrap();
            assert!(example.contains(word), "docs/challenge.toml shows `{}`", setting.name);
        }
    }
}
