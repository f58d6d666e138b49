//! What a process has used, from `/proc`.

use std::fs;
use std::time::Duration;

/// The unit of times in `/proc`, which is the same on every Linux.
const TICKS_A_SECOND: u64 = 100;

/// The most memory that a process has held so far, in bytes.
pub fn peak_memory(process: u32) -> u64 {
    of_status(process, "VmHWM:")
}

/// The memory that a process holds now, in bytes.
pub fn memory(process: u32) -> u64 {
    of_status(process, "VmRSS:")
}

/// The processor time of a process so far, without its children.
pub fn processor_time(process: u32) -> Duration {
    let fields = stat(process);
    ticks(fields.as_deref(), &[11, 12])
}

/// The processor time so far of a process and those that it has started, also if they have ended.
pub fn processor_time_with_children(process: u32) -> Duration {
    let fields = stat(process);
    let own = ticks(fields.as_deref(), &[11, 12, 13, 14]);
    let running = fs::read_dir("/proc").unwrap().flatten();
    let running = running.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |fields: &Vec<String>| fields[1] == process.to_string();
    let children = running.filter_map(stat).filter(is_child);
    own + children.map(|fields| ticks(Some(&fields), &[11, 12])).sum::<Duration>()
}

/// The fields of `/proc/…/stat` after the name, so that the state is number 0; none if it has ended.
fn stat(process: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn ticks(fields: Option<&[String]>, which: &[usize]) -> Duration {
    let fields = fields.unwrap_or_default();
    let of = |&n: &usize| fields.get(n).and_then(|field| field.parse::<u64>().ok());
    let ticks: u64 = which.iter().filter_map(of).sum();
    Duration::from_millis(ticks * 1000 / TICKS_A_SECOND)
}

fn of_status(process: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}
