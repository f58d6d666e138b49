//! The pictures of a folder, through the picture encoder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use tch::{Device, Kind, Tensor};

use super::item_vectors::ItemVectors;
use super::lite0::{Lite0, PICTURE_DIM};
use super::picture::{self, SIDE, VALUES};
use crate::error::{Error, Result};

/// Pictures per batch of the encoder.
const BATCH: usize = 32;

/// The most batches that wait for the encoder; 19 MB each.
const AHEAD: usize = 2;

/// The extensions of pictures; the first that exists is used.
const ENDINGS: [&str; 3] = ["png", "jpg", "jpeg"];

/// The pictures of some items: files `{item}.png`, `.jpg` or `.jpeg` of a folder.
pub struct Album {
    pictures: Vec<(String, PathBuf)>,
    /// Items that have no such file.
    pub missing: usize,
}

/// The result of encoding an album's pictures.
pub struct Encoded {
    /// The vectors of the readable pictures.
    pub vectors: ItemVectors,
    /// One sentence for each unreadable picture, by file.
    pub unreadable: Vec<String>,
}

/// Some pictures on their way to the encoder.
struct Batch {
    /// Where in the album it starts.
    from: usize,
    /// The values of the readable pictures, end to end.
    values: Vec<f32>,
    /// For each of its pictures the error, if it could not be read.
    problems: Vec<Option<String>>,
}

impl Album {
    /// Finds the pictures of items. A folder without any of them is refused.
    pub fn open(folder: &Path, items: impl Iterator<Item = String>) -> Result<Self> {
        let mut found = BTreeMap::new();
        let read = |e| Error::read(folder, "the folder of pictures")(e);
        for entry in std::fs::read_dir(folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
            let rank = ENDINGS.iter().position(|own| Some(*own) == ending.as_deref());
            let item = path.file_stem().and_then(|item| item.to_str()).map(str::to_owned);
            if let (Some(item), Some(rank)) = (item, rank) {
                let here = found.entry(item).or_insert((rank, path.clone()));
                *here = here.clone().min((rank, path));
            }
        }
        let (mut pictures, mut missing) = (Vec::new(), 0);
        for item in items {
            match found.remove(&item) {
                Some((_, path)) => pictures.push((item, path)),
                None => missing += 1,
            }
        }
        if pictures.is_empty() {
            return Err(Error::no_pictures(folder));
        }
        Ok(Self { pictures, missing })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.pictures.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// Encodes all pictures. Threads read, decode, resize and normalise ahead of the encoder; `told` is
    /// called with the number of newly finished ones. The content of a batch doesn't depend on the speed
    /// of threads, so the vectors don't either.
    pub fn encode(&self, encoder: &Lite0, mut told: impl FnMut(usize)) -> Result<Encoded> {
        let (send, batches) = sync_channel(AHEAD);
        let next = AtomicUsize::new(0);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let parts = thread::scope(|scope| {
            for _ in 0..threads.min(self.len().div_ceil(BATCH)) {
                let send = send.clone();
                let next = &next;
                scope.spawn(move || self.prepare(next, &send));
            }
            drop(send);
            // After an error nobody receives any more, which ends the threads.
            receive(batches, encoder, &mut told)
        })?;
        Ok(self.together(parts, encoder.digest()))
    }

    /// Prepares batch after batch, until none is left or nobody receives them.
    fn prepare(&self, next: &AtomicUsize, send: &SyncSender<Batch>) {
        loop {
            let from = BATCH * next.fetch_add(1, Ordering::Relaxed);
            let pictures = self.pictures.iter().skip(from).take(BATCH);
            if pictures.len() == 0 {
                return;
            }
            let mut batch = Batch { from, values: Vec::new(), problems: Vec::new() };
            batch.values.reserve_exact(pictures.len() * VALUES);
            for (_, path) in pictures {
                let read = picture::read(path);
                batch.problems.push(read.as_ref().err().cloned());
                batch.values.extend(read.unwrap_or_default());
            }
            if send.send(batch).is_err() {
                return;
            }
        }
    }

    fn together(&self, mut parts: Vec<Part>, made_by: &str) -> Encoded {
        parts.sort_by_key(|part| part.from);
        let (mut ids, mut unreadable) = (Vec::new(), Vec::new());
        for (place, problem) in parts.iter().flat_map(|part| &part.problems).enumerate() {
            let (item, path) = &self.pictures[place];
            match problem {
                None => ids.push(item.clone()),
                Some(why) => unreadable.push(format!("{}: {why}", path.display())),
            }
        }
        let vectors: Vec<Tensor> = parts.into_iter().map(|part| part.vectors).collect();
        let vectors = ItemVectors::new(ids, Tensor::cat(&vectors, 0), made_by.to_owned());
        Encoded { vectors, unreadable }
    }
}

/// A batch that was encoded.
struct Part {
    from: usize,
    vectors: Tensor,
    problems: Vec<Option<String>>,
}

fn receive(
    batches: Receiver<Batch>,
    encoder: &Lite0,
    told: &mut dyn FnMut(usize),
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for Batch { from, values, problems } in batches {
        let read = (values.len() / VALUES) as i64;
        let vectors = if read == 0 {
            Tensor::zeros([0, PICTURE_DIM], (Kind::Half, Device::Cpu))
        } else {
            let pictures = Tensor::from_slice(&values).view([read, 3, SIDE, SIDE]);
            encoder.encode(&pictures)?.to_device(Device::Cpu).to_kind(Kind::Half)
        };
        told(problems.len());
        parts.push(Part { from, vectors, problems });
    }
    Ok(parts)
}
