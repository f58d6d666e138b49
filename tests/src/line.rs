//! A connection between a team's program and a server, with faults that the test injects.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What an interim answer begins with: the server wants the body.
const CONTINUE: &[u8] = b"HTTP/1.1 100 ";

/// What happens to an upload.
#[derive(Debug, Clone, Copy)]
pub enum Harm {
    /// The server gets it whole; the answer is swallowed, and the connection ends.
    LostAnswer,
    /// It never gets there: somebody on the way answers 503, and that it can be tried again after so
    /// many seconds.
    Busy(u32),
}

/// A TCP proxy that harms the first uploads and passes everything else on.
pub struct Line {
    /// Where it listens.
    pub address: String,
    seen: Arc<Seen>,
}

struct Seen {
    server: String,
    harm: Harm,
    harmed: usize,
    uploads: AtomicUsize,
    bytes: AtomicUsize,
    keys: Mutex<Vec<String>>,
}

impl Line {
    /// A line to the server of that address, such as `http://127.0.0.1:8080`.
    pub fn to(server: &str, harm: Harm, harmed: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = server.trim_start_matches("http://").to_owned();
        let (uploads, bytes, keys) = Default::default();
        let seen = Arc::new(Seen { server, harm, harmed, uploads, bytes, keys });
        let line = Self { address, seen: Arc::clone(&seen) };
        // The thread ends with the test program.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let seen = Arc::clone(&seen);
                thread::spawn(move || seen.connection(&stream));
            }
        });
        line
    }

    /// The idempotency keys of the uploads that were tried, in their order.
    pub fn keys(&self) -> Vec<String> {
        self.seen.keys.lock().unwrap().clone()
    }

    /// How many bytes came from the team.
    pub fn bytes(&self) -> usize {
        self.seen.bytes.load(Ordering::SeqCst)
    }
}

impl Seen {
    fn connection(&self, team: &TcpStream) {
        let server = TcpStream::connect(&self.server).unwrap();
        let swallows = AtomicUsize::new(0);
        thread::scope(|scope| {
            scope.spawn(|| {
                self.upwards(team, &server, &swallows);
                end(team, &server);
            });
            downwards(&server, team, &swallows);
            end(team, &server);
        });
    }

    /// From the team to the server. A program sends a request only after the answer to the one
    /// before, so each begins with a piece of its own.
    fn upwards(&self, mut team: &TcpStream, mut server: &TcpStream, swallows: &AtomicUsize) {
        let mut buffer = vec![0; 1 << 16];
        while let Some(piece) = piece(team, &mut buffer) {
            self.bytes.fetch_add(piece.len(), Ordering::SeqCst);
            if piece.starts_with(b"POST ") && self.is_harmed(piece) {
                match self.harm {
                    Harm::LostAnswer => swallows.store(1, Ordering::SeqCst),
                    Harm::Busy(seconds) => {
                        let answer = format!(
                            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: {seconds}\r\n\
                             Content-Length: 0\r\nConnection: close\r\n\r\n"
                        );
                        team.write_all(answer.as_bytes()).unwrap();
                        return;
                    }
                }
            }
            if server.write_all(piece).is_err() {
                return;
            }
        }
    }

    fn is_harmed(&self, head: &[u8]) -> bool {
        let head = String::from_utf8_lossy(head).to_lowercase();
        let key = head.lines().find_map(|line| line.strip_prefix("idempotency-key: "));
        self.keys.lock().unwrap().push(key.unwrap_or_default().to_owned());
        self.uploads.fetch_add(1, Ordering::SeqCst) < self.harmed
    }
}

/// From the server to the team, until an answer is to be swallowed.
fn downwards(server: &TcpStream, mut team: &TcpStream, swallows: &AtomicUsize) {
    let mut buffer = vec![0; 1 << 16];
    while let Some(piece) = piece(server, &mut buffer) {
        let swallowed = swallows.load(Ordering::SeqCst) > 0 && !piece.starts_with(CONTINUE);
        if swallowed || team.write_all(piece).is_err() {
            return;
        }
    }
}

fn piece<'a>(mut from: &TcpStream, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    let length = from.read(buffer).ok().filter(|&length| length > 0)?;
    Some(&buffer[..length])
}

fn end(one: &TcpStream, other: &TcpStream) {
    // Already ended is as good.
    let _ = one.shutdown(Shutdown::Both);
    let _ = other.shutdown(Shutdown::Both);
}
