//! A form with a file, for pages and API. Its fields can come before or after the file.
//!
//! The file is the only long part, and is streamed. Everything else is limited in bytes and time,
//! as in other forms, so that no client can hold a connection open with it.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::error::Error;
use poem::web::{Field, Multipart};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

use crate::refusal::{Refusal, Result};

/// The maximum length of a text field, in bytes.
const TEXT_BYTES: u64 = 4096;

/// The field that holds the file.
const FILE: &str = "file";

/// A form with a file, read in the order in which it arrives.
pub(crate) struct UploadForm {
    sent: Multipart,
    /// How long the parts before the file may take, and those after it.
    patience: Duration,
    /// The known fields, besides the file.
    known: Vec<String>,
    /// The fields that have arrived.
    fields: BTreeMap<String, String>,
    /// The file's name, as sent.
    file_name: Option<String>,
    /// The first problem with a field; later fields are still read, so that none is lost.
    refused: Option<Refusal>,
}

impl UploadForm {
    /// A form with these fields besides its file.
    pub(crate) fn new(
        sent: Multipart,
        patience: Duration,
        known: impl IntoIterator<Item = String>,
    ) -> Self {
        let known = known.into_iter().collect();
        let (fields, file_name, refused) = (BTreeMap::new(), None, None);
        Self { sent, patience, known, fields, file_name, refused }
    }

    /// Reads up to the file.
    pub(crate) async fn open(&mut self) -> Result<impl AsyncRead + Send + Unpin + use<>> {
        let file = self.in_time().await?.ok_or_else(|| Error::field(FILE, "is missing"))?;
        if file.file_name().is_some_and(str::is_empty) {
            return Err(Error::field(FILE, "is missing; choose a file").into());
        }
        Ok(Box::pin(file.into_async_read()))
    }

    /// Reads the fields after the file, which has to be read or dropped first.
    pub(crate) async fn close(&mut self) -> Result<()> {
        match self.in_time().await? {
            Some(_) => Err(twice(FILE)),
            None => Ok(()),
        }
    }

    /// The value of a field that has arrived.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// The file's name as sent, once it has arrived.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// All fields that have arrived, except one.
    pub(crate) fn all_but(&self, name: &str) -> BTreeMap<String, String> {
        let mut fields = self.fields.clone();
        fields.remove(name);
        fields
    }

    /// Reads up to the next file, or to the end.
    async fn in_time(&mut self) -> Result<Option<Field>> {
        let patience = self.patience;
        let read = timeout(patience, self.read()).await;
        read.map_err(|_| Refusal::slow_form(patience))?
    }

    /// Only known fields are accepted, each once and none long, so this is bounded.
    async fn read(&mut self) -> Result<Option<Field>> {
        while let Some(field) = self.sent.next_field().await.map_err(Error::incomplete)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == FILE {
                self.file_name = field.file_name().filter(|it| !it.is_empty()).map(str::to_owned);
                return self.refused.take().map_or(Ok(Some(field)), Err);
            }
            if !self.known.contains(&name) {
                let known: Vec<String> = self.known.iter().map(|it| format!("`{it}`")).collect();
                let rule = format!(
                    "is not a field of this form; its fields are {} and `{FILE}`",
                    known.join(", ")
                );
                return Err(Error::field(&name, rule).into());
            }
            if self.fields.contains_key(&name) {
                return Err(twice(&name));
            }
            match text(&name, field.into_async_read()).await {
                Ok(value) => drop(self.fields.insert(name, value)),
                Err(error) => drop(self.refused.get_or_insert(error)),
            }
        }
        self.refused.take().map_or(Ok(None), Err)
    }
}

fn twice(name: &str) -> Refusal {
    Error::field(name, "is given twice").into()
}

/// Reads a text field that is not too long.
async fn text(name: &str, field: impl AsyncRead) -> Result<String> {
    let mut bytes = Vec::new();
    let mut field = std::pin::pin!(field.take(TEXT_BYTES + 1));
    field.read_to_end(&mut bytes).await.map_err(Error::incomplete)?;
    if bytes.len() as u64 > TEXT_BYTES {
        return Err(Error::field(name, format!("has more than {TEXT_BYTES} bytes")).into());
    }
    Ok(String::from_utf8(bytes).map_err(|_| Error::field(name, "is not text"))?)
}
