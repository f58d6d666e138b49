//! The best items for each query, without the whole matrix of scores in memory.

use tch::{Device, Kind, Tensor, no_grad};

/// Queries whose scores are in memory at once.
const QUERIES: i64 = 512;
/// Items whose scores are in memory at once.
const ITEMS: i64 = 32_768;

/// For each query the indices of the `count` items with the highest products, best first.
///
/// `queries`: [queries, width]. `items` returns the vectors of the items from one index to another,
/// [to - from, width], and is called once per block, so any size of gallery works. The reference of each
/// query, -1 if it has none, is left out. The order of ties is unspecified; callers can add a small
/// random part to the vectors.
pub fn best(
    queries: &Tensor,
    all: i64,
    items: impl Fn(i64, i64) -> Tensor,
    references: &[i64],
    count: i64,
) -> Vec<Vec<u32>> {
    let items = |from, to| (items(from, to).transpose(0, 1), ());
    best_with(queries, all, items, |(), _, _| None, references, count)
}

/// The same with scores that are added to the products: `more` returns them for a block and some
/// queries, given by the first and their number; [queries, items of the block].
pub fn best_with<B>(
    queries: &Tensor,
    all: i64,
    items: impl Fn(i64, i64) -> (Tensor, B),
    more: impl Fn(&B, i64, i64) -> Option<Tensor>,
    references: &[i64],
    count: i64,
) -> Vec<Vec<u32>> {
    // One more than requested, because the reference may be among them.
    let wanted = (count + 1).min(all);
    let asked = queries.size()[0];
    let blocks = (asked + QUERIES - 1) / QUERIES;
    let mut found: Vec<Option<(Tensor, Tensor)>> = (0..blocks).map(|_| None).collect();
    // One buffer for the scores of all blocks: allocating it each time took a seventh of the time.
    let room = [QUERIES.min(asked) * ITEMS.min(all)];
    let room = Tensor::empty(room, (queries.kind(), queries.device()));
    no_grad(|| {
        for from in (0..all).step_by(ITEMS as usize) {
            let to = (from + ITEMS).min(all);
            let (block, rest) = items(from, to);
            for (number, found) in (0_i64..).zip(&mut found) {
                let start = number * QUERIES;
                let rows = queries.narrow(0, start, QUERIES.min(asked - start));
                let (height, width) = (rows.size()[0], to - from);
                let room = room.narrow(0, 0, height * width).view([height, width]);
                let mut scores = rows.matmul_out(&room, &block);
                if let Some(more) = more(&rest, start, height) {
                    scores += more;
                }
                let (scores, places) = scores.topk(wanted.min(to - from), 1, true, true);
                let places = places + from;
                *found = Some(match found.take() {
                    None => (scores, places),
                    Some((best, at)) => merge(&[best, scores], &[at, places], wanted),
                });
            }
        }
    });
    let mut rankings = Vec::with_capacity(asked as usize);
    for (_, places) in found.into_iter().flatten() {
        let places = places.to_device(Device::Cpu).to_kind(Kind::Int64).contiguous();
        let width = places.size()[1] as usize;
        let mut flat = vec![0_i64; places.numel()];
        places.copy_data(&mut flat, places.numel());
        for row in flat.chunks(width.max(1)) {
            let reference = references[rankings.len()];
            let others = row.iter().filter(|&&item| item != reference).map(|&item| item as u32);
            rankings.push(others.take(count as usize).collect());
        }
    }
    rankings
}

fn merge(scores: &[Tensor; 2], places: &[Tensor; 2], wanted: i64) -> (Tensor, Tensor) {
    let scores = Tensor::cat(scores, 1);
    let (scores, order) = scores.topk(wanted.min(scores.size()[1]), 1, true, true);
    (scores, Tensor::cat(places, 1).gather(1, &order, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_find_what_the_whole_matrix_holds_but_the_reference() {
        tch::manual_seed(1);
        let (asked, all) = (QUERIES + 3, ITEMS + 40);
        let queries = Tensor::randn([asked, 4], (Kind::Float, Device::Cpu));
        let items = Tensor::randn([all, 4], (Kind::Float, Device::Cpu));
        let whole = queries.matmul(&items.transpose(0, 1));
        let (_, order) = whole.topk(8, 1, true, true);
        let order: Vec<Vec<i64>> = Vec::try_from(&order).unwrap();
        let mut references = vec![-1; asked as usize];
        references[0] = order[0][2];
        references[asked as usize - 1] = order[asked as usize - 1][0];
        let got = best(&queries, all, |from, to| items.narrow(0, from, to - from), &references, 7);
        for (query, (got, order)) in got.iter().zip(&order).enumerate() {
            let want = order.iter().filter(|&&item| item != references[query]).take(7);
            let want: Vec<u32> = want.map(|&item| item as u32).collect();
            assert_eq!(got, &want, "query {query}");
        }
    }

    #[test]
    fn a_gallery_smaller_than_what_is_wanted_is_ranked_whole() {
        let queries = Tensor::from_slice(&[1.0_f32]).view([1, 1]);
        let items = Tensor::from_slice(&[1.0_f32, 3.0, 2.0]).view([3, 1]);
        let got = best(&queries, 3, |from, to| items.narrow(0, from, to - from), &[0], 50);
        assert_eq!(got, [[1, 2]]);
    }
}
