//! Downloads one file: continues where a broken connection ended, and checks what arrived.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::http::{StatusCode, header};

use crate::outgoing;

/// The pause before the first retry; each further one is twice as long, up to the longest.
pub(super) const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How much is read and written at once.
const PIECE: usize = 64 << 10;

/// A file to download.
#[derive(Debug, Clone, Copy)]
pub(super) struct WantedFile<'a> {
    /// Its path, below the address and in the folder.
    pub(super) path: &'a str,
    pub(super) bytes: u64,
    /// In hex.
    pub(super) sha256: &'a str,
}

/// Where files come from.
pub(super) struct Source<'a> {
    pub(super) agent: &'a Agent,
    pub(super) address: &'a str,
    /// How often to try again without getting any further.
    pub(super) retries: u32,
    pub(super) say: &'a dyn Fn(&str),
    pub(super) pause: Duration,
}

/// What was done for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fetched {
    New,
    /// It was already there, with the right content.
    Kept,
}

/// Why a file isn't there.
#[derive(Debug)]
pub(super) enum Failure {
    /// Another try would end in the same way.
    Unusable(String),
    /// Another try later may succeed.
    OutOfReach(String),
}

/// How one request ended.
enum End {
    /// It said something that no retry changes.
    Final(String),
    /// It broke off, or was refused for now.
    Broken(String),
}

impl<'a> WantedFile<'a> {
    /// Reads a line of the list: digest, size, path.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let (sha256, bytes, path) = (words.next()?, words.next()?, words.next()?);
        Some(Self { path, bytes: bytes.parse().ok()?, sha256 })
    }

    fn is(&self, path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.len() == self.bytes && digest(path)? == self.sha256)
    }
}

impl Source<'_> {
    /// Gets a file into a folder, unless it is there. `progress` gets the number of bytes so far.
    ///
    /// It is written as `….part`, which a later call continues, and gets its name once its checksum
    /// matches.
    pub(super) fn fetch(
        &self,
        dir: &Path,
        wanted: &WantedFile<'_>,
        progress: &dyn Fn(u64),
    ) -> Result<Fetched, Failure> {
        let path = dir.join(wanted.path);
        let on_disk =
            |e: io::Error| Failure::Unusable(format!("{}: {e}", dir.join(wanted.path).display()));
        if path.exists() {
            if wanted.is(&path).map_err(on_disk)? {
                return Ok(Fetched::Kept);
            }
            return Err(Failure::Unusable(format!(
                "{} is another file than the official one; it was not changed: remove it, or choose \
                 another folder",
                path.display()
            )));
        }
        fs::create_dir_all(path.parent().unwrap_or(dir)).map_err(on_disk)?;
        let part = PathBuf::from(format!("{}.part", path.display()));
        let mut tries = 0;
        loop {
            let before = length(&part);
            let end = self.once(&part, wanted, progress);
            if length(&part) == wanted.bytes {
                if wanted.is(&part).map_err(on_disk)? {
                    fs::rename(&part, &path).map_err(on_disk)?;
                    return Ok(Fetched::New);
                }
                fs::remove_file(&part).map_err(on_disk)?;
            }
            let why = match end {
                Err(End::Final(why)) => return Err(Failure::Unusable(why)),
                Err(End::Broken(why)) => why,
                Ok(()) => "it differs from the official file (its checksum)".to_owned(),
            };
            // Whoever gets further may go on for as long as it takes.
            tries = if length(&part) > before { 0 } else { tries + 1 };
            if tries > self.retries {
                return Err(Failure::OutOfReach(format!(
                    "{}: {why}; gave up: run the same command again to continue",
                    self.at(wanted)
                )));
            }
            let pause = self.pause.saturating_mul(1 << tries.min(8)).min(LONGEST_PAUSE);
            let seconds = pause.as_secs_f32();
            (self.say)(&format!("{}: {why}; trying again in {seconds:.1} s", wanted.path));
            thread::sleep(pause);
        }
    }

    fn at(&self, wanted: &WantedFile<'_>) -> String {
        format!("{}/{}", self.address.trim_end_matches('/'), wanted.path)
    }

    /// Asks for what is missing, and appends it to the part.
    fn once(
        &self,
        part: &Path,
        wanted: &WantedFile<'_>,
        progress: &dyn Fn(u64),
    ) -> Result<(), End> {
        let have = length(part);
        if have == wanted.bytes {
            return Ok(());
        }
        let mut request =
            self.agent.get(self.at(wanted)).header(header::ACCEPT_ENCODING, "identity");
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        let answer = request.call().map_err(|error| match outgoing::why_final(&error) {
            Some(why) => End::Final(format!("{}: {why}", self.at(wanted))),
            None => End::Broken(error.to_string()),
        })?;
        let starts = format!("bytes {have}-");
        let continues = answer.status() == StatusCode::PARTIAL_CONTENT
            && answer
                .headers()
                .get(header::CONTENT_RANGE)
                .and_then(|range| range.to_str().ok())
                .is_some_and(|range| range.starts_with(&starts));
        let status = answer.status();
        if !continues && status != StatusCode::OK {
            // A part that no longer fits the file is no use.
            if status == StatusCode::RANGE_NOT_SATISFIABLE || status.is_success() {
                let _ = fs::remove_file(part);
                return Err(End::Broken(format!("it answered {status}")));
            }
            let why = format!("{} answered {status}", self.at(wanted));
            let passes = status.is_server_error()
                || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
            return Err(if passes { End::Broken(why) } else { End::Final(why) });
        }
        let written = if continues { have } else { 0 };
        let mut options = OpenOptions::new();
        options.create(true).append(continues).write(true).truncate(!continues);
        let on_disk = |e: io::Error| End::Final(format!("{}: {e}", part.display()));
        let file = options.open(part).map_err(on_disk)?;
        append(answer.into_body().into_reader(), file, wanted.bytes, written, progress)
            .map_err(|error| error.unwrap_or_else(on_disk))
    }
}

/// Copies to a file until the end, or until it has all the bytes it should have.
///
/// The error is the connection's, or the disk's.
fn append(
    from: impl Read,
    mut file: File,
    bytes: u64,
    mut written: u64,
    progress: &dyn Fn(u64),
) -> Result<(), Result<End, io::Error>> {
    // One byte more shows a file that is too long.
    let mut from = from.take((bytes + 1).saturating_sub(written));
    let mut piece = vec![0; PIECE];
    loop {
        let read = from.read(&mut piece).map_err(|e| Ok(End::Broken(e.to_string())))?;
        if read == 0 {
            break;
        }
        file.write_all(&piece[..read]).map_err(Err)?;
        written += read as u64;
        progress(written.min(bytes));
    }
    if written > bytes {
        file.set_len(0).map_err(Err)?;
        return Err(Ok(End::Broken(format!("it has more than {bytes} bytes"))));
    }
    file.sync_all().map_err(Err)?;
    if written < bytes {
        return Err(Ok(End::Broken(format!("it ended after {written} of {bytes} bytes"))));
    }
    Ok(())
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |about| about.len())
}

fn digest(path: &Path) -> io::Result<String> {
    let (mut file, mut sha, mut piece) = (File::open(path)?, Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex::encode(sha.finalize())),
            read => sha.update(&piece[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{BufRead, BufReader};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// What a server does with each connection, in order.
    #[derive(Clone, Copy)]
    enum Reply {
        /// Sends the asked range, and closes after so many bytes.
        Drop(usize),
        /// Sends everything from the start, whatever was asked for.
        Whole,
        /// Sends other bytes of the same length.
        Damaged,
        Status(&'static str),
        /// Closes without an answer.
        Silent,
    }

    fn content() -> Vec<u8> {
        (0..200_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
    }

    /// A server on this machine; returns its address and the `Range` of each request.
    fn server(replies: Vec<Reply>) -> (String, Receiver<Option<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (ranges, asked) = channel();
        thread::spawn(move || {
            for reply in replies {
                let (mut socket, _) = listener.accept().unwrap();
                let range = range(&socket);
                ranges.send(range.clone()).unwrap();
                answer(&mut socket, reply, range.as_deref());
            }
        });
        (address, asked)
    }

    fn range(socket: &TcpStream) -> Option<String> {
        let mut lines = BufReader::new(socket.try_clone().unwrap()).lines().map(Result::unwrap);
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let named = head.iter().find(|line| line.to_lowercase().starts_with("range:"))?;
        Some(named[6..].trim().to_owned())
    }

    fn answer(socket: &mut TcpStream, reply: Reply, range: Option<&str>) {
        let all = content();
        let from = range.and_then(|it| it.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        let (status, body, sent) = match reply {
            Reply::Silent => return,
            Reply::Status(status) => (status.to_owned(), vec![], 0),
            Reply::Whole => ("200 OK".to_owned(), all.clone(), all.len()),
            Reply::Damaged => ("200 OK".to_owned(), vec![7; all.len()], all.len()),
            Reply::Drop(after) => match from {
                Some(from) => {
                    let end = all.len() - 1;
                    let status = format!(
                        "206 Partial Content\r\nContent-Range: bytes {from}-{end}/{}",
                        all.len()
                    );
                    (status, all[from..].to_vec(), after.min(all.len() - from))
                }
                None => ("200 OK".to_owned(), all.clone(), after.min(all.len())),
            },
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        socket.write_all(head.as_bytes()).unwrap();
        // the client may have left
        let _ = socket.write_all(&body[..sent]);
    }

    struct Outcome {
        fetched: Result<Fetched, Failure>,
        ranges: Vec<Option<String>>,
        said: Vec<String>,
        reached: u64,
    }

    fn fetched(dir: &Path, replies: Vec<Reply>, retries: u32) -> Outcome {
        let (address, asked) = server(replies);
        let (sha256, bytes) = (hex::encode(Sha256::digest(content())), content().len() as u64);
        let wanted = WantedFile { path: "captions/one.json", bytes, sha256: &sha256 };
        let config = Agent::config_builder().http_status_as_error(false).build();
        let said = RefCell::new(Vec::new());
        let say = |sentence: &str| said.borrow_mut().push(sentence.to_owned());
        let reached = RefCell::new(0);
        let source = Source {
            agent: &config.into(),
            address: &address,
            retries,
            say: &say,
            pause: Duration::from_millis(1),
        };
        let fetched = source.fetch(dir, &wanted, &|bytes| *reached.borrow_mut() = bytes);
        let ranges = asked.try_iter().collect();
        Outcome { fetched, ranges, said: said.into_inner(), reached: reached.into_inner() }
    }

    #[test]
    fn a_download_continues_where_each_broken_connection_ended() {
        let dir = tempfile::tempdir().unwrap();
        let drops =
            vec![Reply::Drop(70_000), Reply::Silent, Reply::Drop(50_000), Reply::Drop(999_999)];
        let outcome = fetched(dir.path(), drops, 1);
        assert_eq!(outcome.fetched.unwrap(), Fetched::New);
        let path = dir.path().join("captions/one.json");
        assert_eq!(fs::read(&path).unwrap(), content());
        assert!(!dir.path().join("captions/one.json.part").exists());
        let asked = |from: u64| Some(format!("bytes={from}-"));
        assert_eq!(outcome.ranges, [None, asked(70_000), asked(70_000), asked(120_000)]);
        assert_eq!(outcome.reached, 200_000);
        assert!(outcome.said[0].contains("trying again"), "{:?}", outcome.said);
        // a second download asks nobody
        assert_eq!(fetched(dir.path(), vec![], 0).fetched.unwrap(), Fetched::Kept);
    }

    #[test]
    fn what_is_damaged_or_not_continued_is_downloaded_from_its_start() {
        let dir = tempfile::tempdir().unwrap();
        let replies = vec![
            Reply::Damaged,
            Reply::Drop(10),
            Reply::Status("416 Range Not Satisfiable"),
            Reply::Drop(20),
            Reply::Whole,
        ];
        let outcome = fetched(dir.path(), replies, 3);
        assert_eq!(outcome.fetched.unwrap(), Fetched::New);
        assert_eq!(fs::read(dir.path().join("captions/one.json")).unwrap(), content());
        assert!(outcome.said[0].contains("checksum"), "{:?}", outcome.said);
        assert_eq!(outcome.ranges[3], None, "the part was removed");
    }

    #[test]
    fn a_file_that_is_not_there_ends_at_once_and_a_server_that_fails_after_its_retries() {
        let dir = tempfile::tempdir().unwrap();
        let gone = fetched(dir.path(), vec![Reply::Status("404 Not Found")], 5);
        assert!(matches!(gone.fetched, Err(Failure::Unusable(why)) if why.contains("404")));
        let busy = fetched(dir.path(), vec![Reply::Status("503 Service Unavailable"); 3], 2);
        assert!(
            matches!(busy.fetched, Err(Failure::OutOfReach(why)) if why.contains("run the same command again"))
        );
        assert_eq!(busy.ranges.len(), 3);
    }

    #[test]
    fn another_file_of_the_same_name_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("captions/one.json");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        let outcome = fetched(dir.path(), vec![], 0);
        assert!(
            matches!(outcome.fetched, Err(Failure::Unusable(why)) if why.contains("was not changed"))
        );
        assert_eq!(fs::read_to_string(path).unwrap(), "mine");
    }
}
