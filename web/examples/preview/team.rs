//! The pages of a team: its submissions, the limits, how to take part.

use time::macros::datetime;
use web::pages::{
    Allowed, DataFile, DataOffer, Day, Download, Guide, Limit, LimitsPage, Link, OwnPhase,
    OwnState, OwnSubmission, PhaseLimits, ReadyData, Sanitised, SubmissionsPage, TakePartPage,
    Targets,
};

use super::{CHALLENGE, NOW, everything, layout, nothing_shown, overall_alone, phases, recalls};

/// A team's submissions in every state, in a phase whose days begin in Tokyo.
pub fn submissions() -> SubmissionsPage {
    let run = |state, best, method: &str, hours| OwnSubmission {
        href: "/c/fashion-iq/submissions/0199".to_owned(),
        state,
        best,
        marks: if best { vec!["final"] } else { vec![] },
        actions: super::submission::actions(state),
        upload: "/c/fashion-iq/submissions/0199/upload".to_owned(),
        method: (!method.is_empty()).then(|| method.to_owned()),
        received: NOW - time::Duration::hours(hours),
    };
    let mut page = submissions_empty();
    page.phases[0].submissions = vec![
        run(OwnState::Received, false, "composed queries, reranked", 0),
        run(OwnState::Invalid(1_191), false, "", 1),
        run(OwnState::Scored(Some(0.634)), true, "composed queries, reranked", 3),
        run(OwnState::Failed, false, &"unbroken".repeat(10), 30),
        run(OwnState::Scored(Some(0.0938)), false, "اسم من اليمين إلى اليسار", 900),
    ];
    page.phases[1].submissions = vec![
        run(OwnState::Scored(None), false, "composed queries", 50),
        run(OwnState::Validated, false, "composed queries", 51),
    ];
    page
}

/// A team without submissions.
pub fn submissions_empty() -> SubmissionsPage {
    let limit =
        |what: &str, allowed, left, resets| Limit { what: what.to_owned(), allowed, left, resets };
    let day = Some(datetime!(2026-11-25 00:00 +9));
    let own = |phase: web::pages::Phase| OwnPhase {
        limits: vec![
            limit("submissions today", 5, Some(3), day),
            limit("submissions in this phase", 100, Some(86), None),
            limit("invalid files today", 20, Some(20), day),
        ],
        finals: 2,
        frozen: false,
        submissions: Vec::new(),
        submit: Some(format!("{}/submit", phase.href)),
        take_part: format!("{}/take-part", phase.href),
        phase,
    };
    SubmissionsPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        team: "Team A".to_owned(),
        phases: phases().into_iter().map(own).collect(),
        team_href: "/c/fashion-iq/team".to_owned(),
        now: NOW,
    }
}

/// Three phases that show different scores.
pub fn limits() -> LimitsPage {
    let utc = Day { hour: 0, zone: "UTC".to_owned(), next: datetime!(2026-11-25 00:00 UTC) };
    let tokyo = Day {
        hour: 9,
        zone: "Asia/Tokyo (UTC+9)".to_owned(),
        next: datetime!(2026-11-25 09:00 +9),
    };
    let some =
        Allowed { per_day: Some(5), total: Some(100), at_once: Some(2), invalid_per_day: Some(20) };
    let told = [
        (some, utc.clone(), Targets::Hidden, overall_alone(), recalls()),
        (Allowed::default(), tokyo, Targets::Public, everything(), everything()),
        (some, utc, Targets::Hidden, nothing_shown(), nothing_shown()),
    ];
    let part = |(phase, (allowed, day, targets, public, team))| PhaseLimits {
        phase,
        allowed,
        shared_with: vec![],
        day,
        freezes: Some(datetime!(2026-12-20 00:00 UTC)),
        reveals: Some(datetime!(2027-01-10 00:00 UTC)),
        targets,
        share: matches!(targets, Targets::Hidden).then_some(40),
        rounded: false,
        ladder: None,
        public,
        team,
    };
    LimitsPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phases: phases().into_iter().zip(told).map(part).collect(),
        now: NOW,
    }
}

pub fn data(host: &str) -> DataOffer {
    let file = |path: &str, bytes| DataFile {
        download: Download {
            href: format!("/api/v1/challenges/fashion-iq/phases/test/files/{path}"),
            bytes: Some(bytes),
            count: None,
        },
        path: path.to_owned(),
        sha256: "5f".repeat(32),
    };
    DataOffer {
        ready: Some(ReadyData {
            bytes: 4_800_000,
            sha256: "a3".repeat(32),
            files: vec![
                file("captions/cap.dress.test.json", 412_000),
                file("image_splits/split.dress.test.json", 68_000),
            ],
            pictures: (15_536, 1_200_000_000),
            targets: false,
            training: false,
            get_lines: format!(
                "curl -fL -C - -o fashion-iq-test.zip {host}/api/v1/challenges/fashion-iq/phases/test/data"
            ),
            score_line: None,
        }),
        href: "/api/v1/challenges/fashion-iq/phases/test/data".to_owned(),
        licence: Some("CDLA-Permissive-1.0, https://cdla.dev/permissive-1-0/".to_owned()),
        training: Some(Link::new("Development", "/c/fashion-iq/dev/take-part")),
        list: "/api/v1/challenges/fashion-iq/phases/test/files".to_owned(),
    }
}

fn guide() -> Guide {
    let prose = |text: &str| Sanitised::vouched_for(format!("<p>{text}</p>"));
    Guide {
        queries: prose("For each query its id, its reference and two captions."),
        query_example: "{\"dress\": [{\"query\": \"dress.test.0\", …}, …], …}".to_owned(),
        items: "garments",
        gallery_example: "{\"dress\": [\"B0…\", …], …}".to_owned(),
        list_length: 50,
        grouped: true,
        run: prose("A submission is a zip with <code>dress.predict.json</code> and others."),
        run_file: "run.zip",
        write_run: "import json\n",
        write_run_href: "/c/fashion-iq/write_run.py".to_owned(),
    }
}

/// How to take part in the open phase.
pub fn take_part() -> TakePartPage {
    let at = |name: &str, bytes, count| Download {
        href: format!("/c/fashion-iq/test/{name}"),
        bytes,
        count,
    };
    let host = "https://fashion-iq.example";
    TakePartPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phase: phases().remove(0),
        guide: guide(),
        queries: at("queries.json", Some(1_104_000), Some(6_118)),
        gallery: at("gallery.json", Some(202_000), Some(15_536)),
        data: Some(data(host)),
        template: Some(at("template.zip", None, Some(6_118))),
        host: host.to_owned(),
        install_line: "cargo install --locked --git https://example.org/server server".to_owned(),
        repository: "https://example.org/server",
        submit: Some("/c/fashion-iq/test/submit".to_owned()),
        limits: "/c/fashion-iq/limits".to_owned(),
        format: "/c/fashion-iq/scoring".to_owned(),
        validate_line: "fashion-iq validate run.zip --data fashion-iq --split test".to_owned(),
        submit_line: format!(
            "fashion-iq submit run.zip --server {host} --phase test --method 'my method'"
        ),
        curl_line: format!(
            "curl -H \"Authorization: Bearer $FASHION_IQ_TOKEN\" --data-binary @run.zip \\\n  \
             '{host}/api/v1/challenges/fashion-iq/phases/test/submissions?method=my+method'"
        ),
        now: NOW,
    }
}
