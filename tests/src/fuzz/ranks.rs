//! The decoder of stored ranks.

use scoring::Ranks;

/// What is decoded encodes to something that decodes to the same, and takes no more memory than its
/// bytes account for.
pub(super) fn check(bytes: &[u8]) -> bool {
    let ranks = match Ranks::from_bytes(bytes) {
        Ok(ranks) => ranks,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return false;
        }
    };
    assert_eq!(Ranks::from_bytes(&ranks.to_bytes()).unwrap(), ranks);
    for group in ranks.groups() {
        let lengths = group.lengths();
        let total: usize = (0..group.queries()).map(|query| group.of(query).len()).sum();
        assert!(group.queries() <= total && total <= bytes.len(), "{total} ranks");
        for (query, &length) in lengths.iter().enumerate() {
            assert!(group.of(query).iter().all(|&rank| rank <= length));
        }
    }
    true
}
