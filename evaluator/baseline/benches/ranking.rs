//! Blocked retrieval beside one product of everything and its best 51: the same result, as a ratio of
//! times within one run, and how far memory lies apart.

use std::time::{Duration, Instant};

use baseline::learned::retrieve::best;
use tch::{Device, Kind, Tensor, no_grad};

const QUERIES: i64 = 2000;
const ITEMS: i64 = 100_000;
const WIDTH: i64 = 128;
const ROUNDS: usize = 7;

fn main() {
    let device = Device::cuda_if_available();
    tch::manual_seed(1);
    let queries = Tensor::randn([QUERIES, WIDTH], (Kind::Float, device));
    let items = Tensor::randn([ITEMS, WIDTH], (Kind::Float, device));
    let references = vec![-1; QUERIES as usize];
    let blocked = || {
        let block = |from, to| items.narrow(0, from, to - from);
        best(&queries, ITEMS, block, &references, 50).len()
    };
    let whole = || {
        no_grad(|| {
            let (_, places) = queries.matmul(&items.transpose(0, 1)).topk(51, 1, true, true);
            places.to_device(Device::Cpu).size()[0] as usize
        })
    };
    // One of each before the clock starts, then in turn, so that both meet the same machine.
    assert_eq!(blocked(), whole());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(time(&blocked));
        theirs.push(time(&whole));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let megabytes = QUERIES * ITEMS * 4 / 1_000_000;
    println!(
        "{QUERIES} queries, {ITEMS} items of width {WIDTH}, on {device:?}, medians of {ROUNDS}"
    );
    println!("one product and topk  {theirs:?} ({megabytes} MB of scores)");
    println!("in blocks             {ours:?} (at most 67 MB of scores)");
    println!("ratio                 {:.2}", theirs.as_secs_f64() / ours.as_secs_f64());
}

fn time(run: &impl Fn() -> usize) -> Duration {
    let begun = Instant::now();
    std::hint::black_box(run());
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
