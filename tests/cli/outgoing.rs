//! How `fashion-iq submit` reaches its server: proxies, and servers that lack something.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use system_tests::{Program, Tester};

/// A listener of our own, and its address.
fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    (listener, address)
}

/// The head of a request.
fn head_of(reader: &mut impl BufRead) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
    head
}

/// Passes requests on to a server, except for those that ask first whether their body is taken.
fn refusing_to_be_asked(server: &str) -> (String, Arc<AtomicUsize>) {
    let (listener, address) = listen();
    let upstream = server.trim_start_matches("http://").to_owned();
    let refused = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&refused);
    thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(client.try_clone().unwrap());
            let head = head_of(&mut reader);
            if head.to_ascii_lowercase().contains("expect:") {
                count.fetch_add(1, Ordering::SeqCst);
                let answer = "HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                client.write_all(answer.as_bytes()).unwrap();
                continue;
            }
            let mut server = TcpStream::connect(&upstream).unwrap();
            // one request a connection, so that each head is seen here
            let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
            server.write_all(head.as_bytes()).unwrap();
            let mut to_server = server.try_clone().unwrap();
            thread::spawn(move || std::io::copy(&mut reader, &mut to_server));
            let _ = std::io::copy(&mut server, &mut client);
            let _ = client.shutdown(std::net::Shutdown::Both);
        }
    });
    (address, refused)
}

/// What `submit` says on its standard error, and its exit status.
fn submit(
    file: &[u8],
    (server, token): (&str, &str),
    variables: &[(&str, &str)],
) -> (Option<i32>, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run.zip");
    std::fs::write(&path, file).unwrap();
    let path = path.display().to_string();
    let who = ["--server", server, "--token", token, "--phase", "test", "--retries", "2"];
    let arguments = [&["submit", &path, "--no-check"][..], &who].concat();
    let Output { status, stderr, .. } = Program::run_with(dir.path(), &arguments, variables);
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_proxy_that_asks_for_a_password_is_asked_once_and_the_way_out_is_named() {
    let (listener, proxy) = listen();
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let head = head_of(&mut BufReader::new(&stream));
        stream.write_all(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n").unwrap();
        head
    });
    let server = ("https://challenge.example", "fiq_0123");
    let (code, errors) = submit(b"{}", server, &[("HTTPS_PROXY", &proxy)]);
    assert_ne!(code, Some(0));
    assert!(errors.contains("407") && errors.contains("NO_PROXY"), "{errors}");
    assert!(!errors.contains("trying again"), "{errors}");
    let head = asked.join().unwrap();
    assert!(head.starts_with("CONNECT challenge.example:443") && !head.contains("fiq_"), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_to_be_asked_first_gets_the_file_and_no_proxy_sees_it() {
    let tester = Tester::start().await;
    let token = tester.token("Atelier").await;
    let (address, refused) = refusing_to_be_asked(&tester.address);
    let run = tester.test.zipped(|_| Some(7));
    // nobody listens there
    let proxies = [("HTTP_PROXY", "http://127.0.0.1:9"), ("ALL_PROXY", "http://127.0.0.1:9")];
    let sent = move || submit(&run, (&address, &token), &proxies);
    let (code, errors) = tokio::task::spawn_blocking(sent).await.unwrap();
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(refused.load(Ordering::SeqCst), 1, "it is not asked first a second time");
    assert_eq!(tester.board("test").await.len(), 1);
}
