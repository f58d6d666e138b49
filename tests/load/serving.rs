//! The other processes: the server, and a plain handler to compare it with.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use domain::ambient::Ambient;
use poem::endpoint::make_sync;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::Html;
use poem::{Route, Server, get};
use server::App;
use server::config::Settings;

/// What a process of this program does.
pub enum Role {
    /// Serves a data folder, as `fashion-iq serve` does.
    Challenge(PathBuf),
    /// Answers with the bytes of a file, whatever is asked.
    Still(PathBuf),
}

impl Role {
    /// The role in the arguments; none for the process that measures.
    pub fn of(arguments: &[String]) -> Option<Self> {
        match arguments {
            [role, path] if role == "challenge" => Some(Self::Challenge(path.into())),
            [role, path] if role == "still" => Some(Self::Still(path.into())),
            _ => None,
        }
    }

    /// Goes on until the process is killed.
    pub fn play(self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            match self {
                Self::Challenge(data) => challenge(&data).await,
                Self::Still(file) => still(&file).await,
            }
        });
    }
}

async fn challenge(data: &Path) {
    let mut settings = Settings::new(data);
    settings.listen.set_port(0);
    let app = App::open(settings, Ambient::system()).await.unwrap();
    let bound = server::serve::bind(app).await.unwrap();
    println!("{}", bound.address);
    bound.run(std::future::pending()).await.unwrap();
}

async fn still(file: &Path) {
    let body: &'static str = std::fs::read_to_string(file).unwrap().leak();
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
    let address = acceptor.local_addr().remove(0);
    println!("http://{}", address.as_socket_addr().unwrap());
    let routes = Route::new().at("/*path", get(make_sync(move |_| Html(body))));
    Server::new_with_acceptor(acceptor).run(routes).await.unwrap();
}

/// A process in a role; killed when it is dropped.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: String,
}

impl Process {
    /// Starts this program in a role.
    pub fn start(role: &str, path: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.arg(role).arg(path).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().to_owned() }
    }
}

impl Process {
    /// The memory it holds now, in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Already dead is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
