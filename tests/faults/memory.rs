//! Hostile files leave memory flat.

use system_tests::{Client, Program, World, zip};

#[test]
fn a_bomb_is_refused_while_memory_stays_flat() {
    let world = World::new("");
    let data = world.data_dir();
    let token = world.with_a_team("Atelier");
    let program = Program::serve(&data);
    let client = Client::new(&program.address).with_token(&token);
    let post = |bytes: &[u8]| client.post(&Client::intake("dev"), bytes, &[]).unwrap();

    let good = World::dev().zipped(|_| Some(1));
    assert_eq!(post(&good).status, 201);
    let before = program.peak_memory();

    // 256 MiB of spaces where JSON may have spaces, in a quarter of a megabyte; then a string of
    // that length; then brackets. Zipped.
    let spaces = vec![b' '; 256 << 20];
    let answer = post(&zip([("dress.predict.json", &spaces[..])]));
    assert_eq!(answer.status, 422, "{}", answer.text);
    let mut text = spaces;
    text.fill(b'a');
    text[..2].copy_from_slice(b"[\"");
    let answer = post(&zip([("dress.predict.json", &text[..])]));
    assert_eq!(answer.status, 422, "{}", answer.text);
    text.fill(b'[');
    let answer = post(&zip([("dress.predict.json", &text[..])]));
    assert_eq!(answer.status, 422, "{}", answer.text);

    let grown = program.peak_memory().saturating_sub(before);
    assert!(grown < 48 << 20, "memory grew by {} MiB", grown >> 20);
}
