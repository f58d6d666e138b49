//! The reader of `challenge.toml`.

use std::collections::BTreeSet;
use std::path::Path;

use domain::challenges::{Definition, Shown};

/// A definition that is accepted keeps the rules, and one that is refused says why.
pub(super) fn check(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    // These would be read from any path in the input.
    if text.contains("text_file") || text.contains("rules_file") {
        return false;
    }
    let definition = match Definition::parse(text, Path::new("/nowhere")) {
        Ok(definition) => definition,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return false;
        }
    };
    let is_name = |name: &str| {
        (1..=40).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    assert!(is_name(&definition.name), "{definition:?}");
    let benchmarks: BTreeSet<&str> =
        definition.benchmarks.iter().map(|benchmark| benchmark.name.as_str()).collect();
    assert_eq!(benchmarks.len(), definition.benchmarks.len(), "{definition:?}");
    let phases: BTreeSet<&str> =
        definition.phases.iter().map(|phase| phase.name.as_str()).collect();
    assert!(!phases.is_empty() && phases.len() == definition.phases.len(), "{definition:?}");
    for benchmark in &definition.benchmarks {
        assert!(is_name(&benchmark.name) && benchmark.folder.is_absolute(), "{benchmark:?}");
    }
    for phase in &definition.phases {
        let settings = &phase.settings;
        assert!(is_name(&phase.name) && !settings.title.trim().is_empty(), "{phase:?}");
        assert!(benchmarks.contains(phase.benchmark.as_str()), "{phase:?}");
        assert!(settings.closes_at.is_none_or(|closes| closes > settings.opens_at), "{phase:?}");
        let shown = [&settings.shown_public, &settings.shown_team];
        let known = |names: &String| Shown::read(definition.task, names).is_ok();
        assert!(shown.into_iter().flatten().all(known), "{phase:?}");
    }
    true
}
