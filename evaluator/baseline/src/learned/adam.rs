//! Adam, with moments that can be saved.

use tch::{Device, Tensor, no_grad};

use super::tensors::Tensors;
use crate::error::Result;

/// Adam (Kingma and Ba, 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter, 2019).
///
/// With gradient g at step t, from 1:
///
/// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,
/// θ ← θ (1 − η λ) − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// Libtorch's own optimiser doesn't expose m and v, so training that continues from a file would differ.
/// Here they are ordinary tensors.
pub struct Adam {
    slots: Vec<Slot>,
    step: i32,
}

/// One parameter and its moments.
struct Slot {
    name: String,
    parameter: Tensor,
    mean: Tensor,
    square: Tensor,
}

/// β₁.
const MEAN_DECAY: f64 = 0.9;
/// β₂.
const SQUARE_DECAY: f64 = 0.999;
/// ε.
const EPSILON: f64 = 1e-8;

impl Adam {
    /// Starts with moments of zero. Parameters are kept in the order of their names.
    pub fn new(parameters: impl IntoIterator<Item = (String, Tensor)>) -> Self {
        let mut slots: Vec<Slot> = parameters
            .into_iter()
            .map(|(name, parameter)| {
                let zeros = || parameter.zeros_like().set_requires_grad(false);
                Slot { name, mean: zeros(), square: zeros(), parameter }
            })
            .collect();
        slots.sort_by(|a, b| a.name.cmp(&b.name));
        Self { slots, step: 0 }
    }

    /// How many steps were made.
    pub fn step_count(&self) -> i32 {
        self.step
    }

    /// How many numbers the parameters have.
    pub fn parameters(&self) -> usize {
        self.slots.iter().map(|slot| slot.parameter.numel()).sum()
    }

    /// One step down the gradient of a loss, at a learning rate η and decay λ. Vectors and scalars
    /// (biases, temperatures) are not decayed. A parameter that the loss doesn't depend on is unchanged.
    pub fn descend(&mut self, loss: &Tensor, rate: f64, decay: f64) {
        for slot in &mut self.slots {
            slot.parameter.zero_grad();
        }
        loss.backward();
        self.step += 1;
        let mean_scale = 1.0 - MEAN_DECAY.powi(self.step);
        let square_scale = (1.0 - SQUARE_DECAY.powi(self.step)).sqrt();
        no_grad(|| {
            for slot in &mut self.slots {
                let gradient = slot.parameter.grad();
                if !gradient.defined() {
                    continue;
                }
                let _ = slot.mean.lerp_(&gradient, 1.0 - MEAN_DECAY);
                let _ = slot.square.lerp_(&gradient.square(), 1.0 - SQUARE_DECAY);
                if decay > 0.0 && slot.parameter.dim() > 1 {
                    let _ = slot.parameter.g_mul_scalar_(1.0 - rate * decay);
                }
                let scale = (slot.square.sqrt() / square_scale + EPSILON) / (-rate / mean_scale);
                let _ = slot.parameter.addcdiv_(&slot.mean, &scale);
            }
        });
    }

    /// Parameters, first and second moments, by the names `model.*`, `adam.mean.*`, `adam.square.*`.
    pub fn state(&self) -> Vec<(String, Tensor)> {
        let named = |slot: &Slot| {
            [
                (format!("model.{}", slot.name), slot.parameter.detach()),
                (format!("adam.mean.{}", slot.name), slot.mean.shallow_clone()),
                (format!("adam.square.{}", slot.name), slot.square.shallow_clone()),
            ]
        };
        self.slots.iter().flat_map(named).collect()
    }

    /// Continues from the [state](Self::state) in a file after this many steps.
    pub(super) fn read(&mut self, file: &Tensors, step: usize, device: Device) -> Result<()> {
        let read = |(name, own): &(String, Tensor)| file.get(name, &own.size(), device);
        let state = self.state().iter().map(read).collect::<Result<Vec<Tensor>>>()?;
        self.restore(step as i32, &state);
        Ok(())
    }

    /// Continues from a [state](Self::state) after this many steps: tensors in the same order, whose
    /// shapes the caller has checked.
    pub fn restore(&mut self, step: i32, state: &[Tensor]) {
        self.step = step;
        no_grad(|| {
            for (slot, state) in self.slots.iter_mut().zip(state.chunks(3)) {
                if let [parameter, mean, square] = state {
                    slot.parameter.copy_(parameter);
                    slot.mean.copy_(mean);
                    slot.square.copy_(square);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use tch::Kind;

    use super::*;

    fn parameter(values: &[f32]) -> Tensor {
        Tensor::from_slice(values).set_requires_grad(true)
    }

    #[test]
    fn two_steps_are_those_of_a_hand_computation() {
        let x = parameter(&[1.0]);
        let mut adam = Adam::new([("x".to_owned(), x.shallow_clone())]);
        // loss x²: g = 2. m̂ = g and v̂ = g², so the first step is the rate itself.
        adam.descend(&x.square().sum(Kind::Float), 0.1, 0.0);
        assert!((x.double_value(&[0]) - 0.9).abs() < 1e-6);
        // g = 1.8; m = 0.9·0.2 + 0.18 = 0.36, m̂ = 0.36 / 0.19; v = 0.999·0.004 + 0.001·3.24,
        // v̂ = 0.007236 / 0.001999; x = 0.9 − 0.1 · 1.894737 / 1.902583
        adam.descend(&x.square().sum(Kind::Float), 0.1, 0.0);
        assert!((x.double_value(&[0]) - 0.800_412).abs() < 1e-5, "{}", x.double_value(&[0]));
    }

    #[test]
    fn decay_shrinks_matrices_and_leaves_vectors() {
        let matrix = parameter(&[1.0, 1.0]).view([1, 2]).detach().set_requires_grad(true);
        let vector = parameter(&[1.0]);
        let named = [
            ("matrix".to_owned(), matrix.shallow_clone()),
            ("vector".to_owned(), vector.shallow_clone()),
        ];
        let mut adam = Adam::new(named);
        let nothing = (matrix.sum(Kind::Float) + vector.sum(Kind::Float)) * 0.0;
        adam.descend(&nothing, 0.1, 0.5);
        assert!((matrix.double_value(&[0, 0]) - 0.95).abs() < 1e-6);
        assert!((vector.double_value(&[0]) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_goes_on_from_a_state_is_what_did_not_stop() {
        let loss = |x: &Tensor| (x.square() * Tensor::from_slice(&[1.0_f32, 3.0])).sum(Kind::Float);
        let whole = parameter(&[1.0, -2.0]);
        let mut adam = Adam::new([("x".to_owned(), whole.shallow_clone())]);
        for _ in 0..3 {
            adam.descend(&loss(&whole), 0.01, 0.0);
        }
        let state: Vec<Tensor> = adam.state().iter().map(|(_, tensor)| tensor.copy()).collect();
        let resumed = parameter(&[0.0, 0.0]);
        let mut other = Adam::new([("x".to_owned(), resumed.shallow_clone())]);
        other.restore(3, &state);
        for _ in 0..4 {
            adam.descend(&loss(&whole), 0.01, 0.0);
            other.descend(&loss(&resumed), 0.01, 0.0);
        }
        assert_eq!(whole, resumed);
        assert_eq!(other.step_count(), 7);
    }
}
