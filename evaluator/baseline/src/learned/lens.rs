//! How a model transforms items' vectors.

use dataset::{Group, Split};
use serde::{Deserialize, Serialize};
use tch::{Device, Kind, Tensor};

use super::item_vectors::ItemVectors;
use super::tensors::Tensors;
use crate::error::Result;

/// The most directions that are kept.
const AXES: i64 = 256;

/// Directions in which items differ less than this share of the mean are scaled no further, because they
/// are mostly noise.
const FLOOR: f64 = 0.1;

/// The mean of split train's items is subtracted, and the directions in which they differ most are kept
/// and scaled to one length: (x − μ) · vᵢ / √(λᵢ + ε), divided by the root of the
/// directions' number, so that a vector's length is about 1.
///
/// λ and v: the eigenvalues and -vectors of the vectors' covariance (principal components). Layers
/// start near zero in every direction, and encoders' vectors have a few long directions and many short.
#[derive(PartialEq)]
pub struct Lens {
    pub(super) mean: Tensor,
    axes: Tensor,
    made_by: String,
}

/// The notes of a lens, next to its tensors.
#[derive(Serialize, Deserialize)]
pub(super) struct Note {
    made_by: String,
    length: i64,
    axes: i64,
}

/// The tensors of a lens in a file: the mean, and the directions that are kept.
const FILE: [&str; 2] = ["lens.mean", "lens.axes"];

/// The vectors of a group's items, transformed by a lens.
pub struct Looks {
    /// [1 + items with a vector, axes]; the first row is zeros, for items without.
    vectors: Tensor,
    /// The same as the encoder made them: [1 + items with a vector, length].
    raw: Tensor,
    items: Vec<i64>,
    references: Vec<i64>,
}

/// The transformed vectors of some items, on the device.
pub struct Seen {
    /// [items, axes]; zeros for an item without a picture.
    pub vectors: Tensor,
    /// The same as the encoder made them: [items, length].
    pub raw: Tensor,
    /// Whether it has one: [items, 1], 0 or 1.
    pub known: Tensor,
}

impl Lens {
    /// The lens of the items in the galleries of split train, on a device. Items without a vector
    /// are ignored.
    pub fn of(vectors: &ItemVectors, train: &Split, device: Device) -> Self {
        let items = train.groups.iter().flat_map(|group| group.gallery.iter());
        let rows: Vec<i64> = items.filter_map(|id| vectors.row(id)).collect();
        let all = vectors.rows(&rows).to_device(device);
        let mean = all.mean_dim([0_i64].as_slice(), false, Kind::Float);
        let apart = all - &mean;
        let covariance = apart.transpose(0, 1).matmul(&apart) / rows.len().max(1) as f64;
        // From the smallest to the largest.
        let (values, directions) = covariance.linalg_eigh("L");
        let length = mean.size()[0];
        let axes = length.min(AXES);
        let (values, directions) = (
            values.narrow(0, length - axes, axes).flip([0]).clamp_min(0.0),
            directions.narrow(1, length - axes, axes).flip([1]),
        );
        let floor = values.mean(Kind::Float).clamp_min(1e-12) * FLOOR;
        let axes = directions / ((values + floor).sqrt() * (axes as f64).sqrt());
        Self { mean, axes, made_by: vectors.made_by().to_owned() }
    }

    /// That of a file, if it has one.
    pub(super) fn read(file: &Tensors, device: Device) -> Result<Option<Self>> {
        let Some(Note { made_by, length, axes }) = file.json("lens")? else { return Ok(None) };
        let mean = file.get(FILE[0], &[length], device)?;
        Ok(Some(Self { mean, axes: file.get(FILE[1], &[length, axes], device)?, made_by }))
    }

    /// As tensors for a file.
    pub(super) fn tensors(&self) -> [(String, Tensor); 2] {
        let [mean, axes] = FILE.map(str::to_owned);
        [(mean, self.mean.shallow_clone()), (axes, self.axes.shallow_clone())]
    }

    /// What made the vectors that it is for.
    pub fn made_by(&self) -> &str {
        &self.made_by
    }

    /// The length of the transformed vectors.
    pub fn axes(&self) -> i64 {
        self.axes.size()[1]
    }

    pub(super) fn note(&self) -> Note {
        let [length, axes] = self.axes.size2().map(|(a, b)| [a, b]).unwrap_or_default();
        Note { made_by: self.made_by.clone(), length, axes }
    }

    /// Transforms the vectors of a group.
    pub(super) fn looks(&self, vectors: &ItemVectors, group: &Group) -> Looks {
        let device = self.mean.device();
        let mut wanted = Vec::new();
        let mut places = std::collections::HashMap::new();
        let mut place = |id: &str| {
            vectors.row(id).map_or(0, |row| {
                *places.entry(row).or_insert_with(|| {
                    wanted.push(row);
                    wanted.len() as i64
                })
            })
        };
        let items = group.gallery.iter().map(&mut place).collect();
        let references = group.queries.iter().map(|q| place(q.reference.as_str())).collect();
        let raw = vectors.rows(&wanted).to_device(device);
        let shown = (&raw - &self.mean).matmul(&self.axes);
        let none = |length| Tensor::zeros([1, length], (Kind::Float, device));
        let vectors = Tensor::cat(&[none(self.axes()), shown], 0);
        Looks { vectors, raw: Tensor::cat(&[none(raw.size()[1]), raw], 0), items, references }
    }
}

impl Looks {
    /// Of some items of the gallery.
    pub(super) fn items(&self, items: &[i64]) -> Seen {
        self.of(&self.items, items)
    }

    /// Of some queries' references.
    pub(super) fn references(&self, queries: &[i64]) -> Seen {
        self.of(&self.references, queries)
    }

    fn of(&self, places: &[i64], wanted: &[i64]) -> Seen {
        let places: Vec<i64> = wanted.iter().map(|&index| places[index as usize]).collect();
        let places = Tensor::from_slice(&places).to_device(self.vectors.device());
        let known = places.not_equal(0).to_kind(Kind::Float).unsqueeze(1);
        Seen {
            vectors: self.vectors.index_select(0, &places),
            raw: self.raw.index_select(0, &places),
            known,
        }
    }
}
