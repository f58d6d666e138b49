//! Blocked retrieval compared with one product of everything and its best 51 (`torch.topk`): the same
//! result, as a ratio of times within one run; then a million items, and how much memory that takes.

use std::fs;
use std::time::{Duration, Instant};

use baseline::learned::retrieve::best;
use tch::{Device, Kind, Tensor, no_grad};

const QUERIES: i64 = 2000;
const WIDTH: i64 = 128;
/// Few enough that all scores fit into memory, for the comparison.
const ITEMS: i64 = 100_000;
/// All scores of this many would be 8 GB.
const MANY: i64 = 1_000_000;
const ROUNDS: usize = 7;

fn main() {
    let device = Device::cuda_if_available();
    tch::manual_seed(1);
    println!("on {device:?}, {} threads", tch::get_num_threads());
    beside_topk(device);
    a_million(device);
}

fn beside_topk(device: Device) {
    let queries = Tensor::randn([QUERIES, WIDTH], (Kind::Float, device));
    let items = Tensor::randn([ITEMS, WIDTH], (Kind::Float, device));
    let references = vec![-1; QUERIES as usize];
    let blocked = || {
        let block = |from, to| items.narrow(0, from, to - from);
        best(&queries, ITEMS, block, &references, 50)
    };
    let whole = || {
        no_grad(|| {
            let (_, places) = queries.matmul(&items.transpose(0, 1)).topk(51, 1, true, true);
            places.to_device(Device::Cpu)
        })
    };
    // One of each before the clock starts, then in turn, so that both meet the same machine.
    let found: Vec<Vec<i64>> = Vec::try_from(whole()).expect("places");
    assert!(blocked().iter().zip(&found).all(|(ours, theirs)| i64::from(ours[0]) == theirs[0]));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(time(&blocked));
        theirs.push(time(&whole));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("{QUERIES} queries, {ITEMS} items of width {WIDTH}, medians of {ROUNDS}");
    println!(
        "one product and topk  {theirs:.2?} ({} MB of scores)",
        QUERIES * ITEMS * 4 / 1_000_000
    );
    println!("in blocks             {ours:.2?} (at most 67 MB of scores)");
    println!("ratio                 {:.2}", theirs.as_secs_f64() / ours.as_secs_f64());
}

/// Items are made on demand, so that memory above the start is the retrieval's own.
fn a_million(device: Device) {
    let queries = Tensor::randn([QUERIES, WIDTH], (Kind::Float, device));
    let references = vec![-1; QUERIES as usize];
    let some = Tensor::randn([1 << 16, WIDTH], (Kind::Float, device));
    let block = |from: i64, to: i64| {
        // The same few, rotated by their position, so that no two items are the same.
        some.narrow(0, 0, to - from) * (1.0 + from as f64 / MANY as f64)
    };
    // What was the most until now no longer counts.
    let reset = fs::write("/proc/self/clear_refs", "5").is_ok();
    let before = megabytes("VmRSS");
    let begun = Instant::now();
    let found = best(&queries, MANY, block, &references, 50);
    let took = begun.elapsed();
    assert!(found.iter().all(|ranking| ranking.len() == 50));
    println!(
        "{QUERIES} queries, {MANY} items  {took:.2?} ({} MB of scores)",
        QUERIES * MANY / 250_000
    );
    match (reset, before, megabytes("VmHWM")) {
        (true, Some(before), Some(peak)) => {
            println!("peak memory           {peak} MB, {} MB more than before", peak - before);
        }
        _ => println!("peak memory           not known: this system has no /proc"),
    }
}

/// A line of the system's report on this process's memory.
fn megabytes(name: &str) -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok().map(|kilobytes: i64| kilobytes / 1024)
}

fn time<T>(run: &impl Fn() -> T) -> Duration {
    let begun = Instant::now();
    std::hint::black_box(run());
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
