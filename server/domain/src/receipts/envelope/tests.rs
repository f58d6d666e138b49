//! Receipts are verified as signed, and in no other way.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::statement::{Audience, StatedBenchmark, StatedScores};
use super::*;

fn statement() -> Statement {
    let dress = [("queries".to_owned(), 2017.into()), ("recall@10".to_owned(), 0.1.into())];
    Statement {
        benchmark: StatedBenchmark {
            commitment: Some("ef".repeat(32)),
            gallery: "ab".repeat(32),
            name: "test".to_owned(),
            protocol: "original".to_owned(),
            queries: 6118,
            split: "test".to_owned(),
            targets: "hidden".to_owned(),
        },
        challenge: "fiq".to_owned(),
        marks: vec![],
        phase: "test".to_owned(),
        received_at: "2026-11-24T12:00:00Z".to_owned(),
        scorecard: StatedScores {
            categories: BTreeMap::from([("dress".to_owned(), BTreeMap::from(dress))]),
            overall: Some(0.1 + 0.2),
            part: crate::challenges::Part::All,
        },
        scored_at: Some("2026-11-24T12:00:01Z".to_owned()),
        scorer: 3,
        server: Some("https://fiq.example.org".to_owned()),
        shown_to: Audience::Team,
        signed_at: "2026-11-24T12:30:00Z".to_owned(),
        submission: "019ab5a0-0000-7000-8000-000000000000".to_owned(),
        upload_bytes: 1234,
        upload_sha256: "cd".repeat(32),
        version: VERSION,
    }
}

fn key() -> SigningKey {
    SigningKey::of_seed([7; 32])
}

fn receipt() -> Receipt {
    Receipt::sign(&statement(), &key()).unwrap()
}

/// Whether a file is a valid receipt.
fn is_valid(file: &[u8], trusted: Option<&[PublicKey]>) -> bool {
    Receipt::read(file).is_ok_and(|receipt| receipt.verify(trusted).is_ok())
}

#[test]
fn a_receipt_states_what_was_signed_and_its_keys_are_sorted() {
    let receipt = receipt();
    let read = Receipt::read(receipt.to_json().unwrap().as_bytes()).unwrap();
    assert_eq!(read, receipt);
    let stated = Stated::Submission(Box::new(statement()));
    assert_eq!(read.verify(None).unwrap(), stated);
    assert_eq!(read.verify(Some(&[key().public])).unwrap(), stated);
    // a `Value` sorts its keys
    let sorted: serde_json::Value = serde_json::from_str(&receipt.payload).unwrap();
    assert_eq!(receipt.payload, sorted.to_string());
    let sorted: serde_json::Value = serde_json::from_str(&receipt.to_json().unwrap()).unwrap();
    assert_eq!(receipt.to_json().unwrap(), sorted.to_string());
}

#[test]
fn the_same_key_and_statement_give_the_same_signature_everywhere() {
    assert_eq!(
        signed_bytes("a", "payload"),
        b"DSSEv1 1 a 7 payload",
        "the pre-authentication encoding"
    );
    // RFC 8032, section 7.1, test 2
    let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    let key = SigningKey::of_seed(hex::decode(seed).unwrap().try_into().unwrap());
    assert_eq!(key.public.public_key, "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=");
    let signature =
        "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==";
    assert_eq!(key.sign(b"r"), signature);
    assert!(key.public.verifies(b"r", signature) && !key.public.verifies(b"s", signature));
}

#[test]
fn a_forgery_is_unchanged_but_no_trusted_key_has_signed_it() {
    let forger = SigningKey::of_seed([8; 32]);
    let better = Statement { scorer: 99, ..statement() };
    let fake = Receipt::sign(&better, &forger).unwrap();
    assert!(fake.verify(None).is_ok(), "a key in the file shows no more than that");
    let said = fake.verify(Some(&[key().public])).unwrap_err();
    assert_eq!(said, Fault::UnknownKey(forger.public.id));
    // under the name of the trusted key
    let named = Receipt { key: key().public.id, ..fake.clone() };
    assert!(matches!(named.verify(Some(&[key().public])), Err(Fault::KeyId(_))));
    let taken = Receipt { public_key: key().public.public_key, ..named };
    assert_eq!(taken.verify(Some(&[key().public])), Err(Fault::Signature));
}

#[test]
fn a_signature_of_something_else_is_no_receipt() {
    let receipt = receipt();
    let other = Receipt { kind: "text/plain".to_owned(), ..receipt.clone() };
    assert!(matches!(other.verify(None), Err(Fault::Type(_))));
    let text = "{}".to_owned();
    let signature = key().sign(&signed_bytes(TYPE, &text));
    let unreadable = Receipt { payload: text, signature, ..receipt };
    assert!(matches!(unreadable.verify(None), Err(Fault::Payload(_))));
    let newer = Receipt::sign(&Statement { version: 2, ..statement() }, &key()).unwrap();
    assert_eq!(newer.verify(None), Err(Fault::Payload("version 2".to_owned())));
}

#[test]
fn a_retired_key_verifies_what_it_signed_before_and_nothing_later() {
    let retired = |at: &str| PublicKey { retired_at: Some(at.to_owned()), ..key().public };
    let receipt = receipt();
    assert!(receipt.verify(Some(&[retired("2026-11-24T12:31:00Z")])).is_ok());
    assert!(receipt.verify(Some(&[retired("2026-11-24T12:29:30Z")])).is_ok(), "it was signing");
    let said = receipt.verify(Some(&[retired("2026-11-24T12:00:00Z")])).unwrap_err().to_string();
    assert!(said.contains("2026-11-24T12:30:00Z") && said.contains("was retired at"), "{said}");
}

#[test]
fn a_cut_file_is_no_receipt_and_the_error_says_so() {
    let file = receipt().to_json().unwrap();
    for end in 0..file.len() {
        let error = Receipt::read(&file.as_bytes()[..end]).unwrap_err();
        assert!(error.detail.contains("cut off or damaged"), "{}", error.detail);
    }
}

proptest! {
    #[test]
    fn any_changed_byte_makes_a_receipt_invalid(at: prop::sample::Index, flipped in 1_u8..) {
        let mut file = receipt().to_json().unwrap().into_bytes();
        let at = at.index(file.len());
        file[at] ^= flipped;
        prop_assert!(!is_valid(&file, None));
        prop_assert!(!is_valid(&file, Some(&[key().public])));
    }
}
