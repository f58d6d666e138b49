//! A server in this process, on its own port.

use std::sync::Arc;
use std::time::Duration;

use server::App;
use server::serve;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::{Client, World};

/// A server in this process.
pub struct Server {
    /// Its state.
    pub app: Arc<App>,
    /// Where it listens.
    pub address: String,
    /// Where it answers `/metrics`, if anywhere.
    pub metrics_address: Option<String>,
    /// Somebody without a token.
    pub anyone: Client,
    /// Its folder, if it owns one.
    world: Option<World>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<domain::error::Result<()>>,
}

impl Server {
    /// Starts serving.
    pub async fn start(app: Arc<App>) -> Self {
        let bound = serve::bind(Arc::clone(&app)).await.unwrap();
        let (address, metrics_address) = (bound.address.clone(), bound.metrics_address.clone());
        let anyone = Client::new(&address);
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            // Whoever stops it looks at what it came to; a test that just ends cuts it off.
            bound.run(stopped).await
        });
        let world = None;
        Self { app, address, metrics_address, anyone, world, stop: Some(stop), running }
    }

    /// Keeps its folder while the server exists.
    pub fn keep(&mut self, world: World) {
        self.world = Some(world);
    }

    /// Asks it to stop, and waits until it has heard that.
    pub async fn ask_to_stop(&mut self) {
        drop(self.stop.take());
        until("the server hears that it is to stop", || self.app.is_stopping()).await;
    }

    /// Stops the server, which finishes what it has begun.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        self.running.await.unwrap().unwrap();
    }
}

/// Waits until something holds, for some seconds at most.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    eventually(what, async || holds().then_some(())).await;
}

/// Asks again and again until there is an answer, for some seconds at most.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..1000 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain until {what}");
}

/// The same outside of asynchronous code, for a minute at most.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..6000 {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("waited in vain until {what}");
}
