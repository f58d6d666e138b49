//! Tells the program where libtorch lies, so that it starts without `LD_LIBRARY_PATH`.

fn main() {
    // Set by torch-sys, for its direct dependents only; absent without the feature `torch`.
    if let Ok(lib) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{lib}");
    }
    println!("cargo:rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    println!("cargo:rerun-if-changed=build.rs");
}
