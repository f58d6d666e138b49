//! What all event streams share.

use std::sync::Arc;
use std::time::Duration;

use poem::Request;
use tokio::sync::broadcast::Receiver;
use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use crate::app::App;
use crate::pressure::EventStreamPlace;
use crate::refusal::Result;
use crate::serve::ClientAddress;

/// How often a silent stream sends a keep-alive.
pub(crate) const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A stream ends after this time, so that a forgotten one frees its place.
const LONGEST: Duration = Duration::from_hours(1);

/// How often to look for what other processes have finished.
const LOOK: Duration = Duration::from_secs(1);

/// The shortest time between two beats, however much is finished.
const REST: Duration = Duration::from_millis(200);

/// Says when to look for changes again, and holds one of the places for event streams.
pub(crate) struct Pulse {
    /// The server.
    pub(crate) app: Arc<App>,
    finished: Receiver<Uuid>,
    ends: Instant,
    last: Instant,
    _place: EventStreamPlace,
}

impl Pulse {
    /// The pulse of a new stream, unless there are too many, in total or from the same address.
    pub(crate) fn new(app: &Arc<App>, request: &Request) -> Result<Self> {
        let ClientAddress(from) = ClientAddress::of(request, &app.settings.trusted_proxies);
        let place = app.pressure.event_streams.take(&from)?;
        let (finished, last) = (app.worker.finished(), Instant::now());
        Ok(Self { app: Arc::clone(app), finished, ends: last + LONGEST, last, _place: place })
    }

    /// Waits until it is worth looking: something was finished here, or some time has passed.
    /// `None` once the stream should end.
    pub(crate) async fn beat(&mut self) -> Option<()> {
        let look = Instant::now() + LOOK;
        tokio::select! {
            () = self.app.stopped() => return None,
            () = sleep_until(self.ends) => return None,
            // Missed messages are a reason to look as well.
            _ = timeout_at(look, self.finished.recv()) => {}
        }
        sleep_until(self.last + REST).await;
        self.last = Instant::now();
        Some(())
    }
}
