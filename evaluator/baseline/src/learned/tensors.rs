//! Named tensors in a safetensors file, with notes.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use safetensors::{SafeTensors, View};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tch::{Device, Kind, Tensor};

use crate::error::{Error, Result};

/// Named tensors that were read, on the CPU.
pub struct Tensors {
    path: PathBuf,
    by_name: BTreeMap<String, Tensor>,
    notes: BTreeMap<String, String>,
}

impl Tensors {
    /// Reads a whole file. `what` says what it should be and how to get it, for the error if it is
    /// missing.
    pub fn read(path: &Path, what: &str) -> Result<Self> {
        let bytes = fs::read(path).map_err(Error::read(path, what))?;
        let unreadable = |e| Error::content(path, format!("is not a safetensors file: {e:?}"));
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(unreadable)?;
        let notes = header.metadata().iter().flatten();
        let notes = notes.map(|(key, value)| (key.clone(), value.clone())).collect();
        let mut by_name = BTreeMap::new();
        for (name, view) in SafeTensors::deserialize(&bytes).map_err(unreadable)?.tensors() {
            let tensor = Tensor::try_from(view)
                .map_err(|e| Error::content(path, format!("tensor {name}: {e}")))?;
            by_name.insert(name, tensor);
        }
        Ok(Self { path: path.to_owned(), by_name, notes })
    }

    /// The file they were read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The note of that name.
    pub fn note(&self, name: &str) -> Result<&str> {
        self.notes
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| Error::content(&self.path, format!("has no note `{name}`")))
    }

    /// The value that the note of that name has in JSON.
    pub fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        serde_json::from_str(self.note(name)?)
            .map_err(|e| Error::content(&self.path, format!("note `{name}`: {e}")))
    }

    /// The tensor of that name, as it was written.
    pub fn any(&self, name: &str) -> Result<&Tensor> {
        let none = || Error::content(&self.path, format!("has no tensor {name}"));
        self.by_name.get(name).ok_or_else(none)
    }

    /// The tensor of that name as 32-bit floats on a device, if it has this shape.
    pub fn get(&self, name: &str, shape: &[i64], device: Device) -> Result<Tensor> {
        let tensor = self.any(name)?;
        if tensor.size() != shape {
            let found = tensor.size();
            let what = format!("tensor {name} has shape {found:?}; expected {shape:?}");
            return Err(Error::content(&self.path, what));
        }
        Ok(tensor.to_device(device).to_kind(Kind::Float))
    }
}

/// A tensor to be written to a file.
struct Bytes {
    kind: safetensors::Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl View for &Bytes {
    fn dtype(&self) -> safetensors::Dtype {
        self.kind
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> std::borrow::Cow<'_, [u8]> {
        (&self.data).into()
    }

    fn data_len(&self) -> usize {
        self.data.len()
    }
}

/// Writes tensors, with notes: bytes and 16-bit floats as they are, others as 32-bit floats. The file
/// appears complete or not at all. The same tensors and notes give the same bytes as far as the format
/// fixes them.
pub fn write(
    path: &Path,
    tensors: &[(String, Tensor)],
    notes: impl IntoIterator<Item = (&'static str, String)>,
) -> Result<()> {
    let views: Vec<(&str, Bytes)> =
        tensors.iter().map(|(name, tensor)| (name.as_str(), Bytes::of(tensor))).collect();
    let views = views.iter().map(|(name, bytes)| (*name, bytes));
    let notes: HashMap<String, String> =
        notes.into_iter().map(|(name, note)| (name.to_owned(), note)).collect();
    let bytes = safetensors::serialize(views, &Some(notes))
        .map_err(|e| Error::content(path, format!("can't be written: {e:?}")))?;
    write_whole(path, &bytes)
}

/// The version of a program that reads this file: its name, and the first digits of the file's SHA-256.
pub fn version(program: &str, path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(Error::read(path, program))?;
    Ok(format!("{program} {}", &hex::encode(Sha256::digest(bytes))[..8]))
}

/// A value as JSON, for a note of the file.
pub fn note(path: &Path, value: &impl Serialize) -> Result<String> {
    let json = serde_json::to_string(value);
    json.map_err(|e| Error::content(path, format!("can't be written: {e}")))
}

impl Bytes {
    fn of(tensor: &Tensor) -> Self {
        let (kind, dtype, size) = match tensor.kind() {
            Kind::Uint8 => (Kind::Uint8, safetensors::Dtype::U8, 1),
            Kind::Half => (Kind::Half, safetensors::Dtype::F16, 2),
            _ => (Kind::Float, safetensors::Dtype::F32, 4),
        };
        let tensor = tensor.to_device(Device::Cpu).to_kind(kind).contiguous();
        let mut data = vec![0; tensor.numel() * size];
        tensor.copy_data_u8(&mut data, tensor.numel());
        Self { kind: dtype, shape: tensor.size().iter().map(|&n| n as usize).collect(), data }
    }
}

/// Writes a file that appears complete or not at all; a full disk leaves the old one.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let written = File::create(part).and_then(|file| {
        let mut file = BufWriter::new(file);
        file.write_all(bytes)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        fs::rename(part, path)
    });
    if written.is_err() {
        // What matters is why writing failed, not whether the rest of it could be removed.
        let _ = fs::remove_file(part);
    }
    written.map_err(Error::write(path))
}

/// Creates the folder that a file is to be written to.
pub fn create_folder_of(file: &Path) -> Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all).map_err(Error::write(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_another_shape_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.safetensors");
        let tensor = Tensor::from_slice(&[1.0_f32, 2.0, 3.0, 4.0]).view([2, 2]);
        write(&path, &[("a".to_owned(), tensor.copy())], [("made", "by hand".to_owned())]).unwrap();
        let read = Tensors::read(&path, "a test's file").unwrap();
        assert_eq!(read.note("made").unwrap(), "by hand");
        assert_eq!(read.get("a", &[2, 2], Device::Cpu).unwrap(), tensor);
        let said = read.get("a", &[4], Device::Cpu).unwrap_err().to_string();
        assert!(said.ends_with("tensor a has shape [2, 2]; expected [4]"), "{said}");
        let said = read.get("b", &[4], Device::Cpu).unwrap_err().to_string();
        assert!(said.ends_with("x.safetensors: has no tensor b"), "{said}");
    }

    #[test]
    fn no_file_and_a_broken_file_are_one_sentence_each() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.safetensors");
        let said = Tensors::read(&path, "features; make them first").err().unwrap().to_string();
        assert!(said.contains("features; make them first"), "{said}");
        fs::write(&path, b"not at all").unwrap();
        let said = Tensors::read(&path, "features").err().unwrap().to_string();
        assert!(said.contains("is not a safetensors file"), "{said}");
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let error = write_whole(&dir.path().join("not/there"), b"x").unwrap_err();
        assert!(error.to_string().contains("not/there"), "{error}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
