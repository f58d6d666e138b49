//! The programs that serve and score, and what happens to them.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use domain::ambient::{Ambient, Clock, Instant, SystemClock};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use server::App;
use system_tests::{Program, Server, Trouble, settings_of};
use tokio::runtime::Runtime;

use super::Fault;
use super::site::Site;

/// A step of the clock, in seconds: far beyond a lease.
const STEP: i64 = 3600;

/// The programs of a site.
pub struct Crew<'a> {
    site: &'a Site,
    server: Option<Program>,
    worker: Option<Program>,
    addresses: Arc<Mutex<Vec<String>>>,
    runtime: Runtime,
}

/// The machine's clock, which somebody sets.
#[derive(Default)]
struct SteppedClock(AtomicI64);

impl Clock for SteppedClock {
    fn now(&self) -> Instant {
        SystemClock.now().plus_seconds(self.0.load(Ordering::SeqCst))
    }
}

impl<'a> Crew<'a> {
    /// No program runs yet.
    pub fn new(site: &'a Site) -> Self {
        let (addresses, runtime) = (Arc::default(), Runtime::new().unwrap());
        Self { site, server: None, worker: None, addresses, runtime }
    }

    /// Where uploads can be sent.
    pub fn addresses(&self) -> Arc<Mutex<Vec<String>>> {
        Arc::clone(&self.addresses)
    }

    /// Where the server listens.
    pub fn address(&self) -> String {
        self.addresses.lock().unwrap().first().expect("the server runs").clone()
    }

    /// Starts what isn't running.
    pub fn start_missing(&mut self) {
        let variables = self.site.variables();
        let variables: Vec<_> = variables.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let flags = ["--workers", "1", "--min-free-mib", "0"];
        let data = self.site.data();
        if self.server.is_none() {
            let server = Program::serve_knowing(data, &flags, &variables);
            *self.addresses.lock().unwrap() = vec![server.address.clone()];
            self.server = Some(server);
        }
        if self.worker.is_none() {
            self.worker = Some(Program::work_knowing(data, &flags, &variables));
        }
    }

    /// Lets a fault happen. What lasts ends before this returns, or in [`recover`](Self::recover).
    pub fn suffer(&mut self, fault: Fault, chance: &mut ChaCha8Rng) {
        match fault {
            Fault::KillServer => self.kill_server(),
            Fault::KillWorker => self.kill_worker(),
            Fault::KillBoth => {
                self.kill_worker();
                self.kill_server();
            }
            Fault::RestartDatabase => {
                self.site.postgres.as_ref().expect("there is a PostgreSQL").restart();
            }
            Fault::ClockSteps => self.step_the_clock(chance),
            Fault::FullDisk => self.fill_the_disk(),
            Fault::StoreDrops | Fault::StoreDelays | Fault::StoreTruncates => self.cut_off(fault),
        }
    }

    fn kill_server(&mut self) {
        self.addresses.lock().unwrap().clear();
        if let Some(server) = self.server.take() {
            server.kill();
        }
    }

    fn kill_worker(&mut self) {
        if let Some(worker) = self.worker.take() {
            worker.kill();
        }
    }

    /// The clock of the machine jumps. The programs have the real one, so two servers in this process take
    /// their place, which share a clock.
    fn step_the_clock(&mut self, chance: &mut ChaCha8Rng) {
        self.addresses.lock().unwrap().clear();
        for program in self.server.take().into_iter().chain(self.worker.take()) {
            assert_eq!(program.terminate(), Some(0), "it ends well");
        }
        let clock = Arc::new(SteppedClock::default());
        let ambient = Ambient { clock: clock.clone(), ..Ambient::system() };
        let mut settings = settings_of(self.site.data());
        settings.listen.set_port(0);
        settings.min_free_bytes = 0;
        let start = async || {
            let app = App::open(settings.clone(), ambient.clone()).await.unwrap();
            Server::start(app).await
        };
        let servers = self.runtime.block_on(async { [start().await, start().await] });
        *self.addresses.lock().unwrap() = servers.iter().map(|it| it.address.clone()).collect();
        for step in [STEP, -STEP, 0] {
            clock.0.store(step, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(chance.random_range(30..150)));
        }
        self.addresses.lock().unwrap().clear();
        for server in servers {
            self.runtime.block_on(server.stop());
        }
    }

    fn fill_the_disk(&self) {
        let filler = self.site.disk.as_ref().expect("it is on a small disk").fill();
        thread::sleep(Duration::from_millis(200));
        std::fs::remove_file(filler).unwrap();
    }

    fn cut_off(&self, fault: Fault) {
        let (_, line) = self.site.bucket.as_ref().expect("uploads are in a bucket");
        line.set(match fault {
            Fault::StoreDrops => Trouble::Drops,
            Fault::StoreDelays => Trouble::Delays,
            _ => Trouble::Truncates,
        });
    }

    /// Ends what lasts, and starts again what was killed.
    pub fn recover(&mut self) {
        if let Some((_, line)) = &self.site.bucket {
            line.set(Trouble::None);
        }
        for running in [&mut self.server, &mut self.worker] {
            let ended = running.as_mut().is_some_and(Program::has_ended);
            assert!(!ended, "a program ended that nobody has killed");
        }
        self.start_missing();
    }
}
