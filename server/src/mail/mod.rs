//! Mails. They are written into the database with whatever they tell of, in one transaction, and
//! sent from there: one that is told of is sent, and one whose cause was rolled back is not.

mod postman;

use sea_orm::{ActiveModelTrait, ActiveValue::NotSet, ConnectionTrait, Set};

pub use postman::{MailSettings, Postman};

use crate::ambient::Instant;
use crate::entities::mail;
use crate::error::Result;

/// A mail in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub address: String,
    /// What stands in the list of mails.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Whom it names, besides the one it goes to: it is not sent any more once they are gone.
    pub names: Option<i32>,
}

impl Letter {
    /// A letter to an address.
    pub fn new(address: &str, subject: &str, text: impl Into<String>) -> Self {
        let (address, subject) = (address.to_owned(), subject.to_owned());
        Self { address, subject, text: text.into(), names: None }
    }

    /// The same letter, which names a person.
    #[must_use]
    pub fn naming(self, user_id: i32) -> Self {
        Self { names: Some(user_id), ..self }
    }
}

/// Puts a letter where the postman finds it.
pub async fn post(db: &impl ConnectionTrait, now: Instant, letter: Letter) -> Result<()> {
    let row = mail::ActiveModel {
        id: NotSet,
        address: Set(letter.address),
        subject: Set(letter.subject),
        text: Set(letter.text),
        created_at: Set(now),
        due_at: Set(now),
        attempts: Set(0),
        sent_at: Set(None),
        failure: Set(None),
        names_user_id: Set(letter.names),
    };
    row.insert(db).await?;
    Ok(())
}
