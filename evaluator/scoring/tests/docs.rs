//! The documentation matches the code.

use std::path::Path;
use std::{env, fs};

const BEGIN: &str = "[//]: # (measures: begin)\n\n";
const END: &str = "\n[//]: # (measures: end)";

#[test]
fn the_table_of_measures_in_the_documents_is_that_of_the_registry() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let text = fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("docs/metrics.md marks its table");
    let (table, after) = rest.split_once(END).expect("docs/metrics.md marks its table");
    let right = scoring::measures::as_markdown();
    if table == right {
        return;
    }
    if env::var_os("UPDATE_DOCS").is_some() {
        return fs::write(&file, format!("{before}{BEGIN}{right}{END}{after}")).unwrap();
    }
    panic!(
        "the table of measures in docs/metrics.md is out of date: write it again with \
         `UPDATE_DOCS=1 cargo test -p scoring --test docs`. It should be:\n\n{right}"
    );
}
