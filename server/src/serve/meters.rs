//! The server's metrics for Prometheus.

use domain::database::Pool;
use domain::entities::submission::State;
use domain::error::Error;
use domain::error::Result;
use domain::submissions::Meter;
use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

/// The buckets of durations, in seconds. Beyond the last, a submission is stuck.
const SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 60.0];

/// The server's metrics. None of them depends on a score.
#[derive(Clone)]
pub struct Meters {
    registry: Registry,
    /// Responses, by method and status.
    pub answers: IntCounterVec,
    /// From a request's head to its response, in seconds.
    pub answered_after: Histogram,
    /// Submissions finished by this process, by state.
    finished: IntCounterVec,
    /// From an upload's head to its result, in seconds.
    scored_after: Histogram,
    /// Requests in progress.
    pub requests: IntGauge,
    /// Event streams.
    pub event_streams: IntGauge,
    /// Bytes of uploads in memory.
    pub upload_bytes: IntGauge,
    /// Waiting submissions, over all processes.
    pub waiting: IntGauge,
    /// Submissions that have waited too long, over all processes.
    pub stuck: IntGauge,
    /// How many seconds the oldest submission has waited.
    pub waiting_seconds: IntGauge,
    /// Connections of this process to the database, by what they do.
    connections: IntGaugeVec,
    /// How many of them can be open.
    most_connections: IntGauge,
}

impl Meters {
    /// Starts with all metrics at zero.
    pub fn new() -> Result<Self> {
        let registry = Registry::new();
        let failed = |e| Error::internal("count itself", e);
        let counters = |name: &str, help: &str, labels: &[&str]| {
            let vec = IntCounterVec::new(Opts::new(name, help), labels).map_err(failed)?;
            registry.register(Box::new(vec.clone())).map_err(failed)?;
            Ok::<_, Error>(vec)
        };
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            let vec = IntGaugeVec::new(Opts::new(name, help), labels).map_err(failed)?;
            registry.register(Box::new(vec.clone())).map_err(failed)?;
            Ok::<_, Error>(vec)
        };
        let histogram = |name: &str, help: &str| {
            let options = HistogramOpts::new(name, help).buckets(SECONDS.to_vec());
            let histogram = Histogram::with_opts(options).map_err(failed)?;
            registry.register(Box::new(histogram.clone())).map_err(failed)?;
            Ok::<_, Error>(histogram)
        };
        let gauge = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help).map_err(failed)?;
            registry.register(Box::new(gauge.clone())).map_err(failed)?;
            Ok::<_, Error>(gauge)
        };
        Ok(Self {
            answers: counters(
                "fashion_iq_answers_total",
                "Responses, by method and status.",
                &["method", "status"],
            )?,
            answered_after: histogram(
                "fashion_iq_answer_seconds",
                "From a request's head to its response.",
            )?,
            finished: counters(
                "fashion_iq_submissions_finished_total",
                "Submissions finished by this process, by state.",
                &["state"],
            )?,
            scored_after: histogram(
                "fashion_iq_score_seconds",
                "From an upload's head to its result.",
            )?,
            requests: gauge("fashion_iq_requests", "Requests in progress.")?,
            event_streams: gauge("fashion_iq_event_streams", "Open event streams.")?,
            upload_bytes: gauge("fashion_iq_upload_bytes", "Bytes of uploads in memory.")?,
            waiting: gauge("fashion_iq_submissions_waiting", "Submissions that are waiting.")?,
            waiting_seconds: gauge(
                "fashion_iq_submissions_waiting_seconds",
                "How long the oldest submission has waited, in seconds.",
            )?,
            stuck: gauge(
                "fashion_iq_submissions_stuck",
                "Submissions that have waited for more than 60 seconds.",
            )?,
            connections: gauges(
                "fashion_iq_database_connections",
                "Connections of this process to the database, by state.",
                &["state"],
            )?,
            most_connections: gauge(
                "fashion_iq_database_connections_limit",
                "As many connections to the database can be open.",
            )?,
            registry,
        })
    }

    /// Takes note of the connections to the database.
    pub fn pool(&self, pool: Pool) {
        self.connections.with_label_values(&["used"]).set(pool.used.into());
        self.connections.with_label_values(&["idle"]).set(pool.idle.into());
        self.most_connections.set(pool.most.into());
    }

    /// Everything in Prometheus's text format.
    pub fn text(&self) -> Result<String> {
        let mut out = Vec::new();
        let failed = |e| Error::internal("count itself", e);
        TextEncoder::new().encode(&self.registry.gather(), &mut out).map_err(failed)?;
        String::from_utf8(out).map_err(|e| Error::internal("count itself", e))
    }
}

impl Meter for Meters {
    fn finished(&self, state: State, seconds: f64) {
        self.scored_after.observe(seconds);
        self.finished.with_label_values(&[state.name()]).inc();
    }
}
