//! A line to a store that can be cut, slowed down and broken off while it is used.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

/// What the line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Trouble {
    /// It passes everything on.
    None,
    /// It ends every connection at once.
    Drops,
    /// Everything arrives late.
    Delays,
    /// A connection ends after some bytes, in the middle of what is said.
    Truncates,
}

/// How late a piece is.
const DELAY: Duration = Duration::from_millis(150);

/// After how many bytes a connection ends. The head of a request is longer, an upload's body is not.
const BYTES: usize = 1200;

/// A TCP proxy whose trouble can be changed at any time.
pub struct CutLine {
    /// Where it listens.
    pub address: String,
    trouble: Arc<AtomicU8>,
}

impl CutLine {
    /// A line without trouble to an address such as `http://127.0.0.1:8080`.
    pub fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = server.trim_start_matches("http://").to_owned();
        let trouble = Arc::new(AtomicU8::new(Trouble::None as u8));
        let line = Self { address, trouble: Arc::clone(&trouble) };
        // The threads end with the test program.
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (server, trouble) = (server.clone(), Arc::clone(&trouble));
                thread::spawn(move || connect(&client, &server, &trouble));
            }
        });
        line
    }

    /// Changes what it does, to open connections as well.
    pub fn set(&self, trouble: Trouble) {
        self.trouble.store(trouble as u8, Ordering::SeqCst);
    }
}

fn connect(client: &TcpStream, server: &str, trouble: &AtomicU8) {
    let Ok(server) = TcpStream::connect(server) else { return };
    thread::scope(|scope| {
        scope.spawn(|| pass(client, &server, trouble));
        pass(&server, client, trouble);
    });
}

/// Passes bytes on in one direction until the connection ends or the trouble ends it.
fn pass(mut from: &TcpStream, mut to: &TcpStream, trouble: &AtomicU8) {
    let (mut buffer, mut passed) = (vec![0; 1 << 14], 0);
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let is = |which| trouble.load(Ordering::SeqCst) == which as u8;
        if is(Trouble::Drops) {
            break;
        }
        if is(Trouble::Delays) {
            thread::sleep(DELAY);
        }
        let ends = is(Trouble::Truncates) && passed + length > BYTES;
        let length = if ends { BYTES.saturating_sub(passed) } else { length };
        passed += length;
        if to.write_all(&buffer[..length]).is_err() || ends {
            break;
        }
    }
    // Already ended is as good.
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
