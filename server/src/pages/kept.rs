//! A cache of board pages; each is valid until its board changes.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use domain::error::Error;
use domain::standings::Board;
use flate2::Compression;
use flate2::write::GzEncoder;
use poem::Response;
use poem::http::{HeaderMap, StatusCode, header};

use crate::refusal::Result;
use crate::serve::{has_already, tag_of, takes_gzip};

/// The cached pages of boards in their default order, by phase.
#[derive(Clone, Default)]
pub(crate) struct KeptPages(Arc<Mutex<HashMap<i32, Arc<KeptPage>>>>);

/// A page as it is sent.
pub(crate) struct KeptPage {
    board: Arc<Board>,
    html: Sent,
    gzip: Sent,
}

/// The bytes of one content coding, with their own tag.
struct Sent {
    bytes: Bytes,
    tag: String,
}

impl Sent {
    fn new(bytes: Bytes) -> Self {
        Self { tag: tag_of(&bytes), bytes }
    }
}

impl KeptPages {
    /// The page of a board, rendered if it is not cached.
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
        let failed = |e| Error::internal("compress a page", e);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(html.as_bytes()).map_err(failed)?;
        let gzip = Sent::new(gzip.finish().map_err(failed)?.into());
        Ok(Self { board: Arc::clone(board), html: Sent::new(html.into()), gzip })
    }

    /// The page, or `304 Not Modified` if the visitor already has it.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let packed = takes_gzip(headers);
        let sent = if packed { &self.gzip } else { &self.html };
        let answer = Response::builder()
            .header(header::ETAG, &sent.tag)
            // Shared caches may keep it, but must revalidate it each time.
            .header(header::CACHE_CONTROL, "public, no-cache")
            .header(header::VARY, "Accept-Encoding")
            .header(header::CONTENT_SECURITY_POLICY, web::CONTENT_SECURITY_POLICY);
        if has_already(headers, &sent.tag) {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
        let answer = answer.content_type("text/html; charset=utf-8");
        let answer = if packed { answer.header(header::CONTENT_ENCODING, "gzip") } else { answer };
        answer.body(sent.bytes.clone())
    }
}
