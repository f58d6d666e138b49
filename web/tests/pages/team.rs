//! The pages of a team: its own submissions, and the limits.

use web::pages::Targets;

use crate::{between, html, sample};

#[test]
fn a_team_sees_what_became_of_each_submission() {
    let html = html(&sample::submissions());
    let rows = html.split("<th class=\"result\" scope=\"row\">").skip(1);
    let told: Vec<&str> = rows.map(|row| between(row, "0199\">", "</a>")).collect();
    assert_eq!(
        told,
        [
            "waiting for its score",
            "1,191 problems",
            "<span class=\"score\">63.40 %</span>",
            "failed, our fault",
            "<span class=\"score\">9.38 %</span>",
            "scored, not shown yet",
            "valid",
        ]
    );
    assert_eq!(html.matches("on the board").count(), 1);
}

#[test]
fn what_is_left_says_to_the_minute_when_it_starts_anew_in_every_zone_that_matters() {
    let html = html(&sample::submissions());
    insta::assert_snapshot!(between(&html, "<dl class=\"limits\">", "</div>"), @r#"
    <div><dt>submissions today</dt>
    <dd><span class="left">3 of 5 left</span> <svg class="pips" viewBox="0 0 50 8" width="50" height="8" aria-hidden="true"><circle class="left" cx="4" cy="4" r="3"/><circle class="left" cx="14" cy="4" r="3"/><circle class="left" cx="24" cy="4" r="3"/><circle class="used" cx="34" cy="4" r="3"/><circle class="used" cx="44" cy="4" r="3"/></svg><small>2 used; resets in 7 h, at <time datetime="2026-11-24T15:00:00Z" data-local>24 Nov 2026, 15:00 UTC</time>, which is <span class="whole">24 Nov 2026, 03:00 AoE</span> and <span class="whole">25 Nov 2026, 00:00 UTC+9</span></small></dd>
    "#);
}

#[test]
fn a_team_without_submissions_is_led_to_a_first_one() {
    let html = html(&sample::submissions_empty());
    let empty = between(&html, "<div class=\"empty\">", "</div>");
    assert!(empty.contains("You have no submissions yet."));
    assert!(empty.contains("<a href=\"/c/fashion-iq/test/take-part\">How to take part</a>"));
    let mut late = sample::submissions_empty();
    late.phases.truncate(1);
    late.now += time::Duration::days(90);
    let late = crate::html(&late);
    assert!(late.contains("No phase accepts submissions right now."));
    assert!(!late.contains("Make a submission to"));
}

#[test]
fn a_phase_says_what_it_allows_and_when_its_day_begins() {
    let mut page = sample::limits();
    page.phases.remove(0);
    let html = html(&page);
    assert_eq!(html.matches("<dd class=\"left\">no limit</dd>").count(), 4);
    insta::assert_snapshot!(between(&html, "<dl class=\"terms\">", "</dl>"), @r#"
    <div><dt>Opens</dt><dd><time datetime="2026-09-01T12:00:00Z" data-local>1 Sep 2026, 12:00 UTC</time>, which is <span class="whole">31 Aug 2026, 24:00 AoE</span>.</dd></div>
    <div><dt>Closes</dt><dd>No closing date.</dd></div>
    <div><dt>A day begins</dt><dd>At 09:00 Asia/Tokyo (UTC+9). The next begins in 16 h, at <time datetime="2026-11-25T00:00:00Z" data-local>25 Nov 2026, 00:00 UTC</time>, which is <span class="whole">24 Nov 2026, 12:00 AoE</span> and <span class="whole">25 Nov 2026, 09:00 UTC+9</span>.</dd></div>
    <div><dt>Freezes</dt><dd><time datetime="2026-12-20T00:00:00Z" data-local>20 Dec 2026, 00:00 UTC</time>, which is <span class="whole">19 Dec 2026, 12:00 AoE</span>. From then on the public board does not change; a team sees its own new scores.</dd></div>
    <div><dt>Reveals</dt><dd><time datetime="2027-01-10T00:00:00Z" data-local>10 Jan 2027, 00:00 UTC</time>, which is <span class="whole">9 Jan 2027, 12:00 AoE</span>. From then on everything that the targets allow is shown.</dd></div>
    <div><dt>Scores</dt><dd>Everyone sees the overall score, and Recall@10, Recall@50, MRR@50, nDCG@10 and median rank of each group; a team sees the same for its own submissions. The targets are public: anyone can score 100 %.</dd></div>
    "#);
}

#[test]
fn a_phase_says_who_is_told_which_scores() {
    let told = |targets, public, team| {
        let mut page = sample::limits();
        let part = &mut page.phases[0];
        (part.targets, part.public, part.team) = (targets, public, team);
        let html = html(&page);
        between(&html, "<dt>Scores</dt><dd>", "</dd>").to_owned()
    };
    let hidden = |public, team| told(Targets::Hidden, public, team);
    let (nothing, overall) = (sample::nothing_shown, sample::overall_alone);
    let (recalls, everything) = (sample::recalls, sample::everything);
    insta::assert_snapshot!(hidden(nothing(), nothing()), @"Submissions are scored. Only the organisers see the scores until they are published.");
    insta::assert_snapshot!(hidden(nothing(), overall()), @"A team sees the overall score of its own submissions. Nobody else does yet.");
    insta::assert_snapshot!(hidden(overall(), recalls()), @"Everyone sees the overall score. A team sees the overall score, and Recall@10 and Recall@50 of each group for its own submissions.");
    insta::assert_snapshot!(hidden(recalls(), recalls()), @"Everyone sees the overall score, and Recall@10 and Recall@50 of each group; a team sees the same for its own submissions.");
    insta::assert_snapshot!(told(Targets::Public, recalls(), everything()), @"Everyone sees the overall score, and Recall@10 and Recall@50 of each group. A team sees the overall score, and Recall@10, Recall@50, MRR@50, nDCG@10 and median rank of each group for its own submissions. The targets are public: anyone can score 100 %.");
    insta::assert_snapshot!(told(Targets::Absent, everything(), everything()), @"This phase has no targets: files are checked but not scored.");
}
