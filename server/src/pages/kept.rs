//! The pages of boards as they are sent, each for as long as its board is true.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use poem::Response;
use poem::http::{HeaderMap, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::standings::Board;

/// The pages of boards in their own order, by phase.
#[derive(Clone, Default)]
pub(crate) struct KeptPages(Arc<Mutex<HashMap<i32, Arc<KeptPage>>>>);

/// A page as it is sent.
pub(crate) struct KeptPage {
    board: Arc<Board>,
    html: Bytes,
    gzip: Bytes,
    tag: String,
}

impl KeptPages {
    /// The page of a board, drawn if it was not before.
    pub(crate) fn page(
        &self,
        board: &Arc<Board>,
        draw: impl FnOnce() -> Result<String>,
    ) -> Result<Arc<KeptPage>> {
        let kept = self.lock().get(&board.phase.id).cloned();
        if let Some(page) = kept.filter(|page| Arc::ptr_eq(&page.board, board)) {
            return Ok(page);
        }
        let page = Arc::new(KeptPage::new(board, draw()?)?);
        self.lock().insert(board.phase.id, Arc::clone(&page));
        Ok(page)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i32, Arc<KeptPage>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptPage {
    /// The page of a board.
    pub(crate) fn new(board: &Arc<Board>, html: String) -> Result<Self> {
        let tag = format!("\"{:.32}\"", hex::encode(Sha256::digest(&html)));
        let failed = |e| Error::internal("pack a page", e);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(html.as_bytes()).map_err(failed)?;
        let gzip = gzip.finish().map_err(failed)?.into();
        Ok(Self { board: Arc::clone(board), html: html.into(), gzip, tag })
    }

    /// The page, or the word that the visitor has it already.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let answer = Response::builder()
            .header(header::ETAG, &self.tag)
            // Shared caches may keep it, and ask each time whether it is still so.
            .header(header::CACHE_CONTROL, "public, no-cache")
            .header(header::VARY, "Accept-Encoding")
            .header(header::CONTENT_SECURITY_POLICY, web::CONTENT_SECURITY_POLICY);
        let known = headers.get(header::IF_NONE_MATCH);
        if known.is_some_and(|known| known.as_bytes() == self.tag.as_bytes()) {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
        let answer = answer.content_type("text/html; charset=utf-8");
        if takes_gzip(headers) {
            return answer.header(header::CONTENT_ENCODING, "gzip").body(self.gzip.clone());
        }
        answer.body(self.html.clone())
    }
}

/// Whether the visitor's program says, without a weight, that it unpacks gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| {
        accepted.split(',').any(|coding| coding.trim().eq_ignore_ascii_case("gzip"))
    })
}
