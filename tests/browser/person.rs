//! A person with their own browser.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chromiumoxide::Page;
use domain::accounts;
use system_tests::{PASSWORD, Tester};

use crate::chromium::{Chromium, LOOKS, ask, choose, fill, follow, reads_well};

/// A person with a browser of their own.
pub struct Person {
    pub chromium: Chromium,
    pub page: Page,
    base: String,
}

impl Person {
    /// A person who has not signed in.
    pub async fn new(tester: &Tester) -> Self {
        let chromium = Chromium::start().await;
        let page = chromium.open("about:blank", LOOKS[0]).await;
        Self { chromium, page, base: tester.address.clone() }
    }

    /// Opens an address, whole or within the server.
    pub async fn open(&self, address: &str) {
        let within = address.starts_with('/');
        let address = if within { format!("{}{address}", self.base) } else { address.to_owned() };
        self.page.goto(address).await.unwrap().wait_for_navigation().await.unwrap();
    }

    /// Types into a field.
    pub async fn fill(&self, field: &str, text: &str) {
        fill(&self.page, field, text).await;
    }

    /// Clicks something.
    pub async fn tick(&self, field: &str) {
        self.page.find_element(field).await.unwrap().click().await.unwrap();
    }

    /// Presses a button, and waits for the page to which it leads.
    pub async fn press(&self, button: &str) {
        follow(&self.page, button).await;
    }

    /// The text of the page.
    pub async fn text(&self) -> String {
        ask(&self.page, "document.querySelector('main').innerText").await
    }

    /// Reads something on the page.
    pub async fn reads(&self, wanted: &str) {
        let text = self.text().await;
        assert!(text.contains(wanted), "{wanted} is not shown: {text}");
    }

    /// Opens the question before a form, if there is one.
    pub async fn open_question(&self, form: &str) {
        let asked = format!(
            "(() => {{ const q = document.querySelector('{form}').closest('details:not([open])'); \
             if (q) q.dataset.asked = 'now'; return !!q; }})()"
        );
        if ask(&self.page, &asked).await {
            self.tick("details[data-asked] > summary").await;
        }
    }

    /// Writes a whole text into a field, as if pasted.
    pub async fn paste(&self, field: &str, text: &str) {
        let text = serde_json::to_string(text).unwrap();
        let paste = format!("document.querySelector('{field}').value = {text}");
        self.page.evaluate(paste).await.unwrap();
    }

    /// What a field holds.
    pub async fn value(&self, field: &str) -> String {
        ask(&self.page, &format!("document.querySelector('{field}').value")).await
    }

    /// Types the reason of a form that does something for one, and sends it.
    pub async fn for_a_reason(&self, action: &str, reason: &str) {
        let form = format!("form[action$=\"{action}\"]");
        self.open_question(&form).await;
        self.fill(&format!("{form} input[name=\"reason\"]"), reason).await;
        self.press(&format!("{form} button")).await;
    }

    /// Signs up and follows the mail.
    pub async fn sign_up(&self, tester: &Tester, name: &str, email: &str) {
        self.open("/sign-up").await;
        self.fill("#name", name).await;
        self.fill("#email", email).await;
        self.fill("#password", PASSWORD).await;
        self.press("form.main button").await;
        let mail = tester.mail_to(email).await;
        self.open(mail.lines().find(|line| line.contains("/confirm/")).unwrap()).await;
        self.fill("#password", PASSWORD).await;
        self.press("form.main button").await;
    }

    /// Becomes the first organiser of an empty server, by the link that the log shows.
    pub async fn set_up(&self, tester: &Tester, name: &str, email: &str) {
        self.open(&accounts::set_up_link(&tester.app).await.unwrap().unwrap()).await;
        self.fill("#name", name).await;
        self.fill("#email", email).await;
        self.fill("#password", PASSWORD).await;
        self.press("form.main button").await;
    }

    /// Chooses a file in the form *Submit*, and sends it.
    pub async fn upload(&self, file: &Path) {
        choose(&self.page, "#file", file).await;
        self.press("form.main button").await;
    }

    /// Clicks a link to a file, and returns where the browser has saved it: in a folder that it makes.
    pub async fn download(&self, link: &str, folder: &Path) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        self.chromium.save_downloads_in(folder).await;
        self.tick(link).await;
        for _ in 0..1000 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let mut saved = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            // a browser writes to another name until the file is complete
            if let Some(file) = saved.find(|path| path.extension().is_some_and(|it| it == "zip")) {
                return file;
            }
        }
        panic!("{link} is not saved in {}", folder.display());
    }

    /// Accepts the rules.
    pub async fn join(&self) {
        self.open("/c/fiq/team").await;
        self.reads("Play fair.").await;
        self.tick("#accept").await;
        self.press("form.main button").await;
    }

    /// Closes the browser.
    pub async fn leave(self) {
        self.page.close().await.unwrap();
        self.chromium.close().await;
    }

    /// Looks at a page in every way, and keeps pictures.
    pub async fn look_at(&self, path: &str, name: &str) {
        for look in LOOKS {
            let page = self.chromium.open(&format!("{}{path}", self.base), look).await;
            reads_well(&page, name, look).await;
            page.close().await.unwrap();
        }
    }
}
