//! `fashion-iq-baseline serve`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use dataset::{Folder, Protocol, Split};
use poem::endpoint::EndpointExt as _;
use poem::http::{HeaderMap, StatusCode, header};
use poem::listener::{Listener as _, TcpListener};
use poem::middleware::{AddData, SizeLimit};
use poem::web::{Data, Json};
use poem::{IntoResponse as _, Response, Route, Server, handler, post};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tch::Device;

use super::captions::CaptionsOption;
use super::device::DeviceOption;
use super::manager::vectors;
use crate::error::{Error, Result};
use crate::learned::captioner::service::Question;
use crate::learned::captioner::training::Captioner;
use crate::learned::features::Features;
use crate::learned::manager::service::{Begun, Went};
use crate::learned::manager::training::Manager;
use crate::learned::serving::Refused;
use crate::learned::tensors;
use crate::learned::{captioner, manager};

/// The longest request, in bytes.
const MOST_BYTES: usize = 256 << 10;

/// The most questions of a request.
const MOST_QUESTIONS: usize = 500;

/// The most turns of a dialog.
const MOST_TURNS: usize = 20;

/// Let a challenge server ask trained models over HTTP: a captioner that plays the user of dialogs, a dialog
/// manager that visitors talk to, or both.
///
/// It prints the server's settings with the secret, and what `simulator` of a benchmark has to be for the
/// captioner. Items are known by the names of --data, which must be those that the challenge publishes. It logs
/// numbers alone, neither items nor captions. Ctrl-C ends it.
#[derive(Args)]
pub(super) struct Serve {
    /// The data of the phase, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split whose galleries are searched.
    #[arg(long, default_value = "val")]
    split: String,
    #[command(flatten)]
    captions: CaptionsOption,
    #[command(flatten)]
    models: Models,
    /// The features that they were trained with, if they were.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9400")]
    listen: SocketAddr,
    /// The secret that must be sent; drawn at random if left out.
    #[arg(long, value_name = "SECRET", env = "SERVE_SECRET", hide_env_values = true)]
    secret: Option<String>,
    #[command(flatten)]
    device: DeviceOption,
}

/// What is asked.
#[derive(Args)]
#[group(required = true, multiple = true)]
struct Models {
    /// A trained captioner, such as data/captioner/model.safetensors.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// A trained dialog manager, such as data/manager/model.safetensors.
    #[arg(long, value_name = "FILE")]
    manager: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    group: String,
    pairs: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    target: String,
    shown: String,
    turn: u32,
    seed: u64,
}

#[derive(Serialize)]
struct Said {
    simulator: String,
    captions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dialog {
    group: String,
    start: String,
    said: Vec<String>,
    count: usize,
}

#[derive(Default, Serialize)]
struct Showed {
    manager: String,
    shown: Vec<String>,
    candidates: Vec<String>,
}

/// A model that answers, and its version.
type Named<Service> = Option<(Service, String)>;

/// What answers, for whom.
#[derive(Clone)]
struct Desk {
    captioner: Named<captioner::service::Service>,
    manager: Named<manager::service::Service>,
    /// SHA-256 of what must be sent for each, so that comparing takes as long for any other secret.
    secrets: [[u8; 32]; 2],
}

impl Serve {
    pub(super) fn run(&self) -> Result<()> {
        let device = self.device.find()?;
        let data = Folder::new(&self.data);
        let split = data.split(&self.split, Protocol::Original)?;
        let features = self.features.as_deref().map(Features::open).transpose()?;
        let Models { model: captioner, manager } = &self.models;
        let opening = Opening { serve: self, data: &data, split, features, device };
        let captioner = captioner.as_deref().map(|path| opening.captioner(path)).transpose()?;
        let manager = manager.as_deref().map(|path| opening.manager(path)).transpose()?;
        let secret = self.secret.clone().map_or_else(random_secret, Ok)?;
        let setting = |name: &str| {
            super::say!("setting:   {name} = \"http://{name}:{secret}@{}\"", self.listen);
        };
        if let Some((_, version)) = &captioner {
            setting("captioner");
            super::say!("benchmark: simulator = \"{version}\"");
        }
        if manager.is_some() {
            setting("manager");
        }
        let secrets = ["captioner", "manager"].map(|name| {
            let credentials = STANDARD.encode(format!("{name}:{secret}"));
            Sha256::digest(format!("Basic {credentials}")).into()
        });
        let desk = Desk { captioner, manager, secrets };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Error::unusable(format!("can't start: {e}")))?;
        runtime.block_on(listen(self.listen, desk))
    }
}

/// Opens models for a split.
struct Opening<'a> {
    serve: &'a Serve,
    data: &'a Folder,
    split: Split,
    features: Option<Features>,
    device: Device,
}

impl Opening<'_> {
    fn captioner(&self, path: &Path) -> Result<(captioner::service::Service, String)> {
        let captioner = Captioner::open(path, self.device)?;
        let version = captioner.version().to_owned();
        let vectors = self.features.as_ref().map(vectors).transpose()?;
        let captions = self.serve.captions.of(&self.split)?;
        let source = captioner::source::Source { data: self.data, vectors, captions };
        let wardrobes = source.wardrobes(&self.split, &captioner)?;
        Ok((captioner::service::serve(self.split.clone(), captioner, wardrobes), version))
    }

    fn manager(&self, path: &Path) -> Result<(manager::service::Service, String)> {
        let manager = Manager::open(path, self.device)?;
        let version = tensors::version("manager", path)?;
        let vectors = self.features.as_ref().map(vectors).transpose()?;
        let captions = self.serve.captions.of(&self.split)?;
        let source = manager::source::Source { data: self.data, vectors, user: None };
        let catalogues = source.catalogues(&self.split, &captions, &manager)?;
        Ok((manager::service::serve(self.split.clone(), manager, catalogues), version))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a secret that is drawn once, and that --secret sets"
)]
fn random_secret() -> Result<String> {
    let mut bytes = [0; 16];
    let drawn = getrandom::fill(&mut bytes);
    drawn.map_err(|e| Error::unusable(format!("no random secret: {e}; name one with --secret")))?;
    Ok(hex::encode(bytes))
}

async fn listen(at: SocketAddr, desk: Desk) -> Result<()> {
    let app = Route::new()
        .at("/captions", post(say_captions))
        .at("/candidates", post(show_candidates))
        .with(AddData::new(desk))
        .with(SizeLimit::new(MOST_BYTES));
    let stop = async {
        // Without a handler, Ctrl-C ends the program anyway.
        let _ = tokio::signal::ctrl_c().await;
    };
    let listener = TcpListener::bind(at).into_acceptor().await;
    let listener = listener.map_err(|e| Error::unusable(format!("{at}: {e}")))?;
    super::say!("ready; Ctrl-C ends it");
    let server = Server::new_with_acceptor(listener);
    let server = server.run_with_graceful_shutdown(app, stop, None);
    server.await.map_err(|e| Error::unusable(format!("{at}: {e}")))
}

#[handler]
async fn say_captions(
    headers: &HeaderMap,
    Data(desk): Data<&Desk>,
    Json(Request { group, pairs }): Json<Request>,
) -> Response {
    let (captioner, version) = match admit(headers, desk, desk.captioner.as_ref(), "captioner") {
        Ok(named) => named,
        Err((status, detail)) => return refuse(status, &detail),
    };
    if pairs.len() > MOST_QUESTIONS {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "a request can have 500 pairs");
    }
    let (asked, begun) = (pairs.len(), Instant::now());
    let question = |Pair { target, shown, turn, seed }| Question { target, shown, turn, seed };
    let questions: Vec<Question> = pairs.into_iter().map(question).collect();
    // An empty request asks for the version alone.
    let captions =
        if questions.is_empty() { Ok(Vec::new()) } else { captioner.ask((group, questions)).await };
    match captions {
        Ok(captions) => {
            super::complain!("{asked} captions in {} ms", begun.elapsed().as_millis());
            Json(Said { simulator: version.clone(), captions }).into_response()
        }
        Err(refused) => refused.into(),
    }
}

#[handler]
async fn show_candidates(
    headers: &HeaderMap,
    Data(desk): Data<&Desk>,
    Json(Dialog { group, start, said, count }): Json<Dialog>,
) -> Response {
    let (service, version) = match admit(headers, desk, desk.manager.as_ref(), "manager") {
        Ok(named) => named,
        Err((status, detail)) => return refuse(status, &detail),
    };
    // A request for no candidates asks for the version alone.
    if count == 0 {
        return Json(Showed { manager: version.clone(), ..Showed::default() }).into_response();
    }
    if said.len() > MOST_TURNS {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "a dialog can have 20 turns");
    }
    let (turns, at) = (said.len(), Instant::now());
    match service.ask(Begun { group, start, said, count }).await {
        Ok(Went { shown, candidates }) => {
            super::complain!("{turns} turns in {} ms", at.elapsed().as_millis());
            Json(Showed { manager: version.clone(), shown, candidates }).into_response()
        }
        Err(refused) => refused.into(),
    }
}

/// A model, for those who know the secret.
fn admit<'d, S>(
    headers: &HeaderMap,
    desk: &Desk,
    named: Option<&'d (S, String)>,
    what: &str,
) -> std::result::Result<&'d (S, String), (StatusCode, String)> {
    let sent = headers.get(header::AUTHORIZATION).map_or(&b""[..], |value| value.as_bytes());
    if !desk.secrets.contains(&Sha256::digest(sent).into()) {
        return Err((StatusCode::UNAUTHORIZED, "send the secret that serve printed".to_owned()));
    }
    named.ok_or_else(|| (StatusCode::NOT_FOUND, format!("this program has no {what}")))
}

impl From<Refused> for Response {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Busy => refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                "too many requests wait; try again in a moment",
            ),
            Refused::Unknown(what) => refuse(StatusCode::UNPROCESSABLE_ENTITY, &what),
        }
    }
}

fn refuse(status: StatusCode, detail: &str) -> Response {
    Json(serde_json::json!({ "detail": detail })).with_status(status).into_response()
}
