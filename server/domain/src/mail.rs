//! Mails. A unit of work writes them into the database together with
//! what they are about, and they are sent from there. A mail whose unit was rolled back
//! is never sent.

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
