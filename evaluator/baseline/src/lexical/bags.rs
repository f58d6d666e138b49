//! Bags of numbers, end to end.

/// Several bags of numbers.
#[derive(Debug, Clone)]
pub(crate) struct Bags {
    starts: Vec<usize>,
    numbers: Vec<u32>,
}

impl Bags {
    /// Takes the bags in order.
    pub(crate) fn new(bags: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let mut all = Self { starts: vec![0], numbers: Vec::new() };
        for bag in bags {
            all.numbers.extend(bag);
            all.starts.push(all.numbers.len());
        }
        all
    }

    /// How many bags there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The numbers of one.
    pub(crate) fn of(&self, bag: usize) -> &[u32] {
        &self.numbers[self.starts[bag]..self.starts[bag + 1]]
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|bag| self.of(bag))
    }
}
