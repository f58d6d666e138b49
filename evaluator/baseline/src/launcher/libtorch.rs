//! Finds the libtorch that the loader would use for the real program, and checks its version.
//!
//! It asks glibc's loader: with `LD_TRACE_LOADED_OBJECTS` (as in `ldd`) it lists the libraries that it
//! finds and exits, so its search rules are not repeated here.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::version;

/// The version that the program was built for.
const WANTED: &str = env!("LIBTORCH_WANTED");
/// Where that version was when the program was built.
const FOLDER: &str = env!("LIBTORCH_FOLDER");

/// Whether the program would start, or one sentence that says why not.
pub fn check(program: &Path) -> Result<(), String> {
    let trace = trace(program, &[])?;
    let missing: Vec<&str> = trace.libraries().filter(|l| l.1.is_none()).map(|l| l.0).collect();
    if !missing.is_empty() {
        return Err(is_missing(&missing));
    }
    let of_torch = |name: &str| name.starts_with("libtorch") || name.starts_with("libc10");
    let mut unknown = None;
    for (_, file) in trace.libraries().filter(|library| of_torch(library.0)) {
        let Some(file) = file else { continue };
        match file.parent().and_then(version::beside) {
            Some(found) if found == WANTED => {}
            Some(found) => return Err(is_other(&file, &found)),
            None => unknown = unknown.or(Some(file)),
        }
    }
    // No file states a version, so check that every symbol exists. This takes longer.
    let Some(file) = unknown else { return Ok(()) };
    match self::trace(program, &["LD_BIND_NOW", "LD_WARN"])?.undefined() {
        0 => Ok(()),
        symbols => Err(is_unknown(&file, symbols)),
    }
}

fn is_missing(names: &[&str]) -> String {
    let (names, verb) = (names.join(", "), if names.len() == 1 { "was" } else { "were" });
    format!(
        "libtorch {WANTED} is required, but {names} {verb} not found; evaluator/baseline/libtorch.sh \
         installs it, and it was in {FOLDER} when this program was built"
    )
}

fn is_other(file: &Path, found: &str) -> String {
    format!("libtorch {WANTED} is required, but {} is version {found}; {ADVICE}", file.display())
}

fn is_unknown(file: &Path, symbols: usize) -> String {
    format!(
        "libtorch {WANTED} is required, but {} is another version (no file states which, and \
         {symbols} required symbols are missing); {ADVICE}",
        file.display()
    )
}

const ADVICE: &str = "check LD_LIBRARY_PATH";

/// What the loader prints about a program.
struct Trace {
    output: String,
}

/// Makes the loader list the libraries of a program, with further variables set to 1.
fn trace(program: &Path, variables: &[&str]) -> Result<Trace, String> {
    let output = Command::new(program)
        // If a loader doesn't know the variable, the program just prints its version.
        .arg("--version")
        .env("LD_TRACE_LOADED_OBJECTS", "1")
        .envs(variables.iter().map(|name| (name, "1")))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("could not start {}: {error}", program.display()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let errors = text(&output.stderr);
    if !output.status.success() {
        // For example an invalid library; the last line has the loader's reason.
        let reason = errors.lines().last().unwrap_or("the loader gives no reason").trim();
        let reason = reason.split_once(": error while loading shared libraries: ");
        let reason = reason.map_or(errors.trim(), |(_, reason)| reason);
        return Err(format!("libtorch {WANTED} is required, but can't be loaded: {reason}"));
    }
    Ok(Trace { output: text(&output.stdout) + &errors })
}

impl Trace {
    /// The libraries by name, each with its file if it was found.
    fn libraries(&self) -> impl Iterator<Item = (&str, Option<PathBuf>)> {
        self.output.lines().filter_map(|line| {
            let (name, found) = line.trim().split_once(" => ")?;
            // `not found`, or a path and an address
            let file = found.rsplit_once(" (0x").map(|(path, _)| PathBuf::from(path));
            Some((name, file))
        })
    }

    /// How many symbols are in no library.
    fn undefined(&self) -> usize {
        let undefined = |line: &&str| {
            line.contains("undefined symbol: ") || line.contains(" not defined in file ")
        };
        self.output.lines().filter(undefined).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loaders_list_is_read() {
        let output = "\tlinux-vdso.so.1 (0x00007ffd)\n\
            \tlibtorch_cpu.so => /opt/a folder/lib/libtorch_cpu.so (0x00007f00)\n\
            \tlibc10.so => not found\n\
            \t/lib64/ld-linux-x86-64.so.2 (0x00007fae)\n\
            undefined symbol: _ZN2at3addE\t(./program)\n";
        let trace = Trace { output: output.to_owned() };
        let file = PathBuf::from("/opt/a folder/lib/libtorch_cpu.so");
        let libraries: Vec<_> = trace.libraries().collect();
        assert_eq!(libraries, [("libtorch_cpu.so", Some(file)), ("libc10.so", None)]);
        assert_eq!(trace.undefined(), 1);
    }
}
