//! An SVG picture, built element by element.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::words::escaped;

/// The background of a file, which doesn't know the page it is shown on.
const WHITE: &str = "#ffffff";

/// The font of a file; on a page the page's own counts.
const FONT: &str = "'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif";

/// A picture with a title and a description for screen readers.
#[derive(Debug, Clone)]
pub(crate) struct Svg {
    /// The prefix of its ids; distinct on a page.
    id: Cow<'static, str>,
    /// Its class, besides `chart`.
    class: &'static str,
    width: f64,
    height: f64,
    title: String,
    description: String,
    body: String,
}

/// What every chart has: an id of its own on its page, and what screen readers read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chart<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
}

impl Chart<'_> {
    pub(super) fn svg(&self, class: &'static str, width: f64, height: f64) -> Svg {
        Svg::new(self.id.to_owned(), class, width, height).described(self.title, self.description)
    }
}

/// How an element is drawn: a class, and its look where there is no style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Text, and marks as strong as text.
    Text,
    /// Labels of axes.
    Quiet,
    /// Lines to read a value along.
    Grid,
    /// The line that an axis is.
    Axis,
    /// The first or only series.
    First,
    /// The second series: another colour, and dashed.
    Second,
    /// The area below the first series.
    Area,
}

/// Where a text is, seen from its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Ink {
    fn class(self) -> &'static str {
        match self {
            Self::Text => "ink",
            Self::Quiet => "faint",
            Self::Grid => "grid",
            Self::Axis => "axis",
            Self::First => "one",
            Self::Second => "two",
            Self::Area => "area",
        }
    }

    fn colour(self) -> &'static str {
        match self {
            Self::Text => "#1d1915",
            Self::Quiet => "#655c53",
            Self::Grid => "#e2d9cc",
            Self::Axis => "#8a8076",
            Self::First => "#8c1d2f",
            Self::Second => "#2a686c",
            Self::Area => "#f6e6e3",
        }
    }

    /// The attributes of a filled shape.
    fn filled(self) -> String {
        format!(r#"class="{}" fill="{}""#, self.class(), self.colour())
    }

    /// The attributes of a line.
    fn drawn(self) -> String {
        let (width, dashes) = match self {
            Self::First => ("2.5", ""),
            Self::Second => ("2.5", r#" stroke-dasharray="7 4""#),
            _ => ("1", ""),
        };
        let (class, colour) = (self.class(), self.colour());
        format!(
            r#"class="{class} line" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}"#
        )
    }
}

impl Svg {
    /// An empty picture.
    pub(super) fn new(
        id: impl Into<Cow<'static, str>>,
        class: &'static str,
        width: f64,
        height: f64,
    ) -> Self {
        let (title, description, body) = (String::new(), String::new(), String::new());
        Self { id: id.into(), class, width, height, title, description, body }
    }

    /// Sets what screen readers read: what it is, and what it shows.
    #[must_use]
    pub(super) fn described(self, title: &str, description: &str) -> Self {
        Self { title: title.to_owned(), description: description.to_owned(), ..self }
    }

    /// A filled rectangle.
    pub(super) fn rect(&mut self, ink: Ink, at: (f64, f64), size: (f64, f64), opacity: f64) {
        let (x, y, width, height) = (short(at.0), short(at.1), short(size.0), short(size.1));
        let ink = ink.filled();
        let opacity = if opacity < 1.0 {
            format!(r#" fill-opacity="{}""#, format_args!("{opacity:.2}"))
        } else {
            String::new()
        };
        self.push(format_args!(
            r#"<rect {ink}{opacity} x="{x}" y="{y}" width="{width}" height="{height}"/>"#
        ));
    }

    /// A filled circle.
    pub(super) fn dot(&mut self, ink: Ink, at: (f64, f64), radius: f64) {
        let (ink, x, y, radius) = (ink.filled(), short(at.0), short(at.1), short(radius));
        self.push(format_args!(r#"<circle {ink} cx="{x}" cy="{y}" r="{radius}"/>"#));
    }

    /// A straight line.
    pub(super) fn line(&mut self, ink: Ink, from: (f64, f64), to: (f64, f64)) {
        self.path(ink, &polyline(&[from, to]));
    }

    /// A line along a path.
    pub(super) fn path(&mut self, ink: Ink, path: &str) {
        let ink = ink.drawn();
        self.push(format_args!(r#"<path {ink} d="{path}"/>"#));
    }

    /// The area within a path.
    pub(super) fn area(&mut self, ink: Ink, path: &str) {
        let ink = ink.filled();
        self.push(format_args!(r#"<path {ink} d="{path}Z"/>"#));
    }

    /// A text of one line; its size is in units of the picture.
    pub(super) fn text(&mut self, ink: Ink, at: (f64, f64), anchor: Anchor, size: f64, text: &str) {
        let (ink, x, y, size) = (ink.filled(), short(at.0), short(at.1), short(size));
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let text = escaped(text);
        self.push(format_args!(
            r#"<text {ink} x="{x}" y="{y}"{anchor} font-size="{size}">{text}</text>"#
        ));
    }

    /// The picture as part of a page.
    pub(crate) fn inline(&self) -> String {
        self.written("", "")
    }

    /// The picture as a file, on white.
    pub(crate) fn file(&self) -> String {
        let ground = format!(r#"<rect fill="{WHITE}" width="100%" height="100%"/>"#);
        self.written(r#" xmlns="http://www.w3.org/2000/svg""#, &ground)
    }

    /// What it is, as a caption.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    fn written(&self, namespace: &str, ground: &str) -> String {
        let Self { id, class, body, .. } = self;
        let (width, height) = (short(self.width), short(self.height));
        let (title, description) = (escaped(&self.title), escaped(&self.description));
        format!(
            "<svg{namespace} class=\"chart {class}\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{FONT}\">\n\
             <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n\
             {ground}{body}</svg>"
        )
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // writing to a string can't fail
        let _ = writeln!(self.body, "{element}");
    }
}

/// A path through points.
pub(super) fn polyline(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let _ = write!(path, "{}{} {}", if i == 0 { 'M' } else { 'L' }, short(*x), short(*y));
    }
    path
}

/// A length with at most one decimal.
fn short(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_alone_and_a_page_colours_the_same_picture() {
        let mut svg = Svg::new("sample", "curves", 20.0, 10.5).described("A <b>", "\"x\" & y");
        svg.rect(Ink::First, (1.0, 2.25), (3.0, 4.0), 0.5);
        svg.text(Ink::Text, (0.0, 0.0), Anchor::End, 13.0, "<script>");
        insta::assert_snapshot!(svg.inline(), @r##"
        <svg class="chart curves" viewBox="0 0 20 10.5" width="20" height="10.5" role="img" aria-labelledby="sample-title sample-desc" font-family="'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif">
        <title id="sample-title">A &#60;b&#62;</title>
        <desc id="sample-desc">&#34;x&#34; &#38; y</desc>
        <rect class="one" fill="#8c1d2f" fill-opacity="0.50" x="1" y="2.2" width="3" height="4"/>
        <text class="ink" fill="#1d1915" x="0" y="0" text-anchor="end" font-size="13">&#60;script&#62;</text>
        </svg>
        "##);
        let file = svg.file();
        assert!(file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart"));
        assert!(file.contains("<rect fill=\"#ffffff\" width=\"100%\" height=\"100%\"/>"));
    }
}
