//! Sends the mails that are due.

use std::time::{Duration, SystemTime};

use domain::entities::mail::{self, Column};
use domain::error::{Error, Result};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};

use crate::app::App;

/// How long a server has to send a mail before another server may try, in seconds.
const LEASE_SECONDS: i64 = 60;

/// A mail is given up after this many attempts, over a day and a half.
const ATTEMPTS: i32 = 12;

/// How long a mail is kept after it was sent, in case someone asks whether it was.
const KEPT_SECONDS: i64 = 7 * 86_400;

/// How long a mail server may take for one mail.
const PATIENCE: Duration = Duration::from_secs(20);

/// The mail server.
#[derive(Clone)]
pub struct MailSettings {
    /// Such as `smtps://user:password@mail.example.org` or `smtp://127.0.0.1:25`.
    pub server: String,
    /// The sender.
    pub from: Mailbox,
}

impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailSettings(hidden, from {})", self.from)
    }
}

/// The header that keeps automatic responders from answering (RFC 3834, section 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The id of a mail (RFC 5322, 3.6.4): the same for each try, so that a mail that was accepted
/// twice is shown once.
fn message_id(row: &mail::Model, from: &Mailbox) -> String {
    let one = format!("{} {:?} {} {}", row.id, row.created_at, row.address, row.subject);
    let digest = hex::encode(Sha256::digest(one));
    format!("<{:.32}@{}>", digest, from.email.domain())
}

/// Sends the mails that are due.
pub struct Postman {
    /// The transport and the sender; none without a mail server, in which case mails are logged.
    to: Option<(AsyncSmtpTransport<Tokio1Executor>, Mailbox)>,
}

impl Postman {
    /// A postman with these settings.
    pub fn new(settings: Option<&MailSettings>) -> Result<Self> {
        let to = settings.map(|settings| {
            let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.server);
            let builder = builder.map_err(|e| Error::unusable(format!("setting `smtp`: {e}")))?;
            let transport = builder.timeout(Some(PATIENCE)).build();
            Ok::<_, Error>((transport, settings.from.clone()))
        });
        Ok(Self { to: to.transpose()? })
    }

    /// Whether mails leave this machine.
    pub fn sends(&self) -> bool {
        self.to.is_some()
    }

    /// Connects to the mail server and signs in there, without sending anything; false if none is
    /// set. An error is a sentence.
    pub async fn try_connection(&self) -> Result<bool, String> {
        let Some((transport, _)) = &self.to else { return Ok(false) };
        match transport.test_connection().await {
            Ok(true) => Ok(true),
            Ok(false) => Err("the mail server does not take mails now".to_owned()),
            Err(error) => Err(format!("the mail server can’t be used: {error}")),
        }
    }

    /// Sends mails that are due until the server stops.
    pub async fn run(&self, app: &App) {
        loop {
            let stopped = app.stopped();
            // An error was logged where it was found, and the next round tries again.
            if let Ok(true) = self.step(app).await {
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(app.settings.mail_every) => {}
                () = stopped => return,
            }
        }
    }

    /// Sends one mail, if one is due; false if none is.
    pub async fn step(&self, app: &App) -> Result<bool> {
        let now = app.ambient.now();
        let due = mail::Entity::find()
            .filter(Column::SentAt.is_null())
            .filter(Column::DueAt.lte(now))
            .filter(Column::Attempts.lt(ATTEMPTS))
            .order_by_asc(Column::DueAt)
            .limit(1);
        let Some(row) = due.one(&app.db).await? else { return Ok(false) };
        // The mail belongs to the server that changes the row first.
        let taken = mail::Entity::update_many()
            .col_expr(Column::Attempts, Expr::value(row.attempts + 1))
            .col_expr(Column::DueAt, Expr::value(now.plus_seconds(LEASE_SECONDS)))
            .filter(Column::Id.eq(row.id))
            .filter(Column::Attempts.eq(row.attempts))
            .exec(&app.db)
            .await?;
        if taken.rows_affected == 0 {
            return Ok(true);
        }
        let done = mail::Entity::update_many().filter(Column::Id.eq(row.id));
        let done = match self.send(&row).await {
            // Its text was for the recipient only.
            Ok(()) => done
                .col_expr(Column::SentAt, Expr::value(Some(now)))
                .col_expr(Column::Failure, Expr::value(None::<String>))
                .col_expr(Column::Text, Expr::value("")),
            Err(error) => {
                tracing::warn!(mail = row.id, error, "could not send a mail");
                let wait = 30 << row.attempts.clamp(0, 12);
                done.col_expr(Column::DueAt, Expr::value(now.plus_seconds(wait)))
                    .col_expr(Column::Failure, Expr::value(Some(error)))
            }
        };
        done.exec(&app.db).await?;
        Ok(true)
    }

    async fn send(&self, row: &mail::Model) -> Result<(), String> {
        let Some((transport, from)) = &self.to else {
            let (to, subject, text) = (&row.address, &row.subject, &row.text);
            tracing::warn!("no mail server is set, so here is the mail to {to}: {subject}\n{text}");
            return Ok(());
        };
        let to = row.address.parse().map_err(|e| format!("{e}"))?;
        let message = Message::builder()
            .message_id(Some(message_id(row, from)))
            .date(SystemTime::from(row.created_at.utc()))
            .header(AutoSubmitted)
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(&row.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(row.text.clone())
            .map_err(|e| e.to_string())?;
        transport.send(message).await.map(drop).map_err(|e| e.to_string())
    }

    /// Removes mails that were sent or given up long ago.
    pub async fn sweep(app: &App) -> Result<()> {
        let before = app.ambient.now().plus_seconds(-KEPT_SECONDS);
        let old = mail::Entity::delete_many().filter(Column::CreatedAt.lt(before));
        old.exec(&app.db).await?;
        Ok(())
    }
}
