//! Charts as SVG: one file per chart, and the builder that they share.
//!
//! A chart is the same picture on a page and as a file. Its elements carry classes, which the style
//! sheet colours by the tokens of the page, and attributes with the light colours, which count where
//! there is no style sheet.

mod axis;
mod bars;
mod curve;
mod histogram;
mod pairs;
mod ranks;
mod scatter;
mod steps;
mod strip;
mod svg;
mod words;

pub(crate) use bars::{Bars, bars};
pub(crate) use curve::{Along, Curve, curves};
pub(crate) use histogram::{Histogram, columns as histogram_columns, histogram};
pub(crate) use pairs::{Pair, pairs};
pub(crate) use ranks::ranks;
pub(crate) use scatter::{Scatter, scatter};
pub(crate) use steps::{Steps, StepsOf, steps};
pub(crate) use strip::{Strip, strip};
pub(crate) use svg::{Chart, Svg};
