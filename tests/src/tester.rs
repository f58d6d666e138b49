//! A server in this process, on its own port, with a clock that the test moves.

use std::sync::Arc;
use std::time::Duration;

use domain::accounts;
use domain::accounts::{Email, Scopes, SessionKey};
use domain::ambient::Ambient;
use domain::challenges::{self, Definition};
use domain::entities::mail;
use domain::entities::role::Role;
use domain::entities::team::TeamKind;
use domain::moderation;
use domain::plans::Application;
use server::App;
use server::config::Settings;

use crate::{
    Answer, Browser, Client, Form, Questions, SeededChance, Server, TestClock, World, settings_of,
};

/// The password of every person of the tests.
pub const PASSWORD: &str = "a velvet hanger";

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
    server: Server,
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
        Self::of(World::new(limits), change).await
    }

    /// A server of a world, with settings of its own.
    pub async fn of(world: World, change: impl FnOnce(&mut Settings)) -> Self {
        let tester = Self::without_challenge(world, change).await;
        tester.apply().await;
        tester
    }

    /// A server with an empty database, and data sets to create a challenge from.
    pub async fn empty() -> Self {
        let world = World::new("");
        let datasets = world.datasets();
        Self::without_challenge(world, |settings| settings.datasets_dir = datasets).await
    }

    async fn without_challenge(world: World, change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Arc::new(TestClock::default());
        let ambient = Ambient { clock: clock.clone(), chance: Arc::new(SeededChance::default()) };
        let mut settings = settings_of(&world.data_dir());
        settings.listen.set_port(0);
        settings.patience = Duration::from_secs(30);
        // A mail that was sent has lost its text, and the tests read it.
        settings.mail_every = Duration::from_hours(1);
        change(&mut settings);
        let app = App::open(settings, ambient).await.unwrap();
        let server = Server::start(Arc::clone(&app)).await;
        let (address, anyone) = (server.address.clone(), server.anyone.clone());
        let (dev, test) = (World::dev(), World::test());
        Self { world, app, clock, address, anyone, dev, test, server }
    }

    /// Another server of the same data folder, with the same settings and the same clock.
    pub async fn beside(&self) -> Server {
        self.beside_with(|_| {}).await
    }

    /// Another server of the same data folder, with settings of its own and the same clock.
    pub async fn beside_with(&self, change: impl FnOnce(&mut Settings)) -> Server {
        let mut settings = self.app.settings.clone();
        change(&mut settings);
        // Ids come from one source of chance: two that repeat each other would give them twice.
        let app = App::open(settings, self.app.ambient.clone()).await.unwrap();
        Server::start(app).await
    }

    /// Applies the challenge.toml as it is now.
    pub async fn apply(&self) {
        apply(&self.app, &self.world).await;
    }

    /// Where it answers `/metrics`.
    pub fn metrics(&self) -> Client {
        Client::new(self.server.metrics_address.as_deref().unwrap())
    }

    /// Asks the server to stop, and waits until it has heard that.
    pub async fn ask_to_stop(&mut self) {
        self.server.ask_to_stop().await;
    }

    /// Stops the server, which finishes what it has begun.
    pub async fn stop(self) -> World {
        self.server.stop().await;
        self.world
    }

    /// The files that uploads have left in the data folder.
    pub fn kept_files(&self) -> usize {
        files_of_uploads(&self.app.settings.upload_dir()).len()
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
        let made = accounts::create(&self.app, &challenge, name, kind);
        made.await.unwrap().1.reveal().to_owned()
    }

    /// A person with a confirmed address, signed in in a browser of their own. Their password is
    /// `a velvet hanger`, and their address the name in lower case at example.org.
    pub async fn person(&self, name: &str) -> Browser {
        let (db, now) = (&self.app.db, self.app.ambient.now());
        let address = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let email = Email::read(&address).unwrap();
        let password = self.app.passwords.hash(&self.app.ambient, PASSWORD).await.unwrap();
        accounts::new_user(db, &email, name, Some(password), Some(now), now).await.unwrap();
        let mut browser = Browser::new(self);
        let typed = [("email", address.as_str()), ("password", PASSWORD)];
        let signed_in = browser.post("/sign-in", &typed).await;
        assert_eq!(signed_in.status, 303, "{}", signed_in.text);
        browser
    }

    /// A person without a password, who is known by the session of their browser: many are made
    /// quickly. They have accepted the rules.
    pub async fn newcomer(&self, name: &str) -> Browser {
        let (db, now) = (&self.app.db, self.app.ambient.now());
        let address = format!("{}@example.org", name.to_lowercase());
        let email = Email::read(&address).unwrap();
        let user = accounts::new_user(db, &email, name, None, Some(now), now).await.unwrap();
        let key = SessionKey::begin(db, &self.app.ambient, &user, "a test").await.unwrap();
        let mut browser = Browser::new(self);
        let prefix = if self.app.settings.secure_cookies() { "__Host-" } else { "" };
        browser.set_cookie(&format!("{prefix}fiq_session"), key.reveal());
        let joined = browser.post("/c/fiq/join", &[("version", "1"), ("accept", "on")]).await;
        assert_eq!(joined.status, 303, "{}", joined.text);
        browser
    }

    /// A person who has accepted the rules, and founded a team if its name is given.
    pub async fn member(&self, name: &str, team: Option<&str>) -> Browser {
        let mut browser = self.person(name).await;
        let version = [("version", "1"), ("accept", "on")];
        let joined = browser.post("/c/fiq/join", &version).await;
        assert_eq!(joined.status, 303, "{}", joined.text);
        if let Some(team) = team {
            let founded = browser.post("/c/fiq/team", &[("name", team)]).await;
            assert_eq!(founded.status, 303, "{}", founded.text);
        }
        browser
    }

    /// A person with a role in the challenge.
    pub async fn organiser(&self, name: &str, role: Role) -> Browser {
        let browser = self.person(name).await;
        let (db, now) = (&self.app.db, self.app.ambient.now());
        let address = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let user = accounts::user_with(db, &Email::read(&address).unwrap()).await.unwrap().unwrap();
        let challenge = challenges::find(db, "fiq").await.unwrap();
        accounts::give_role(db, &user, Some(&challenge), role, None, now).await.unwrap();
        browser
    }

    /// Somebody's program: a person who was made before, through a token of their own.
    pub async fn program_of(&self, name: &str) -> Team {
        self.program_with(name, "read submit").await
    }

    /// The same with a token for something else.
    pub async fn program_with(&self, name: &str, scopes: &str) -> Team {
        let db = &self.app.db;
        let address = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let user = accounts::user_with(db, &Email::read(&address).unwrap()).await.unwrap().unwrap();
        let scopes = Scopes::read(scopes);
        let made = accounts::new_token(db, &self.app.ambient, &user, "laptop", scopes, None);
        let token = made.await.unwrap();
        Team { client: self.anyone.with_token(token.reveal()) }
    }

    /// Makes a person the owner of all challenges.
    pub async fn own_everything(&self, name: &str) {
        let (db, now) = (&self.app.db, self.app.ambient.now());
        let address = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let user = accounts::user_with(db, &Email::read(&address).unwrap()).await.unwrap().unwrap();
        accounts::give_role(db, &user, None, Role::Owner, None, now).await.unwrap();
    }

    /// The text of the last mail to an address.
    pub async fn mail_to(&self, address: &str) -> String {
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
        let to = mail::Entity::find().filter(mail::Column::Address.eq(address));
        let last = to.order_by_desc(mail::Column::Id).one(&self.app.db).await.unwrap();
        last.map(|mail| format!("{}\n\n{}", mail.subject, mail.text)).unwrap_or_default()
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

    /// Uploads a form.
    pub async fn upload_form(&self, phase: &str, form: Form) -> Answer {
        let (client, path) = (self.client.clone(), Client::intake(phase));
        let sent = move || {
            let media_type = Form::media_type();
            client.post(&path, &form.body(), &[("Content-Type", &media_type)]).unwrap()
        };
        tokio::task::spawn_blocking(sent).await.unwrap()
    }

    /// Posts JSON to a path.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        let (client, path) = (self.client.clone(), path.to_owned());
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let sent = move || client.post(&path, &body, &[]).unwrap();
        tokio::task::spawn_blocking(sent).await.unwrap()
    }

    /// Uploads a run that answers what the phase asks, as JSON.
    pub async fn upload_told(&self, phase: &str, run: Vec<u8>, details: &str) -> Answer {
        let path = format!("{}?details={}", Client::intake(phase), crate::escaped(details));
        let client = self.client.clone();
        let sent = move || client.post(&path, &run, &[]).unwrap();
        tokio::task::spawn_blocking(sent).await.unwrap()
    }

    /// Chooses a submission as a final run.
    pub async fn choose(&self, id: &str) -> Answer {
        self.change(id, "final", false).await
    }

    /// Gives the choice of a final run up.
    pub async fn give_up(&self, id: &str) -> Answer {
        self.change(id, "final", true).await
    }

    /// Edits the details of a submission.
    pub async fn edit(&self, id: &str, json: &str) -> Answer {
        let path = format!("/api/v1/challenges/fiq/submissions/{id}");
        let (client, json) = (self.client.clone(), json.to_owned());
        tokio::task::spawn_blocking(move || client.patch(&path, &json)).await.unwrap()
    }

    /// Takes a submission off the board.
    pub async fn withdraw(&self, id: &str) -> Answer {
        self.change(id, "withdrawal", false).await
    }

    /// Puts a submission back on the board.
    pub async fn restore(&self, id: &str) -> Answer {
        self.change(id, "withdrawal", true).await
    }

    async fn change(&self, id: &str, what: &str, delete: bool) -> Answer {
        let path = format!("/api/v1/challenges/fiq/submissions/{id}/{what}");
        let client = self.client.clone();
        tokio::task::spawn_blocking(move || client.change(&path, delete)).await.unwrap()
    }

    /// The same team at another server.
    #[must_use]
    pub fn at(&self, server: &Server) -> Self {
        Self { client: self.client.at(&server.address) }
    }

    /// Asks for a path with the team's token.
    pub async fn get(&self, path: &str) -> Answer {
        let (client, path) = (self.client.clone(), path.to_owned());
        tokio::task::spawn_blocking(move || client.get(&path)).await.unwrap()
    }
}

/// The names of the files that uploads have left in their folder.
pub fn files_of_uploads(folder: &std::path::Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != ".identity").collect()
}

async fn apply(app: &App, world: &World) {
    let definition = Definition::read(&world.definition()).unwrap();
    let application = Application::prepare(&app.db, &app.ambient, definition).await.unwrap();
    moderation::apply_definition(app, &application, None, "applied on the server").await.unwrap();
}
