//! A connection that the test drives byte by byte, for requests that no client library would send.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Nothing that a test waits for takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that is driven by hand.
pub struct Wire(BufReader<TcpStream>);

impl Wire {
    /// Connects to an address such as `http://127.0.0.1:8080`.
    pub fn open(base: &str) -> Self {
        let stream = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends some bytes; a server that has closed the connection is noticed when it is read.
    pub fn send(&mut self, some: impl AsRef<[u8]>) {
        let _ = self.0.get_mut().write_all(some.as_ref());
    }

    /// Asks for a path, and for nothing after it.
    pub fn ask(&mut self, path: &str) {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));
    }

    /// The next line, without its end; empty where the connection was closed.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        // A connection that was reset has no next line.
        let _ = self.0.read_line(&mut line);
        line.trim_end_matches(['\r', '\n']).to_owned()
    }

    /// Reads up to a line that holds a text; none if the connection ends before it.
    pub fn line_with(&mut self, text: &str) -> Option<String> {
        let mut line = String::new();
        while self.0.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            if line.contains(text) {
                return Some(line.trim_end().to_owned());
            }
            line.clear();
        }
        None
    }

    /// All that still comes until the server closes the connection.
    pub fn rest(mut self) -> String {
        let mut bytes = Vec::new();
        // What came before a reset is kept.
        let _ = self.0.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
