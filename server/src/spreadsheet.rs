//! Cells of tables that people open in spreadsheets.

/// A cell that a spreadsheet shows and does not run.
pub(crate) fn harmless(text: &str) -> String {
    let runs =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    if text.trim_start().starts_with(runs) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_run_in_a_spreadsheet_does_not() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["nine stitches", "a=b", "", "3-fold"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
