//! The look of progress bars.

use indicatif::ProgressStyle;

/// A bar with what is counted, speed and time left.
pub(super) fn style(what: &str) -> ProgressStyle {
    let template =
        format!("{{msg}} [{{bar:30}}] {{pos}}/{{len}} {what}, {{per_sec}}, {{eta}} left");
    ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}
