//! The report as Markdown, with its figures as files.

use std::fmt::{self, Write};

use askama::Template;

use super::{DesignItem, RankStability, ReportPage, SignificanceMap};
use crate::Result;
use crate::charts::Svg;

/// A report as Markdown.
#[derive(Debug, Clone)]
pub struct MarkdownReport {
    /// The text. It refers to the figures by their file names, next to it.
    pub text: String,
    /// The figures.
    pub figures: Vec<ReportFigure>,
}

/// A figure as a file.
#[derive(Debug, Clone)]
pub struct ReportFigure {
    /// Its file name, such as `rank-stability.svg`.
    pub file: String,
    /// Its contents: SVG that needs no style sheet.
    pub svg: String,
}

/// The Markdown of a report.
#[derive(Template)]
#[template(path = "report.md")]
struct Document<'a> {
    report: &'a ReportPage,
}

impl ReportPage {
    /// The report as Markdown (`CommonMark` with tables), with its figures.
    ///
    /// # Errors
    /// If it can't be rendered.
    pub fn to_markdown(&self) -> Result<MarkdownReport> {
        let stability = self.stability.as_ref().map(RankStability::figure);
        let significance = self.significance.as_ref().map(SignificanceMap::figure);
        let file = |(name, svg): (&str, Option<Svg>)| {
            Some(ReportFigure { file: format!("{name}.svg"), svg: svg?.file() })
        };
        let figures = [
            ("rank-stability", stability),
            ("significance", significance),
            ("scored-over-time", self.scored_figure()),
            ("best-over-time", self.best_figure()),
        ];
        Ok(MarkdownReport {
            text: Document { report: self }.render()?,
            figures: figures.into_iter().filter_map(file).collect(),
        })
    }
}

impl Document<'_> {
    /// The row below the head of a table: text to the left, numbers to the right.
    fn rule(texts: usize, numbers: usize) -> String {
        format!("|{}{}", "---|".repeat(texts), "--:|".repeat(numbers))
    }

    fn paragraphs(item: &DesignItem) -> Vec<String> {
        item.paragraphs()
    }
}

/// Escapes text for Markdown: what people type is text, on one line, also within a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MarkdownText;

impl askama::filters::Escaper for MarkdownText {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        let mut begins = true;
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => write!(dest, "\\{letter}")?,
                '<' => dest.write_str("&lt;")?,
                '>' => dest.write_str("&gt;")?,
                '&' => dest.write_str("&amp;")?,
                // what is a heading or a list only at the start of a line
                '#' | '=' if begins => write!(dest, "\\{letter}")?,
                '+' | '-' | '.' | ')' if begins && ends_a_word(letters.peek()) => {
                    write!(dest, "\\{letter}")?;
                }
                '\r' if letters.peek() == Some(&'\n') => {}
                letter if letter.is_control() => dest.write_char(' ')?,
                letter => dest.write_char(letter)?,
            }
            begins = begins && (letter.is_ascii_digit() || letter.is_whitespace());
        }
        Ok(())
    }
}

/// Whether what follows is not part of the same word.
fn ends_a_word(next: Option<&char>) -> bool {
    next.is_none_or(|next| !next.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use askama::filters::Escaper;

    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        MarkdownText.write_escaped_str(&mut out, text).unwrap();
        out
    }

    #[test]
    fn what_people_type_is_text_in_markdown() {
        assert_eq!(escaped("a|b\nc"), "a\\|b c");
        assert_eq!(escaped("# x [y](z) <b>"), "\\# x \\[y\\](z) &lt;b&gt;");
        assert_eq!(escaped("1. first, 2. second"), "1\\. first, 2. second");
        assert_eq!(escaped("- dual-encoder"), "\\- dual-encoder");
        assert_eq!(escaped("line\r\nline"), "line line");
        assert_eq!(escaped("90.5"), "90.5");
    }
}
