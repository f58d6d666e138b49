//! Many readers of one page for some time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A connection that stays open and asks for one page again and again.
struct Reader {
    stream: BufReader<TcpStream>,
    request: Vec<u8>,
    body: Vec<u8>,
}

impl Reader {
    fn new(address: &str, path: &str) -> Self {
        let host = address.trim_start_matches("http://");
        let stream = TcpStream::connect(host).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes();
        Self { stream: BufReader::with_capacity(64 * 1024, stream), request, body: Vec::new() }
    }

    /// Reads the page once more; answers its length.
    fn read(&mut self) -> usize {
        self.stream.get_mut().write_all(&self.request).unwrap();
        let (mut line, mut length) = (String::new(), 0);
        self.stream.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            if line == "\r\n" {
                break;
            }
            let (name, value) = line.split_once(':').unwrap();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap();
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).unwrap();
        length
    }
}

/// How many times per second a page is read over this many connections.
pub fn requests_a_second(address: &str, path: &str, connections: usize, time: Duration) -> f64 {
    let (over, count) = (AtomicBool::new(false), AtomicUsize::new(0));
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                let mut reader = Reader::new(address, path);
                let mut read = 0;
                while !over.load(Ordering::Relaxed) {
                    assert!(reader.read() > 0, "the page is empty");
                    read += 1;
                }
                count.fetch_add(read, Ordering::Relaxed);
            });
        }
        thread::sleep(time);
        over.store(true, Ordering::Relaxed);
    });
    count.into_inner() as f64 / began.elapsed().as_secs_f64()
}
