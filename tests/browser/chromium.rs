//! A headless Chromium.

use std::path::PathBuf;

use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::page::ScreenshotParams;
use chromiumoxide::{Browser, BrowserConfig, Page};
use futures_util::StreamExt;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// A browser that is closed when its test ends.
pub struct Chromium {
    browser: Browser,
    events: JoinHandle<()>,
    _profile: TempDir,
}

/// How a person looks at a page.
#[derive(Clone, Copy)]
pub struct Look {
    /// Names the screenshot.
    pub name: &'static str,
    /// In CSS pixels.
    pub width: i64,
    /// `light` or `dark`.
    pub scheme: &'static str,
}

/// A desk by day, a desk by night, and a small phone.
pub const LOOKS: [Look; 3] = [
    Look { name: "light", width: 1280, scheme: "light" },
    Look { name: "dark", width: 1280, scheme: "dark" },
    Look { name: "phone", width: 360, scheme: "light" },
];

impl Chromium {
    /// Starts the Chromium named by the variable CHROMIUM.
    pub async fn start() -> Self {
        let path = std::env::var("CHROMIUM").expect("CHROMIUM names a Chromium; see .ci/test");
        let profile = TempDir::new().unwrap();
        let config = BrowserConfig::builder()
            .chrome_executable(path)
            .user_data_dir(profile.path())
            .no_sandbox()
            .new_headless_mode()
            .args(["--disable-gpu", "--disable-quic", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--no-first-run"])
            .build()
            .unwrap();
        let (browser, mut handler) = Browser::launch(config).await.unwrap();
        let events = tokio::spawn(async move { while handler.next().await.is_some() {} });
        Self { browser, events, _profile: profile }
    }

    /// Opens an address under a look.
    pub async fn open(&self, address: &str, look: Look) -> Page {
        let page = self.browser.new_page("about:blank").await.unwrap();
        let metrics = SetDeviceMetricsOverrideParams::new(look.width, 900, 1.0, look.width < 500);
        page.execute(metrics).await.unwrap();
        let scheme = MediaFeature::new("prefers-color-scheme", look.scheme);
        let media = SetEmulatedMediaParams::builder().feature(scheme).build();
        page.execute(media).await.unwrap();
        page.goto(address).await.unwrap().wait_for_navigation().await.unwrap();
        page
    }

    /// Closes the browser.
    pub async fn close(mut self) {
        self.browser.close().await.unwrap();
        self.browser.wait().await.unwrap();
        self.events.abort();
    }
}

/// Keeps a picture of the whole page as `target/screenshots/{name}.png`.
pub async fn keep(page: &Page, name: &str) {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/screenshots"));
    std::fs::create_dir_all(&folder).unwrap();
    let whole = ScreenshotParams::builder().full_page(true).build();
    page.save_screenshot(whole, folder.join(format!("{name}.png"))).await.unwrap();
}

/// What a script answers.
pub async fn ask<T: serde::de::DeserializeOwned>(page: &Page, script: &str) -> T {
    page.evaluate(script).await.unwrap().into_value().unwrap()
}
