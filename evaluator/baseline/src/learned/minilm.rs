//! The text encoder: all-MiniLM-L6-v2, a small BERT whose mean vectors of a text's tokens are
//! compared by cosine.
//!
//! Architecture: Devlin et al. 2019; weights: sentence-transformers, Apache-2.0. The forward pass is
//! written out, because it is thirty lines and libtorch reads no other form of it.

use std::path::Path;

use sha2::{Digest, Sha256};
use tch::{Device, Kind, Tensor, no_grad};
use tokenizers::Tokenizer;

use super::features::Encoder;
use super::tensors::Tensors;
use crate::error::{Error, Result};

/// Length of a text's vector.
pub const TEXT_DIM: i64 = 384;

const LAYERS: usize = 6;
const HEADS: i64 = 12;
const INNER: i64 = 1536;
const VOCABULARY: i64 = 30_522;
const POSITIONS: i64 = 512;
/// Longer texts are cut; captions have a dozen tokens.
const MOST_TOKENS: usize = 128;
const EPSILON: f64 = 1e-12;

/// Texts per pass of the encoder.
const BATCH: usize = 64;

/// The encoder with its weights.
pub struct MiniLm {
    tokenizer: Tokenizer,
    words: Tensor,
    positions: Tensor,
    kind: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
    device: Device,
    digest: String,
}

struct Linear {
    weight: Tensor,
    bias: Tensor,
}

struct Norm {
    weight: Tensor,
    bias: Tensor,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    mixed: Linear,
    mixed_norm: Norm,
    wide: Linear,
    narrow: Linear,
    narrow_norm: Norm,
}

/// Reads the parts of the encoder by their names in the file.
struct Parts<'a> {
    file: &'a Tensors,
    device: Device,
}

impl Parts<'_> {
    fn tensor(&self, name: &str, shape: &[i64]) -> Result<Tensor> {
        self.file.get(name, shape, self.device)
    }

    fn linear(&self, name: &str, from: i64, to: i64) -> Result<Linear> {
        let weight = self.tensor(&format!("{name}.weight"), &[to, from])?;
        Ok(Linear { weight, bias: self.tensor(&format!("{name}.bias"), &[to])? })
    }

    fn norm(&self, name: &str) -> Result<Norm> {
        let weight = self.tensor(&format!("{name}.weight"), &[TEXT_DIM])?;
        Ok(Norm { weight, bias: self.tensor(&format!("{name}.bias"), &[TEXT_DIM])? })
    }

    fn layer(&self, number: usize) -> Result<Layer> {
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        let square = |part: &str| self.linear(&name(part), TEXT_DIM, TEXT_DIM);
        Ok(Layer {
            query: square("attention.self.query")?,
            key: square("attention.self.key")?,
            value: square("attention.self.value")?,
            mixed: square("attention.output.dense")?,
            mixed_norm: self.norm(&name("attention.output.LayerNorm"))?,
            wide: self.linear(&name("intermediate.dense"), TEXT_DIM, INNER)?,
            narrow: self.linear(&name("output.dense"), INNER, TEXT_DIM)?,
            narrow_norm: self.norm(&name("output.LayerNorm"))?,
        })
    }
}

impl Linear {
    fn of(&self, x: &Tensor) -> Tensor {
        x.linear(&self.weight, Some(&self.bias))
    }
}

impl Norm {
    fn of(&self, x: &Tensor) -> Tensor {
        x.layer_norm([TEXT_DIM], Some(&self.weight), Some(&self.bias), EPSILON, false)
    }
}

impl Layer {
    /// `x`: [texts, tokens, 384]; `hidden`: [texts, 1, 1, tokens], minus infinity on padding.
    fn of(&self, x: &Tensor, hidden: &Tensor) -> Tensor {
        let (texts, tokens, _) = x.size3().unwrap_or_default();
        let width = TEXT_DIM / HEADS;
        let heads = |part: &Linear| part.of(x).view([texts, tokens, HEADS, width]).transpose(1, 2);
        let keys = heads(&self.key).transpose(2, 3);
        let likeness = heads(&self.query).matmul(&keys) / (width as f64).sqrt() + hidden;
        let mixed = likeness.softmax(-1, Kind::Float).matmul(&heads(&self.value));
        let mixed = mixed.transpose(1, 2).reshape([texts, tokens, TEXT_DIM]);
        let x = self.mixed_norm.of(&(x + self.mixed.of(&mixed)));
        self.narrow_norm.of(&(&x + self.narrow.of(&self.wide.of(&x).gelu("none"))))
    }
}

impl MiniLm {
    /// Reads `model.safetensors` and `tokenizer.json` of a folder.
    pub fn open(folder: &Path, device: Device) -> Result<Self> {
        let hint = "the text encoder's weights; evaluator/baseline/weights.sh downloads them";
        let weights = folder.join("model.safetensors");
        let file = Tensors::read(&weights, hint)?;
        let bytes = std::fs::read(&weights).map_err(Error::read(&weights, hint))?;
        let parts = Parts { file: &file, device };
        Ok(Self {
            tokenizer: tokenizer(&folder.join("tokenizer.json"), hint)?,
            words: parts.tensor("embeddings.word_embeddings.weight", &[VOCABULARY, TEXT_DIM])?,
            positions: parts
                .tensor("embeddings.position_embeddings.weight", &[POSITIONS, TEXT_DIM])?,
            kind: parts.tensor("embeddings.token_type_embeddings.weight", &[2, TEXT_DIM])?.get(0),
            norm: parts.norm("embeddings.LayerNorm")?,
            layers: (0..LAYERS).map(|number| parts.layer(number)).collect::<Result<_>>()?,
            device,
            digest: hex::encode(Sha256::digest(&bytes)),
        })
    }

    fn forward(&self, batch: &[&[u32]]) -> Tensor {
        let longest = batch.iter().map(|tokens| tokens.len()).max().unwrap_or_default();
        let mut ids = vec![0_i64; batch.len() * longest];
        let mut seen = vec![0_f32; batch.len() * longest];
        for (row, tokens) in batch.iter().enumerate() {
            for (column, &token) in tokens.iter().enumerate() {
                ids[row * longest + column] = i64::from(token);
                seen[row * longest + column] = 1.0;
            }
        }
        let shape = [batch.len() as i64, longest as i64];
        let ids = Tensor::from_slice(&ids).view(shape).to_device(self.device);
        let seen = Tensor::from_slice(&seen).view(shape).to_device(self.device);
        let hidden = (seen.view([shape[0], 1, 1, shape[1]]) - 1.0) * 1e9;
        let positions = self.positions.narrow(0, 0, shape[1]);
        let words = Tensor::embedding(&self.words, &ids, -1, false, false);
        let mut x = self.norm.of(&(words + positions + &self.kind));
        for layer in &self.layers {
            x = layer.of(&x, &hidden);
        }
        let seen = seen.unsqueeze(-1);
        let sum = (x * &seen).sum_dim_intlist([1].as_slice(), false, Kind::Float);
        unit(&(sum / seen.sum_dim_intlist([1].as_slice(), false, Kind::Float)))
    }
}

impl Encoder for MiniLm {
    fn encode(&self, texts: &[String], told: &mut dyn FnMut(usize)) -> Result<Tensor> {
        let mut tokens = Vec::with_capacity(texts.len());
        for text in texts {
            let encoding = self.tokenizer.encode_fast(text.as_str(), true);
            let encoding = encoding.map_err(|e| Error::tokens(text, e.as_ref()))?;
            tokens.push(encoding.get_ids().to_vec());
        }
        // Texts of similar length are encoded together, to reduce padding.
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&text| tokens[text].len());
        let mut vectors = Vec::new();
        for batch in order.chunks(BATCH) {
            let batch: Vec<&[u32]> = batch.iter().map(|&text| tokens[text].as_slice()).collect();
            vectors.push(no_grad(|| self.forward(&batch)));
            told(batch.len());
        }
        if vectors.is_empty() {
            return Ok(Tensor::zeros([0, TEXT_DIM], (Kind::Float, self.device)));
        }
        let mut place = vec![0_i64; order.len()];
        for (at, &text) in (0_i64..).zip(&order) {
            place[text] = at;
        }
        let place = Tensor::from_slice(&place).to_device(self.device);
        Ok(Tensor::cat(&vectors, 0).index_select(0, &place))
    }

    /// SHA-256 of the weights; hex.
    fn digest(&self) -> &str {
        &self.digest
    }
}

/// Rows of length 1; a row of zeros stays one.
pub(crate) fn unit(rows: &Tensor) -> Tensor {
    rows / rows.norm_scalaropt_dim(2, [-1].as_slice(), true).clamp_min(1e-12)
}

fn tokenizer(path: &Path, hint: &str) -> Result<Tokenizer> {
    let bytes = std::fs::read(path).map_err(Error::read(path, hint))?;
    let unusable = |e: tokenizers::Error| Error::content(path, format!("is not a tokenizer: {e}"));
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(unusable)?;
    let cut = tokenizers::TruncationParams { max_length: MOST_TOKENS, ..Default::default() };
    tokenizer.with_truncation(Some(cut)).map_err(unusable)?;
    tokenizer.with_padding(None);
    Ok(tokenizer)
}
