//! Management pages, with every kind of field and cell.

use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Link, Section, Weight};

use super::{CHALLENGE, NOW, layout};

/// The sign-in form, empty or refused.
pub fn sign_in(complaint: Option<&str>) -> DeskPage {
    let email = Field::new(FieldKind::Email, "email", "E-mail").autocomplete("username");
    let password = Field::new(FieldKind::Password, "password", "Password");
    let mut form = Form::new("/sign-in", "Sign in")
        .hiding("next", "/c/fashion-iq/submissions")
        .with(email)
        .with(password.autocomplete("current-password"));
    if let Some(said) = complaint {
        form.complain(Some("password"), said);
    }
    let section = Section::new("sign-in", "")
        .form(form)
        .link("Sign up", "/sign-up")
        .link("Forgot password?", "/forgot");
    DeskPage {
        layout: layout(),
        kicker: None,
        heading: "Sign in".to_owned(),
        lede: "A cookie keeps you signed in until you sign out.".to_owned(),
        notice: None,
        tabs: vec![],
        sections: vec![section],
        now: NOW,
    }
}

/// A page with every kind of section, cell, field and weight.
pub fn desk() -> DeskPage {
    let small = |label: &str| Cell::Form(Form::new("/x", label).weighing(Weight::Small));
    let rows = vec![
        vec![
            Cell::link("0199-a3be", "/c/fashion-iq/submissions/0199"),
            Cell::text("اسم من اليمين إلى اليسار"),
            Cell::Percent(0.634),
            Cell::At(NOW),
            Cell::Many(vec![small("withdraw"), small("choose")]),
        ],
        vec![
            Cell::link("0199-77aa", "/c/fashion-iq/submissions/0199"),
            Cell::text("unbroken".repeat(9)),
            Cell::None,
            Cell::At(NOW),
            Cell::Mark("disqualified".to_owned()),
        ],
    ];
    let heads = ["Submission", "Method", "Overall", "Received", ""];
    let runs = Section::new("runs", "Submissions")
        .text("The newest is first.")
        .table(&heads, rows, "None.")
        .link("Show all", "/c/fashion-iq/submissions");
    let facts = Section::new("phase", "The phase")
        .fact("Freezes", Cell::Until(NOW))
        .fact("Gallery", Cell::Code("9f3c0d55".repeat(8)))
        .fact("Roles", Cell::Quiet("none".to_owned()))
        .table(&["Name"], vec![], "Nobody takes part yet.");
    DeskPage {
        layout: layout(),
        kicker: Some(Link::new(CHALLENGE, "/c/fashion-iq")),
        heading: "Organise".to_owned(),
        lede: "Phases, submissions and people, and what was done about them.".to_owned(),
        notice: Some("the phase was changed".to_owned()),
        tabs: ["Overview", "Phases", "Submissions", "Teams", "People", "News", "Log", "Export"]
            .map(|label| match label {
                "Phases" => Link::current(label, "/x"),
                _ => Link::new(label, "/x"),
            })
            .into(),
        sections: vec![facts, runs, fields()],
        now: NOW,
    }
}

fn fields() -> Section {
    let choices =
        || vec![("a".to_owned(), "the first".to_owned()), ("b".to_owned(), "b".to_owned())];
    let mut form = Form::new("/x", "Save")
        .called("all")
        .weighing(Weight::Quiet)
        .with(Field::text("name", "Name").hint("Shown on the board.").value("Atelier"))
        .with(Field::new(FieldKind::Area, "text", "Text").value("## News\n\nNothing.").optional())
        .with(Field::new(FieldKind::Number, "days", "Days").value("90"))
        .with(Field::new(FieldKind::Choice(choices()), "kind", "Kind").value("b"))
        .with(Field::new(FieldKind::Checks(choices()), "scopes", "Permissions").value("a"))
        .with(Field::new(FieldKind::Check, "mail", "E-mail it to everyone").optional())
        .with(Field::new(FieldKind::File, "file", "File"));
    form.complain(Some("name"), "there is a team `Atelier` already");
    let grave = Form::new("/x", "Delete").weighing(Weight::Grave);
    Section::new("fields", "All kinds of fields").form(form).form(grave)
}
