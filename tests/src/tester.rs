//! A server in this process, on a port of its own, with a clock that the test moves.

use std::sync::Arc;
use std::time::Duration;

use server::ambient::Ambient;
use server::challenges::{self, Application, Definition};
use server::config::Settings;
use server::entities::team::TeamKind;
use server::{App, accounts, serve};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::{Answer, Client, Questions, SeededChance, TestClock, World};

/// A server with the challenge `fiq` in it.
pub struct Tester {
    /// Its folder.
    pub world: World,
    /// Its state.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Where it listens.
    pub address: String,
    /// Somebody without a token.
    pub anyone: Client,
    /// The queries of phase `dev`.
    pub dev: Questions,
    /// The queries of phase `test`, with the hidden answers.
    pub test: Questions,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

/// A team with its token.
#[derive(Clone)]
pub struct Team {
    /// Talks to the server with the token.
    pub client: Client,
}

impl Tester {
    /// A server whose phases have no limits.
    pub async fn start() -> Self {
        Self::with("", |_| {}).await
    }

    /// A server whose phase `test` has limits, as they are written in a challenge.toml.
    pub async fn with_limits(limits: &str) -> Self {
        Self::with(limits, |_| {}).await
    }

    /// A server with limits on phase `test` and settings of its own.
    pub async fn with(limits: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let world = World::new(limits);
        let clock = Arc::new(TestClock::default());
        let ambient = Ambient { clock: clock.clone(), chance: Arc::new(SeededChance::default()) };
        let mut settings = Settings::new(world.data_dir());
        settings.listen.set_port(0);
        settings.patience = Duration::from_secs(30);
        change(&mut settings);
        let app = App::open(settings, ambient).await.unwrap();
        let definition = Definition::read(&world.definition()).unwrap();
        let application = Application::prepare(&app.db, &app.ambient, definition).await.unwrap();
        application.apply(&app.db, None).await.unwrap();
        let bound = serve::bind(Arc::clone(&app)).await.unwrap();
        let address = bound.address.clone();
        let anyone = Client::new(&address);
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            bound.run(stopped).await.unwrap();
        });
        let (dev, test) = (World::dev(), World::test());
        Self { world, app, clock, address, anyone, dev, test, stop: Some(stop), running }
    }

    /// Stops the server, which finishes what it has begun.
    pub async fn stop(mut self) -> World {
        drop(self.stop.take());
        self.running.await.unwrap();
        self.world
    }

    /// A new team.
    pub async fn team(&self, name: &str) -> Team {
        self.entrant(name, TeamKind::Team).await
    }

    /// The token of a new team.
    pub async fn token(&self, name: &str) -> String {
        self.make(name, TeamKind::Team).await
    }

    /// A new team, baseline or probe.
    pub async fn entrant(&self, name: &str, kind: TeamKind) -> Team {
        let token = self.make(name, kind).await;
        Team { client: self.anyone.with_token(&token) }
    }

    async fn make(&self, name: &str, kind: TeamKind) -> String {
        let challenge = challenges::find(&self.app.db, "fiq").await.unwrap();
        let made = accounts::create(&self.app.db, &self.app.ambient, &challenge, name, kind);
        made.await.unwrap().1.reveal().to_owned()
    }

    /// The rows of a phase's leaderboard as `rank name score`.
    pub async fn board(&self, phase: &str) -> Vec<String> {
        let path = format!("/api/v1/challenges/fiq/phases/{phase}/leaderboard");
        let answer = self.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let row = |row: &serde_json::Value| {
            let rank = row["rank"].as_u64().map_or("-".to_owned(), |rank| rank.to_string());
            let score = row["scorecard"]["overall"].as_f64().unwrap();
            format!("{rank} {} {score:.4}", row["team"].as_str().unwrap())
        };
        answer.json["rows"].as_array().unwrap().iter().map(row).collect()
    }

    /// Asks for a path without a token.
    pub async fn get(&self, path: &str) -> Answer {
        let (client, path) = (self.anyone.clone(), path.to_owned());
        tokio::task::spawn_blocking(move || client.get(&path)).await.unwrap()
    }
}

impl Team {
    /// Uploads a run.
    pub async fn upload(&self, phase: &str, run: Vec<u8>) -> Answer {
        self.upload_with(phase, run, &[]).await
    }

    /// Uploads a run with more headers.
    pub async fn upload_with(
        &self,
        phase: &str,
        run: Vec<u8>,
        headers: &[(&'static str, &'static str)],
    ) -> Answer {
        let (client, path, headers) =
            (self.client.clone(), Client::intake(phase), headers.to_vec());
        let sent = tokio::task::spawn_blocking(move || client.post(&path, &run, &headers));
        sent.await.unwrap().unwrap()
    }

    /// Asks for a path with the team's token.
    pub async fn get(&self, path: &str) -> Answer {
        let (client, path) = (self.client.clone(), path.to_owned());
        tokio::task::spawn_blocking(move || client.get(&path)).await.unwrap()
    }
}
