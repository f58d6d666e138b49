//! Permissions: every route, and every kind of person. The server lists its routes, so a route without a
//! line here fails, and so does a line without a route.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::accounts::{self, Email, Scope, Scopes, Secret};
use domain::challenges;
use domain::entities::link::Purpose;
use domain::entities::role::Role;
use domain::entities::{identity, invite, membership, session, submission, team, token, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use server::App;
use system_tests::{Browser, PASSWORD, Server, Tester, World, copy_database, database_of};

/// Who asks. The things that a route names by an id are Ada's, or her team's.
const KINDS: [&str; 7] =
    ["anonymous", "person without a team", "Ada", "other team", "auditor", "organiser", "owner"];

/// Ada's team, which is the first.
const ATELIER: i32 = 1;

/// The statuses that they get, in that order.
type Statuses = [u16; 7];

struct Entry<'a> {
    method: &'a str,
    path: &'a str,
    body: &'a str,
    wanted: Statuses,
}

const fn get(path: &'static str, wanted: Statuses) -> Entry<'static> {
    Entry { method: "GET", path, body: "", wanted }
}

const fn post(path: &'static str, body: &'static str, wanted: Statuses) -> Entry<'static> {
    Entry { method: "POST", path, body, wanted }
}

const fn patch(path: &'static str, body: &'static str, wanted: Statuses) -> Entry<'static> {
    Entry { method: "PATCH", path, body, wanted }
}

const fn put(path: &'static str, wanted: Statuses) -> Entry<'static> {
    Entry { method: "PUT", path, body: "", wanted }
}

const fn delete(path: &'static str, wanted: Statuses) -> Entry<'static> {
    Entry { method: "DELETE", path, body: "", wanted }
}

/// The same for all.
const fn all(status: u16) -> Statuses {
    [status; 7]
}

/// Whoever is known; the others sign in first.
const fn known(status: u16) -> Statuses {
    [401, status, status, status, status, status, status]
}

/// People in a team; then people in no team.
const fn teams(status: u16, without: u16) -> Statuses {
    [401, without, status, status, without, without, without]
}

/// Routes of Ada's team only: for others they don't exist, and people without a team have none.
const fn own(status: u16) -> Statuses {
    [401, 403, status, 404, 403, 403, 403]
}

/// Whoever organises, and with that an auditor too.
const STAFF_SEE: Statuses = [401, 403, 403, 403, 200, 200, 200];

/// Whoever organises and is more than an auditor.
const fn staff(status: u16) -> Statuses {
    [401, 403, 403, 403, 403, status, status]
}

/// Every page and form.
const PAGES: &[Entry<'static>] = &[
    get("/", all(303)),
    get("/account", known(200)),
    get("/account/data", known(200)),
    get("/account/delete", known(200)),
    post("/account/delete", "password=something+else", known(400)),
    post("/account/identities/:id/unlink", "", known(303)),
    post("/account/link/:provider", "", known(404)),
    post("/account/email", "email=new%40example.org&password=wrong", known(400)),
    post("/account/name", "name=Somebody", known(303)),
    post("/account/password", "old=something+else&password=seven+buttons+and+a+zip", known(400)),
    post("/account/sessions/:id/end", "", known(303)),
    post("/account/tokens", "name=laptop&scopes=read", known(200)),
    post("/account/tokens/:id/revoke", "", known(303)),
    get("/assets/:name", all(200)),
    get("/c/:challenge", all(303)),
    post("/c/:challenge/join", "version=1&accept=on", known(303)),
    get("/c/:challenge/agent.py", all(200)),
    get("/c/:challenge/data", all(200)),
    get("/c/:challenge/dialogs", all(200)),
    get("/c/:challenge/limits", all(200)),
    get("/c/:challenge/news", all(200)),
    get("/c/:challenge/organise", STAFF_SEE),
    // it is not archived, so restoring it changes nothing
    post("/c/:challenge/organise/challenge", "keeping=restore&reason=a+mistake", staff(409)),
    get("/c/:challenge/organise/data", STAFF_SEE),
    // this data set does not exist
    post("/c/:challenge/organise/data/grant", DATA, [401, 403, 403, 403, 403, 403, 400]),
    post("/c/:challenge/organise/data/revoke", DATA, [401, 403, 403, 403, 403, 403, 404]),
    get("/c/:challenge/organise/definition", STAFF_SEE),
    post("/c/:challenge/organise/definition", "definition=", staff(422)),
    // of no phase that is named
    get("/c/:challenge/organise/export.csv", [401, 403, 403, 403, 404, 404, 404]),
    get("/c/:challenge/organise/export.json", [401, 403, 403, 403, 404, 404, 404]),
    post("/c/:challenge/organise/grants", GRANT, staff(303)),
    post("/c/:challenge/organise/grants/revoke", "grant=1&reason=a+mistake", staff(303)),
    get("/c/:challenge/organise/log", STAFF_SEE),
    get("/c/:challenge/organise/log/:id/undo", STAFF_SEE),
    post("/c/:challenge/organise/log/:id/undo", "reason=a+mistake", staff(303)),
    get("/c/:challenge/organise/news", STAFF_SEE),
    post("/c/:challenge/organise/news", "title=News&text=Nothing.", staff(303)),
    post("/c/:challenge/organise/news/:id/remove", "reason=a+mistake", staff(303)),
    get("/c/:challenge/organise/people", STAFF_SEE),
    post("/c/:challenge/organise/people/decide", DECIDED, staff(303)),
    post("/c/:challenge/organise/people/role", GIVEN, [401, 403, 403, 403, 403, 403, 303]),
    get("/c/:challenge/organise/phases", STAFF_SEE),
    get("/c/:challenge/organise/phases/:phase", STAFF_SEE),
    post("/c/:challenge/organise/phases/:phase", PHASE, staff(200)),
    // it is open
    post("/c/:challenge/organise/phases/:phase/confirm", "reason=Final", staff(409)),
    post("/c/:challenge/organise/phases/:phase/freeze", "reason=a+finale", staff(303)),
    post("/c/:challenge/organise/phases/:phase/reveal", "reason=a+finale", staff(303)),
    post("/c/:challenge/organise/questions/:id/answer", "answer=Yes.", staff(303)),
    get("/c/:challenge/organise/rescoring", STAFF_SEE),
    post("/c/:challenge/organise/rescoring", "--line--", staff(400)),
    get("/c/:challenge/organise/rescoring/:id", STAFF_SEE),
    post("/c/:challenge/organise/rescoring/:id/apply", "reason=a+mistake", staff(303)),
    post("/c/:challenge/organise/rescoring/:id/cancel", "reason=a+mistake", staff(303)),
    // all scorecards come from the present scorer
    post("/c/:challenge/organise/rescoring/scorer", "benchmark=test&reason=a+fix", staff(409)),
    get("/c/:challenge/organise/submissions", STAFF_SEE),
    get("/c/:challenge/organise/submissions/:id", STAFF_SEE),
    post("/c/:challenge/organise/submissions/:id/:decision", "reason=a+mistake", staff(303)),
    get("/c/:challenge/organise/teams", STAFF_SEE),
    post("/c/:challenge/organise/teams/kind", "team=1&kind=guest&reason=a+mistake", staff(303)),
    get("/c/:challenge/organise/tools", STAFF_SEE),
    post("/c/:challenge/organise/tools", "--line--", staff(400)),
    get("/c/:challenge/organise/tools/adversarial", [401, 403, 403, 403, 404, 404, 404]),
    get("/c/:challenge/organise/tools/alike", [401, 403, 403, 403, 404, 404, 404]),
    get("/c/:challenge/organise/tools/audit", [401, 403, 403, 403, 404, 404, 404]),
    post("/c/:challenge/organise/tools/audit", "phase=none", staff(404)),
    get("/c/:challenge/organise/tools/misses", [401, 403, 403, 403, 404, 404, 404]),
    get("/c/:challenge/organise/tools/trials/:id", STAFF_SEE),
    get("/c/:challenge/published", all(200)),
    get("/c/:challenge/rules", all(200)),
    get("/c/:challenge/write_run.py", all(200)),
    get("/c/:challenge/scoring", all(200)),
    get("/c/:challenge/significance", all(200)),
    get("/c/:challenge/feedback-share", all(200)),
    get("/c/:challenge/submissions", teams(200, 303)),
    get("/c/:challenge/submissions/:id", [404, 404, 200, 404, 404, 404, 404]),
    post("/c/:challenge/submissions/:id/edit", "method=another", own(303)),
    post("/c/:challenge/submissions/:id/final", "", own(409)),
    post("/c/:challenge/submissions/:id/not-final", "", own(303)),
    post("/c/:challenge/submissions/:id/question", "text=Why%3F", own(303)),
    get("/c/:challenge/submissions/:id/receipt", [404, 404, 200, 404, 404, 404, 404]),
    post("/c/:challenge/submissions/:id/restore", "", own(303)),
    // it is not played as dialogs
    get("/c/:challenge/submissions/:id/transcript", [404, 404, 409, 404, 404, 404, 404]),
    get("/c/:challenge/submissions/:id/upload", own(200)),
    post("/c/:challenge/submissions/:id/withdraw", "", own(303)),
    get("/c/:challenge/take-part", all(303)),
    get("/c/:challenge/team", known(200)),
    post("/c/:challenge/team", "name=Another", [401, 303, 409, 409, 403, 403, 403]),
    post("/c/:challenge/team/back", "team=1", known(400)),
    post("/c/:challenge/team/invites", "", teams(200, 403)),
    post("/c/:challenge/team/invites/:id/revoke", "", teams(303, 403)),
    post("/c/:challenge/team/leave", "", teams(303, 403)),
    post("/c/:challenge/team/name", "name=Renamed&anonymity=none", teams(303, 403)),
    get("/c/:challenge/:phase", all(200)),
    get("/c/:challenge/:phase/compare", all(200)),
    get("/c/:challenge/:phase/explore", all(200)),
    // no pictures are public
    get("/c/:challenge/:phase/pictures/:group/:item", all(404)),
    get("/c/:challenge/:phase/queries/:query", all(200)),
    // hidden targets, and open
    get("/c/:challenge/:phase/report", [403, 403, 403, 403, 200, 200, 200]),
    get("/c/:challenge/:phase/report.zip", [403, 403, 403, 403, 200, 200, 200]),
    // none is confirmed
    get("/c/:challenge/:phase/results/:name", all(404)),
    get("/c/:challenge/:phase/results/:name/:file", all(404)),
    get("/c/:challenge/:phase/statistics", all(200)),
    get("/c/:challenge/:phase/submit", teams(200, 303)),
    post("/c/:challenge/:phase/submit", "--line--", teams(400, 403)),
    get("/c/:challenge/:phase/take-part", all(200)),
    // it is not played as dialogs
    get("/c/:challenge/:phase/talk", all(409)),
    get("/confirm/:secret", all(200)),
    post("/confirm/:secret", "password=something+else", all(400)),
    get("/email/:secret", known(410)),
    post("/email/:secret", "", known(410)),
    get("/forgot", all(200)),
    post("/forgot", "email=ada%40example.org", all(200)),
    get("/invites/:secret", all(200)),
    post("/invites/:secret", "", [401, 303, 409, 409, 403, 403, 403]),
    get("/organise", [401, 403, 403, 403, 200, 200, 200]),
    post("/organise", "definition=", [401, 403, 403, 403, 403, 403, 422]),
    get("/privacy", all(200)),
    get("/reset/:secret", all(200)),
    post("/reset/:secret", "password=seven+buttons+and+a+zip", all(303)),
    get("/set-up/:secret", all(410)),
    post("/set-up/:secret", SIGNING_UP, all(410)),
    get("/sign-in", all(200)),
    get("/sign-in/back/:provider", all(404)),
    get("/sign-in/with/:provider", all(404)),
    post("/sign-in", "email=ada%40example.org&password=something+else", all(401)),
    post("/sign-out", "", all(303)),
    get("/sign-up", all(200)),
    post("/sign-up", SIGNING_UP, all(200)),
];

const GRANT: &str = "team=2&phase=test&per_day=1&reason=a+lost+day";

const DATA: &str = "path=nothing&grant=1&reason=a+mistake";

const DECIDED: &str = "participation=1&state=refused&reason=a+mistake";

const GIVEN: &str = "email=pat%40example.org&role=auditor&reason=to+help";

const PHASE: &str = "title=Renamed&opens=2026-11-01+00%3A00&reset_zone=UTC&per_day=3&probes=on";

const SIGNING_UP: &str = "name=New&email=new%40example.org&password=seven+buttons+and+a+zip";

/// Every operation of the API, each person with a token that allows everything they can do.
const OPERATIONS: &[Entry<'static>] = &[
    get("/challenges", all(200)),
    get("/measures", all(200)),
    get("/receipt-keys", all(200)),
    get("/challenges/{challenge}", all(200)),
    get("/challenges/{challenge}/phases/{phase}", all(200)),
    get("/challenges/{challenge}/phases/{phase}/data", all(200)),
    // it is not played as dialogs
    post("/challenges/{challenge}/phases/{phase}/dialogs", "", teams(409, 403)),
    get("/challenges/{challenge}/phases/{phase}/events", all(200)),
    get("/challenges/{challenge}/phases/{phase}/export", STAFF_SEE),
    get("/challenges/{challenge}/phases/{phase}/files", all(200)),
    get("/challenges/{challenge}/phases/{phase}/files/{folder}/{name}", all(200)),
    get("/challenges/{challenge}/phases/{phase}/gallery", all(200)),
    get("/challenges/{challenge}/phases/{phase}/leaderboard", all(200)),
    get("/challenges/{challenge}/phases/{phase}/leaderboard.csv", all(200)),
    get("/challenges/{challenge}/phases/{phase}/leaderboard.eee.json", all(200)),
    get("/challenges/{challenge}/phases/{phase}/leaderboard.eval-results.yaml", all(200)),
    get("/challenges/{challenge}/phases/{phase}/leaderboard.pwc.json", all(200)),
    get("/challenges/{challenge}/phases/{phase}/queries", all(200)),
    get("/challenges/{challenge}/phases/{phase}/submissions", teams(200, 403)),
    post("/challenges/{challenge}/phases/{phase}/submissions", "no run", teams(422, 403)),
    get("/challenges/{challenge}/phases/{phase}/template", all(200)),
    get("/challenges/{challenge}/submissions/{id}", own(200)),
    post("/challenges/{challenge}/submissions/{id}/answers", "{\"answers\": []}", own(409)),
    get("/challenges/{challenge}/submissions/{id}/dialogs", own(409)),
    get("/challenges/{challenge}/submissions/{id}/transcript", own(409)),
    patch("/challenges/{challenge}/submissions/{id}", "{\"method\": \"another\"}", own(200)),
    put("/challenges/{challenge}/submissions/{id}/final", own(409)),
    delete("/challenges/{challenge}/submissions/{id}/final", own(200)),
    get("/challenges/{challenge}/submissions/{id}/events", own(200)),
    get("/challenges/{challenge}/submissions/{id}/receipt", own(200)),
    put("/challenges/{challenge}/submissions/{id}/withdrawal", own(200)),
    delete("/challenges/{challenge}/submissions/{id}/withdrawal", own(200)),
];

/// The world that is copied for each request that can change something.
struct Scene {
    tester: Tester,
    /// What stands for a parameter of a path.
    filled: BTreeMap<&'static str, String>,
    /// What each kind of person acts with: the cookie of their browser, and a token.
    sessions: [Option<String>; 7],
    tokens: [Option<String>; 7],
}

#[tokio::test(flavor = "multi_thread")]
async fn each_route_answers_each_kind_of_person_as_is_written_here() {
    let scene = Box::pin(Scene::set()).await;
    let pages = server::pages::ADDRESSES.iter().flat_map(|(path, methods)| {
        methods.iter().map(|method| (method.to_uppercase(), (*path).to_owned()))
    });
    let operations = operations(&scene.tester).await;
    let mut wrong = Vec::new();
    let shared = scene.copy().await;
    for (entries, routes, api) in [(PAGES, pages.collect(), false), (OPERATIONS, operations, true)]
    {
        for (method, path) in must_be_the_same(entries, routes, &mut wrong) {
            // the current response, for the author of the line, who has to judge whether it is right
            let (body, wanted) = ("", [0; 7]);
            let entry = Entry { method: &method, path: &path, body, wanted };
            let told = scene.answers(&shared, &entry, api, &mut wrong).await;
            wrong.push(format!("{method} {path} has no line in the matrix; now it is {told:?}"));
        }
        for entry in entries {
            let told = scene.answers(&shared, entry, api, &mut wrong).await;
            if told != entry.wanted {
                let Entry { method, path, wanted, .. } = entry;
                wrong.push(format!("{method} {path}: {told:?}, not {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let routes = PAGES.len() + OPERATIONS.len();
    println!("matrix: {routes} routes x {} kinds = {} answers", KINDS.len(), routes * KINDS.len());
}

/// Whether organisers can change a team's things by this route.
fn is_power(entry: &Entry<'_>, kind: usize) -> bool {
    kind >= 5 && entry.path.contains("/organise")
}

/// The routes without a line; what else is wrong with the lines is shown.
fn must_be_the_same(
    entries: &[Entry<'_>],
    routes: Vec<(String, String)>,
    wrong: &mut Vec<String>,
) -> Vec<(String, String)> {
    let is = |entry: &Entry<'_>, (method, path): &(String, String)| {
        entry.method == method && entry.path == path
    };
    for entry in entries {
        if !routes.iter().any(|route| is(entry, route)) {
            wrong.push(format!("{} {} is not a route", entry.method, entry.path));
        }
    }
    let lines = |route: &_| entries.iter().filter(|entry| is(entry, route)).count();
    for (method, path) in routes.iter().filter(|route| lines(route) > 1) {
        wrong.push(format!("{method} {path} has several lines"));
    }
    routes.into_iter().filter(|route| lines(route) == 0).collect()
}

/// The operations of the API as it describes itself.
async fn operations(tester: &Tester) -> Vec<(String, String)> {
    let paths = tester.get("/api/openapi.json").await.json["paths"].clone();
    let mut operations = Vec::new();
    for (path, item) in paths.as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let path = path.trim_start_matches("/api/v1").to_owned();
            operations.push((method.to_uppercase(), path));
        }
    }
    operations
}

/// What others must not change: what Ada has and is, and what her team is and has.
async fn belongings(app: &App) -> Vec<String> {
    let db = &app.db;
    let ada = person(app, "Ada").await;
    let mut own = vec![format!("{} {}", ada.name, ada.password.is_some())];
    macro_rules! rows {
        ($entity:ident, $filter:expr, |$row:ident| $told:expr) => {
            let rows = $entity::Entity::find().filter($filter);
            let rows = rows.order_by_asc($entity::Column::Id).all(db).await.unwrap();
            own.extend(rows.iter().map(|$row| format!("{} {:?}", stringify!($entity), $told)));
        };
    }
    rows!(session, session::Column::UserId.eq(ada.id), |row| row.id);
    rows!(identity, identity::Column::UserId.eq(ada.id), |row| row.id);
    rows!(token, token::Column::UserId.eq(ada.id), |row| (row.id, row.revoked_at));
    rows!(membership, membership::Column::UserId.eq(ada.id), |row| (row.team_id, row.left_at));
    rows!(team, team::Column::Id.eq(ATELIER), |row| (&row.name, row.kind));
    rows!(invite, invite::Column::InvitedBy.eq(ada.id), |row| (row.id, row.revoked_at));
    let runs = submission::Entity::find().order_by_asc(submission::Column::Id);
    let runs = runs.filter(submission::Column::UserId.eq(ada.id)).all(db).await.unwrap();
    let told =
        |row: &submission::Model| format!("{} {:?} {}", row.id, row.withdrawn_at, row.method);
    own.extend(runs.iter().map(told));
    own
}

async fn person(app: &App, name: &str) -> user::Model {
    let email = Email::read(&format!("{}@example.org", name.to_lowercase())).unwrap();
    accounts::user_with(&app.db, &email).await.unwrap().unwrap()
}

impl Scene {
    async fn set() -> Self {
        let tester = Tester::start().await;
        let mut browsers = [
            Browser::new(&tester),
            tester.member("Pat", None).await,
            tester.member("Ada", Some("Atelier")).await,
            tester.member("Eve", Some("Nine")).await,
            tester.person("Uma").await,
            tester.organiser("Otto", Role::Organiser).await,
            tester.person("Olga").await,
        ];
        // of all challenges, while Otto is of this one
        for (name, role) in [("Uma", Role::Auditor), ("Olga", Role::Owner)] {
            let (db, now) = (&tester.app.db, tester.app.ambient.now());
            let user = person(&tester.app, name).await;
            accounts::give_role(db, &user, None, role, None, now).await.unwrap();
        }
        for organiser in &mut browsers[4..] {
            let joined = organiser.post("/c/fiq/join", &[("version", "1"), ("accept", "on")]).await;
            assert_eq!(joined.status, 303);
        }
        let names = ["Pat", "Ada", "Eve", "Uma", "Otto", "Olga"];
        let (app, now) = (Arc::clone(&tester.app), tester.app.ambient.now());
        let mut tokens = [const { None }; 7];
        for (n, name) in names.iter().enumerate() {
            let user = person(&app, name).await;
            let scopes = Scope::ALL.into_iter().collect::<Scopes>();
            let made =
                accounts::new_token(&app.db, &app.ambient, &user, "matrix", scopes, None).await;
            tokens[n + 1] = Some(made.unwrap().reveal().to_owned());
        }
        let ada = person(&app, "Ada").await;
        identity::Entity::insert(identity::ActiveModel {
            id: sea_orm::NotSet,
            user_id: sea_orm::Set(ada.id),
            issuer: sea_orm::Set("https://id.example.org".to_owned()),
            subject: sea_orm::Set("ada".to_owned()),
            created_at: sea_orm::Set(now),
        })
        .exec(&app.db)
        .await
        .unwrap();
        let mut filled = filled(&tester, &mut browsers[2], &ada).await;
        organise(&mut browsers, &filled["/c/:challenge/submissions/:id"]).await;
        rescore(&tester, &mut browsers[5]).await;
        let trial = browsers[5].submit("/c/fiq/organise/tools", &[("phase", "test")], b"{}").await;
        let trial = trial.location.unwrap().rsplit('/').next().unwrap().to_owned();
        filled.insert("/c/:challenge/organise/tools/trials/:id", trial);
        let cookie = |browser: &Browser| browser.cookie("fiq_session").map(str::to_owned);
        let sessions = std::array::from_fn(|n| cookie(&browsers[n]));
        Self { tester, filled, sessions, tokens }
    }

    /// A server of its own on a copy of the world.
    async fn copy(&self) -> Server {
        let (from, world) = (self.tester.world.data_dir(), World::new(""));
        std::fs::create_dir_all(world.data_dir().join("uploads")).unwrap();
        copy_database(&from, &world.data_dir()).await;
        for upload in std::fs::read_dir(from.join("uploads")).unwrap() {
            let (path, to) = (upload.unwrap().path(), world.data_dir().join("uploads"));
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
        let mut settings = self.tester.app.settings.clone();
        settings.data_dir = world.data_dir();
        settings.postgres = database_of(&world.data_dir());
        // the same chance, or ids would come again
        let app = App::open(settings, self.tester.app.ambient.clone()).await.unwrap();
        let mut server = Server::start(app).await;
        server.keep(world);
        server
    }

    /// What a route answers each kind of person.
    async fn answers(
        &self,
        shared: &Server,
        entry: &Entry<'_>,
        api: bool,
        wrong: &mut Vec<String>,
    ) -> Statuses {
        let mut told = [0; 7];
        for (kind, status) in told.iter_mut().enumerate() {
            // a request that can change something gets its own world
            let copy = if entry.method == "GET" { None } else { Some(self.copy().await) };
            let server = copy.as_ref().unwrap_or(shared);
            let before = belongings(&server.app).await;
            *status = self.ask(server, entry, api, kind).await;
            let after = belongings(&server.app).await;
            if before != after && kind != 2 && !is_power(entry, kind) {
                wrong.push(format!(
                    "{} {}: {} changed what is Ada's: {before:?} {after:?}",
                    entry.method, entry.path, KINDS[kind]
                ));
            }
            if let Some(copy) = copy {
                copy.stop().await;
            }
        }
        told
    }

    /// The status of one answer.
    async fn ask(&self, server: &Server, entry: &Entry<'_>, api: bool, kind: usize) -> u16 {
        let path = self.path(entry.path);
        let mut headers = String::new();
        let credential = if api { &self.tokens[kind] } else { &self.sessions[kind] };
        if let Some(credential) = credential {
            headers = if api {
                format!("Authorization: Bearer {credential}\r\n")
            } else {
                format!("Cookie: fiq_session={credential}\r\n")
            };
        }
        let media_type = if entry.body.starts_with("--line") {
            "multipart/form-data; boundary=line"
        } else {
            "application/x-www-form-urlencoded"
        };
        let root = if api { "/api/v1" } else { "" };
        let (method, body, address) = (entry.method, entry.body, server.address.clone());
        let request = format!(
            "{method} {root}{path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{headers}\
             Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        // by hand: a stream of events has a status, and no end
        let asked = move || {
            let mut wire = system_tests::Wire::open(&address);
            wire.send(request);
            wire.line()
        };
        let line = tokio::task::spawn_blocking(asked).await.unwrap();
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.unwrap_or_else(|| panic!("{method} {path} {}: {line:?}", KINDS[kind]))
    }

    fn path(&self, pattern: &str) -> String {
        let of = |part: &str| {
            let name = part.trim_start_matches([':', '{']).trim_end_matches('}');
            if name == part {
                return part.to_owned();
            }
            // an id, or a secret, is that of the longest beginning that is known
            let before = pattern.split(part).next().unwrap();
            let own = format!("{before}{part}");
            let known = self.filled.get(own.as_str()).or_else(|| self.filled.get(name));
            known.unwrap_or_else(|| panic!("{own} has no value: add it to `filled`")).clone()
        };
        pattern.split('/').map(of).collect::<Vec<_>>().join("/")
    }
}

/// Leaves the first of each thing that organisers have to do with.
async fn organise(browsers: &mut [Browser; 7], submission: &str) {
    let asked = format!("/c/fiq/submissions/{submission}/question");
    let asked = browsers[2].post(&asked, &[("text", "Why?")]).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let grant = [("team", "2"), ("phase", "test"), ("per_day", "1"), ("reason", "a lost day")];
    let granted = browsers[5].post("/c/fiq/organise/grants", &grant).await;
    assert_eq!(granted.status, 303, "{}", granted.text);
    let news = [("title", "Welcome"), ("text", "It has begun.")];
    let announced = browsers[5].post("/c/fiq/organise/news", &news).await;
    assert_eq!(announced.status, 303, "{}", announced.text);
}

/// Leaves a rescoring that can be applied.
async fn rescore(tester: &Tester, otto: &mut Browser) {
    let targets = crate::rescoring::corrected(&tester.world);
    let fields = [("benchmark", "test"), ("reason", "some targets were wrong")];
    let made = otto.submit("/c/fiq/organise/rescoring", &fields, &targets).await;
    assert_eq!(made.status, 303, "{}", made.text);
    crate::rescoring::ready(&tester.app, 1).await;
}

/// What stands for the parameters: things of Ada's, of her team, and links that others have got.
async fn filled(
    tester: &Tester,
    browser: &mut Browser,
    ada: &user::Model,
) -> BTreeMap<&'static str, String> {
    let app = &tester.app;
    // visible to the team only: a withdrawn submission
    let run = tester.test.zipped(|_| Some(3));
    let sent = browser.submit("/c/fiq/test/submit", &[], &run).await;
    let submission = sent.location.unwrap().rsplit('/').next().unwrap().to_owned();
    let row = submission::Entity::find().one(&app.db).await.unwrap().unwrap();
    assert_eq!(row.id.to_string(), submission);
    let withdrawn = submission::ActiveModel {
        id: sea_orm::Unchanged(row.id),
        withdrawn_at: sea_orm::Set(Some(app.ambient.now())),
        ..Default::default()
    };
    submission::Entity::update(withdrawn).exec(&app.db).await.unwrap();

    let challenge = challenges::find(&app.db, "fiq").await.unwrap();
    let invite = accounts::invite(app, &challenge, ada, None).await.unwrap();
    let link = async |purpose, user: Option<i32>| {
        let made = accounts::new_link(&app.db, &app.ambient, purpose, user).await;
        made.unwrap().reveal().to_owned()
    };
    let (email, now) = (Email::read("mia@example.org").unwrap(), app.ambient.now());
    let hash = app.passwords.hash(&app.ambient, PASSWORD).await.unwrap();
    let mia = accounts::new_user(&app.db, &email, "Mia", Some(hash), None, now).await.unwrap();
    BTreeMap::from([
        ("challenge", "fiq".to_owned()),
        ("phase", "test".to_owned()),
        ("provider", "campus".to_owned()),
        ("name", style_sheet(tester).await),
        ("file", "document.json".to_owned()),
        ("folder", "captions".to_owned()),
        ("group", "dress".to_owned()),
        ("item", tester.test.groups()[0].gallery.item(0).to_owned()),
        ("query", "dress.test.0".to_owned()),
        (
            "/challenges/{challenge}/phases/{phase}/files/{folder}/{name}",
            "cap.dress.test.json".to_owned(),
        ),
        ("/confirm/:secret", link(Purpose::Confirm, Some(mia.id)).await),
        ("/email/:secret", link(Purpose::Address, Some(mia.id)).await),
        ("/reset/:secret", link(Purpose::Reset, Some(mia.id)).await),
        ("/set-up/:secret", link(Purpose::SetUp, None).await),
        ("/invites/:secret", invite.reveal().to_owned()),
        ("/account/identities/:id", one(identity::Entity::find(), app).await.id.to_string()),
        ("/account/sessions/:id", own_session(app, ada).await.to_string()),
        ("/account/tokens/:id", own_token(app, ada).await.to_string()),
        // the first of each, made below; the first event of the log is the challenge's
        ("/c/:challenge/organise/log/:id", "2".to_owned()),
        ("/c/:challenge/organise/news/:id", "1".to_owned()),
        ("/c/:challenge/organise/questions/:id", "1".to_owned()),
        ("/c/:challenge/organise/rescoring/:id", "1".to_owned()),
        ("/c/:challenge/organise/submissions/:id", submission.clone()),
        ("decision", "disqualify".to_owned()),
        ("/c/:challenge/submissions/:id", submission.clone()),
        ("/challenges/{challenge}/submissions/{id}", submission),
        ("/c/:challenge/team/invites/:id", id_of(&app.db, &invite).await.to_string()),
    ])
}

/// The name of a file that a page needs.
async fn style_sheet(tester: &Tester) -> String {
    let page = tester.get("/sign-in").await.text;
    page.split("/assets/").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn one<E: EntityTrait>(find: sea_orm::Select<E>, app: &App) -> E::Model {
    find.one(&app.db).await.unwrap().unwrap()
}

async fn own_session(app: &App, ada: &user::Model) -> i32 {
    one(session::Entity::find().filter(session::Column::UserId.eq(ada.id)), app).await.id
}

async fn own_token(app: &App, ada: &user::Model) -> i32 {
    one(token::Entity::find().filter(token::Column::UserId.eq(ada.id)), app).await.id
}

async fn id_of(db: &impl sea_orm::ConnectionTrait, secret: &Secret) -> i32 {
    let own = invite::Entity::find().filter(invite::Column::Digest.eq(secret.digest()));
    own.one(db).await.unwrap().unwrap().id
}
