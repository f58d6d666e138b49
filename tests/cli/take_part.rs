//! The commands of the page "Take part", pasted into an empty shell.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use system_tests::{Client, Program, World, unescaped};
use tempfile::TempDir;

/// The lines for the shell on a page, as they are read.
fn shown(page: &str) -> Vec<String> {
    let blocks = page.split("<pre tabindex=\"0\"><code>").skip(1);
    let read = |block: &str| unescaped(block.split("</code>").next().unwrap());
    blocks.map(read).collect()
}

/// Runs lines in a shell that has only the path of programs and a token.
fn paste(lines: &str, home: &Path, token: &str) -> Output {
    let programs = Program::path().parent().unwrap().display().to_string();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", lines]).current_dir(home).env_clear();
    shell.env("PATH", path).env("HOME", home).env("FASHION_IQ_TOKEN", token).output().unwrap()
}

#[test]
fn the_lines_of_each_phase_pasted_into_an_empty_shell_lead_to_a_score() {
    lead_to_a_score(&World::always_open(""));
}

#[test]
fn so_do_those_of_another_task() {
    lead_to_a_score(&World::circo());
}

fn lead_to_a_score(world: &World) {
    // a second challenge: the lines name theirs
    let token = world.with_a_team("Atelier");
    let text = fs::read_to_string(world.definition()).unwrap();
    fs::write(world.definition(), text.replacen("name = \"fiq\"", "name = \"other\"", 1)).unwrap();
    let definition = world.definition().display().to_string();
    assert!(Program::run(&world.data_dir(), &["challenge", "apply", &definition]).status.success());
    let server = Program::serve(&world.data_dir());
    for phase in ["dev", "test"] {
        let home = TempDir::new().unwrap();
        let page = Client::new(&server.address).get(&format!("/c/fiq/{phase}/take-part")).text;
        let mut pasted = Vec::new();
        for lines in shown(&page) {
            let starts = ["echo", "curl", "fashion-iq"];
            if !starts.iter().any(|start| lines.starts_with(start)) {
                continue;
            }
            let told = paste(&lines, home.path(), &token);
            let errors = String::from_utf8_lossy(&told.stderr);
            assert!(told.status.success(), "{phase}: {lines}\n{errors}");
            pasted.push((lines, String::from_utf8(told.stdout).unwrap()));
        }
        let count = |start: &str| pasted.iter().filter(|(line, _)| line.starts_with(start)).count();
        let offline = usize::from(phase == "dev");
        assert_eq!((count("echo"), count("curl")), (1, 2), "{pasted:?}");
        assert_eq!(count("fashion-iq score"), offline);
        assert_eq!((count("fashion-iq validate"), count("fashion-iq submit")), (1, 1));
        let (_, uploaded) = pasted.last().unwrap();
        assert!(uploaded.contains("\"scorecard\""), "{uploaded}");
        let (get, checked) = &pasted[0];
        assert!(checked.contains(&format!("fiq-{phase}.zip: OK")), "{checked}");
        // pasted again, and after a break: nothing is downloaded twice, and the rest is
        let zip = home.path().join(format!("fiq-{phase}.zip"));
        let whole = fs::read(&zip).unwrap();
        for left in [whole.len(), whole.len() / 2, 0] {
            fs::write(&zip, &whole[..left]).unwrap();
            let again = paste(get, home.path(), &token);
            let errors = String::from_utf8_lossy(&again.stderr);
            assert!(again.status.success(), "{left} of {}: {errors}", whole.len());
            assert!(fs::read(&zip).unwrap() == whole);
        }
        let checked = paste("sha256sum -c --quiet SHA256SUMS", &zip.with_extension(""), &token);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}
