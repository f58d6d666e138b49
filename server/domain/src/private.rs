//! Files and folders that only the server's own user can read, whatever the umask is.

use std::io;
use std::path::Path;

#[cfg(unix)]
pub use unix::{create_file, create_folder, is_writable, narrow, replaceable, set_umask, wider};

#[cfg(unix)]
mod unix {
    use std::fs::{self, DirBuilder, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    /// The permissions of the group and everyone else.
    const OTHERS: u32 = 0o077;
    /// The permissions of the group and everyone else to replace files in a folder.
    const OTHERS_WRITE: u32 = 0o022;
    /// In such a folder only the owner of a file can replace it.
    const STICKY: u32 = 0o1000;

    /// Creates a folder and its missing parents for their owner only. An existing folder is
    /// unchanged.
    pub fn create_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Creates an empty file for its owner only. An existing file keeps its bytes, and others lose
    /// access.
    pub fn create_file(path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
        narrow(path)
    }

    /// Whether this user can write a file, or create files in a folder.
    pub fn is_writable(path: &Path) -> bool {
        rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
    }

    /// Removes the permissions of others, if the file or folder belongs to this user.
    pub fn narrow(path: &Path) -> io::Result<()> {
        let about = fs::metadata(path)?;
        let (mode, own) = (about.mode() & 0o7777, rustix::process::geteuid().as_raw());
        if mode & OTHERS == 0 || about.uid() != own {
            return Ok(());
        }
        fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS))
    }

    /// Warns if other users can read or change a file or folder. A missing one is not a problem
    /// here.
    pub fn wider(path: &Path) -> Option<String> {
        let about = fs::metadata(path).ok()?;
        let (mode, narrow) = (about.mode() & 0o7777, if about.is_dir() { 700 } else { 600 });
        let path = path.display();
        (mode & OTHERS != 0).then(|| {
            format!("other users can access {path} (mode {mode:o}); run chmod {narrow} {path}")
        })
    }

    /// Warnings about folders above a file in which other users could replace files.
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

    /// Makes everything that this process creates from here on private to its owner.
    pub fn set_umask() {
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(OTHERS));
    }
}

#[cfg(not(unix))]
mod elsewhere {
    //! Without permission bits, folders inherit the permissions of their parent.

    use std::io;
    use std::path::Path;

    /// Creates a folder and its missing parents.
    pub fn create_folder(path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    /// Creates an empty file, unless it exists.
    pub fn create_file(path: &Path) -> io::Result<()> {
        std::fs::OpenOptions::new().append(true).create(true).open(path).map(drop)
    }

    /// Permissions can't be changed here.
    pub fn narrow(_: &Path) -> io::Result<()> {
        Ok(())
    }

    /// Only a file that is read-only for everyone is known not to be writable.
    pub fn is_writable(path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|about| !about.permissions().readonly())
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
pub use elsewhere::{
    create_file, create_folder, is_writable, narrow, replaceable, set_umask, wider,
};

/// Makes a folder and all files in it private, but no folder below it. The folder comes last: until
/// it is private, some files in it may not be.
pub fn narrow_with_files(folder: &Path) -> io::Result<()> {
    if wider(folder).is_none() {
        return Ok(());
    }
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        if file.file_type()?.is_file() {
            // Another server may have moved it in the meantime.
            match narrow(&file.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    narrow(folder)
}
