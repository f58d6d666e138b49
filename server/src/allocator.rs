//! How memory is asked for.

/// Arenas of glibc: uploads come on many threads, and each arena keeps what its threads needed most.
/// With two, a server on deadline night holds half as much as with the usual eight for each core, and is no
/// slower.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const ARENAS: i32 = 2;

/// How much free memory an arena keeps, in bytes. An upload needs some 15 MB for a moment; pages that are
/// given back and asked for again cost it a tenth of its time.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT_BYTES: i32 = 32 << 20;

/// Lets memory be shared by threads, before there are any, and be kept for the next upload.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "glibc offers no safe way")]
pub(crate) fn prepare() {
    for (setting, value) in [
        (libc::M_ARENA_MAX, ARENAS),
        (libc::M_TRIM_THRESHOLD, KEPT_BYTES),
        (libc::M_MMAP_THRESHOLD, KEPT_BYTES),
    ] {
        // SAFETY: this sets a number, at the start of the program. It is ignored if it can't be set.
        unsafe { libc::mallopt(setting, value) };
    }
}

/// Other allocators need nothing.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn prepare() {}
