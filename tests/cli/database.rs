//! `fashion-iq database copy`, and what is said about a database that can't be used.

use std::process::Output;

use system_tests::{Client, PostgresServer, Program, World, free_port};

fn run(world: &World, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = Program::run(&world.data_dir(), arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_challenge_moves_from_a_sqlite_file_to_postgresql_with_everything_in_it() {
    let world = World::always_open("total = 3");
    let token = world.with_a_team("Atelier");
    let data = world.data_dir();
    let program = Program::serve(&data);
    let client = Client::new(&program.address).with_token(&token);
    for rank in [5, 20] {
        let sent = client.post(&Client::intake("test"), &World::test().zipped(|_| Some(rank)), &[]);
        assert_eq!(sent.unwrap().status, 201);
    }
    let pages =
        ["/api/v1/challenges/fiq/phases/test/leaderboard", "/c/fiq", &Client::intake("test")];
    let shown = |client: &Client| pages.map(|page| client.get(page).text);
    let before = shown(&client);
    program.terminate();

    let file = data.join("fashion-iq.sqlite").display().to_string();
    let url = PostgresServer::shared().empty_database("moved");
    let (code, said, errors) = run(&world, &["database", "copy", &file, &url]);
    assert_eq!(code, Some(0), "{said}{errors}");
    for line in ["         2  submission\n", "         1  challenge\n", "all are the same"] {
        assert!(said.contains(line), "{line}: {said}");
    }

    let program = Program::serve_with(&data, &["--database", &url]);
    let client = Client::new(&program.address).with_token(&token);
    assert_eq!(shown(&client), before);
    let post = |rank| {
        let run = World::test().zipped(move |_| Some(rank));
        client.post(&Client::intake("test"), &run, &[]).unwrap().status
    };
    assert_eq!([post(5), post(30), post(40)], [200, 201, 429], "limits and repeats are as before");
    program.terminate();

    let (code, _, said) = run(&world, &["database", "copy", &file, &url]);
    assert_eq!(code, Some(2));
    assert!(said.contains("is not empty") && said.contains("nothing was changed"), "{said}");
    // and back again
    let back = world.path().join("back.sqlite").display().to_string();
    let (code, said, errors) = run(&world, &["database", "copy", &url, &back, "--json"]);
    assert_eq!(code, Some(0), "{said}{errors}");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["tables"]["submission"], 3);
}

#[test]
fn a_database_that_can_not_be_used_is_refused_in_one_sentence_without_the_password() {
    let world = World::new("");
    let server = PostgresServer::shared();
    let (good, nobody) = (server.url("postgres"), free_port());
    let wrong = good.replace("only-here", "hush");
    for (url, sentence) in [
        ("postgres://ada:hush@127.0.0.1".to_owned(), "must name a database"),
        ("mysql://ada:hush@127.0.0.1/fiq".to_owned(), "must be a URL such as postgres://"),
        (format!("postgres://ada:hush@127.0.0.1:{nobody}/fiq"), "can't be reached"),
        (wrong, "check user and password"),
        (server.url("nowhere"), "create it with `createdb"),
        (format!("{good}?sslmode=require"), "check sslmode"),
    ] {
        let (code, _, said) = run(&world, &["serve", "--database", &url]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("setting `database`") && said.contains(sentence), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(!said.contains("hush") && !said.contains("only-here"), "{said}");
    }
    let shown = run(&world, &["config", "check", "--database", &good]).1;
    assert!(shown.contains("(hidden)@127.0.0.1") && !shown.contains("only-here"), "{shown}");
}
