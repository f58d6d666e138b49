//! How many files and connections the process may have open.

/// Open files besides connections: the database, uploads that are written and read, the log.
const BESIDE: u64 = 128;

/// Raises the limit of open files as far as the system allows, and warns if that is less than the
/// settings need.
#[cfg(unix)]
pub(super) fn allow_open_files(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // If the system does not allow it, the limit stays the same, and the warning says so.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let allowed = if raised.is_ok() { maximum } else { current };
    let wanted = connections as u64 + BESIDE;
    if let Some(allowed) = allowed.filter(|allowed| *allowed < wanted) {
        tracing::warn!(
            "{connections} connections need {wanted} open files, and the system allows {allowed}; \
             raise `ulimit -n`, or lower the setting `connections`"
        );
    }
}

#[cfg(not(unix))]
pub(super) fn allow_open_files(_: usize) {}
