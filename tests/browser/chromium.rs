//! A headless Chromium.

use std::path::Path;
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::{
    SetDownloadBehaviorBehavior, SetDownloadBehaviorParams,
};
use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::cdp::browser_protocol::input::InsertTextParams;
use chromiumoxide::page::ScreenshotParams;
use chromiumoxide::{Browser, BrowserConfig, Page};
use futures_util::StreamExt;
use system_tests::{PASSWORD, Tester};
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

    /// Saves downloads in a folder, without asking.
    pub async fn save_downloads_in(&self, folder: &Path) {
        let save = SetDownloadBehaviorParams::builder()
            .behavior(SetDownloadBehaviorBehavior::Allow)
            .download_path(folder.display().to_string())
            .build()
            .unwrap();
        self.browser.execute(save).await.unwrap();
    }

    /// Closes the browser.
    pub async fn close(mut self) {
        self.browser.close().await.unwrap();
        self.browser.wait().await.unwrap();
        self.events.abort();
    }
}

/// What sticks out at the right.
const OUTSIDE: &str = "[...document.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + '.' + e.className)";

/// Ids of several elements, with which labels and links may lead to the wrong one.
const TWICE: &str = "[...document.querySelectorAll('[id]')].map(e => e.id)
    .filter((id, at, all) => all.indexOf(id) !== at)";

/// A page that needs no scrolling sideways, with the one script of ours; keeps a picture of it, and
/// prints where.
///
/// The picture of a whole page ends the look, so this comes last.
pub async fn reads_well(page: &Page, name: &str, look: Look) {
    let outside: Vec<String> = ask(page, OUTSIDE).await;
    let wide: i64 = ask(page, "document.documentElement.scrollWidth").await;
    assert!(wide <= look.width, "{name}, {}: {wide} wide: {outside:?}", look.name);
    let twice: Vec<String> = ask(page, TWICE).await;
    assert!(twice.is_empty(), "{name}: ids that are there twice: {twice:?}");
    let scripts: Vec<String> = ask(page, "[...document.scripts].map(s => s.src)").await;
    let ours = |script: &String| script.contains("/assets/times.");
    assert!(scripts.len() == 1 && scripts.iter().all(ours), "{name} has scripts: {scripts:?}");
    keep(page, &format!("{name}-{}", look.name)).await;
}

/// Saves a picture of the whole page in the folder `screenshots` next to the build.
async fn keep(page: &Page, name: &str) {
    let program = std::env::current_exe().unwrap();
    let folder = program.ancestors().nth(3).unwrap().join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    let picture = folder.join(format!("{name}.png"));
    let whole = ScreenshotParams::builder().full_page(true).build();
    page.save_screenshot(whole, &picture).await.unwrap();
    println!("{}", picture.display());
}

/// Clicks the first element of a selector, and waits for the page to which that leads.
pub async fn follow(page: &Page, link: &str) {
    // what a script has written on a page is gone with it
    page.evaluate("window.left = true").await.unwrap();
    page.find_element(link).await.unwrap().click().await.unwrap();
    for _ in 0..1000 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        // between two pages there is nobody to answer
        let there = page.evaluate("!window.left && document.readyState === 'complete'").await;
        if there.is_ok_and(|there| there.into_value().unwrap_or(false)) {
            return;
        }
    }
    panic!("{link} leads nowhere");
}

/// Types into a field, replacing its content.
pub async fn fill(page: &Page, field: &str, text: &str) {
    page.evaluate(format!("document.querySelector('{field}').value = ''")).await.unwrap();
    let found = page.find_element(field).await;
    let field = found.unwrap_or_else(|e| panic!("no field {field}: {e}"));
    field.click().await.unwrap();
    // in one piece, as a keyboard for any script writes it
    page.execute(InsertTextParams::new(text)).await.unwrap();
}

/// Signs a person of the tests in.
pub async fn sign_in(page: &Page, tester: &Tester, email: &str) {
    let address = format!("{}/sign-in", tester.address);
    page.goto(address).await.unwrap().wait_for_navigation().await.unwrap();
    fill(page, "#email", email).await;
    fill(page, "#password", PASSWORD).await;
    follow(page, "form.main button").await;
}

/// Chooses a file, as a person does in the dialog of the browser.
pub async fn choose(page: &Page, field: &str, file: &Path) {
    let field = page.find_element(field).await.unwrap();
    let chosen = SetFileInputFilesParams::builder()
        .file(file.display().to_string())
        .backend_node_id(field.backend_node_id)
        .build()
        .unwrap();
    page.execute(chosen).await.unwrap();
}

/// What a script answers.
pub async fn ask<T: serde::de::DeserializeOwned>(page: &Page, script: &str) -> T {
    page.evaluate(script).await.unwrap().into_value().unwrap()
}

/// What axe-core finds wrong on a page: each rule, and the elements that break it.
#[cfg(feature = "axe")]
pub async fn violations(page: &Page) -> Vec<String> {
    use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;

    let path = std::env::var("AXE").expect("AXE names axe-core's file; see .ci/test");
    let program = std::fs::read_to_string(path).unwrap();
    page.evaluate(program).await.unwrap();
    let run = "axe.run(document, { resultTypes: ['violations'] }).then(found =>
        found.violations.map(it => it.id + ': ' + it.help + '\\n' +
            it.nodes.map(node => node.html + ' ' + node.failureSummary).join('\\n')))";
    let run = EvaluateParams::builder()
        .expression(run)
        .await_promise(true)
        .return_by_value(true)
        .build()
        .unwrap();
    page.evaluate_expression(run).await.unwrap().into_value().unwrap()
}
