//! A challenge as static files: what an anonymous visitor sees, readable from any web server.
//!
//! The server's own handlers make every page. It is asked for the addresses that its pages link to,
//! without cookies, so nothing is copied that is not public. Links between copied pages become
//! relative; links to everything else, and forms, are removed.

mod address;
mod links;

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::challenges;
use domain::entities::challenge;
use domain::error::{Error, Result, rfc3339};
use poem::http::{StatusCode, header};
use poem::{Endpoint, Request, Response};

use self::address::Address;
use crate::App;
use crate::serve;

/// What an archive holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Archived {
    /// Pages.
    pub pages: usize,
    /// Other files: tables, receipts, styles.
    pub files: usize,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// What the server answered for an address.
enum Copied {
    /// A file, relative to the folder.
    File(String),
    /// It leads to another address.
    Same(Address),
    /// It is not public, or not there.
    Nothing,
}

/// Writes the public part of a challenge into a folder that doesn't exist or is empty. `report` gets
/// how many addresses are done.
///
/// # Errors
/// The folder isn't empty or can't be written, or a page can't be made.
pub async fn archive(
    app: &Arc<App>,
    challenge: &challenge::Model,
    folder: &Path,
    report: &dyn Fn(usize),
) -> Result<Archived> {
    if fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()) {
        let rule = format!("{} isn’t empty; name a new folder", folder.display());
        return Err(Error::unusable(rule));
    }
    let seeds = seeds(app, challenge).await?;
    let mut crawl = Crawl {
        endpoint: serve::endpoint(app),
        challenge: challenge.name.clone(),
        folder: folder.to_owned(),
        copied: BTreeMap::new(),
        pages: Vec::new(),
        done: Archived::default(),
    };
    crawl.copy_from(seeds, report).await?;
    crawl.relate()?;
    let now = rfc3339(app.ambient.now());
    crawl.write_start(&challenge.title)?;
    crawl.write("README.txt", readme(&challenge.title, &now).as_bytes())?;
    Ok(crawl.done)
}

/// Where to begin: what every archive has, whether a page links to it or not.
async fn seeds(app: &App, challenge: &challenge::Model) -> Result<VecDeque<Address>> {
    let (page, api) = (format!("/c/{}", challenge.name), "/api/v1");
    let mut all = vec![page.clone(), format!("{api}/receipt-keys")];
    all.push(format!("{api}/challenges/{}", challenge.name));
    for phase in challenges::phases_of(&app.db, challenge.id).await? {
        let of_phase = format!("{api}/challenges/{}/phases/{}", challenge.name, phase.name);
        all.push(format!("{page}/{}", phase.name));
        all.push(format!("{page}/{}/report", phase.name));
        all.extend(["", "/leaderboard", "/leaderboard.csv"].map(|end| format!("{of_phase}{end}")));
    }
    Ok(all.iter().filter_map(|link| Address::read(link, &challenge.name)).collect())
}

/// A walk through the pages of a server.
struct Crawl<E> {
    endpoint: E,
    challenge: String,
    folder: PathBuf,
    copied: BTreeMap<Address, Copied>,
    /// The files of pages, whose links are still those of the server.
    pages: Vec<String>,
    done: Archived,
}

impl<E: Endpoint<Output = Response>> Crawl<E> {
    /// Copies addresses, and those that their pages link to.
    async fn copy_from(
        &mut self,
        mut waiting: VecDeque<Address>,
        report: &dyn Fn(usize),
    ) -> Result<()> {
        while let Some(address) = waiting.pop_front() {
            if self.copied.contains_key(&address) {
                continue;
            }
            let (copied, further) = self.copy(&address).await?;
            self.copied.insert(address, copied);
            waiting.extend(further);
            report(self.copied.len());
        }
        Ok(())
    }

    /// Copies an address; also returns the addresses to which it leads.
    async fn copy(&mut self, address: &Address) -> Result<(Copied, Vec<Address>)> {
        let request = Request::builder().uri_str(address.uri()).header(header::HOST, "localhost");
        let answer = self.endpoint.get_response(request.finish()).await;
        let status = answer.status();
        if status.is_redirection() {
            let there = answer.header(header::LOCATION).unwrap_or_default();
            return Ok(match Address::read(there, &self.challenge) {
                Some(there) => (Copied::Same(there.clone()), vec![there]),
                None => (Copied::Nothing, vec![]),
            });
        }
        if status.is_server_error() {
            return Err(Error::internal("make a page", format!("{}: {status}", address.uri())));
        }
        if status != StatusCode::OK {
            return Ok((Copied::Nothing, vec![]));
        }
        let kind = answer.content_type().unwrap_or_default().to_owned();
        let body = answer.into_body().into_bytes().await;
        let body = body.map_err(|e| Error::internal("read a page", e))?;
        let file = address.file(&kind);
        self.write(&file, &body)?;
        if !kind.starts_with("text/html") {
            return Ok((Copied::File(file), vec![]));
        }
        self.pages.push(file.clone());
        let html = String::from_utf8_lossy(&body);
        let read = |link: &str| Address::read(link, &self.challenge);
        let further = links::all(&html).iter().filter_map(|link| read(link)).collect();
        Ok((Copied::File(file), further))
    }

    /// Makes the links of all pages relative.
    fn relate(&self) -> Result<()> {
        for page in &self.pages {
            let path = self.folder.join(page);
            let failed = |e| Error::io(&format!("write {}", path.display()), e);
            let html = fs::read_to_string(&path).map_err(failed)?;
            let html = links::rewritten(&html, |link| {
                let address = Address::read(link, &self.challenge)?;
                let file = self.file_of(&address)?;
                let fragment = link.split_once('#').map(|(_, fragment)| format!("#{fragment}"));
                Some(format!("{}{}", relative(page, file), fragment.unwrap_or_default()))
            });
            fs::write(&path, html).map_err(failed)?;
        }
        Ok(())
    }

    /// The file to which an address leads, if it was copied.
    fn file_of(&self, address: &Address) -> Option<&str> {
        match self.copied.get(address)? {
            Copied::File(file) => Some(file),
            Copied::Same(there) => match self.copied.get(there)? {
                Copied::File(file) => Some(file),
                _ => None,
            },
            Copied::Nothing => None,
        }
    }

    /// Writes the page at which a visitor begins; it leads to the challenge's.
    fn write_start(&mut self, title: &str) -> Result<()> {
        let first = Address::read("/", &self.challenge);
        let first = first.and_then(|first| self.file_of(&first).map(str::to_owned));
        let first = first.ok_or_else(|| Error::not_found("phase", "any"))?;
        let title = title.replace('&', "&amp;").replace('<', "&lt;");
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <meta http-equiv=\"refresh\" content=\"0; url={first}\">\n\
             <p><a href=\"{first}\">{title}</a>\n</html>\n"
        );
        self.write("index.html", page.as_bytes())
    }

    fn write(&mut self, file: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(file);
        let failed = |e| Error::io(&format!("write {}", path.display()), e);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(&path, bytes).map_err(failed)?;
        self.done.bytes += bytes.len() as u64;
        let is_page = Path::new(file).extension().is_some_and(|ending| ending == "html");
        let count = if is_page { &mut self.done.pages } else { &mut self.done.files };
        *count += 1;
        Ok(())
    }
}

/// The link from one file of the archive to another.
fn relative(from: &str, to: &str) -> String {
    format!("{}{to}", "../".repeat(from.matches('/').count()))
}

fn readme(title: &str, now: &str) -> String {
    format!(
        "{title}\n\nThe public part of this challenge, as an anonymous visitor saw it at {now}: boards, rules, \
         scoring, the data set's pages, public submissions and final results. Serve this folder with any web \
         server, or open index.html.\n\nReceipts are signed. To verify one:\n\
         fashion-iq receipt verify receipt.json --keys api/v1/receipt-keys.json\n"
    )
}
