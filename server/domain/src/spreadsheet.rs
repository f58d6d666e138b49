//! CSV tables for spreadsheets.

/// Marks a table as UTF-8: without it spreadsheets show wrong letters.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A writer for a table.
pub fn table() -> csv::Writer<Vec<u8>> {
    csv::Writer::from_writer(BYTE_ORDER_MARK.into())
}

/// A cell that a spreadsheet shows but does not run as a formula.
pub fn harmless(text: &str) -> String {
    let runs =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    if text.trim_start().starts_with(runs) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_how_its_letters_are_written() {
        let mut table = table();
        table.write_record(["Équipe", "1"]).unwrap();
        assert_eq!(table.into_inner().unwrap(), "\u{feff}Équipe,1\n".as_bytes());
    }

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
