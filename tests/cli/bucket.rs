//! Uploads in a bucket of an S3-compatible store.

use system_tests::{Bucket, Client, Program, World, files_of_uploads, free_port};

/// A server whose uploads are in a bucket, with a team.
fn served(bucket: &Bucket) -> (World, Program, Client) {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let serve = ["serve", "--storage", &bucket.url];
    let program = Program::serve_knowing(&world.data_dir(), &serve[1..], &bucket.variables());
    let client = Client::new(&program.address).with_token(&token);
    (world, program, client)
}

fn upload(client: &Client, rank: usize) -> u16 {
    let run = World::test().zipped(move |_| Some(rank));
    client.post(&Client::intake("test"), &run, &[]).unwrap().status
}

fn doctor(world: &World, bucket: &Bucket) -> (Option<i32>, String) {
    let arguments = ["doctor", "--storage", &bucket.url];
    let done = Program::run_with(&world.data_dir(), &arguments, &bucket.variables());
    (done.status.code(), String::from_utf8(done.stdout).unwrap())
}

#[test]
fn uploads_are_objects_of_a_bucket_and_one_that_is_missing_is_named() {
    let bucket = Bucket::start("challenge/one");
    let (world, program, client) = served(&bucket);
    assert_eq!([upload(&client, 5), upload(&client, 20), upload(&client, 5)], [201, 201, 200]);
    let keys = bucket.keys();
    assert_eq!(keys.iter().filter(|key| key.starts_with("challenge/one/uploads/")).count(), 3);
    assert!(keys.contains(&"challenge/one/uploads/.identity".to_owned()), "{keys:?}");
    let files = files_of_uploads(&world.data_dir().join("uploads"));
    assert!(files.iter().all(|name| name.len() != 36), "{files:?}");
    let said = doctor(&world, &bucket).1;
    for line in ["identity: database and uploads belong", "every upload belongs to a submission"] {
        assert!(said.contains(line), "{said}");
    }

    // a backup holds the objects
    let file = world.path().join("night.tar").display().to_string();
    let backup = ["backup", &file, "--storage", &bucket.url];
    let done = Program::run_with(&world.data_dir(), &backup, &bucket.variables());
    let told = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && told.contains("2 submissions, 2 uploads"), "{told}");

    assert_eq!(program.terminate(), Some(0));

    // an object that is gone is named
    let gone = keys.iter().find(|key| key.len() == "challenge/one/uploads/".len() + 36).unwrap();
    bucket.delete(gone);
    let (code, said) = doctor(&world, &bucket);
    assert_eq!(code, Some(1));
    assert!(said.contains("the uploads of 1 submissions are missing"), "{said}");
    assert!(said.contains(&gone[gone.len() - 36..]), "{said}");
}

#[test]
fn an_upload_that_the_store_does_not_take_leaves_no_row() {
    let mut bucket = Bucket::start("");
    let (_world, program, client) = served(&bucket);
    assert_eq!(upload(&client, 5), 201);
    bucket.stop();
    assert_eq!(upload(&client, 6), 500);
    let own = client.get(&Client::intake("test"));
    assert_eq!(own.json["submissions"].as_array().unwrap().len(), 1, "{}", own.text);
    assert_eq!(program.terminate(), Some(0));
}

#[test]
fn a_bucket_that_can_not_be_used_is_refused_in_one_sentence_before_anything_is_accepted() {
    let bucket = Bucket::start("");
    let world = World::new("");
    let serve = |storage: &str, variables: &[(&str, &str)]| {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--storage", storage];
        let done = Program::run_with(&world.data_dir(), &arguments, variables);
        assert_eq!(done.status.code(), Some(2));
        String::from_utf8(done.stderr).unwrap()
    };
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let nowhere: Vec<_> = bucket
        .variables()
        .into_iter()
        .map(|(name, value)| (name, if name == "AWS_ENDPOINT_URL" { &*nobody } else { value }))
        .collect();
    for (said, sentence) in [
        (serve("/mnt/uploads", &bucket.variables()), "must be a URL such as s3://"),
        (serve("s3://other", &bucket.variables()), "there is no such bucket"),
        (serve(&bucket.url, &nowhere), "check AWS_ENDPOINT_URL"),
    ] {
        assert!(said.contains("setting `storage`") && said.contains(sentence), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(!said.contains("hush"), "{said}");
    }
}
