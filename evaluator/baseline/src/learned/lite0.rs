//! The picture encoder: EfficientNet-Lite0 without its last layer, trained on the thousand classes of
//! `ImageNet`.
//!
//! Architecture: Tan and Le 2019, in its variant for small devices (no squeeze and excitation, `ReLU6`
//! in place of swish); weights: the authors', Apache-2.0. Each batch normalisation is folded into the
//! convolution before it, which gives the same result with half the passes over memory.

use std::path::Path;

use sha2::{Digest, Sha256};
use tch::{Device, Kind, Tensor, no_grad};

use super::picture::{PREPARATION, SIDE};
use super::tensors::Tensors;
use crate::error::{Error, Result};

/// Length of a picture's vector.
pub const PICTURE_DIM: i64 = 1280;

/// The classes it was trained on.
const CLASSES: i64 = 1000;

/// Channels of the first convolution.
const STEM: i64 = 32;

/// Pictures per pass on a CPU: the widest layer makes 5 MB of each, and a pass that doesn't fit into the
/// cache takes twice as long.
const SLICE: i64 = 4;

/// ε of the batch normalisations.
const EPSILON: f64 = 1e-3;

/// The blocks, in order: how many, and of which shape. The first of each takes the stride and the
/// change of channels.
const STAGES: [(usize, Shape); 7] = [
    (1, Shape { kernel: 3, stride: 1, wider: 1, channels: 16 }),
    (2, Shape { kernel: 3, stride: 2, wider: 6, channels: 24 }),
    (2, Shape { kernel: 5, stride: 2, wider: 6, channels: 40 }),
    (3, Shape { kernel: 3, stride: 2, wider: 6, channels: 80 }),
    (3, Shape { kernel: 5, stride: 1, wider: 6, channels: 112 }),
    (4, Shape { kernel: 5, stride: 2, wider: 6, channels: 192 }),
    (1, Shape { kernel: 3, stride: 1, wider: 6, channels: 320 }),
];

/// An inverted bottleneck: `wider` times the channels inside, `channels` at its end.
#[derive(Clone, Copy)]
struct Shape {
    kernel: i64,
    stride: i64,
    wider: i64,
    channels: i64,
}

/// The encoder with its weights.
pub struct Lite0 {
    stem: Convolution,
    blocks: Vec<Block>,
    head: Convolution,
    classes: Tensor,
    classes_bias: Tensor,
    device: Device,
    digest: String,
}

/// A convolution whose batch normalisation is folded into it.
struct Convolution {
    weight: Tensor,
    bias: Tensor,
    stride: i64,
    groups: i64,
}

struct Block {
    widen: Option<Convolution>,
    depthwise: Convolution,
    narrow: Convolution,
    /// Whether its input is added to its output.
    adds: bool,
}

/// Reads the parts of the encoder by their names in the file.
struct Parts<'a> {
    file: &'a Tensors,
    device: Device,
}

impl Parts<'_> {
    /// The convolution `name` of shape [out, in of each group, kernel, kernel], followed by the batch
    /// normalisation `norm`.
    fn convolution(
        &self,
        name: &str,
        norm: &str,
        shape: [i64; 4],
        stride: i64,
        groups: i64,
    ) -> Result<Convolution> {
        let weight = self.file.get(&format!("{name}.weight"), &shape, self.device)?;
        let part = |part| self.file.get(&format!("{norm}.{part}"), &shape[..1], self.device);
        let scale = part("weight")? / (part("running_var")? + EPSILON).sqrt();
        Ok(Convolution {
            weight: weight * scale.view([-1, 1, 1, 1]),
            bias: part("bias")? - part("running_mean")? * scale,
            stride,
            groups,
        })
    }

    fn block(&self, number: usize, from: i64, shape: Shape) -> Result<Block> {
        let Shape { kernel, stride, wider, channels } = shape;
        let name = |part: &str| format!("_blocks.{number}.{part}");
        let part = |part: &str, norm: &str, shape, stride, groups| {
            self.convolution(&name(part), &name(norm), shape, stride, groups)
        };
        let inner = wider * from;
        let widen = (wider > 1).then(|| part("_expand_conv", "_bn0", [inner, from, 1, 1], 1, 1));
        let deep = [inner, 1, kernel, kernel];
        Ok(Block {
            widen: widen.transpose()?,
            depthwise: part("_depthwise_conv", "_bn1", deep, stride, inner)?,
            narrow: part("_project_conv", "_bn2", [channels, inner, 1, 1], 1, 1)?,
            adds: stride == 1 && from == channels,
        })
    }
}

impl Convolution {
    /// The output has the input's sides over the stride, rounded up. If padding can't be the same on
    /// both sides, there is one more row below and column to the right.
    fn of(&self, x: &Tensor) -> Tensor {
        let side = x.size()[2];
        let kernel = self.weight.size()[2];
        let out = (side + self.stride - 1) / self.stride;
        let padding = ((out - 1) * self.stride + kernel - side).max(0);
        let (before, after) = (padding / 2, padding - padding / 2);
        let bias = Some(&self.bias);
        if before == after {
            let (stride, padding) = ([self.stride; 2], [before; 2]);
            return x.conv2d(&self.weight, bias, stride, padding, [1; 2], self.groups);
        }
        let x = x.constant_pad_nd([before, after, before, after]);
        x.conv2d(&self.weight, bias, [self.stride; 2], [0; 2], [1; 2], self.groups)
    }

    /// Followed by `ReLU6`.
    fn cut(&self, x: &Tensor) -> Tensor {
        self.of(x).clamp_(0.0, 6.0)
    }
}

impl Block {
    fn of(&self, x: &Tensor) -> Tensor {
        let wide = self.widen.as_ref().map_or_else(|| x.shallow_clone(), |widen| widen.cut(x));
        let narrow = self.narrow.of(&self.depthwise.cut(&wide));
        if self.adds { narrow + x } else { narrow }
    }
}

impl Lite0 {
    /// Reads `model.safetensors` of a folder.
    pub fn open(folder: &Path, device: Device) -> Result<Self> {
        let hint = "the picture encoder's weights; evaluator/baseline/weights.sh downloads them";
        let weights = folder.join("model.safetensors");
        let file = Tensors::read(&weights, hint)?;
        let bytes = std::fs::read(&weights).map_err(Error::read(&weights, hint))?;
        let parts = Parts { file: &file, device };
        let stem = parts.convolution("_conv_stem", "_bn0", [STEM, 3, 3, 3], 2, 1)?;
        let mut blocks = Vec::new();
        let mut channels = STEM;
        for (count, first) in STAGES {
            for number in 0..count {
                let shape = if number == 0 { first } else { Shape { stride: 1, ..first } };
                blocks.push(parts.block(blocks.len(), channels, shape)?);
                channels = shape.channels;
            }
        }
        let head = [PICTURE_DIM, channels, 1, 1];
        let digest = Sha256::new().chain_update(&bytes).chain_update(PREPARATION);
        Ok(Self {
            stem,
            blocks,
            head: parts.convolution("_conv_head", "_bn1", head, 1, 1)?,
            classes: file.get("_fc.weight", &[CLASSES, PICTURE_DIM], device)?,
            classes_bias: file.get("_fc.bias", &[CLASSES], device)?,
            device,
            digest: hex::encode(digest.finalize()),
        })
    }

    /// The vectors of pictures, [pictures, 1280], from their [prepared](super::picture) values,
    /// [pictures, 3, 224, 224] on any device. A picture's vector is the mean of what is seen at each
    /// of 7 × 7 places.
    pub fn encode(&self, pictures: &Tensor) -> Result<Tensor> {
        let shape = pictures.size();
        if shape.len() != 4 || shape[1..] != [3, SIDE, SIDE] {
            return Err(Error::pictures_shape(&shape, SIDE));
        }
        let at_once = if self.device == Device::Cpu { SLICE } else { shape[0].max(1) };
        let slices = pictures.split(at_once, 0);
        Ok(Tensor::cat(&slices.iter().map(|slice| self.forward(slice)).collect::<Vec<_>>(), 0))
    }

    fn forward(&self, pictures: &Tensor) -> Tensor {
        no_grad(|| {
            let mut x = self.stem.cut(&pictures.to_device(self.device).to_kind(Kind::Float));
            for block in &self.blocks {
                x = block.of(&x);
            }
            self.head.cut(&x).mean_dim([2_i64, 3].as_slice(), false, Kind::Float)
        })
    }

    /// The scores of the thousand classes of `ImageNet` for vectors of pictures: [pictures, 1000].
    pub fn classes(&self, vectors: &Tensor) -> Tensor {
        no_grad(|| vectors.linear(&self.classes, Some(&self.classes_bias)))
    }

    /// Its device.
    pub fn device(&self) -> Device {
        self.device
    }

    /// Identifies exactly this encoder: SHA-256 of the weights and of the preparation of pictures, in
    /// hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}
