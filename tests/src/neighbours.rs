//! Third-party programs that a server talks to, started on local ports: an OpenID Connect provider and
//! a mail server. Variables name the programs; see .ci/test.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use crate::Client;

/// A running `oidc-provider-mock`; ended when it is dropped.
pub struct Provider {
    child: Child,
    /// What it calls itself.
    pub issuer: String,
}

/// A running `aiosmtpd`, which keeps what it gets; ended when it is dropped.
pub struct MailServer {
    child: Child,
    dir: TempDir,
}

/// A local port on which nobody listens. It is below the system's range for automatic ports, one of
/// which could be given to another test before the program starts.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let own = u16::try_from(std::process::id() % 200).unwrap() * 100;
        let port = 10_000 + own + NEXT.fetch_add(1, Ordering::Relaxed) % 100;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl Provider {
    /// Starts a provider with persons, each described in JSON with a `sub`.
    pub fn start(persons: &[&str]) -> Self {
        let program =
            std::env::var("OIDC_PROVIDER_MOCK").expect("it names a program; see .ci/test");
        let port = free_port();
        let mut command = Command::new(program);
        command.args(["--port", &port.to_string()]);
        for person in persons {
            command.args(["--user-claims", person]);
        }
        let child = started(command, port);
        Self { child, issuer: format!("http://127.0.0.1:{port}") }
    }

    /// What a person does there: signs in, and is sent back. Answers where to, in the server that
    /// sent them.
    pub fn agree(&self, way: &str, subject: &str, base: &str) -> String {
        self.answer(way, &format!("sub={subject}"), base)
    }

    /// A person who says no.
    pub fn deny(&self, way: &str, base: &str) -> String {
        self.answer(way, "action=deny", base)
    }

    fn answer(&self, way: &str, form: &str, base: &str) -> String {
        let path = way.strip_prefix(&self.issuer).unwrap_or_else(|| panic!("elsewhere: {way}"));
        let client = Client::new(&self.issuer);
        assert_eq!(client.get(path).status, 200, "it has a form");
        let media_type = "application/x-www-form-urlencoded";
        let sent = client.post(path, form.as_bytes(), &[("Content-Type", media_type)]).unwrap();
        let back = sent.location.unwrap_or_else(|| panic!("{}: {}", sent.status, sent.text));
        back.strip_prefix(base).unwrap_or_else(|| panic!("back to elsewhere: {back}")).to_owned()
    }
}

impl MailServer {
    /// Starts one on a port.
    pub fn start(port: u16) -> Self {
        let program = std::env::var("AIOSMTPD").expect("it names a program; see .ci/test");
        let dir = TempDir::new().unwrap();
        let mut command = Command::new(program);
        command
            .args(["--nosetuid", "--listen", &format!("127.0.0.1:{port}")])
            .args(["--class", "aiosmtpd.handlers.Mailbox"])
            .arg(dir.path().join("box"));
        let child = started(command, port);
        Self { child, dir }
    }

    /// The mails that have come, as they came.
    pub fn mails(&self) -> Vec<String> {
        let read = |path: PathBuf| String::from_utf8(std::fs::read(path).unwrap()).unwrap();
        let new = self.dir.path().join("box/new");
        let entries = std::fs::read_dir(new).into_iter().flatten();
        entries.map(|entry| read(entry.unwrap().path())).collect()
    }

    /// Ends it; what has come is lost.
    pub fn stop(self) {}
}

/// What a mail says, its lines put together again (RFC 2045, 6.7).
pub fn text_of(mail: &str) -> String {
    let mail = mail.replace("\r\n", "\n");
    let (head, body) = mail.split_once("\n\n").unwrap();
    if !head.to_lowercase().contains("quoted-printable") {
        return body.to_owned();
    }
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            let digits = std::str::from_utf8(&digits).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

pub(crate) fn started(mut command: Command, port: u16) -> Child {
    let program = Path::new(command.get_program()).to_owned();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..1000 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return child;
        }
        if let Some(status) = child.try_wait().unwrap() {
            panic!("{} ended with {status}", program.display());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{} does not listen", program.display());
}

impl Drop for Provider {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

pub(crate) fn end(child: &mut Child) {
    // Already dead is as good.
    let _ = child.kill();
    let _ = child.wait();
}
