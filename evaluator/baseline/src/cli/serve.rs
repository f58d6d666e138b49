//! `fashion-iq-baseline serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use dataset::{Folder, Protocol};
use poem::endpoint::EndpointExt as _;
use poem::http::{HeaderMap, StatusCode, header};
use poem::listener::{Listener as _, TcpListener};
use poem::middleware::{AddData, SizeLimit};
use poem::web::{Data, Json};
use poem::{IntoResponse as _, Response, Route, Server, handler, post};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::captions::CaptionsOption;
use super::device::DeviceOption;
use super::manager::vectors;
use crate::error::{Error, Result};
use crate::learned::captioner::service::{Question, Refused, Service};
use crate::learned::captioner::source::Source;
use crate::learned::captioner::training::Captioner;
use crate::learned::features::Features;

/// The longest request, in bytes.
const MOST_BYTES: usize = 256 << 10;

/// The most questions of a request.
const MOST_QUESTIONS: usize = 500;

/// Let a challenge server ask a captioner, over HTTP, so that it plays the user of dialogs.
///
/// It prints the address with the secret for the server's setting `captioner`, and the version for
/// `simulator` of a benchmark. Items are known by the names of --data, which must be those that the challenge
/// publishes. It logs numbers alone, neither items nor captions. Ctrl-C ends it.
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
    /// The trained captioner.
    #[arg(long, value_name = "FILE", default_value = "data/captioner/model.safetensors")]
    model: PathBuf,
    /// The features that it was trained with, if it was.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9400")]
    listen: SocketAddr,
    /// The secret that must be sent; drawn at random if left out.
    #[arg(long, value_name = "SECRET", env = "CAPTIONER_SECRET", hide_env_values = true)]
    secret: Option<String>,
    #[command(flatten)]
    device: DeviceOption,
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

/// What answers, for whom.
#[derive(Clone)]
struct Desk {
    service: Service,
    version: String,
    /// SHA-256 of what must be sent, so that comparing takes as long for any other secret.
    secret: [u8; 32],
}

impl Serve {
    pub(super) fn run(&self) -> Result<()> {
        let device = self.device.find()?;
        let data = Folder::new(&self.data);
        let split = data.split(&self.split, Protocol::Original)?;
        let features = self.features.as_deref().map(Features::open).transpose()?;
        let captioner = Captioner::open(&self.model, device)?;
        let version = captioner.version().to_owned();
        let vectors = features.as_ref().map(vectors).transpose()?;
        let (data, captions) = (&data, self.captions.of(&split)?);
        let wardrobes = Source { data, vectors, captions }.wardrobes(&split, &captioner)?;
        let service = Service::start(split, captioner, wardrobes);
        let secret = self.secret.clone().map_or_else(random_secret, Ok)?;
        super::say!("setting:   captioner = \"http://captioner:{secret}@{}\"", self.listen);
        super::say!("benchmark: simulator = \"{version}\"");
        let credentials = format!("Basic {}", STANDARD.encode(format!("captioner:{secret}")));
        let desk = Desk { service, version, secret: Sha256::digest(credentials).into() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Error::unusable(format!("can't start: {e}")))?;
        runtime.block_on(listen(self.listen, desk))
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
    let sent = headers.get(header::AUTHORIZATION).map_or(&b""[..], |value| value.as_bytes());
    if <[u8; 32]>::from(Sha256::digest(sent)) != desk.secret {
        return refuse(StatusCode::UNAUTHORIZED, "send the secret that serve printed");
    }
    if pairs.len() > MOST_QUESTIONS {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "a request can have 500 pairs");
    }
    let (asked, begun) = (pairs.len(), Instant::now());
    let question = |Pair { target, shown, turn, seed }| Question { target, shown, turn, seed };
    let questions: Vec<Question> = pairs.into_iter().map(question).collect();
    // An empty request asks for the version alone.
    let captions = if questions.is_empty() {
        Ok(Vec::new())
    } else {
        desk.service.ask(group, questions).await
    };
    match captions {
        Ok(captions) => {
            super::complain!("{asked} captions in {} ms", begun.elapsed().as_millis());
            Json(Said { simulator: desk.version.clone(), captions }).into_response()
        }
        Err(Refused::Busy) => {
            refuse(StatusCode::SERVICE_UNAVAILABLE, "too many requests wait; try again in a moment")
        }
        Err(Refused::Unknown(what)) => refuse(StatusCode::UNPROCESSABLE_ENTITY, &what),
    }
}

fn refuse(status: StatusCode, detail: &str) -> Response {
    Json(serde_json::json!({ "detail": detail })).with_status(status).into_response()
}
