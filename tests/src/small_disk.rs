//! A disk that fills up quickly.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// A disk of its own, of a few MiB.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// Mounts one of this size, such as `12m`.
    pub fn mount(size: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(dir.path());
        assert!(mount.status().unwrap().success(), "mounting needs root");
        Self(dir)
    }

    /// A data folder on it.
    pub fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// Fills it to the last byte; answers the file that does.
    pub fn fill(&self) -> PathBuf {
        let filler = self.0.path().join("filler");
        let mut file = fs::File::create(&filler).unwrap();
        let mebibyte = vec![0; 1 << 20];
        let full = (0..1024).any(|_| file.write_all(&mebibyte).is_err());
        assert!(full, "it is larger than it should be");
        filler
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.0.path()).status();
        assert!(unmounted.unwrap().success() || std::thread::panicking());
    }
}
