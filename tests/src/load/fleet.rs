//! The processes that serve and score.

use std::fmt;
use std::time::{Duration, Instant};

use super::Place;
use crate::Program;
use crate::usage::{memory, processor_time, processor_time_with_children};

/// How many processes there are.
#[derive(Debug, Clone, Copy)]
pub struct Processes {
    /// `fashion-iq serve`
    pub serve: usize,
    /// `fashion-iq worker`; if there are any, nobody else scores.
    pub worker: usize,
}

impl fmt::Display for Processes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { serve, worker: 0 } => write!(f, "{serve} serve"),
            Self { serve, worker } => write!(f, "{serve} serve, {worker} worker"),
        }
    }
}

/// Running processes over one place.
pub struct Fleet<'a> {
    place: &'a Place,
    /// How many.
    pub processes: Processes,
    serving: Vec<Program>,
    scoring: Vec<Program>,
}

/// Processor time so far.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    at: Instant,
    serving: Duration,
    scoring: Duration,
    postgres: Duration,
    generator: Duration,
}

/// How many cores something kept busy.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cores {
    /// All `serve`.
    pub serving: f64,
    /// All `worker`.
    pub scoring: f64,
    /// PostgreSQL.
    pub postgres: f64,
    /// This process, which uploads and reads.
    pub generator: f64,
}

impl<'a> Fleet<'a> {
    /// Starts them, with as many scored at a time as there are cores, over all.
    pub fn start(place: &'a Place, processes: Processes) -> Self {
        let data = place.data();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let of_each = |count: usize| cores.div_ceil(count.max(1)).to_string();
        let own = if processes.worker > 0 { "0".to_owned() } else { of_each(processes.serve) };
        let serve = |_| Program::serve_with(&data, &["--workers", &own]);
        let work = |_| Program::work(&data, &["--workers", &of_each(processes.worker)]);
        let serving = (0..processes.serve).map(serve).collect();
        let scoring = (0..processes.worker).map(work).collect();
        Self { place, processes, serving, scoring }
    }

    /// Where they listen.
    pub fn addresses(&self) -> Vec<&str> {
        self.serving.iter().map(|program| program.address.as_str()).collect()
    }

    /// The place that they serve.
    pub fn place(&self) -> &Place {
        self.place
    }

    /// The most memory that one of them has held, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let all = self.serving.iter().chain(&self.scoring);
        all.map(Program::peak_memory).max().unwrap_or_default()
    }

    /// The memory that the first holds now, in bytes.
    pub fn memory(&self) -> u64 {
        memory(self.serving[0].process())
    }

    /// What was done so far, to compare with later.
    pub fn work(&self) -> Work {
        let of = |programs: &[Program]| -> Duration {
            programs.iter().map(|program| processor_time(program.process())).sum()
        };
        let postgres = self.place.postgres.as_ref();
        Work {
            at: Instant::now(),
            serving: of(&self.serving),
            scoring: of(&self.scoring),
            postgres: postgres
                .map(|server| processor_time_with_children(server.process()))
                .unwrap_or_default(),
            generator: processor_time(std::process::id()),
        }
    }

    /// How many cores were busy since then.
    pub fn cores_since(&self, then: Work) -> Cores {
        let now = self.work();
        let cores = |before: Duration, after: Duration| {
            after.saturating_sub(before).as_secs_f64() / (now.at - then.at).as_secs_f64()
        };
        Cores {
            serving: cores(then.serving, now.serving),
            scoring: cores(then.scoring, now.scoring),
            postgres: cores(then.postgres, now.postgres),
            generator: cores(then.generator, now.generator),
        }
    }

    /// Asks them to stop; panics unless each ends well.
    pub fn stop(self) {
        for program in self.serving.into_iter().chain(self.scoring) {
            assert_eq!(program.terminate(), Some(0), "it didn't end well");
        }
    }
}

impl Cores {
    /// All of them.
    pub fn sum(&self) -> f64 {
        self.serving + self.scoring + self.postgres + self.generator
    }
}

impl fmt::Display for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { serving, scoring, postgres, generator } = self;
        write!(f, "{serving:.2} / {scoring:.2} / {postgres:.2} / {generator:.2}")
    }
}
