//! The pages of boards as they are sent, each for as long as its board is true.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use poem::Response;
use poem::http::{HeaderMap, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::standings::Board;

/// The pages of boards in their own order, by phase.
#[derive(Clone, Default)]
pub(crate) struct KeptPages(Arc<Mutex<HashMap<i32, Arc<KeptPage>>>>);

/// A page as it is sent.
pub(crate) struct KeptPage {
    board: Arc<Board>,
    html: Bytes,
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
        let page = Arc::new(KeptPage::new(board, draw()?));
        self.lock().insert(board.phase.id, Arc::clone(&page));
        Ok(page)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i32, Arc<KeptPage>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptPage {
    /// The page of a board.
    pub(crate) fn new(board: &Arc<Board>, html: String) -> Self {
        let tag = format!("\"{:.32}\"", hex::encode(Sha256::digest(&html)));
        Self { board: Arc::clone(board), html: html.into(), tag }
    }

    /// The page, or the word that the visitor has it already.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let answer = Response::builder()
            .header(header::ETAG, &self.tag)
            // Shared caches may keep it, and ask each time whether it is still so.
            .header(header::CACHE_CONTROL, "public, no-cache")
            .header(header::CONTENT_SECURITY_POLICY, web::CONTENT_SECURITY_POLICY);
        let known = headers.get(header::IF_NONE_MATCH);
        if known.is_some_and(|known| known.as_bytes() == self.tag.as_bytes()) {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
        answer.content_type("text/html; charset=utf-8").body(self.html.clone())
    }
}
