//! Files and folders that only the server's own user may read, whatever the umask is.

use std::io;
use std::path::Path;

#[cfg(unix)]
pub use unix::{create_file, create_folder, narrow, replaceable, set_umask, wider};

#[cfg(unix)]
mod unix {
    use std::fs::{self, DirBuilder, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    /// What belongs to the group and to everyone else.
    const OTHERS: u32 = 0o077;
    /// What lets the group and everyone else replace what is in a folder.
    const OTHERS_WRITE: u32 = 0o022;
    /// In such a folder only the owner of a file can replace it.
    const STICKY: u32 = 0o1000;

    /// Makes a folder, and those above it that are missing, for their owner only. One that exists
    /// stays as it is.
    pub fn create_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Makes an empty file for its owner only. One that exists keeps its bytes, and is narrowed.
    pub fn create_file(path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
        narrow(path)
    }

    /// Takes the permissions of others away, where the file or folder belongs to this user.
    pub fn narrow(path: &Path) -> io::Result<()> {
        let about = fs::metadata(path)?;
        let (mode, own) = (about.mode() & 0o7777, rustix::process::geteuid().as_raw());
        if mode & OTHERS == 0 || about.uid() != own {
            return Ok(());
        }
        fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS))
    }

    /// Says so where others than the owner may read, or change, a file or folder. What is missing
    /// is no problem here.
    pub fn wider(path: &Path) -> Option<String> {
        let about = fs::metadata(path).ok()?;
        let (mode, narrow) = (about.mode() & 0o7777, if about.is_dir() { 700 } else { 600 });
        let path = path.display();
        (mode & OTHERS != 0).then(|| {
            format!("other users can access {path} (mode {mode:o}); run chmod {narrow} {path}")
        })
    }

    /// The folders above a file in which others than their owner could replace what is there.
    pub fn replaceable(file: &Path) -> Vec<String> {
        let Ok(file) = file.canonicalize() else { return vec![] };
        let sentence = |folder: &Path| {
            let mode = fs::metadata(folder).ok()?.mode() & 0o7777;
            let folder = folder.display();
            (mode & OTHERS_WRITE != 0 && mode & STICKY == 0).then(|| {
                format!(
                    "other users can replace files in {folder} (mode {mode:o}); \
                     run chmod go-w {folder}"
                )
            })
        };
        file.ancestors().skip(1).filter_map(sentence).collect()
    }

    /// What this process creates from here on is for its owner only.
    pub fn set_umask() {
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(OTHERS));
    }
}

#[cfg(not(unix))]
mod elsewhere {
    //! Where there are no permission bits, folders inherit what their parent allows.

    use std::io;
    use std::path::Path;

    /// Makes a folder, and those above it that are missing.
    pub fn create_folder(path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    /// Makes an empty file, unless it exists.
    pub fn create_file(path: &Path) -> io::Result<()> {
        std::fs::OpenOptions::new().append(true).create(true).open(path).map(drop)
    }

    /// Nothing can be narrowed here.
    pub fn narrow(_: &Path) -> io::Result<()> {
        Ok(())
    }

    /// Nothing is known here.
    pub fn wider(_: &Path) -> Option<String> {
        None
    }

    /// Nothing is known here.
    pub fn replaceable(_: &Path) -> Vec<String> {
        vec![]
    }

    /// There is no umask here.
    pub fn set_umask() {}
}

#[cfg(not(unix))]
pub use elsewhere::{create_file, create_folder, narrow, replaceable, set_umask, wider};

/// Narrows a folder and all files in it, but no folder below it. The folder comes last: while it is
/// wider, not everything in it was narrowed.
pub fn narrow_with_files(folder: &Path) -> io::Result<()> {
    if wider(folder).is_none() {
        return Ok(());
    }
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        if file.file_type()?.is_file() {
            // Another server may have moved it meanwhile.
            match narrow(&file.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    narrow(folder)
}
