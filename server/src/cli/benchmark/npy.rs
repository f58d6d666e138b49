//! A matrix of scores in a file of numpy's.

use std::path::Path;

use dataset::Group;
use domain::error::{Error, Result};
use scoring::audit::Scores;

/// What such a file begins with, before its version.
const MAGIC: &[u8] = b"\x93NUMPY";

/// More than any header of a matrix has.
const MOST_HEADER: u64 = 64 << 10;

/// The most scores of one group, so that memory stays below about 6 GiB.
const MOST_SCORES: usize = 1 << 29;

/// Reads the scores of a group from `{dir}/{group}.npy`: a matrix of 32-bit floats in C order, with a row
/// for each query and a column for each item.
pub(super) fn read_scores(dir: &Path, group: &Group) -> Result<Scores> {
    let path = dir.join(format!("{}.npy", group.name));
    let wrong = |what: &str| Error::unusable(format!("{}: {what}", path.display()));
    let shape = (group.queries.len(), group.gallery.len());
    let scores = shape.0.checked_mul(shape.1).filter(|scores| *scores <= MOST_SCORES);
    let scores = scores.ok_or_else(|| wrong(&format!("at most {MOST_SCORES} scores are read")))?;
    let bytes = dataset::read_file(&path, 4 * scores as u64 + MOST_HEADER);
    let bytes = bytes.map_err(Error::unusable)?;
    let values = values(&bytes, shape).map_err(|what| wrong(&what))?;
    Scores::new(group, values).map_err(|error| wrong(&error.to_string()))
}

/// The values of a file, row after row, or what is wrong with it.
fn values(bytes: &[u8], (rows, columns): (usize, usize)) -> Result<Vec<f32>, String> {
    let (header, data) = split(bytes).ok_or("not a file as numpy.save writes it")?;
    let field = |name: &str| {
        let (_, rest) = header.split_once(&format!("'{name}':"))?;
        Some(rest.trim_start())
    };
    let is = |name: &str, value: &str| field(name).is_some_and(|found| found.starts_with(value));
    if !is("descr", "'<f4'") {
        return Err("expected 32-bit floats; save scores.astype(\"<f4\")".to_owned());
    }
    if !is("fortran_order", "False") {
        return Err(
            "expected rows one after another; save numpy.ascontiguousarray(scores)".to_owned()
        );
    }
    let shape = field("shape").and_then(|found| found.strip_prefix('(')?.split_once(')'));
    let shape = shape.map(|(shape, _)| shape.split(',').map(str::trim).collect::<Vec<_>>());
    let wanted = [rows.to_string(), columns.to_string()];
    if shape.as_deref().is_none_or(|shape| shape != wanted) {
        let found = shape.map_or("none".to_owned(), |shape| shape.join(" x "));
        return Err(format!(
            "expected shape {rows} x {columns}, a row for each query and a column for each item of the \
             gallery in their published order; found {found}"
        ));
    }
    if data.len() != 4 * rows * columns {
        return Err(format!(
            "expected {} bytes of scores, found {}",
            4 * rows * columns,
            data.len()
        ));
    }
    let (numbers, _) = data.as_chunks();
    Ok(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect())
}

/// The header's text, and what follows it.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (version, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = match version[0] {
        1 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (u32::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            (u32::from_le_bytes(*length), rest)
        }
        _ => return None,
    };
    let (header, data) = rest.split_at_checked(length as usize)?;
    Some((std::str::from_utf8(header).ok()?, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, values: &[f32]) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.bytes());
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        bytes
    }

    #[test]
    fn a_matrix_is_read_and_anything_else_is_explained() {
        // as numpy 2 writes numpy.arange(6, dtype="f4").reshape(2, 3)
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }          \n";
        let good = file(header, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(values(&good, (2, 3)).unwrap(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let error = |bytes: &[u8], shape| values(bytes, shape).unwrap_err();
        assert!(
            error(&good, (3, 2)).contains("expected shape 3 x 2")
                && error(&good, (3, 2)).ends_with("2 x 3")
        );
        assert!(
            error(&good[..good.len() - 1], (2, 3))
                .contains("expected 24 bytes of scores, found 23")
        );
        let doubles = file(&header.replace("<f4", "<f8"), &[]);
        assert!(error(&doubles, (2, 3)).contains("astype"));
        let columns = file(&header.replace("False", "True"), &[]);
        assert!(error(&columns, (2, 3)).contains("ascontiguousarray"));
        for cut in 0..10 {
            assert!(error(&good[..cut], (2, 3)).contains("numpy.save"), "{cut}");
        }
        assert!(error(b"PK\x03\x04", (2, 3)).contains("numpy.save"));
    }
}
