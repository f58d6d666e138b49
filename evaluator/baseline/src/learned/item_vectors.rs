//! The vectors of items' pictures by some encoder, one for each item with a picture.
//!
//! In a safetensors file they are two tensors. `items.ids`: bytes, [items, longest id], each row an id
//! in UTF-8, padded with zeros. `items.vectors`: floats, [items, length], in the order of the ids.

use std::collections::HashMap;
use std::path::Path;

use dataset::{Folder, Protocol, Split};
use sha2::{Digest, Sha256};
use tch::{Kind, Tensor};

use super::tensors::Tensors;
use crate::error::{Error, Result};

/// The tensors of vectors in a file: their ids, and the vectors.
#[derive(Clone, Copy)]
pub(super) struct Names {
    ids: &'static str,
    vectors: &'static str,
}

/// Of pictures.
pub(super) const PICTURES: Names = Names { ids: "items.ids", vectors: "items.vectors" };

/// Of machine captions.
pub(super) const SENTENCES: Names = Names { ids: "sentences.ids", vectors: "sentences.vectors" };

/// The vectors of items, on the CPU.
pub struct ItemVectors {
    ids: Vec<String>,
    rows: HashMap<String, i64>,
    vectors: Tensor,
    made_by: String,
}

impl ItemVectors {
    /// Creates it from different ids and as many vectors: [items, length].
    pub(super) fn new(ids: Vec<String>, vectors: Tensor, made_by: String) -> Self {
        let rows = (0..).zip(&ids).map(|(row, id)| (id.clone(), row)).collect();
        Self { ids, rows, vectors, made_by }
    }

    /// Reads the file of any encoder. The encoder is unknown, so the vectors are identified by the
    /// file's SHA-256.
    pub fn read(path: &Path) -> Result<Self> {
        let hint = "items' vectors; their format is in docs/pixels.md";
        let bytes = std::fs::read(path).map_err(Error::read(path, hint))?;
        let made_by = hex::encode(Sha256::digest(&bytes));
        Self::of(&Tensors::read(path, hint)?, PICTURES, made_by)
    }

    /// The vectors in a file, checked.
    pub(super) fn of(file: &Tensors, names: Names, made_by: String) -> Result<Self> {
        let Names { ids: ids_name, vectors: vectors_name } = names;
        let (ids, vectors) = (file.any(ids_name)?, file.any(vectors_name)?);
        let wrong = |what: String| Err(Error::content(file.path(), what));
        let (shape, kind) = (ids.size(), ids.kind());
        if shape.len() != 2 || kind != Kind::Uint8 {
            return wrong(format!(
                "tensor {ids_name} is {kind:?} of shape {shape:?}; expected bytes of shape [items, longest \
                 id]"
            ));
        }
        let (items, floats) = (shape[0], vectors.size());
        let [rows, length] = floats[..] else {
            return wrong(format!(
                "tensor {vectors_name} has shape {floats:?}; expected [items, length]"
            ));
        };
        if rows != items || length == 0 || !vectors.is_floating_point() {
            return wrong(format!(
                "tensor {vectors_name} is {:?} of shape {floats:?}; expected floats of shape [{items}, \
                 length]",
                vectors.kind()
            ));
        }
        if vectors.isfinite().all().int64_value(&[]) == 0 {
            return wrong(format!("tensor {vectors_name} has values that are not finite"));
        }
        let ids = match read_ids(ids) {
            Ok(ids) => ids,
            Err(row) => return wrong(format!("tensor {ids_name}: row {row} is not a UTF-8 id")),
        };
        let all = Self::new(ids, vectors.shallow_clone(), made_by);
        match (0..).zip(&all.ids).find(|(row, id)| all.rows[*id] != *row) {
            Some((_, id)) => wrong(format!("tensor {ids_name} has item `{id}` twice")),
            None => Ok(all),
        }
    }

    /// As tensors for a file.
    pub(super) fn tensors(&self, names: Names) -> [(String, Tensor); 2] {
        let longest = self.ids.iter().map(String::len).max().unwrap_or_default();
        let mut bytes = vec![0_u8; self.ids.len() * longest];
        for (row, id) in bytes.chunks_mut(longest.max(1)).zip(&self.ids) {
            row[..id.len()].copy_from_slice(id.as_bytes());
        }
        let ids = Tensor::from_slice(&bytes).view([self.ids.len() as i64, longest as i64]);
        [(names.ids.to_owned(), ids), (names.vectors.to_owned(), self.vectors.shallow_clone())]
    }

    /// Checks them against the galleries of splits: in each, some item must have a vector. Returns the
    /// number of items, and how many of them have no vector.
    pub fn check(&self, path: &Path, splits: &[Split]) -> Result<(usize, usize)> {
        let (mut all, mut without) = (0, 0);
        for split in splits {
            for group in &split.groups {
                let items = group.gallery.len();
                let none = group.gallery.iter().filter(|id| self.row(id).is_none()).count();
                if none == items {
                    return Err(Error::items_of_others(path, &group.name, &split.name, items));
                }
                (all, without) = (all + items, without + none);
            }
        }
        Ok((all, without))
    }

    /// The row of an item, if it has one.
    pub(super) fn row(&self, id: &str) -> Option<i64> {
        self.rows.get(id).copied()
    }

    /// Some rows, as 32-bit floats: [rows, length].
    pub(super) fn rows(&self, rows: &[i64]) -> Tensor {
        self.vectors.index_select(0, &Tensor::from_slice(rows)).to_kind(Kind::Float)
    }

    /// The vector of an item, if it has one: [1, length].
    pub fn of_item(&self, id: &str) -> Option<Tensor> {
        self.row(id).map(|row| self.rows(&[row]))
    }

    /// How many items have a vector.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What made them: a SHA-256, in hex.
    pub fn made_by(&self) -> &str {
        &self.made_by
    }
}

/// The ids in rows of bytes, or the first row that is not an id.
fn read_ids(ids: &Tensor) -> Result<Vec<String>, usize> {
    let mut bytes = vec![0_u8; ids.numel()];
    let longest = (bytes.len() / (ids.size()[0] as usize).max(1)).max(1);
    ids.contiguous().copy_data(&mut bytes, ids.numel());
    let id = |(row, bytes): (usize, &[u8])| {
        let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        match std::str::from_utf8(&bytes[..end]) {
            Ok(id) if !id.is_empty() => Ok(id.to_owned()),
            _ => Err(row),
        }
    };
    bytes.chunks(longest).enumerate().map(id).collect()
}

/// The items of splits, each once, in the order of their ids: all that can be ranked, and all
/// references.
pub fn items_of(splits: &[Split]) -> impl Iterator<Item = String> + use<> {
    let mut items = std::collections::BTreeSet::new();
    for group in splits.iter().flat_map(|split| &split.groups) {
        items.extend(group.gallery.iter().map(str::to_owned));
        items.extend(group.queries.iter().map(|query| query.reference.as_str().to_owned()));
    }
    items.into_iter()
}

/// Reads splits by their names.
pub fn read_splits(data: &Folder, names: &[String]) -> Result<Vec<Split>> {
    names.iter().map(|name| Ok(data.split(name, Protocol::Original)?)).collect()
}
