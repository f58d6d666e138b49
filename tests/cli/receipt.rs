//! `fashion-iq receipt`: what a team does with a receipt, offline.

use std::fs;
use std::path::Path;

use serde_json::Value;
use system_tests::{Client, Program, World};

/// Runs the command; returns its exit code, output and errors.
fn receipt(dir: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Program::run(dir, &[&["receipt"], arguments].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_receipt_is_verified_without_a_server_and_a_forged_cut_or_foreign_one_is_said_to_be() {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let program = Program::serve(&world.data_dir());
    let client = Client::new(&program.address).with_token(&token);
    let run = World::test().zipped(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    let sent = client.post(&Client::intake("test"), &run, &[]).unwrap();
    assert_eq!(sent.status, 201, "{}", sent.text);
    let link = sent.json["link"].as_str().unwrap();
    let signed = client.get(&format!("{link}/receipt")).text;
    let keys = client.get("/api/v1/receipt-keys").text;
    assert_eq!(program.terminate(), Some(0));

    let at = |name: &str, bytes: &[u8]| {
        let file = world.path().join(name);
        fs::write(&file, bytes).unwrap();
        file.display().to_string()
    };
    let (file, list) = (at("receipt.json", signed.as_bytes()), at("keys.json", keys.as_bytes()));
    let (upload, other) = (at("run.zip", &run), at("other.zip", b"another"));
    let verify =
        |file: &str, more: &[&str]| receipt(world.path(), &[&["verify", file], more].concat());

    let (code, said, errors) = verify(&file, &["--keys", &list, "--upload", &upload]);
    assert_eq!(code, Some(0), "{said}{errors}");
    assert!(said.contains("phase      fiq/test\n"), "{said}");
    assert!(
        said.contains("overall    75.000 %\n") && said.contains("recall@10 50.000 %"),
        "{said}"
    );
    assert!(said.contains("valid, by the trusted key") && said.contains("the same file"), "{said}");

    // the key in the file shows less
    let (code, said, _) = verify(&file, &[]);
    assert_eq!((code, said.contains("does not show who made it")), (Some(0), true), "{said}");
    let public: Value = serde_json::from_str(&keys).unwrap();
    let public = public["keys"][0]["public_key"].as_str().unwrap();
    let (code, json, _) = verify(&file, &["--key", public, "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["valid"], &json["trusted"]), (Some(0), &true.into(), &true.into()));
    assert_eq!(json["statement"]["scorecard"]["overall"], 0.75);

    // not this upload; changed; signed by someone else
    let (code, said, _) = verify(&file, &["--keys", &list, "--upload", &other]);
    assert_eq!((code, said.contains("this file is another one")), (Some(1), true), "{said}");
    let better = at("better.json", signed.replace("0.75", "0.95").as_bytes());
    let (code, said, _) = verify(&better, &["--keys", &list]);
    assert_eq!(
        (code, said.contains("NOT VALID: the signature is wrong")),
        (Some(1), true),
        "{said}"
    );
    let stranger = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
    let (code, said, _) = verify(&file, &["--key", stranger]);
    assert_eq!((code, said.contains("not one of the trusted keys")), (Some(1), true), "{said}");

    // no receipt at all
    let cut = at("cut.json", &signed.as_bytes()[..signed.len() / 2]);
    let (code, _, errors) = verify(&cut, &[]);
    assert!(code == Some(2) && errors.contains("cut.json: this is not a receipt"), "{errors}");
    let (code, _, errors) = verify(&file, &["--keys", &upload]);
    assert!(code == Some(2) && errors.contains("not a list of public keys"), "{errors}");
    let (code, _, errors) = verify("nowhere.json", &[]);
    assert!(code == Some(2) && errors.contains("nowhere.json"), "{errors}");
    let (code, _, errors) = verify(&file, &["--key", "abc"]);
    assert!(code == Some(2) && errors.contains("32 bytes in Base64"), "{errors}");
}

#[test]
fn a_key_is_replaced_after_a_confirmation_only() {
    let world = World::new("");
    let (code, _, errors) = receipt(&world.data_dir(), &["rotate"]);
    assert!(code == Some(2) && errors.contains("confirm with --yes"), "{errors}");
    let (code, said, errors) = receipt(&world.data_dir(), &["rotate", "--yes"]);
    assert_eq!((code, said.contains("now signed with key")), (Some(0), true), "{said}{errors}");
}
