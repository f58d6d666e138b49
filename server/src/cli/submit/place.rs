//! The phase to submit to.

use std::collections::BTreeMap;

use dataset::{Elsewhere, Protocol, Split};
use scoring::{Benchmark, FASHION_IQ, Problems, Task};
use serde::Deserialize;

use super::super::run_file::RunFile;
use super::server::Server;
use super::stop::Stop;

/// A phase of a challenge.
pub(super) struct Place {
    challenge: String,
    task: String,
    phase: Phase,
    /// A phase for each other split, with the split.
    others: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Challenge {
    name: String,
    /// Older servers with a single task don't send it.
    #[serde(default = "first_task")]
    task: String,
    phases: Vec<Phase>,
}

fn first_task() -> String {
    FASHION_IQ.name.to_owned()
}

#[derive(Deserialize)]
struct Phase {
    name: String,
    split: String,
    protocol: String,
}

impl Place {
    /// The phase with this name, in the named challenge or the only one.
    pub(super) fn find(
        server: &Server<'_>,
        challenge: Option<&str>,
        phase: &str,
    ) -> Result<Self, Stop> {
        let all: Vec<Challenge> = server.get("/api/v1/challenges")?.parse(server.address())?;
        let challenge = chosen(all, challenge)?;
        let names = names(challenge.phases.iter().map(|phase| &phase.name));
        let (found, others): (Vec<Phase>, Vec<Phase>) =
            challenge.phases.into_iter().partition(|there| there.name == phase);
        let found = found.into_iter().next();
        let found = found.ok_or_else(|| {
            let challenge = &challenge.name;
            Stop::Unusable(format!(
                "phase `{phase}` not found; challenge `{challenge}` has: {names}"
            ))
        })?;
        let mut other_splits: BTreeMap<String, String> = BTreeMap::new();
        for other in others.into_iter().filter(|other| other.split != found.split) {
            other_splits.entry(other.split).or_insert(other.name);
        }
        let others = other_splits.into_iter().map(|(split, phase)| (phase, split)).collect();
        Ok(Self { challenge: challenge.name, task: challenge.task, phase: found, others })
    }

    /// The API address of a resource of the phase.
    pub(super) fn path(&self, what: &str) -> String {
        format!("/api/v1/challenges/{}/phases/{}/{what}", self.challenge, self.phase.name)
    }

    /// The address of a submission's page.
    pub(super) fn page(&self, server: &Server<'_>, id: &str) -> String {
        format!("{}/c/{}/submissions/{id}", server.address(), self.challenge)
    }

    /// Everything that is wrong with a file, if anything, checked here as the server would.
    pub(super) fn check(
        &self,
        server: &Server<'_>,
        file: &RunFile,
    ) -> Result<Option<Problems>, Stop> {
        let Phase { split, protocol, .. } = &self.phase;
        let unknown = |what: String| {
            Stop::Unusable(format!(
                "this program can't check a submission for this phase ({what}): install the \
                 server's version of it, or skip the check with --no-check"
            ))
        };
        let task = Task::named(&self.task).map_err(|e| unknown(e.to_string()))?;
        let protocol = Protocol::from_name(protocol)
            .ok_or_else(|| unknown(format!("it does not know protocol `{protocol}`")))?;
        let queries = server.get(&self.path("queries"))?;
        let gallery = server.get(&self.path("gallery"))?;
        let split = Split::from_public(split, &queries.body, &gallery.body)
            .map_err(|e| unknown(e.to_string()))?;
        let Err(problems) =
            file.read(&Benchmark::new(task, split.clone(), protocol, Elsewhere::default()))
        else {
            return Ok(None);
        };
        // To say what a file was made for instead, the galleries of the other phases are needed.
        let elsewhere = self.elsewhere(server);
        let benchmark = Benchmark::new(task, split, protocol, elsewhere);
        Ok(Some(file.read(&benchmark).err().unwrap_or(problems)))
    }

    /// The queries and galleries of the challenge's other splits, if the server shows them.
    fn elsewhere(&self, server: &Server<'_>) -> Elsewhere {
        let splits = self.others.iter().filter_map(|(phase, split)| {
            let document = |what: &str| {
                let challenge = &self.challenge;
                let path = format!("/api/v1/challenges/{challenge}/phases/{phase}/{what}");
                Some(server.get(&path).ok()?.body)
            };
            Some((split.as_str(), document("queries")?, document("gallery")?))
        });
        let splits: Vec<(&str, Vec<u8>, Vec<u8>)> = splits.collect();
        let all = splits.iter();
        let all =
            all.map(|(split, queries, gallery)| (*split, queries.as_slice(), gallery.as_slice()));
        Elsewhere::from_public(all).unwrap_or_default()
    }
}

fn chosen(mut all: Vec<Challenge>, name: Option<&str>) -> Result<Challenge, Stop> {
    let names = names(all.iter().map(|challenge| &challenge.name));
    let place = match name {
        Some(name) => all.iter().position(|there| there.name == name),
        None => (all.len() == 1).then_some(0),
    };
    if let Some(place) = place {
        return Ok(all.swap_remove(place));
    }
    Err(Stop::Unusable(match name {
        _ if all.is_empty() => "the server has no challenge yet".to_owned(),
        Some(name) => format!("challenge `{name}` not found; the server has: {names}"),
        None => format!("the server has several challenges; name one with --challenge: {names}"),
    }))
}

/// `dev`, `test`
fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(there: &[&str], name: Option<&str>) -> Result<String, Stop> {
        let challenge = |name: &&str| Challenge {
            name: (*name).to_owned(),
            task: first_task(),
            phases: Vec::new(),
        };
        Ok(chosen(there.iter().map(challenge).collect(), name)?.name)
    }

    #[test]
    fn a_challenge_may_be_left_out_where_there_is_one_and_is_asked_for_by_name_where_not() {
        assert_eq!(choice(&["fiq"], None).unwrap(), "fiq");
        assert_eq!(choice(&["fiq", "shoes"], Some("shoes")).unwrap(), "shoes");
        for (there, name) in [(&["fiq", "shoes"][..], None), (&["fiq"], Some("shoe")), (&[], None)]
        {
            let Err(Stop::Unusable(sentence)) = choice(there, name) else { panic!("{there:?}") };
            assert!(there.iter().all(|name| sentence.contains(&format!("`{name}`"))), "{sentence}");
        }
    }
}
