//! Programs that a test controls, which a server asks over HTTP with JSON.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use serde_json::Value;

/// What a program answers to a request: a status and JSON, or nothing at all.
pub(crate) type Reply = Option<(&'static str, Value)>;

/// Starts a program that checks the secret `hush`; returns its address as settings name it. Its threads end
/// with the test program.
pub(crate) fn start(
    name: &'static str,
    basic: &'static str,
    reply: impl Fn(Value) -> Reply + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let setting = format!("http://{name}:hush@{}", listener.local_addr().unwrap());
    let reply = Arc::new(reply);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let reply = Arc::clone(&reply);
            thread::spawn(move || answer(&stream, basic, &*reply));
        }
    });
    setting
}

/// Answers one request of a connection.
fn answer(mut stream: &TcpStream, basic: &str, reply: &dyn Fn(Value) -> Reply) {
    let mut reader = BufReader::new(stream);
    let (mut length, mut secret) = (0, false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => secret = value == format!("Basic {basic}"),
            _ => {}
        }
    }
    assert!(secret, "the secret is sent");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let Some((status, json)) = reply(serde_json::from_slice(&body).unwrap()) else { return };
    let body = json.to_string();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all((head + &body).as_bytes()).unwrap();
}
