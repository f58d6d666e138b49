//! Charts as SVG: one file per chart, and the builder that they share.
//!
//! A chart is the same picture on a page and as a file. Its elements carry classes, which the style
//! sheet colours by the tokens of the page, and attributes with the light colours, which count where
//! there is no style sheet.

mod axis;
mod curve;
mod pairs;
mod ranks;
mod steps;
mod strip;
mod svg;
mod words;

pub(crate) use curve::{Curve, curves};
pub(crate) use pairs::{Pair, pairs};
pub(crate) use ranks::ranks;
pub(crate) use steps::{Steps, StepsOf, steps};
pub(crate) use strip::{Strip, strip};
pub(crate) use svg::Svg;
