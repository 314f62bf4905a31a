//! The service as a process of its own: the `vouch` binary, as an operator runs it.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::test_keys;

/// Longest wait for a process to do what is expected of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running service.
pub struct Server {
    child: Child,
    output: Output,
    url: String,
}

/// What a process has printed so far.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

/// The `vouch` binary of this build.
pub fn vouch() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    // Tests lie in `deps`, beside which binaries are.
    let path = this.parent().and_then(Path::parent).unwrap().join("vouch");
    assert!(path.exists(), "{} is missing: run `make test`, which builds it", path.display());
    path
}

/// Runs a command of `vouch` that succeeds, and gives what it printed.
pub fn run_vouch(arguments: &[&str]) -> String {
    let output = Command::new(vouch()).args(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "vouch {}: {errors}", arguments.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

impl Server {
    /// Starts `vouch serve` on a free port. All that it might write without being told where
    /// goes below `folder`: that is its working folder, home and folder of temporary files.
    pub fn start(folder: &Path, data: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(vouch())
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .arg("--keys")
            .arg(test_keys().canonicalize().unwrap())
            .args(arguments)
            .current_dir(folder)
            .envs(["HOME", "TMPDIR", "XDG_DATA_HOME"].map(|name| (name, folder)))
            // It must make no difference: libraries do not log what passes through them.
            .env("RUST_LOG", "trace")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = Output::default();
        output.follow(child.stdout.take().unwrap());
        output.follow(child.stderr.take().unwrap());
        let mut server = Self { child, output, url: String::new() };
        let address = server.await_address();
        server.url = format!("http://{address}");
        server
    }

    fn await_address(&mut self) -> String {
        let started = Instant::now();
        loop {
            let text = String::from_utf8_lossy(&self.output()).into_owned();
            let line = text.lines().find(|line| line.contains("listening"));
            if let Some((_, rest)) = line.and_then(|line| line.split_once("127.0.0.1:")) {
                let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
                return format!("127.0.0.1:{port}");
            }
            let ended = self.child.try_wait().unwrap();
            let waiting = ended.is_none() && started.elapsed() < PATIENCE;
            assert!(waiting, "the service does not listen ({ended:?}):\n{text}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All that it has printed: the log.
    pub fn output(&self) -> Vec<u8> {
        self.output.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends it in order (SIGTERM); gives its end and all that it printed.
    pub fn stop(mut self) -> (ExitStatus, Vec<u8>) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < PATIENCE, "the service does not stop");
            thread::sleep(Duration::from_millis(20));
        };
        // Its pipes are closed: give the threads that read them the time for the last bytes.
        thread::sleep(Duration::from_millis(200));
        (status, self.output())
    }
}

impl Drop for Server {
    /// Ends it as a power cut would (SIGKILL).
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Output {
    fn follow(&self, mut pipe: impl Read + Send + 'static) {
        let Self(all) = self.clone();
        thread::spawn(move || {
            let mut buffer = [0; 8_192];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                all.lock().unwrap_or_else(PoisonError::into_inner).extend(&buffer[..count]);
            }
        });
    }
}
