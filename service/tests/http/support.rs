//! A server for each test.

pub(crate) mod holder;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ledger::Ledger;
use records::Origin;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use service::config::Config;
use service::state::AppState;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The ledger that servers of tests run.
pub(crate) const TRAFFIC: &str = "traffic.vouch.example";

/// A running service over a folder of its own.
pub(crate) struct Server {
    pub(crate) state: AppState,
    pub(crate) url: String,
    client: reqwest::Client,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), service::http::ServeError>>,
    folder: tempfile::TempDir,
}

/// Opens a state; one at a time, so that the development key is made once.
fn open(config: Config) -> AppState {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    AppState::open(config, &mut |_| {}).unwrap()
}

fn config(folder: &Path) -> Config {
    Config {
        data_dir: folder.to_owned(),
        // Shared by all tests: it is made once.
        keys_dir: Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("keys")),
        shutdown_grace_seconds: 2,
        ..Config::default()
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        change(&mut config);
        Self::over(folder, config).await
    }

    async fn over(folder: tempfile::TempDir, config: Config) -> Self {
        let state = tokio::task::spawn_blocking(|| open(config)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(service::serve(listener, state.clone(), shutdown));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { state, url, client, stop, task, folder }
    }

    /// Ends the service in order.
    pub(crate) async fn stop(self) -> tempfile::TempDir {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
        self.folder
    }

    /// Ends the service, and starts another one over its folder.
    pub(crate) async fn restart(self) -> Self {
        let folder = self.stop().await;
        let config = config(folder.path());
        Self::over(folder, config).await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// The JSON at a path, which is there.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    /// Founds a ledger, and issues a token for it.
    pub(crate) async fn found(&self, origin: &str) -> (Arc<Ledger>, String) {
        let state = self.state.clone();
        let origin = Origin::new(origin).unwrap();
        let found = move || {
            let ledger = state.found_ledger(&origin).unwrap();
            let (token, _) = state.tokens().issue(&origin, "test", 0, None).unwrap();
            (ledger, token.expose().to_owned())
        };
        tokio::task::spawn_blocking(found).await.unwrap()
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

/// Asserts that an answer is a problem, and returns its status and code.
pub(crate) async fn problem(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let text = response.text().await.unwrap();
    assert_eq!(headers["content-type"], "application/problem+json", "{status} {text}");
    assert_eq!(headers["cache-control"], "no-store");
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["status"], status);
    let code = body["code"].as_str().unwrap().to_owned();
    assert_eq!(body["type"], format!("/docs#problem-{code}"));
    assert!(!body["title"].as_str().unwrap().is_empty());
    assert!(!body["detail"].as_str().unwrap().is_empty());
    (status, code)
}
