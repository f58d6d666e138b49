//! A challenge as code: applying it first shows what will change, and then does exactly that.

use std::fs;

use serde_json::Value;
use system_tests::{Client, Program, World};

/// What a command has come to.
struct Told {
    code: Option<i32>,
    out: String,
    error: String,
}

fn challenge(world: &World, arguments: &[&str]) -> Told {
    let output = Program::run(&world.data_dir(), &[&["challenge"][..], arguments].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Told { code: output.status.code(), out: text(output.stdout), error: text(output.stderr) }
}

fn apply(world: &World, options: &[&str]) -> Told {
    let file = world.definition().display().to_string();
    challenge(world, &[&["apply", &file][..], options].concat())
}

/// A server of the world, to which each team has submitted a valid run and a broken one.
fn submitted(world: &World, teams: &[&str]) -> Program {
    let tokens: Vec<String> = teams.iter().map(|team| world.with_a_team(team)).collect();
    let program = Program::serve(&world.data_dir());
    for token in &tokens {
        let client = Client::new(&program.address).with_token(token);
        let run = World::test().zipped(|_| Some(3));
        assert_eq!(client.post(&Client::intake("test"), &run, &[]).unwrap().status, 201);
        assert_eq!(client.post(&Client::intake("test"), b"{}", &[]).unwrap().status, 422);
    }
    program
}

#[test]
fn a_preview_changes_nothing_and_is_what_applying_then_does() {
    let world = World::new("per_day = 3");
    let dry = apply(&world, &["--dry-run", "--json"]);
    assert_eq!(dry.code, Some(0), "{}", dry.error);
    let shown = challenge(&world, &["show"]);
    assert_eq!(shown.code, Some(2), "there is no challenge yet: {}", shown.out);
    let done = apply(&world, &["--json"]);
    assert_eq!(dry.out, done.out);

    world.edit("per_day = 3", "per_day = 2, total = 9");
    world.edit("closes = 2027-01-01T00:00:00Z", "closes = 2027-02-01T00:00:00Z");
    world.edit("title = \"Development\"", "title = \"Practice\"");
    let shown = challenge(&world, &["show"]).out;
    let dry = apply(&world, &["--dry-run", "--json"]);
    assert_eq!(challenge(&world, &["show"]).out, shown, "a dry run changes nothing");
    let plan: Value = serde_json::from_str(&dry.out).unwrap();
    let changes = plan["changes"].as_array().unwrap();
    let what: Vec<&str> = changes.iter().map(|c| c["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["phase `dev`", "phase `test`"]);
    assert_eq!(apply(&world, &["--json"]).out, dry.out);
    assert_eq!(apply(&world, &[]).out, "nothing to change\n");
}

#[test]
fn what_is_shown_can_be_applied_and_changes_nothing() {
    let lines = "reset = { hour = 6, zone = \"Europe/Berlin\" }\n\
                 shown = { public = [], team = [\"overall\"] }\n\
                 freezes = 2026-12-01T00:00:00Z\nreveals = 2026-12-15T00:00:00+01:00\n\
                 finals = 2\nprobes = false\n\
                 [[phase.field]]\nname = \"data\"\nlabel = \"Extra \\\"data\\\"\"\n\
                 kind = \"choice\"\noptions = [\"none\", \"some\"]\nrequired = true\n\
                 public = false\n\
                 [[phase.field]]\nname = \"code\"\nlabel = \"Code\"\nkind = \"link\"\n\
                 [joining]\napproval = true\nemail_domains = [\"example.org\", \"a.example\"]\n\
                 team_size = 4";
    let world = World::with_more("per_day = 3, at_once = 1", lines);
    world.edit("publish = \"official\"\n", "");
    world
        .edit("summary = \"Find the garment.\"", "rules = \"\"\"\n# Rules\n\nBe \"fair\".\n\"\"\"");
    assert_eq!(apply(&world, &[]).code, Some(0));
    let shown = challenge(&world, &["show"]);
    assert_eq!(shown.code, Some(0), "{}", shown.error);
    fs::write(world.definition(), &shown.out).unwrap();
    let again = apply(&world, &[]);
    assert_eq!(
        (again.code, again.out.as_str()),
        (Some(0), "nothing to change\n"),
        "{}",
        again.error
    );
    for said in ["freezes = ", "reveals = ", "finals = 2", "probes = false", "team_size = 4"] {
        assert!(shown.out.contains(said), "{said} is not in {}", shown.out);
    }
    for secret in ["secret", "key ="] {
        assert!(!shown.out.contains(secret), "{}", shown.out);
    }
}

#[test]
fn data_under_submissions_is_not_changed_and_nothing_is_half_written() {
    let world = World::always_open("");
    let program = submitted(&world, &["Atelier"]);
    let before = challenge(&world, &["show"]).out;
    // a targets file in which two queries have changed their targets
    let definition = fs::read_to_string(world.definition()).unwrap();
    let file = definition.lines().find_map(|line| line.strip_prefix("targets_file = ")).unwrap();
    let mut targets: serde_json::Map<String, Value> =
        serde_json::from_slice(&fs::read(file.trim_matches('"')).unwrap()).unwrap();
    let names: Vec<String> = targets.keys().take(2).cloned().collect();
    let (one, two) = (targets[&names[0]].clone(), targets[&names[1]].clone());
    assert_ne!(one, two);
    targets.insert(names[0].clone(), two);
    targets.insert(names[1].clone(), one);
    let other = world.path().join("targets.json");
    fs::write(&other, serde_json::to_vec(&targets).unwrap()).unwrap();
    world.edit(file, &format!("\"{}\"", other.display()));
    world.edit("title = \"Fashion IQ Challenge\"", "title = \"Another title\"");

    for options in [&[][..], &["--dry-run"]] {
        let refused = apply(&world, options);
        assert_eq!(refused.code, Some(2));
        let reason = "benchmark `test` has 2 submissions, and this would change what they are";
        assert!(refused.error.contains(reason), "{}", refused.error);
        assert_eq!(challenge(&world, &["show"]).out, before);
    }
    let board = Client::new(&program.address).get("/api/v1/challenges/fiq/phases/test/leaderboard");
    assert_eq!(board.json["rows"][0]["team"], "Atelier", "{}", board.text);
}

#[test]
fn a_phase_with_submissions_stays_and_one_without_may_go() {
    let world = World::always_open("");
    let program = submitted(&world, &["Atelier"]);
    let text = fs::read_to_string(world.definition()).unwrap();
    let phase = |name: &str| {
        let start = text.find(&format!("[[phase]]\nname = \"{name}\"")).unwrap();
        let end = text[start + 1..].find("[[phase]]").map_or(text.len(), |at| start + 1 + at);
        text[..start].to_owned() + &text[end..]
    };
    fs::write(world.definition(), phase("test")).unwrap();
    let refused = apply(&world, &[]);
    assert_eq!(refused.code, Some(2));
    let reason = "phase `test` has 2 submissions, so it can't be removed";
    assert!(refused.error.contains(reason), "{}", refused.error);
    fs::write(world.definition(), phase("dev")).unwrap();
    let removed = apply(&world, &[]);
    assert_eq!(removed.code, Some(0), "{}", removed.error);
    assert!(removed.out.contains("- phase `dev`"), "{}", removed.out);
    let client = Client::new(&program.address);
    assert_eq!(client.get("/api/v1/challenges/fiq/phases/dev").status, 404);
    assert_eq!(client.get("/api/v1/challenges/fiq/phases/test").status, 200);
}

#[test]
fn lowered_limits_say_how_many_teams_they_stop_and_raised_ones_how_many_go_on() {
    let world = World::always_open("per_day = 5, invalid_per_day = 5");
    let program = submitted(&world, &["One", "Two"]);
    world.edit("per_day = 5, invalid_per_day = 5", "per_day = 1, invalid_per_day = 2");
    let told = apply(&world, &[]).out;
    assert!(told.contains("2 teams get no more submissions today"), "{told}");
    assert!(!told.contains("invalid uploads"), "none has used up two: {told}");
    world.edit("per_day = 1, invalid_per_day = 2", "per_day = 1, invalid_per_day = 1");
    let told = apply(&world, &[]).out;
    assert!(told.contains("2 teams get no more invalid uploads today"), "{told}");
    world.edit("per_day = 1, invalid_per_day = 1", "per_day = 2");
    let told = apply(&world, &["--json"]).out;
    assert!(told.contains("2 teams get more submissions today"), "{told}");
    drop(program);
}

#[test]
fn a_plan_says_what_freezing_revealing_and_choosing_does() {
    let world = World::always_open("");
    assert_eq!(apply(&world, &[]).code, Some(0));
    let mut told = Vec::new();
    let opens = "name = \"test\"\ntitle = \"Test\"\nbenchmark = \"test\"\n";
    let mut before = opens.to_owned();
    for lines in [
        "freezes = 2999-01-01T00:00:00Z\nreveals = 2999-02-01T00:00:00Z\n",
        "freezes = 2021-01-01T00:00:00Z\nreveals = 2999-02-01T00:00:00Z\n",
        "freezes = 2021-01-01T00:00:00Z\nreveals = 2022-01-01T00:00:00Z\n",
        "finals = 2\nprobes = false\nfield = [{ name = \"code\", label = \"Code\", kind = \"link\", \
         required = true }]\n",
    ] {
        let after = format!("{opens}{lines}");
        world.edit(&before, &after);
        before = after;
        let applied = apply(&world, &[]);
        assert_eq!(applied.code, Some(0), "{}", applied.error);
        told.push(applied.out);
    }
    let said = [
        "from 2999-01-01T00:00:00Z, everyone sees the board as it was at that time until \
         2999-02-01",
        "=> everyone sees the board as it was at 2021-01-01T00:00:00Z until 2999-02-01T00:00:00Z",
        "the board is no longer frozen: everyone sees the current board",
        "a team can choose up to 2 submissions, and the best of them counts",
    ];
    for (told, said) in told.iter().zip(said) {
        assert!(told.contains(said), "{told}");
    }
    assert!(told[3].contains("probes are not shown"), "{}", told[3]);
    assert!(told[3].contains("new submissions are refused without code"), "{}", told[3]);
}

#[test]
fn other_rules_are_another_version_and_the_same_rules_are_not() {
    let world = World::new("");
    assert_eq!(apply(&world, &[]).code, Some(0));
    world.edit("title = \"Fashion IQ Challenge\"", "title = \"Another\"\nrules = \"Be fair.\"");
    let told = apply(&world, &[]).out;
    assert!(told.contains("rules_version: 1 -> 2"), "{told}");
    assert!(told.contains("everyone is asked to accept version 2 of the rules"), "{told}");
    world.edit("title = \"Another\"", "title = \"A third\"");
    let told = apply(&world, &[]).out;
    assert!(told.contains("title") && !told.contains("rules_version"), "{told}");
}

#[test]
fn freezes_reveals_fields_and_domains_that_cannot_be_are_refused_with_their_reason() {
    for (lines, reason) in [
        ("freezes = 2026-10-01T00:00:00Z", "it freezes before it opens"),
        (
            "freezes = 2026-12-02T00:00:00Z\nreveals = 2026-12-01T00:00:00Z",
            "it reveals before it freezes",
        ),
        (
            "[[phase.field]]\nname = \"file\"\nlabel = \"x\"\nkind = \"text\"",
            "this name is reserved",
        ),
        ("[[phase.field]]\nname = \"a\"\nlabel = \"x\"\nkind = \"choice\"", "options"),
        ("[[phase.field]]\nname = \"a\"\nlabel = \"x\"\nkind = \"number\"", "unknown variant"),
        ("[joining]\nemail_domains = [\"@example.org\"]", "is not a domain"),
        ("[joining]\nteam_size = 0", "joining.team_size is 0"),
    ] {
        let refused = apply(&World::with_more("", lines), &[]);
        assert_eq!(refused.code, Some(2), "{lines}");
        assert!(refused.error.contains(reason), "{lines}: {}", refused.error);
    }
    let world =
        World::with_more("per_day = 1, invalid_per_day = 1", "freezes = 2026-12-01T00:00:00Z");
    let file = world.definition().display().to_string();
    let told = challenge(&world, &["lint", &file]).out;
    assert!(told.contains("it freezes and has no reveal"), "{told}");
}

#[test]
fn a_plan_that_somebody_changed_meanwhile_is_not_carried_out() {
    let world = World::new("");
    assert_eq!(apply(&world, &[]).code, Some(0));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        use domain::challenges::Definition;
        use domain::moderation;
        use domain::plans::Application;
        let settings = system_tests::settings_of(&world.data_dir());
        let app = server::App::open(settings, domain::ambient::Ambient::system()).await.unwrap();
        world.edit("title = \"Development\"", "title = \"Practice\"");
        let definition = Definition::read(&world.definition()).unwrap();
        let mine = Application::prepare(&app.db, &app.ambient, definition).await.unwrap();
        let seen = mine.preview(&app).await.unwrap();
        // another person applies another title
        world.edit("title = \"Practice\"", "title = \"Rehearsal\"");
        assert_eq!(apply(&world, &[]).code, Some(0));
        let refused = moderation::apply_definition(&app, &mine, Some(&seen), "a test").await;
        let refused = refused.unwrap_err();
        assert!(refused.detail.contains("preview the changes again"), "{refused}");
    });
    assert!(challenge(&world, &["show"]).out.contains("title = \"Rehearsal\""));
}

#[test]
fn lint_says_what_scores_give_away_and_when_limits_add_up() {
    let lint = |world: &World| {
        let file = world.definition().display().to_string();
        challenge(world, &["lint", &file, "--json"])
    };
    let late = "[[phase]]\nname = \"late\"\ntitle = \"Late\"\nbenchmark = \"test\"\n\
                opens = 2026-11-01T00:00:00Z\nlimits = { total = 20, invalid_per_day = 5 }";
    let world = World::with_more("total = 100, invalid_per_day = 5", late);
    world.edit("targets = \"hidden\"\n", "targets = \"hidden\"\nshared_limits = true\n");
    let findings: Value = serde_json::from_str(&lint(&world).out).unwrap();
    let notes = findings["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 3, "the last says what they mean: {notes:?}");
    for (note, phase) in notes.iter().zip(["phase `test`: with 100", "phase `late`: with 20"]) {
        assert!(note.as_str().unwrap().starts_with(phase), "{note}");
    }
    assert!(notes[0].as_str().unwrap().contains("117 facts, worth 1.82 points"), "{notes:?}");

    // limits that are not shared add up, within a benchmark and between two on the same targets
    let warned = |world: &World, what: &str| {
        let told = lint(world);
        assert_eq!(told.code, Some(1));
        let findings: Value = serde_json::from_str(&told.out).unwrap();
        let warnings = findings["warnings"].as_array().unwrap().clone();
        assert!(warnings.iter().any(|it| it.as_str().unwrap().contains(what)), "{warnings:?}");
    };
    world.edit("shared_limits = true", "shared_limits = false");
    warned(&world, "its phases `test`, `late` have separate limits");
    let text = fs::read_to_string(world.definition()).unwrap();
    let hidden = text.split("[[benchmark]]").nth(2).unwrap().split("[[phase]]").next().unwrap();
    let copy = hidden.replace("name = \"test\"", "name = \"twin\"");
    fs::write(world.definition(), format!("{text}\n[[benchmark]]{copy}")).unwrap();
    warned(&world, "`test` and `twin` have the same hidden targets");
}
