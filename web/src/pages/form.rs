//! Forms: their fields, the values typed, and the errors.

use askama::Template;

/// A form, sent as `application/x-www-form-urlencoded` unless it has a file field.
#[derive(Debug, Clone, Template)]
#[template(path = "form_part.html")]
pub struct Form {
    /// The address it is sent to.
    pub action: String,
    /// Hidden fields: name and value.
    pub hidden: Vec<(String, String)>,
    /// The fields.
    pub fields: Vec<Field>,
    /// The label of the button.
    pub button: String,
    /// How prominent it is.
    pub weight: Weight,
    /// An error that concerns the whole form, in a sentence for people.
    pub complaint: Option<String>,
    /// Whether it only queries and changes nothing: then its fields are sent in the address.
    pub asks: bool,
    /// The prefix of its fields' ids, if a page has several forms.
    pub prefix: String,
    /// A confirmation before it is sent, if its action can't easily be undone.
    pub question: Option<Asking>,
}

/// A confirmation before an action.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The label that opens the confirmation, such as "Withdraw".
    pub opens: String,
    /// What the action does.
    pub happens: String,
}

/// How a form looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The main form of the page.
    Main,
    /// One of several forms.
    Quiet,
    /// A small form whose button is part of the text.
    Small,
    /// A destructive action.
    Grave,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in the request.
    pub name: String,
    /// Its label.
    pub label: String,
    /// A hint that helps to fill it in.
    pub hint: Option<String>,
    /// The kind of input.
    pub kind: FieldKind,
    /// Its value, such as the one typed before.
    pub value: String,
    /// Whether it can be left empty.
    pub optional: bool,
    /// The value of the `autocomplete` attribute.
    pub autocomplete: &'static str,
    /// An error in the value.
    pub complaint: Option<String>,
}

/// The kind of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A line.
    Text,
    /// An e-mail address.
    Email,
    /// A line whose characters are hidden.
    Password,
    /// Several lines.
    Area,
    /// A whole number.
    Number,
    /// A file.
    File,
    /// Yes or no: the value is `on` for yes.
    Check,
    /// One of several: value and label of each.
    Choice(Vec<(String, String)>),
    /// Any of several: value and label of each; the field's value has the chosen ones, with spaces
    /// between them.
    Checks(Vec<(String, String)>),
}

impl Form {
    /// A form with a button and nothing else.
    pub fn new(action: impl Into<String>, button: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            hidden: vec![],
            fields: vec![],
            button: button.into(),
            weight: Weight::Main,
            complaint: None,
            asks: false,
            prefix: String::new(),
            question: None,
        }
    }

    /// Asks for confirmation: the form opens on demand, says what happens, and its button confirms.
    #[must_use]
    pub fn asking(mut self, happens: impl Into<String>, yes: &str) -> Self {
        let opens = std::mem::replace(&mut self.button, yes.to_owned());
        self.question = Some(Asking { opens, happens: happens.into() });
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// Adds a hidden field.
    #[must_use]
    pub fn hiding(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the weight.
    #[must_use]
    pub fn weighing(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// Sets the prefix of its fields' ids, for one of several forms on a page.
    #[must_use]
    pub fn called(self, prefix: &str) -> Self {
        Self { prefix: format!("{prefix}-"), ..self }
    }

    /// Fills in the values typed before, except passwords and files.
    pub fn refill(&mut self, typed: &[(String, String)]) {
        for field in &mut self.fields {
            if matches!(field.kind, FieldKind::Password | FieldKind::File) {
                continue;
            }
            let own = typed.iter().filter(|(name, _)| *name == field.name);
            let values: Vec<&str> = own.map(|(_, value)| value.as_str()).collect();
            let any_of_several = matches!(field.kind, FieldKind::Checks(_));
            if any_of_several || !values.is_empty() {
                field.value = values.join(" ");
            }
        }
    }

    /// Shows an error next to the field it concerns, or above the form if it has no such field.
    pub fn complain(&mut self, field: Option<&str>, sentence: &str) {
        let at = field.and_then(|name| self.fields.iter_mut().find(|field| field.name == name));
        match at {
            Some(field) => field.complaint = Some(sentence.to_owned()),
            None => self.complaint = Some(sentence.to_owned()),
        }
    }

    /// Whether it shows any error.
    pub fn complained(&self) -> bool {
        self.complaint.is_some() || self.fields.iter().any(|field| field.complaint.is_some())
    }

    fn has_file(&self) -> bool {
        self.fields.iter().any(|field| field.kind == FieldKind::File)
    }

    fn class(&self) -> &'static str {
        match self.weight {
            Weight::Main => "main",
            Weight::Quiet => "quietly",
            Weight::Small => "small",
            Weight::Grave => "grave",
        }
    }
}

impl Field {
    /// A field.
    pub fn new(kind: FieldKind, name: &str, label: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: None,
            kind,
            value: String::new(),
            optional: false,
            autocomplete: "off",
            complaint: None,
        }
    }

    /// A line of text.
    pub fn text(name: &str, label: &str) -> Self {
        Self::new(FieldKind::Text, name, label)
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Sets the value.
    #[must_use]
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// Makes the field optional.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Sets how browsers fill it in.
    #[must_use]
    pub fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    fn input_type(&self) -> &'static str {
        match self.kind {
            FieldKind::Email => "email",
            FieldKind::Password => "password",
            FieldKind::Number => "number",
            FieldKind::File => "file",
            _ => "text",
        }
    }

    fn is_chosen(&self, value: &str) -> bool {
        self.value.split_whitespace().any(|chosen| chosen == value)
    }

    /// The ids of the elements that describe the field to screen readers.
    fn described_by(&self, prefix: &str) -> Option<String> {
        let complaint = self.complaint.as_ref().map(|_| format!("{prefix}{}-complaint", self.name));
        let hint = self.hint.as_ref().map(|_| format!("{prefix}{}-hint", self.name));
        let ids: Vec<String> = [complaint, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}
