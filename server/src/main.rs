//! The program `fashion-iq`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Uploads are large and come on many threads: with the allocator of musl, which the installed program has, they
/// would wait for each other, and with that of glibc memory stays behind in each thread.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
