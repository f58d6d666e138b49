//! Somebody talks to the agent in a browser.

use system_tests::{Tester, World};

use crate::chromium::ask;
use crate::person::Person;

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_talks_through_three_turns_goes_back_and_watches_the_simulated_user() {
    let tester = Tester::of(World::dialogs(""), |_| {}).await;
    let zoe = Person::new(&tester).await;
    zoe.open("/c/fiq/dialog").await;
    zoe.press(".notice a[href$=\"/take-part\"]").await;
    zoe.press("a.button[href$=\"/talk\"]").await;
    zoe.reads("The first one").await;
    let shown = async || -> String {
        ask(&zoe.page, "document.querySelector('.ask .target code').innerText").await
    };
    let mut seen = vec![shown().await];
    for (turns, said) in
        ["is blue & <b>striped</b> 👗", "has long sleeves", "is not floral"].iter().enumerate()
    {
        zoe.fill("#say", said).await;
        zoe.press(".ask form button").await;
        zoe.reads(said).await;
        let there: u32 = ask(&zoe.page, "document.querySelectorAll('.turns li').length").await;
        assert_eq!(there as usize, turns + 1);
        let next = shown().await;
        assert!(!seen.contains(&next), "{next} was shown before: {seen:?}");
        seen.push(next);
    }
    let candidates: u32 =
        ask(&zoe.page, "document.querySelectorAll('.candidates li').length").await;
    assert_eq!(candidates, 6);
    zoe.press(".ask form a").await;
    assert_eq!(shown().await, seen[2], "one turn back");
    zoe.press("a[href*=\"play=\"]").await;
    zoe.reads("What the user had in mind").await;
    let ranks: u32 = ask(&zoe.page, "document.querySelectorAll('.turns small').length").await;
    assert_eq!(ranks, 3);
    zoe.open("/c/fiq/dialog/talk?group=hats").await;
    zoe.reads("Group `hats` not found").await;
    zoe.open("/c/fiq/dialog/talk?group=dress&start=nothing").await;
    zoe.reads("Item `nothing` not found").await;
    zoe.leave().await;
}
