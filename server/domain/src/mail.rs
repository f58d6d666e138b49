//! Mails. A unit of work writes them into the database together with its other changes, and they
//! are sent from there. A mail whose unit was rolled back is never sent.

/// A mail in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The recipient.
    pub address: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// A person it names, besides the recipient: it is not sent once that person's account is
    /// deleted.
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
