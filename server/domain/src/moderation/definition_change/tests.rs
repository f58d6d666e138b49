//! Changes of a definition: for any two definitions, their difference turns one into the other, and
//! its inverse reverts exactly that.

use proptest::prelude::*;
use toml::{Table, Value};

use super::*;

const BEFORE: &str = r#"
    title = "One"
    [[phase]]
    name = "dev"
    closes = 2026-11-30T00:00:00Z
    [phase.limits]
    per_day = 5
    [[phase]]
    name = "test"
    [phase.limits]
    per_day = 2
"#;

fn table(text: &str) -> Table {
    text.parse().unwrap()
}

fn inverse(changes: &[FieldChange]) -> Vec<FieldChange> {
    changes.iter().map(FieldChange::invert).collect()
}

/// A phase with some optional fields.
fn phase(name: &'static str) -> impl Strategy<Value = Table> {
    let number = || proptest::option::of(0_i64..4);
    (number(), number(), proptest::option::of(any::<bool>())).prop_map(move |(day, all, probes)| {
        let mut limits = Table::new();
        limits.extend(day.map(|day| ("per_day".to_owned(), Value::from(day))));
        limits.extend(all.map(|all| ("total".to_owned(), Value::from(all))));
        let mut phase = Table::from_iter([("name".to_owned(), Value::from(name))]);
        phase.insert("limits".to_owned(), limits.into());
        phase.extend(probes.map(|probes| ("probes".to_owned(), Value::from(probes))));
        phase
    })
}

/// A definition: a title and up to three phases in any order.
fn definition() -> impl Strategy<Value = Table> {
    let phases = ["dev", "test", "late"].map(|name| proptest::option::of(phase(name)));
    (0..3_u8, phases, any::<bool>()).prop_map(|(title, phases, turned)| {
        let mut phases: Vec<Value> = phases.into_iter().flatten().map(Value::Table).collect();
        if turned {
            phases.reverse();
        }
        let mut definition = Table::new();
        definition.insert("title".to_owned(), format!("Title {title}").into());
        definition.insert("phase".to_owned(), phases.into());
        definition
    })
}

proptest! {
    #[test]
    fn a_change_applied_and_inverted_is_the_identity(old in definition(), new in definition()) {
        let changes = changes_between(&old, &new);
        let changed = with_changes(&old, &changes).unwrap();
        prop_assert_eq!(values(&changed), values(&new));
        let reverted = with_changes(&changed, &inverse(&changes)).unwrap();
        prop_assert_eq!(values(&reverted), values(&old));
    }

    #[test]
    fn a_change_is_kept_as_json(old in definition(), new in definition()) {
        let changes = changes_between(&old, &new);
        let json = serde_json::to_string(&changes).unwrap();
        let read: Vec<FieldChange> = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(read, changes);
    }
}

#[test]
fn only_what_a_change_made_is_reverted() {
    let limit = |text: &str| text.replacen("per_day = 5", "per_day = 9\ntotal = 40", 1);
    let later = |text: &str| {
        let frozen = "name = \"test\"\nfreezes = 2026-12-01T00:00:00Z";
        text.replacen("name = \"test\"", frozen, 1).replacen("One", "Two", 1)
    };
    let changes = changes_between(&table(BEFORE), &table(&limit(BEFORE)));
    let present = table(&later(&limit(BEFORE)));
    let reverted = with_changes(&present, &inverse(&changes)).unwrap();
    assert_eq!(reverted, table(&later(BEFORE)));
}

#[test]
fn what_was_changed_again_is_named_and_nothing_is_reverted() {
    let with = |n: u8| table(&BEFORE.replacen("per_day = 5", &format!("per_day = {n}"), 1));
    let changes = changes_between(&with(5), &with(9));
    let others = with_changes(&with(7), &inverse(&changes)).unwrap_err();
    assert_eq!(others.len(), 1);
    assert_eq!(
        (&others[0].of, others[0].field.as_str()),
        (&Part::Phase("dev".to_owned()), "limits.per_day")
    );
}

#[test]
fn a_phase_that_went_comes_back_in_its_place() {
    let rest = BEFORE.find("[[phase]]\n    name = \"test\"").unwrap();
    let only = table(&format!("title = \"One\"\n{}", &BEFORE[rest..]));
    let changes = changes_between(&table(BEFORE), &only);
    assert_eq!(with_changes(&only, &inverse(&changes)).unwrap(), table(BEFORE));
}
