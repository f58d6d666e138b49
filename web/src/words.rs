//! Text for running prose.

/// A message as a sentence: a capital at its start, a full stop at its end.
///
/// Messages also go to logs and programs, where they have neither.
pub(crate) fn sentence(message: &str) -> String {
    let message = message.trim();
    let mut chars = message.chars();
    let mut sentence: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    sentence.push_str(chars.as_str());
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_becomes_a_sentence_and_a_sentence_stays_one() {
        assert_eq!(sentence("there is no phase `final`"), "There is no phase `final`.");
        assert_eq!(sentence("`method` is too long"), "`method` is too long.");
        assert_eq!(sentence("Was a character lost?"), "Was a character lost?");
        assert_eq!(sentence("éa"), "Éa.");
        assert_eq!(sentence(" "), "");
    }
}
