//! The built program `fashion-iq` in its own process, which can be killed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::{database_url, free_port, usage};

/// A running `fashion-iq serve`; killed when it is dropped.
pub struct Program {
    child: Child,
    /// Where it listens.
    pub address: String,
}

impl Program {
    /// The built program, next to the tests.
    pub fn path() -> PathBuf {
        let tests = std::env::current_exe().unwrap();
        let profile = tests.parent().and_then(Path::parent).unwrap();
        let program = profile.join("fashion-iq");
        assert!(program.exists(), "build it first: cargo build --workspace --bins --profile demo");
        program
    }

    /// A command on a data folder and its database.
    fn on(mut command: Command, data_dir: &Path) -> Command {
        command.env("FASHION_IQ_DATA_DIR", data_dir);
        if let Some(url) = database_url(data_dir) {
            command.env("FASHION_IQ_DATABASE", url);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(data_dir: &Path, arguments: &[&str]) -> Output {
        Self::run_with(data_dir, arguments, &[])
    }

    /// Runs a command with more variables.
    pub fn run_with(data_dir: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Self::on(Command::new(Self::path()), data_dir);
        command.args(arguments).envs(variables.iter().copied()).output().unwrap()
    }

    /// Starts serving a data folder on a free port; what it logs goes to a file.
    pub fn serve_logging(data_dir: &Path, log: &Path) -> Self {
        let mut command = Command::new(Self::path());
        command
            .arg("serve")
            .env("FASHION_IQ_LOG", "info")
            .stderr(std::fs::File::create(log).unwrap());
        Self::started(command, data_dir)
    }

    /// Starts serving a data folder on a free port.
    pub fn serve(data_dir: &Path) -> Self {
        Self::serve_with(data_dir, &[])
    }

    /// The same with more flags.
    pub fn serve_with(data_dir: &Path, flags: &[&str]) -> Self {
        let mut command = Command::new(Self::path());
        command.env("FASHION_IQ_LOG", "error").arg("serve").args(flags);
        Self::started(command, data_dir)
    }

    /// The same with variables.
    pub fn serve_knowing(data_dir: &Path, flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(Self::path());
        command.env("FASHION_IQ_LOG", "error").arg("serve").args(flags);
        command.envs(variables.iter().copied());
        Self::started(command, data_dir)
    }

    /// Starts `fashion-iq worker` on a data folder, which serves nothing.
    pub fn work(data_dir: &Path, flags: &[&str]) -> Self {
        Self::work_knowing(data_dir, flags, &[])
    }

    /// The same with variables.
    pub fn work_knowing(data_dir: &Path, flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Self::on(Command::new(Self::path()), data_dir);
        command.env("FASHION_IQ_LOG", "error").arg("worker").args(flags);
        command.envs(variables.iter().copied());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("scoring "), "the worker did not start: {line:?}");
        Self { child, address: String::new() }
    }

    /// Starts serving a data folder on a free port, after a line of bash such as `ulimit -f 8192`.
    pub fn serve_after(line: &str, data_dir: &Path) -> Self {
        let mut command = Command::new("bash");
        command.arg("-c").arg(format!("{line}; exec \"$0\" serve \"$@\"")).arg(Self::path());
        command.env("FASHION_IQ_LOG", "error");
        Self::started(command, data_dir)
    }

    /// Starts serving a data folder with a standard output and a standard error that nobody reads.
    pub fn serve_unheard(data_dir: &Path) -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let listen = format!("127.0.0.1:{}", free_port());
        let mut command = Self::on(Command::new(Self::path()), data_dir);
        command
            .args(["serve", "--listen", &listen])
            .env("FASHION_IQ_LOG", "debug")
            .stdout(writer.try_clone().unwrap())
            .stderr(writer);
        let mut child = command.spawn().unwrap();
        while std::net::TcpStream::connect(&listen).is_err() {
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none(), "the program did not start: {ended:?}");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Self { child, address: format!("http://{listen}") }
    }

    fn started(command: Command, data_dir: &Path) -> Self {
        let mut command = Self::on(command, data_dir);
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        assert!(!address.is_empty(), "the program did not start: {line:?}");
        Self { child, address }
    }

    /// `kill -9`: no time to finish anything.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM, like a process manager; returns the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The most memory it has held so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        usage::peak_memory(self.child.id())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Already dead is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
