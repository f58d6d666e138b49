//! Every setting of a phase, once: all code that reads, shows, compares and explains settings uses
//! this table. A new setting needs one entry here and its column.

use super::Effect;
use super::value::{Kind, Setting, Value};
use crate::challenges::Viewer;

/// Every setting of a phase, in the order in which the organisers' form shows them.
pub static PHASE_SETTINGS: &[Setting] = &[
    Setting {
        name: "title",
        field: "title",
        label: "title",
        help: "The title shown on pages.",
        api: "/title",
        kind: Kind::Title,
        absent: "none",
        effects: &[],
        get: |row| Ok(Value::Text(row.title.clone())),
        set: |row, value| {
            row.title = value.text();
            Ok(())
        },
    },
    Setting {
        name: "opens",
        field: "opens",
        label: "opens",
        help: "From this time, submissions are accepted.",
        api: "/opens",
        kind: Kind::Start,
        absent: "never",
        effects: &[Effect::Opening],
        get: |row| Ok(Value::At(row.opens_at)),
        set: |row, value| {
            row.opens_at = value.instant().unwrap_or(row.opens_at);
            Ok(())
        },
    },
    Setting {
        name: "closes",
        field: "closes",
        label: "closes",
        help: "From this time, submissions are no longer accepted. Left out: the phase never \
               closes.",
        api: "/closes",
        kind: Kind::Instant,
        absent: "never",
        effects: &[Effect::Opening, Effect::Uploads],
        get: |row| Ok(Value::at(row.closes_at)),
        set: |row, value| {
            row.closes_at = value.instant();
            Ok(())
        },
    },
    Setting {
        name: "freezes",
        field: "freezes",
        label: "freezes",
        help: "From this time until the reveal, everyone sees the board as it was at this time. \
               Left out: the board never freezes.",
        api: "/freezes",
        kind: Kind::Instant,
        absent: "never",
        effects: &[Effect::Board],
        get: |row| Ok(Value::at(row.freeze_at)),
        set: |row, value| {
            row.freeze_at = value.instant();
            Ok(())
        },
    },
    Setting {
        name: "reveals",
        field: "reveals",
        label: "reveals",
        help: "From this time, everyone sees everything that the targets allow.",
        api: "/reveals",
        kind: Kind::Instant,
        absent: "never",
        effects: &[Effect::Scores, Effect::Board],
        get: |row| Ok(Value::at(row.reveal_at)),
        set: |row, value| {
            row.reveal_at = value.instant();
            Ok(())
        },
    },
    Setting {
        name: "kind",
        field: "",
        label: "kind",
        help: "`ranking`: a submission is a file with a ranking for each query. `dialog`: it is played over the API, turn by turn; its benchmark has drawn targets.",
        api: "/kind",
        kind: Kind::Text,
        absent: "ranking",
        effects: &[],
        get: |row| Ok(Value::Text(row.kind.clone())),
        set: |row, value| {
            row.kind = value.text();
            Ok(())
        },
    },
    Setting {
        name: "dialog.turns",
        field: "",
        label: "turns of a dialog",
        help: "How many turns each dialog has, from 1 to 10.",
        api: "/dialog/turns",
        kind: Kind::Count,
        absent: "5 in a phase of dialogs",
        effects: &[],
        get: |row| Ok(Value::count(row.dialog_turns)),
        set: |row, value| {
            row.dialog_turns = value.number();
            Ok(())
        },
    },
    Setting {
        name: "dialog.dialogs",
        field: "",
        label: "dialogs of a submission",
        help: "How many dialogs a submission has in each category, from 1 to 1000.",
        api: "/dialog/dialogs",
        kind: Kind::Count,
        absent: "100 in a phase of dialogs",
        effects: &[],
        get: |row| Ok(Value::count(row.dialog_count)),
        set: |row, value| {
            row.dialog_count = value.number();
            Ok(())
        },
    },
    Setting {
        name: "dialog.minutes",
        field: "",
        label: "minutes to play",
        help: "For how many minutes after its start a submission can be played, at most a week. Afterwards it is scored as it is.",
        api: "/dialog/minutes",
        kind: Kind::Count,
        absent: "1440 in a phase of dialogs",
        effects: &[],
        get: |row| Ok(Value::count(row.dialog_minutes)),
        set: |row, value| {
            row.dialog_minutes = value.number();
            Ok(())
        },
    },
    Setting {
        name: "dialog.transcripts",
        field: "",
        label: "dialogs are published",
        help: "Whether everyone can read the dialogs of scored submissions once the phase has closed.",
        api: "/dialog/transcripts",
        kind: Kind::Flag,
        absent: "no",
        effects: &[],
        get: |row| Ok(Value::Flag(row.dialog_transcripts)),
        set: |row, value| {
            row.dialog_transcripts = value.flag();
            Ok(())
        },
    },
    Setting {
        name: "limits.per_day",
        field: "per_day",
        label: "submissions a day",
        help: "How many scored submissions a team can make in a day. Left out: no limit.",
        api: "/limits/per_day",
        kind: Kind::Count,
        absent: "none",
        effects: &[Effect::Limits],
        get: |row| Ok(Value::count(row.limit_per_day)),
        set: |row, value| {
            row.limit_per_day = value.number();
            Ok(())
        },
    },
    Setting {
        name: "limits.total",
        field: "total",
        label: "submissions in total",
        help: "How many scored submissions a team can make in the whole phase. Left out: no limit.",
        api: "/limits/total",
        kind: Kind::Count,
        absent: "none",
        effects: &[Effect::Limits],
        get: |row| Ok(Value::count(row.limit_total)),
        set: |row, value| {
            row.limit_total = value.number();
            Ok(())
        },
    },
    Setting {
        name: "limits.at_once",
        field: "at_once",
        label: "submissions at once",
        help: "How many submissions of a team can be scored at the same time. Left out: no limit.",
        api: "/limits/at_once",
        kind: Kind::Count,
        absent: "none",
        effects: &[Effect::Limits],
        get: |row| Ok(Value::count(row.limit_at_once)),
        set: |row, value| {
            row.limit_at_once = value.number();
            Ok(())
        },
    },
    Setting {
        name: "limits.invalid_per_day",
        field: "invalid_per_day",
        label: "invalid uploads a day",
        help: "How many invalid uploads a team can make in a day. Left out: no limit.",
        api: "/limits/invalid_per_day",
        kind: Kind::Count,
        absent: "none",
        effects: &[Effect::Limits],
        get: |row| Ok(Value::count(row.limit_invalid_per_day)),
        set: |row, value| {
            row.limit_invalid_per_day = value.number();
            Ok(())
        },
    },
    Setting {
        name: "reset.hour",
        field: "reset_hour",
        label: "hour at which a day starts",
        help: "From 0 to 23, in the zone.",
        api: "/limits/day_begins",
        kind: Kind::Number,
        absent: "0",
        effects: &[Effect::Day],
        get: |row| Ok(Value::Number(row.reset_hour)),
        set: |row, value| {
            row.reset_hour = value.number().unwrap_or_default();
            Ok(())
        },
    },
    Setting {
        name: "reset.zone",
        field: "reset_zone",
        label: "zone of that hour",
        help: "UTC, AoE, or a name such as Europe/Berlin.",
        api: "/limits/day_begins",
        kind: Kind::Text,
        absent: "UTC",
        effects: &[Effect::Day],
        get: |row| Ok(Value::Text(row.reset_zone.clone())),
        set: |row, value| {
            row.reset_zone = value.text();
            Ok(())
        },
    },
    Setting {
        name: "shown.public",
        field: "public",
        label: "scores that everyone sees",
        help: "The measures on the board until the reveal.",
        api: "/shown/public",
        kind: Kind::Shown(Viewer::Public),
        absent: "all that the targets allow; of hidden ones without a feedback share the overall score",
        effects: &[Effect::Scores],
        get: |row| Ok(Value::names(row.shown_public.as_deref())),
        set: |row, value| {
            row.shown_public = value.joined();
            Ok(())
        },
    },
    Setting {
        name: "shown.team",
        field: "team",
        label: "scores that a team sees for its own submissions",
        help: "The measures of a team's own submissions until the reveal.",
        api: "/shown/team",
        kind: Kind::Shown(Viewer::OwnTeam),
        absent: "all that the targets allow; of hidden ones without a feedback share the overall score",
        effects: &[Effect::Scores],
        get: |row| Ok(Value::names(row.shown_team.as_deref())),
        set: |row, value| {
            row.shown_team = value.joined();
            Ok(())
        },
    },
    Setting {
        name: "feedback_share",
        field: "feedback_share",
        label: "feedback share",
        help: "On how many percent of the queries scores are computed until the reveal; the final \
               standings are on the others. 0: all queries count. Needs hidden targets, `reveals`, and \
               `closes` not after it.",
        api: "/feedback_share/percent",
        kind: Kind::Count,
        absent: "40 in a new phase for which it is possible, 0 in others",
        effects: &[],
        get: |row| Ok(Value::count(row.feedback_share)),
        set: |row, value| {
            row.feedback_share = value.number();
            Ok(())
        },
    },
    Setting {
        name: "rounded",
        field: "rounded",
        label: "scores are rounded",
        help: "Whether scores are rounded to 0.1 % until the reveal. Without a feedback share, exact scores \
               give more of the targets away.",
        api: "/rounded",
        kind: Kind::Flag,
        absent: "yes in a new phase with hidden targets and without a feedback share, no in others",
        effects: &[],
        get: |row| Ok(row.rounded.map_or(Value::Absent, Value::Flag)),
        set: |row, value| {
            row.rounded = (value != Value::Absent).then(|| value.flag());
            Ok(())
        },
    },
    Setting {
        name: "ladder",
        field: "ladder",
        label: "step of the Ladder",
        help: "In tenths of a point. Until the reveal a submission shows a new score only if it is better than \
               its team's best by this step, and the overall score alone. 0: off. For hidden targets without a \
               feedback share.",
        api: "/ladder",
        kind: Kind::Number,
        absent: "0",
        effects: &[],
        get: |row| Ok(Value::Number(row.ladder)),
        set: |row, value| {
            row.ladder = value.number().unwrap_or_default();
            Ok(())
        },
    },
    Setting {
        name: "finals",
        field: "finals",
        label: "final submissions that a team chooses",
        help: "The best of them counts. 0: a team's best submission counts.",
        api: "/finals",
        kind: Kind::Number,
        absent: "0",
        effects: &[Effect::Finals],
        get: |row| Ok(Value::Number(row.finals)),
        set: |row, value| {
            row.finals = value.number().unwrap_or_default();
            Ok(())
        },
    },
    Setting {
        name: "probes",
        field: "probes",
        label: "probes on the board",
        help: "Whether the organisers' probes are shown among the teams. Left out: they are.",
        api: "/probes",
        kind: Kind::Flag,
        absent: "yes",
        effects: &[Effect::Probes],
        get: |row| Ok(Value::Flag(row.probes)),
        set: |row, value| {
            row.probes = value.flag();
            Ok(())
        },
    },
    Setting {
        name: "field",
        field: "",
        label: "details that are asked for",
        help: "What teams are asked for with a submission, besides the method's name.",
        api: "/fields",
        kind: Kind::Fields,
        absent: "none",
        effects: &[Effect::Fields],
        get: |row| Ok(Value::Fields(row.asked()?)),
        set: |row, value| {
            row.fields = value.fields_as_json()?;
            Ok(())
        },
    },
    Setting {
        name: "uploads.days",
        field: "upload_days",
        label: "days that uploads are kept",
        help: "For how many days after the phase closes the files of submissions that aren't on the board are \
               kept. Then they are deleted; scores, ranks and receipts stay. Left out: for ever.",
        api: "/uploads/days",
        kind: Kind::Count,
        absent: "for ever",
        effects: &[Effect::Uploads],
        get: |row| Ok(Value::count(row.upload_days)),
        set: |row, value| {
            row.upload_days = value.number();
            Ok(())
        },
    },
    Setting {
        name: "uploads.ranked_days",
        field: "ranked_upload_days",
        label: "days that uploads on the board are kept",
        help: "The same for the submission of each team that is on the board. Left out: for ever.",
        api: "/uploads/ranked_days",
        kind: Kind::Count,
        absent: "for ever",
        effects: &[Effect::Uploads],
        get: |row| Ok(Value::count(row.ranked_upload_days)),
        set: |row, value| {
            row.ranked_upload_days = value.number();
            Ok(())
        },
    },
];
