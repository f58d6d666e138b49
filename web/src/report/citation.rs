//! How to cite a challenge.

/// A reference to a challenge.
#[derive(Debug, Clone)]
pub struct Citation {
    /// The key of the entry: letters, digits and hyphens.
    pub key: String,
    /// Who organises the challenge.
    pub authors: Vec<String>,
    /// Its title.
    pub title: String,
    /// The year.
    pub year: i32,
    /// Its permanent address.
    pub address: String,
    /// What identifies the board, such as its date and hash.
    pub note: String,
}

impl Citation {
    /// The reference as a BibTeX entry.
    pub(super) fn bibtex(&self) -> String {
        let is_fine = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
        let key: String = self.key.chars().filter(is_fine).collect();
        let authors: Vec<String> =
            self.authors.iter().map(|it| format!("{{{}}}", tex(it))).collect();
        let fields = [
            ("author", format!("{{{}}}", authors.join(" and "))),
            // the inner braces keep its capitals
            ("title", format!("{{{{{}}}}}", tex(&self.title))),
            ("year", format!("{{{}}}", self.year)),
            ("howpublished", format!("{{\\url{{{}}}}}", address(&self.address))),
            ("note", format!("{{{}}}", tex(&self.note))),
        ];
        let is_there = |(_, value): &(&str, String)| value != "{}";
        let fields = fields.into_iter().filter(is_there);
        let lines: Vec<String> =
            fields.map(|(name, value)| format!("  {name} = {value},\n")).collect();
        format!("@misc{{{key},\n{}}}", lines.concat())
    }
}

/// A text for TeX, on one line.
fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '%' | '$' | '#' | '_' => out.extend(['\\', letter]),
            '{' => out.push_str("\\textbraceleft "),
            '}' => out.push_str("\\textbraceright "),
            '\\' => out.push_str("\\textbackslash "),
            '~' => out.push_str("\\textasciitilde "),
            '^' => out.push_str("\\textasciicircum "),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// An address within `\url{…}`, which takes everything but braces, backslashes and spaces.
fn address(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for letter in address.chars() {
        match letter {
            '{' => out.push_str("%7B"),
            '}' => out.push_str("%7D"),
            '\\' => out.push_str("%5C"),
            letter if letter.is_whitespace() || letter.is_control() => out.push_str("%20"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_safe_for_tex_whatever_people_are_called() {
        let citation = Citation {
            key: "fashion iq, 2026".to_owned(),
            authors: vec!["R&D at 100 %".to_owned(), "A {brace}".to_owned()],
            title: "Fashion IQ Challenge".to_owned(),
            year: 2026,
            address: "https://fashion-iq.example/c/x_y?of=a%20b".to_owned(),
            note: String::new(),
        };
        insta::assert_snapshot!(citation.bibtex(), @r"
        @misc{fashioniq2026,
          author = {{R\&D at 100 \%} and {A \textbraceleft brace\textbraceright }},
          title = {{Fashion IQ Challenge}},
          year = {2026},
          howpublished = {\url{https://fashion-iq.example/c/x_y?of=a%20b}},
        }
        ");
    }
}
