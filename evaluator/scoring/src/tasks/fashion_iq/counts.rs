//! The counts of the paper.

use super::super::PublishedCount;

/// Table 6 of the paper (arXiv 1905.12794): photos, photos with attributes, captions.
pub(super) static PUBLISHED: [PublishedCount; 9] = [
    count("dress", "train", [11_452, 7_741, 11_970]),
    count("dress", "val", [3_817, 2_561, 4_034]),
    count("dress", "test", [3_818, 2_653, 4_048]),
    count("shirt", "train", [19_036, 12_062, 11_976]),
    count("shirt", "val", [6_346, 4_014, 4_076]),
    count("shirt", "test", [6_346, 3_995, 4_078]),
    count("toptee", "train", [16_121, 9_925, 12_054]),
    count("toptee", "val", [5_374, 3_303, 3_924]),
    count("toptee", "test", [5_374, 3_210, 4_112]),
];

const fn count(
    group: &'static str,
    split: &'static str,
    [gallery, with_attributes, captions]: [usize; 3],
) -> PublishedCount {
    PublishedCount { group, split, gallery, with_attributes, captions }
}
