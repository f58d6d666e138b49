//! Temporary.
#![allow(missing_docs)]
use dataset::{Attributes, Gallery, ItemCaptions};
#[derive(Clone, Copy, Debug)]
pub struct Opening { pub start: u32, pub target: u32 }
pub struct Draw(u64);
impl Draw {
    pub fn new(secret: &[u8]) -> Self { Self(u64::from(secret[0])) }
    pub fn dialogs(&self, team: &str, attempt: u32, gallery: usize, count: usize) -> Vec<Opening> {
        let n = gallery as u64;
        (0..count.min(gallery.saturating_sub(1))).map(|i| {
            let target = (self.0 + team.len() as u64 + u64::from(attempt) * count as u64 + i as u64) % n;
            Opening { target: target as u32, start: ((target + 1) % n) as u32 }
        }).collect()
    }
    pub fn seed(&self, _: &str, n: u32) -> u64 { self.0 + u64::from(n) }
}
pub struct ItemTexts;
impl ItemTexts { pub fn new(_: &Gallery, _: &Attributes, _: &ItemCaptions) -> Self { Self } }
pub struct Asked<'a> { pub target: u32, pub shown: u32, pub turn: u32, pub earlier: &'a [&'a str], pub seed: u64 }
pub trait Simulator { fn caption(&self, asked: &Asked<'_>) -> String; }
pub struct Template(String);
impl Template {
    pub fn new(group: &str, _: ItemTexts) -> Self { Self(group.to_owned()) }
    pub fn version() -> String { "template 1".to_owned() }
}
impl Simulator for Template { fn caption(&self, a: &Asked<'_>) -> String { format!("is another {} {}", self.0, a.turn) } }
