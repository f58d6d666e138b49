//! Forms: what is asked, what was typed, and what is wrong with it.

use askama::Template;

/// A form, sent as `application/x-www-form-urlencoded` unless a file is among its fields.
#[derive(Debug, Clone, Template)]
#[template(path = "form_part.html")]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Fields nobody sees: name and value.
    pub hidden: Vec<(String, String)>,
    /// What is asked.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: String,
    /// How much stands behind it.
    pub weight: Weight,
    /// What is wrong with the whole, in a sentence for people.
    pub complaint: Option<String>,
    /// Whether it only asks, and changes nothing: then what it asks stands in the address.
    pub asks: bool,
    /// What the ids of its fields begin with, where several forms stand on a page.
    pub prefix: String,
    /// What is asked before it can be sent, where it does what can't easily be undone.
    pub question: Option<Asking>,
}

/// What is asked before something is done.
#[derive(Debug, Clone)]
pub struct Asking {
    /// What opens the question, such as "Withdraw the run".
    pub opens: String,
    /// What happens if it is done.
    pub happens: String,
}

/// How a form looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// What the page is for.
    Main,
    /// One of several.
    Quiet,
    /// A line: its button stands in the text.
    Small,
    /// It takes something away.
    Grave,
}

/// One thing that is asked.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in what is sent.
    pub name: String,
    /// What is asked, for people.
    pub label: String,
    /// What helps to answer.
    pub hint: Option<String>,
    /// How it is answered.
    pub kind: FieldKind,
    /// What is there already, such as what was typed before.
    pub value: String,
    /// Whether it may be left empty.
    pub optional: bool,
    /// What browsers fill in.
    pub autocomplete: &'static str,
    /// What is wrong with what was typed.
    pub complaint: Option<String>,
}

/// How something is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A line.
    Text,
    /// An address.
    Email,
    /// A line that nobody reads over a shoulder.
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

    /// Asks first: the form opens when it is asked for, says what happens, and its button says yes.
    #[must_use]
    pub fn asking(mut self, happens: impl Into<String>, yes: &str) -> Self {
        let opens = std::mem::replace(&mut self.button, yes.to_owned());
        self.question = Some(Asking { opens, happens: happens.into() });
        self
    }

    /// With a field.
    #[must_use]
    pub fn with(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// With a field that nobody sees.
    #[must_use]
    pub fn hiding(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }

    /// Looking otherwise.
    #[must_use]
    pub fn weighing(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// One of several on a page: its fields' ids begin with a word.
    #[must_use]
    pub fn called(self, prefix: &str) -> Self {
        Self { prefix: format!("{prefix}-"), ..self }
    }

    /// With what was typed before, but for what nobody should read, and files.
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

    /// Says what is wrong, beside the field it concerns if that is one of these.
    pub fn complain(&mut self, field: Option<&str>, sentence: &str) {
        let at = field.and_then(|name| self.fields.iter_mut().find(|field| field.name == name));
        match at {
            Some(field) => field.complaint = Some(sentence.to_owned()),
            None => self.complaint = Some(sentence.to_owned()),
        }
    }

    /// Whether anything is wrong.
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
    /// Something that is asked.
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

    /// With what helps to answer.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With something in it already.
    #[must_use]
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Filled in by browsers.
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

    /// What describes it to those who do not see the words around it.
    fn described_by(&self, prefix: &str) -> Option<String> {
        let complaint = self.complaint.as_ref().map(|_| format!("{prefix}{}-complaint", self.name));
        let hint = self.hint.as_ref().map(|_| format!("{prefix}{}-hint", self.name));
        let ids: Vec<String> = [complaint, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}
