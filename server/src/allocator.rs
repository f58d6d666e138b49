//! How memory is asked for.

/// Arenas of glibc: uploads come on many threads, and each arena keeps what its threads needed most.
/// With two, a server on deadline night holds half as much as with the usual eight for each core, and is no
/// slower.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const ARENAS: i32 = 2;

/// Lets memory be shared by threads, before there are any.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "glibc offers no safe way")]
pub(crate) fn prepare() {
    // SAFETY: this sets a number, at the start of the program. It is ignored if it can't be set.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, ARENAS) };
}

/// Other allocators need nothing.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn prepare() {}
