//! A model's scores as a file of numpy's, for `fashion-iq benchmark audit --scores`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use dataset::Group;

use crate::error::{Error, Result};

/// The header's length, with everything before it, is a multiple of this.
const ALIGNMENT: usize = 64;

/// Writes `{dir}/{group}.npy`: a row for each query and a column for each item of the gallery, as 32-bit
/// floats. The folder is created if needed, and a file there is replaced.
pub(crate) fn write_scores(dir: &Path, group: &Group, rows: &[Vec<f32>]) -> Result<()> {
    let path = dir.join(format!("{}.npy", group.name));
    let write = || {
        fs::create_dir_all(dir)?;
        let mut file = BufWriter::new(File::create(&path)?);
        write_matrix(&mut file, rows, group.gallery.len())?;
        file.flush()
    };
    write().map_err(Error::write(&path))
}

fn write_matrix(to: &mut impl Write, rows: &[Vec<f32>], columns: usize) -> io::Result<()> {
    let header = format!(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {columns}), }}",
        rows.len()
    );
    // six letters, two of the version, two of the length, and a newline
    let length = (header.len() + 11).next_multiple_of(ALIGNMENT) - 10;
    to.write_all(b"\x93NUMPY\x01\x00")?;
    to.write_all(&(length as u16).to_le_bytes())?;
    writeln!(to, "{header:<0$}", length - 1)?;
    for row in rows {
        for score in row {
            to.write_all(&score.to_le_bytes())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_written_as_numpy_writes_it() {
        let mut bytes = Vec::new();
        write_matrix(&mut bytes, &[vec![0.5, -1.0, 2.0], vec![3.0, 4.0, 5.0]], 3).unwrap();
        let header =
            b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
        assert_eq!(&bytes[..header.len()], header);
        assert_eq!((bytes.len(), bytes[127]), (128 + 24, b'\n'));
        assert_eq!(bytes[128..132], 0.5_f32.to_le_bytes());
        assert_eq!(bytes[148..], 5.0_f32.to_le_bytes());
    }
}
