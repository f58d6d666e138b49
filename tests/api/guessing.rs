//! Guessing passwords is stopped, without locking out honest people.

use domain::accounts::{self, Email};
use system_tests::{Browser, Client, PASSWORD, Tester};
use tokio::task::JoinSet;

const FORM: &str = "application/x-www-form-urlencoded";

/// Signs in from an address that a proxy names; returns the status.
async fn sign_in(client: &Client, from: &str, email: &str, password: &str) -> u16 {
    let (client, from) = (client.clone(), from.to_owned());
    let body =
        format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
    let headers = move || {
        let headers = [("X-Forwarded-For", from.as_str()), ("Content-Type", FORM)];
        client.post("/sign-in", body.as_bytes(), &headers).unwrap().status
    };
    tokio::task::spawn_blocking(headers).await.unwrap()
}

async fn sign_up(client: &Client, from: &str, email: &str) -> u16 {
    let (client, from) = (client.clone(), from.to_owned());
    let body = format!("name=New&email={}&password=a+velvet+hanger", email.replace('@', "%40"));
    let sent = move || {
        let headers = [("X-Forwarded-For", from.as_str()), ("Content-Type", FORM)];
        client.post("/sign-up", body.as_bytes(), &headers).unwrap().status
    };
    tokio::task::spawn_blocking(sent).await.unwrap()
}

/// A server behind a proxy on this machine.
async fn behind_proxy() -> Tester {
    Tester::with("", |settings| {
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

/// Persons of the same password, who are made quickly.
async fn class(tester: &Tester, count: usize) -> Vec<String> {
    let (db, now) = (&tester.app.db, tester.app.ambient.now());
    let hash = tester.app.passwords.hash(&tester.app.ambient, PASSWORD).await.unwrap();
    let mut addresses = Vec::new();
    for n in 0..count {
        let email = Email::read(&format!("student{n}@example.org")).unwrap();
        let name = format!("Student {n}");
        accounts::new_user(db, &email, &name, Some(hash.clone()), Some(now), now).await.unwrap();
        addresses.push(email.to_string());
    }
    addresses
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_once_pass_no_limit_and_what_is_refused_is_not_worked_on() {
    let tester = Tester::start().await;
    tester.person("Ada").await;
    let before = tester.app.passwords.worked();
    let mut guesses = JoinSet::new();
    for n in 0..35 {
        let client = tester.anyone.clone();
        guesses.spawn(async move {
            sign_in(&client, "", "ada@example.org", &format!("a wrong one {n}")).await
        });
    }
    let statuses = guesses.join_all().await;
    let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(401), count(429)), (10, 25), "{statuses:?}");
    assert_eq!(tester.app.passwords.worked() - before, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_password_is_no_guess() {
    let tester = Tester::start().await;
    tester.person("Ada").await;
    for _ in 0..12 {
        let status = sign_in(&tester.anyone, "", "ada@example.org", PASSWORD).await;
        assert_eq!(status, 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_with_a_password_counts_guesses() {
    for (path, field) in [("/account/delete", "password"), ("/account/password", "old")] {
        let tester = Tester::start().await;
        let mut ada = tester.person("Ada").await;
        for n in 0..11 {
            let guess = format!("a wrong one {n}");
            let typed = [(field, guess.as_str()), ("runs", "keep")];
            let answer = ada.post(path, &typed).await;
            assert_eq!(answer.status, if n < 10 { 400 } else { 429 }, "{path} {n}");
            assert_eq!(answer.retry_after.is_some(), n == 10, "{path}: when to come again");
        }
        let right = [(field, PASSWORD), ("runs", "keep")];
        assert_eq!(ada.post(path, &right).await.status, 429, "{path}");
        // a stranger's limit is another one
        let status = sign_in(&tester.anyone, "", "ada@example.org", PASSWORD).await;
        assert_eq!(status, 303, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_of_strangers_do_not_lock_the_owner_out() {
    let tester = Tester::start().await;
    let mut own = tester.person("Ada").await;
    own.post("/sign-out", &[]).await;
    let mut stranger = Browser::new(&tester);
    for n in 0..10 {
        let guess = format!("a wrong one {n}");
        let typed = [("email", "ada@example.org"), ("password", guess.as_str())];
        assert_eq!(stranger.post("/sign-in", &typed).await.status, 401);
    }
    let right = [("email", "ada@example.org"), ("password", PASSWORD)];
    let refused = stranger.post("/sign-in", &right).await;
    assert_eq!((refused.status, refused.retry_after.is_some()), (429, true));
    assert_eq!(own.post("/sign-in", &right).await.status, 303, "in her own browser she can");

    // another person's browser is a stranger's here, and so is a made-up one
    let mut eve = tester.person("Eve").await;
    assert_eq!(eve.post("/sign-in", &right).await.status, 429);
    stranger.set_cookie("fiq_device", &"0".repeat(64));
    assert_eq!(stranger.post("/sign-in", &right).await.status, 429);
    // in her own browser guesses are counted too
    own.post("/sign-out", &[]).await;
    for n in 0..10 {
        let guess = format!("a wrong one {n}");
        let typed = [("email", "ada@example.org"), ("password", guess.as_str())];
        assert_eq!(own.post("/sign-in", &typed).await.status, 401);
    }
    assert_eq!(own.post("/sign-in", &right).await.status, 429);
    // and another password makes all her browsers strangers but the one that chose it
    tester.clock.advance(901);
    assert_eq!(own.post("/sign-in", &right).await.status, 303);
    let mut other = Browser::new(&tester);
    assert_eq!(other.post("/sign-in", &right).await.status, 303);
    let changed = [("old", PASSWORD), ("password", "seven buttons and a zip")];
    assert_eq!(own.post("/account/password", &changed).await.status, 303);
    for n in 0..10 {
        sign_in(&tester.anyone, "", "ada@example.org", &format!("a wrong one {n}")).await;
    }
    let new = [("email", "ada@example.org"), ("password", "seven buttons and a zip")];
    assert_eq!(other.post("/sign-in", &new).await.status, 429);
    assert_eq!(own.post("/sign-in", &new).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_refused_as_common_counts_for_its_address() {
    let tester = Tester::with("", |settings| settings.attempts.mails_per_address = 3).await;
    let common = |n: usize| {
        let client = tester.anyone.clone();
        tokio::task::spawn_blocking(move || {
            let body = format!("name=New&email=new{n}%40example.org&password=password12");
            client.post("/sign-up", body.as_bytes(), &[("Content-Type", FORM)]).unwrap().status
        })
    };
    let before = tester.app.passwords.worked();
    let mut statuses = Vec::new();
    for n in 0..6 {
        statuses.push(common(n).await.unwrap());
    }
    assert_eq!(statuses, [400, 400, 400, 429, 429, 429]);
    assert_eq!(tester.app.passwords.worked() - before, 3);
    // the mailbox's limit is unused: she still gets a mail from another address
    tester.clock.advance(3601);
    for _ in 0..3 {
        assert_eq!(sign_up(&tester.anyone, "", "new0@example.org").await, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_on_one_accounts_passwords_has_a_bound() {
    let tester = Tester::start().await;
    tester.person("Ada").await;
    let before = tester.app.passwords.worked();
    let mut right = JoinSet::new();
    for _ in 0..150 {
        let client = tester.anyone.clone();
        right.spawn(async move { sign_in(&client, "", "ada@example.org", PASSWORD).await });
    }
    let statuses = right.join_all().await;
    let signed_in = statuses.iter().filter(|status| **status == 303).count();
    assert!(signed_in <= 120, "{signed_in}");
    assert!(tester.app.passwords.worked() - before <= 120);
    tester.clock.advance(901);
    assert_eq!(sign_in(&tester.anyone, "", "ada@example.org", PASSWORD).await, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_others_cause_leave_the_owner_theirs() {
    let tester = behind_proxy().await;
    let victim = "ada@example.org";
    for _ in 0..4 {
        assert_eq!(sign_up(&tester.anyone, "192.0.2.66", victim).await, 200);
    }
    assert_eq!(sign_up(&tester.anyone, "192.0.2.66", victim).await, 429);
    assert_eq!(sign_up(&tester.anyone, "192.0.2.7", victim).await, 200, "her own");
    // a mailbox is not flooded all the same
    let mut sent = 5;
    for n in 0..10 {
        for _ in 0..4 {
            sent +=
                u32::from(sign_up(&tester.anyone, &format!("198.51.100.{n}"), victim).await == 200);
        }
    }
    assert_eq!(sent, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_of_an_address_counts_as_one() {
    let tester = behind_proxy().await;
    for n in 0..5 {
        let from = format!("2001:db8:0:1::{n}");
        let wanted = if n < 4 { 200 } else { 429 };
        assert_eq!(sign_up(&tester.anyone, &from, "ada@example.org").await, wanted);
    }
    assert_eq!(sign_up(&tester.anyone, "2001:db8:0:2::1", "ada@example.org").await, 200);
}

/// A class behind one address, with the settings as they are.
#[tokio::test(flavor = "multi_thread")]
async fn a_class_behind_one_address_signs_up_and_in_at_once() {
    let tester = Tester::start().await;
    let students = class(&tester, 60).await;
    // some have forgotten theirs
    for n in 0..50 {
        let address = format!("nobody{n}@example.org");
        assert_eq!(sign_in(&tester.anyone, "", &address, "something else").await, 401);
    }
    let mut signing_in = JoinSet::new();
    for address in students {
        let client = tester.anyone.clone();
        signing_in.spawn(async move { sign_in(&client, "", &address, PASSWORD).await });
    }
    assert_eq!(signing_in.join_all().await, [303; 60]);
    let mut signing_up = JoinSet::new();
    for n in 0..60 {
        let client = tester.anyone.clone();
        signing_up.spawn(async move { sign_up(&client, "", &format!("new{n}@example.org")).await });
    }
    assert_eq!(signing_up.join_all().await, [200; 60]);
}
