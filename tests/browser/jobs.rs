//! The main jobs of people, each in a browser from start to end, with realistic texts.

use std::fs;

use dataset::Query;
use domain::entities::role::Role;
use serde_json::{Value, json};
use system_tests::{PASSWORD, Program, Questions, Tester, unzip, zip};

use crate::chromium::{ask, sign_in};
use crate::person::Person;

/// Several lines, signs, emoji, another script and a word that is too long for a phone.
const TEXT: &str = "# Be fair ✨\n\n1. One account a person — please.\n2. Не подглядывать 👀\n\n\
                    <b>\"quoted\" & 'so'</b>\n\nLlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch";

/// The link of the last mail to an address.
async fn mailed(tester: &Tester, address: &str, what: &str) -> String {
    let mail = tester.mail_to(address).await;
    let link = mail.lines().find(|line| line.contains(what));
    link.unwrap_or_else(|| panic!("no {what} in {mail}")).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_becomes_a_member_by_way_of_submit() {
    let tester = Tester::start().await;
    let zoe = Person::new(&tester).await;
    zoe.open("/c/fiq/test").await;
    let head: String = ask(&zoe.page, "document.querySelector('.visitor').innerText").await;
    assert!(head.contains("Sign in") && head.contains("Sign up"), "{head}");
    zoe.press("a[href=\"/c/fiq/test/submit\"]").await;
    zoe.press("main a[href^=\"/sign-up\"]").await;
    zoe.fill("#name", "Zoë Ångström 👗").await;
    zoe.fill("#email", "zoe@example.org").await;
    zoe.fill("#password", "short").await;
    zoe.press("form.main button").await;
    zoe.reads("10").await;
    assert_eq!(zoe.value("#name").await, "Zoë Ångström 👗", "what was typed is kept");
    zoe.fill("#password", PASSWORD).await;
    zoe.press("form.main button").await;
    zoe.open(&mailed(&tester, "zoe@example.org", "/confirm/").await).await;
    zoe.fill("#password", PASSWORD).await;
    zoe.press("form.main button").await;
    zoe.reads("Your address is confirmed").await;
    zoe.tick("#accept").await;
    zoe.press("form.main button").await;
    zoe.reads("You are taking part").await;
    zoe.fill("#name", "Fil rouge 🧵").await;
    zoe.press("form.main button").await;
    zoe.reads("Your team is created").await;
    let there = zoe.page.url().await.unwrap().unwrap();
    assert!(there.ends_with("/c/fiq/test/submit"), "{there}");
    let file = tester.world.path().join("run.zip");
    fs::write(&file, tester.test.zipped(|_| Some(1))).unwrap();
    zoe.upload(&file).await;
    zoe.reads("100.00").await;
    let head: String = ask(&zoe.page, "document.querySelector('.visitor').innerText").await;
    assert!(head.contains("Zoë") && !head.contains("Sign in"), "{head}");

    // withdrawing asks first, and is said afterwards
    let form = "form[action$=\"/withdraw\"]";
    zoe.open_question(form).await;
    zoe.reads("You can restore it later").await;
    zoe.press(&format!("{form} button")).await;
    zoe.reads("The submission is withdrawn").await;
    zoe.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_downloads_the_data_scores_offline_and_uploads_the_same_score() {
    let tester = Tester::start().await;
    tester.member("Zoe", Some("Atelier")).await;
    let zoe = Person::new(&tester).await;
    sign_in(&zoe.page, &tester, "zoe@example.org").await;

    let home = tester.world.path().join("home");
    zoe.open("/c/fiq/dev/take-part").await;
    let archive = zoe.download("a.button[href$=\"/data\"]", &home).await;
    for (name, contents) in unzip(&fs::read(archive).unwrap()) {
        let path = home.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    // every second target is found, and the targets are known from the download alone
    let questions = Questions::read(&home, "val", None);
    let run = home.join("run.zip");
    fs::write(&run, questions.zipped(|q| Some(if q % 2 == 0 { 3 } else { 30 }))).unwrap();
    let arguments = ["score", run.to_str().unwrap(), "--split", "val", "--data"];
    let arguments: Vec<&str> = arguments.into_iter().chain(home.to_str()).collect();
    let offline = Program::run(&home, &arguments);
    let table = String::from_utf8(offline.stdout).unwrap();
    zoe.open("/c/fiq/dev/submit").await;
    zoe.fill("#method", "nearest garments 👗").await;
    zoe.upload(&run).await;
    let heading: String = ask(&zoe.page, "document.querySelector('h1').innerText").await;
    let score = heading.split_whitespace().next().unwrap();
    assert!(table.contains(score), "{heading} on the page, and offline:\n{table}");

    // five wrong files, and one sentence for each
    let object = "{\"candidate\": \"B001\", \"ranking\": [\"B002\"]}\n";
    let positions: Vec<usize> = (0..60).collect();
    let positions: serde_json::Value = questions
        .groups()
        .iter()
        .map(|group| {
            let answer = |query: &Query| {
                json!({ "candidate": query.reference.as_str(), "ranking": positions })
            };
            (group.name.clone(), group.queries.iter().map(answer).collect::<Value>())
        })
        .collect::<serde_json::Map<_, _>>()
        .into();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    let whole = fs::read(&run).unwrap();
    let nested = zip([("dress.zip", whole.as_slice()), ("shirt.zip", &whole)]);
    for (name, contents, leads, sentence) in [
        (
            "test.zip",
            tester.test.zipped(|_| Some(1)),
            "This submission is for another split",
            "made for split test, but this is split val",
        ),
        (
            "run.jsonl",
            object.repeat(50).into_bytes(),
            "This is JSON Lines, not JSON",
            "write all objects as one array",
        ),
        (
            "run.json",
            positions.to_string().into_bytes(),
            "The rankings have positions instead of ids",
            "write item ids, not positions in the gallery",
        ),
        ("pointer.zip", pointer.into(), "This is a git-lfs pointer, not the file", "git lfs pull"),
        (
            "nested.zip",
            nested,
            "An archive inside an archive",
            "contains other zips (dress.zip, shirt.zip)",
        ),
    ] {
        let file = home.join(name);
        fs::write(&file, contents).unwrap();
        zoe.open("/c/fiq/dev/submit").await;
        zoe.upload(&file).await;
        let first: String = ask(&zoe.page, "document.querySelector('.problem h3').innerText").await;
        assert_eq!(first, leads, "{name}");
        zoe.reads(sentence).await;
    }
    zoe.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_invited_opens_the_invitation_once_and_is_in_the_team() {
    let tester = Tester::start().await;
    let ada = Person::new(&tester).await;
    ada.sign_up(&tester, "Ada", "ada@example.org").await;
    ada.open("/c/fiq/team").await;
    ada.tick("#accept").await;
    ada.press("form.main button").await;
    ada.fill("#name", "Atelier").await;
    ada.press("form.main button").await;
    ada.fill("#invite-email", "eve@example.org").await;
    ada.press("form[action$=\"/team/invites\"] button").await;
    let eve = Person::new(&tester).await;
    eve.open(&mailed(&tester, "eve@example.org", "/invites/").await).await;
    eve.reads("Ada invites you to join the team “Atelier”").await;
    eve.press("main a[href^=\"/sign-up\"]").await;
    eve.fill("#name", "Eve").await;
    eve.fill("#email", "eve@example.org").await;
    eve.fill("#password", PASSWORD).await;
    eve.press("form.main button").await;
    eve.open(&mailed(&tester, "eve@example.org", "/confirm/").await).await;
    eve.fill("#password", PASSWORD).await;
    eve.press("form.main button").await;
    eve.reads("Ada invites you to join the team “Atelier”").await;
    eve.tick("#accept").await;
    eve.press("form.main button").await;
    eve.reads("You are in the team").await;
    eve.reads("Ada").await;
    eve.leave().await;
    ada.leave().await;
}

const DEFINITION: &str = "/c/fiq/organise/definition";
const PHASE: &str = "/c/fiq/organise/phases/test";

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_changes_every_form_once_and_nothing_else_changes() {
    let tester = Tester::start().await;
    tester.member("Ada", Some("Atelier")).await;
    tester.organiser("Olga", Role::Owner).await;
    tester.person("Otto").await;
    let olga = Person::new(&tester).await;
    sign_in(&olga.page, &tester, "olga@example.org").await;
    changes_the_definition(&olga).await;
    changes_each_field_of_a_phase(&olga).await;
    let challenge = domain::challenges::find(&tester.app.db, "fiq").await.unwrap();
    assert_eq!((challenge.rules_version, challenge.rules.trim()), (2, TEXT));
    decides_on_teams_and_people(&olga).await;
    announces_and_takes_back(&olga).await;
    undoes_a_change(&olga).await;

    olga.open("/account").await;
    olga.fill("#person-name", "Olga Ñandú 🪡").await;
    olga.press("form[action=\"/account/name\"] button").await;
    olga.reads("Saved").await;
    let head: String = ask(&olga.page, "document.querySelector('.visitor').innerText").await;
    assert!(head.contains("Organise") && head.contains("Ñandú"), "{head}");
    for (path, name) in [
        (PHASE, "jobs-phase"),
        (DEFINITION, "jobs-definition"),
        ("/c/fiq/rules", "jobs-rules"),
        ("/c/fiq/team", "jobs-team"),
    ] {
        olga.look_at(path, name).await;
    }
    olga.leave().await;
}

/// Nothing first, then the rules, then nothing again.
async fn changes_the_definition(olga: &Person) {
    let send = format!("form[action=\"{DEFINITION}\"] button");
    olga.open(DEFINITION).await;
    olga.press(&send).await;
    olga.reads("This changes nothing").await;
    let toml = olga.value("#definition").await;
    let with_rules: Vec<String> = toml
        .lines()
        .map(|line| {
            if line.starts_with("rules = ") {
                format!("rules = '''\n{TEXT}\n'''")
            } else {
                line.into()
            }
        })
        .collect();
    olga.paste("#definition", &with_rules.join("\n")).await;
    olga.press(&send).await;
    olga.reads("everyone is asked to accept version 2 of the rules").await;
    olga.fill("#reason", "the workshop’s lawyers ⚖️").await;
    olga.press(&send).await;
    olga.reads("The changes are applied").await;
    olga.press(&send).await;
    olga.reads("This changes nothing").await;
}

/// Nothing, one field wrongly, then each field alone.
async fn changes_each_field_of_a_phase(olga: &Person) {
    let save = format!("form[action=\"{PHASE}\"] button");
    let send = format!("form[action=\"{DEFINITION}\"] button");
    olga.open(PHASE).await;
    olga.press(&save).await;
    olga.reads("This changes nothing").await;
    olga.fill("#opens", "tomorrow").await;
    olga.press(&save).await;
    olga.reads("such as 2026-11-24 12:00").await;
    for (field, value, said) in [
        ("#title", "Test 👗 — 最終", "title"),
        ("#opens", "2026-11-02 10:30", "opens"),
        ("#closes", "2027-02-03 04:05", "closes"),
        ("#freezes", "2027-01-05 00:00", "freezes"),
        ("#reveals", "2027-03-05 00:00", "reveals"),
        ("#per_day", "7", "limits.per_day"),
        ("#total", "70", "limits.total"),
        ("#at_once", "3", "limits.at_once"),
        ("#invalid_per_day", "9", "limits.invalid_per_day"),
        ("#reset_hour", "5", "reset.hour"),
        ("#reset_zone", "Europe/Berlin", "reset.zone"),
        ("#finals", "2", "finals"),
    ] {
        olga.open(PHASE).await;
        olga.paste(field, value).await;
        olga.press(&save).await;
        let changed: Vec<String> = ask(
            &olga.page,
            "[...document.querySelectorAll('#plan td:nth-child(2) bdi')].map(e => e.innerText)",
        )
        .await;
        assert_eq!(changed, [said], "{field}");
        olga.fill("#reason", "it was time").await;
        olga.press(&send).await;
        olga.reads("The changes are applied").await;
        olga.open(PHASE).await;
        assert_eq!(olga.value(field).await, value);
        olga.press(&save).await;
        olga.reads("This changes nothing").await;
    }
}

async fn decides_on_teams_and_people(olga: &Person) {
    olga.open("/c/fiq/organise/teams").await;
    // a browser sends nothing where the reason is empty
    let empty = "document.querySelector('form[action$=\"/teams/kind\"]').checkValidity()";
    assert!(!ask::<bool>(&olga.page, empty).await);
    olga.for_a_reason("/teams/kind", "they asked 🙏").await;
    olga.reads("Done, and recorded in the log.").await;
    olga.fill("#grant-per_day", "2").await;
    olga.for_a_reason("/organise/grants", "a broken disk").await;
    olga.reads("Granted").await;
    olga.reads("2 a day").await;
    olga.for_a_reason("/grants/revoke", "it works again").await;
    olga.reads("Removed.").await;
    olga.open("/c/fiq/organise/people").await;
    olga.fill("#role-email", "otto@example.org").await;
    olga.for_a_reason("/people/role", "helps out").await;
    olga.reads("The role was changed").await;
    olga.paste("select[name=\"state\"]", "refused").await;
    olga.for_a_reason("/people/decide", "wrote to us").await;
    olga.reads("Done, and recorded in the log.").await;
}

async fn announces_and_takes_back(olga: &Person) {
    olga.open("/c/fiq/organise/news").await;
    olga.fill("#title", "News 📣").await;
    olga.paste("#text", TEXT).await;
    olga.press("form.main button").await;
    olga.reads("Your announcement is on the news page").await;
    olga.open("/c/fiq/news").await;
    olga.reads("Не подглядывать").await;
    olga.open("/c/fiq/organise/news").await;
    olga.for_a_reason("/remove", "a typo").await;
    olga.reads("Removed.").await;
}

/// The log shows what was done, and undoing asks first.
async fn undoes_a_change(olga: &Person) {
    olga.open("/c/fiq/organise/log?action=change-team").await;
    olga.press("a[href$=\"/undo\"]").await;
    olga.reads("What undoing this changes").await;
    olga.fill("#reason", "a mistake").await;
    olga.press("form.main button").await;
    olga.reads("Undone, and recorded in the log.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_is_founded_and_sees_where_to_go() {
    let tester = Tester::empty().await;
    let olga = Person::new(&tester).await;
    olga.set_up(&tester, "Olga", "olga@example.org").await;
    olga.reads("New challenge").await;
    let head: String = ask(&olga.page, "document.querySelector('.visitor').innerText").await;
    assert!(head.contains("Organise"), "{head}");
    olga.leave().await;
}
