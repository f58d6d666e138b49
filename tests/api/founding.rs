//! A server without organisers.

use std::path::Path;

use system_tests::{Browser, Client, PASSWORD, Program, Tester, World};

const FORM: [(&str, &str); 1] = [("Content-Type", "application/x-www-form-urlencoded")];

/// The link that a mail or the first start has left in the log.
fn logged(log: &Path, what: &str) -> String {
    system_tests::wait_for(&format!("{what} is in {}", log.display()), || {
        let text = std::fs::read_to_string(log).unwrap();
        let rest = text.split(what).nth(1).filter(|rest| rest.len() > 64)?;
        Some(format!("{what}{}", &rest[..64]))
    })
}

fn output(data_dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let ran = Program::run(data_dir, arguments);
    let told = [ran.stdout, ran.stderr].concat();
    (ran.status.code(), String::from_utf8(told).unwrap())
}

#[test]
fn the_first_start_logs_a_link_that_makes_the_owner_once() {
    let world = World::always_open("");
    let (data_dir, log) = (world.data_dir(), world.path().join("log"));
    let program = Program::serve_logging(&data_dir, &log);
    let link = logged(&log, "/set-up/");
    let client = Client::new(&program.address);
    assert_eq!(client.get(&link).status, 200);
    let typed = "name=Olga&email=olga%40example.org&password=a+velvet+hanger";
    let founded = client.post(&link, typed.as_bytes(), &FORM).unwrap();
    assert_eq!((founded.status, founded.location.as_deref()), (303, Some("/organise")));
    let again = client.post(&link, typed.as_bytes(), &FORM).unwrap();
    assert_eq!(again.status, 410, "{}", again.text);

    // a person signs up; without a mail server the link is in the log
    let typed = "name=Eve&email=eve%40example.org&password=a+velvet+hanger";
    let sent = client.post("/sign-up", typed.as_bytes(), &FORM).unwrap();
    assert!(sent.text.contains("printed in its log"), "{}", sent.text);
    let confirm = logged(&log, "/confirm/");
    let confirmed = client.post(&confirm, b"password=a+velvet+hanger", &FORM).unwrap();
    assert_eq!(confirmed.status, 303, "{}", confirmed.text);

    // and is made an organiser on the machine, of a challenge or of all
    let definition = world.definition().display().to_string();
    assert_eq!(output(&data_dir, &["challenge", "apply", &definition]).0, Some(0));
    let of_one = ["user", "promote", "Eve@example.org", "--role", "auditor", "--challenge", "fiq"];
    let (code, told) = output(&data_dir, &of_one);
    assert_eq!((code, told.trim()), (Some(0), "eve@example.org is auditor of fiq"));
    let (code, told) = output(&data_dir, &["user", "promote", "eve@example.org"]);
    assert_eq!((code, told.trim()), (Some(0), "eve@example.org is owner of all challenges"));
    let (code, told) = output(&data_dir, &["user", "promote", "nobody@example.org"]);
    assert!(code == Some(2) && told.contains("nobody@example.org"), "{told}");
    let (code, told) =
        output(&data_dir, &["user", "promote", "eve@example.org", "--challenge", "none"]);
    assert!(code == Some(2) && told.contains("none"), "{told}");

    another_address(&data_dir, &client);

    assert_eq!(program.terminate(), Some(0));
    let program = Program::serve_logging(&data_dir, &log);
    assert_eq!(Client::new(&program.address).get("/sign-in").status, 200);
    assert_eq!(program.terminate(), Some(0));
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(!log.contains("set-up"), "there is an owner: {log}");
}

/// Eve has lost her mailbox: the operator gives her account another address.
fn another_address(data_dir: &Path, client: &Client) {
    let set = |old: &str, new: &str| self::output(data_dir, &["user", "set-email", old, new]);
    let sign_in = |email: &str| {
        let typed = format!("email={email}&password=a+velvet+hanger");
        client.post("/sign-in", typed.as_bytes(), &FORM).unwrap().status
    };
    let (code, output) = set("Eve@example.org", "eve+new@example.net");
    let expected = "changed eve@example.org to eve+new@example.net";
    assert_eq!((code, output.trim()), (Some(0), expected));
    assert_eq!(sign_in("eve%40example.org"), 401);
    assert_eq!(sign_in("eve%2Bnew%40example.net"), 303);
    let (code, output) = set("eve+new@example.net", "olga@example.org");
    assert!(code == Some(2) && output.contains("belongs to another account"), "{output}");
    let (code, output) = set("eve@example.org", "eve@example.net");
    assert!(code == Some(2) && output.contains("eve@example.org"), "{output}");
    assert_eq!(set("eve+new@example.net", "no address").0, Some(2));
    assert_eq!(sign_in("eve%2Bnew%40example.net"), 303, "nothing has changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_link_ends_with_the_next_one_with_the_day_and_with_the_first_owner() {
    let tester = Tester::start().await;
    let link = async || {
        let link = domain::accounts::set_up_link(&tester.app).await.unwrap();
        link.unwrap().replace(&tester.address, "")
    };
    let mut browser = Browser::new(&tester);
    let first = link().await;
    assert_eq!(browser.get(&first).await.status, 200);
    let second = link().await;
    assert_eq!(browser.get(&first).await.status, 410);
    tester.clock.advance(86_400);
    assert_eq!(browser.get(&second).await.status, 410);

    let third = link().await;
    let typed = [("name", "Olga"), ("email", "olga@example.org"), ("password", "1234567890")];
    let refused = browser.post(&third, &typed).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("value=\"olga@example.org\""), "what was typed is kept");
    // ten at once: one owns the server
    let found = |n: usize| {
        let (mut browser, third) = (Browser::new(&tester), third.clone());
        let email = format!("olga{n}@example.org");
        tokio::spawn(async move {
            let typed = [("name", "Olga"), ("email", &*email), ("password", PASSWORD)];
            browser.post(&third, &typed).await.status
        })
    };
    let mut statuses = Vec::new();
    for founded in (0..10).map(found).collect::<Vec<_>>() {
        statuses.push(founded.await.unwrap());
    }
    statuses.sort_unstable();
    let wanted: Vec<u16> = [303].into_iter().chain([410; 9]).collect();
    assert_eq!(statuses, wanted);
    assert!(domain::accounts::set_up_link(&tester.app).await.unwrap().is_none());
}

#[test]
fn checking_the_settings_prints_no_secret() {
    let world = World::always_open("");
    let file = world.path().join("server.toml");
    let text = "smtp = \"smtps://ada:hush@mail.example.org\"\nmail_from = \"a@example.org\"\n\n\
                [[oidc]]\nname = \"campus\"\nissuer = \"https://id.example.org\"\n\
                client_id = \"fashion-iq\"\nclient_secret = \"hush too\"\n";
    std::fs::write(&file, text).unwrap();
    for format in [&[][..], &["--json"]] {
        let config = file.display().to_string();
        let arguments = [&["config", "check", "--config", config.as_str()], format].concat();
        let (code, told) = output(&world.data_dir(), &arguments);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("mail.example.org") && told.contains("id.example.org"), "{told}");
        assert!(!told.contains("hush") && told.contains("(hidden)"), "{told}");
    }
}
