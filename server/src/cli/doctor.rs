//! `fashion-iq doctor`

use std::path::Path;

use clap::Args;
use domain::ambient::Ambient;
use domain::captioner::Captioner;
use domain::database;
use domain::doctor::{Finding, State, examine};
use domain::error::Result;
use domain::manager::Manager;
use serde_json::json;

use super::{ConfigFile, Outcome, print_line, to_json};
use crate::App;
use crate::config::{RawSettings, Settings, Sources, check_variables, holds_secrets};
use crate::postman::Postman;

/// Check what a server needs: settings, database and its version, uploads in a folder or a bucket, clock,
/// keys, mail server, captioner, dialog manager, disk space and permissions. A server can run at the same time.
///
/// Each check is ok, a warning or a problem, and says what to do. Nothing is changed without --fix, and no
/// mail is sent. Exit code 1 means that there are problems; warnings alone are exit code 0.
#[derive(Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    settings: Box<RawSettings>,
    #[command(flatten)]
    config: ConfigFile,
    /// First fix what can be fixed safely: upgrade the database, move uploads of submissions back and
    /// unknown ones aside, remove permissions of other users, and overwrite deleted data in the database
    #[arg(long, alias = "repair")]
    fix: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(self) -> Result<Outcome> {
        let file = self.config.config.as_deref();
        let settings = match self.settings() {
            Ok(settings) => settings,
            Err(error) => {
                let advice = "correct it; `fashion-iq config example` explains every setting";
                return self.print(&[Finding::problem("settings", error.detail, advice)]);
            }
        };
        if self.fix {
            fix(&settings).await?;
        }
        let secrets = file.map(holds_secrets).transpose()?.unwrap_or_default();
        let now = Ambient::system().now();
        let mut findings = vec![of_settings(&settings, file)];
        let folder = settings.data_folder(now);
        findings.extend(examine(&folder, file.filter(|_| secrets), now).await?);
        findings.push(of_mail(&settings).await?);
        if let Some(address) = &settings.captioner {
            findings.push(of_program("captioner", Captioner::new(address).version().await));
        }
        if let Some(address) = &settings.manager {
            findings.push(of_program("manager", Manager::new(address).version().await));
        }
        self.print(&findings)
    }

    fn settings(&self) -> Result<Settings> {
        let sources = Sources::new(&self.settings, self.config.config.as_deref())?;
        check_variables(std::env::vars_os().map(|(name, _)| name), &sources)?;
        sources.settings()
    }

    fn print(&self, findings: &[Finding]) -> Result<Outcome> {
        let worst = findings.iter().map(|finding| finding.state).max().unwrap_or(State::Ok);
        if self.json {
            print_line(to_json(&json!({ "state": worst, "findings": findings }))?);
        } else {
            findings.iter().for_each(print_finding);
        }
        Ok(if worst == State::Problem { Outcome::Problems } else { Outcome::Done })
    }
}

async fn fix(settings: &Settings) -> Result<()> {
    let app = App::open(settings.clone(), Ambient::system()).await?;
    app.prepare().await?;
    database::overwrite_free_pages(&app.db).await?;
    database::scrub(&app.db).await?;
    Ok(())
}

fn of_settings(settings: &Settings, file: Option<&Path>) -> Finding {
    let (check, address) = ("settings", settings.base_address());
    if settings.public_url.is_none() && !settings.listen.ip().is_loopback() {
        let found =
            format!("the server is reachable from elsewhere, and its links begin with {address}");
        let advice = "set `public_url` to the address that people use";
        return Finding::warning(check, found, advice);
    }
    let from = file.map_or("no file".to_owned(), |file| file.display().to_string());
    Finding::ok(check, format!("settings of {from} are valid; links begin with {address}"))
}

async fn of_mail(settings: &Settings) -> Result<Finding> {
    let tried = Postman::new(settings.mail.as_ref())?.try_connection().await;
    Ok(match tried {
        Ok(true) => Finding::ok("mail", "the mail server accepts this server"),
        Ok(false) => Finding::warning(
            "mail",
            "no mail server is set: mails are written to the log, and nobody gets them",
            "set `smtp` and `mail_from`",
        ),
        Err(found) => {
            Finding::problem("mail", found, "correct `smtp`, or check the way to the server")
        }
    })
}

/// What is found out about a program of a setting.
fn of_program(setting: &'static str, version: Result<String>) -> Finding {
    match version {
        Ok(version) => Finding::ok(setting, format!("it answers as `{version}`")),
        Err(error) => {
            let advice = format!(
                "start fashion-iq-baseline serve, or correct `{setting}`; the log says why"
            );
            Finding::problem(setting, error.detail, &advice)
        }
    }
}

fn print_finding(finding: &Finding) {
    let state = match finding.state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Problem => "problem",
    };
    print_line(format_args!("{state:<8} {}: {}", finding.check, finding.found));
    if let Some(advice) = &finding.advice {
        print_line(format_args!("           → {advice}"));
    }
    for detail in &finding.details {
        print_line(format_args!("           {detail}"));
    }
}
