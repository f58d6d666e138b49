//! The first items of rankings, to show them.

/// The first items of each ranking of a group, as indices of its gallery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TopItems {
    /// How many are kept of each ranking.
    each: usize,
    /// Query by query; [`NONE`] where a ranking is shorter.
    items: Vec<u32>,
}

/// No item.
const NONE: u32 = u32::MAX;

impl TopItems {
    /// The first items of a query's ranking; empty if none were kept.
    pub fn of(&self, query: usize) -> &[u32] {
        let own = self.items.get(query * self.each..(query + 1) * self.each).unwrap_or_default();
        let known = own.iter().position(|item| *item == NONE).unwrap_or(own.len());
        &own[..known]
    }

    /// Takes the first items of a query's ranking.
    pub(crate) fn set(&mut self, query: usize, each: usize, top: &[u32]) {
        self.each = each;
        let (start, end) = (query * each, (query + 1) * each);
        if self.items.len() < end {
            self.items.resize(end, NONE);
        }
        self.items[start..end].fill(NONE);
        self.items[start..start + top.len().min(each)].copy_from_slice(&top[..top.len().min(each)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_kept_by_query_in_any_order_and_short_rankings_end_early() {
        let mut top = TopItems::default();
        assert!(top.of(3).is_empty());
        top.set(2, 3, &[7, 8, 9]);
        top.set(0, 3, &[5]);
        assert_eq!((top.of(0), top.of(1), top.of(2)), (&[5][..], &[][..], &[7, 8, 9][..]));
        top.set(2, 3, &[1]);
        assert_eq!(top.of(2), [1]);
        assert!(top.of(9).is_empty());
    }
}
