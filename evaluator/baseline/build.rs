//! Tells the programs where libtorch is, so that they start without `LD_LIBRARY_PATH`, and which
//! version they are built for.

use std::path::Path;

#[path = "src/launcher/version.rs"]
mod version;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/launcher/version.rs");
    println!("cargo:rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    // Set by torch-sys, for its direct dependents only; absent without the feature `torch`.
    let Ok(folder) = std::env::var("DEP_TCH_LIBTORCH_LIB") else { return };
    println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    for file in version::files(Path::new(&folder)) {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    let version = version::beside(Path::new(&folder));
    println!("cargo:rustc-env=LIBTORCH_FOLDER={folder}");
    println!("cargo:rustc-env=LIBTORCH_WANTED={}", version.as_deref().unwrap_or("2.11.0"));
}
