//! The service of the demonstration, on threads of its own.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use indicatif::ProgressBar;
use prover::{KeyStore, Prover};
use service::client::Client;
use service::config::{Config, LogConfig};
use service::http::stop_signal;
use service::state::AppState;
use service::{logging, serve};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::Settings;
use crate::cli::progress;

/// Name of the relying party that the service works for.
pub(super) const AUDIENCE: &str = "counter.vouch.example";

/// A service that runs.
pub(super) struct Server {
    runtime: Runtime,
    state: AppState,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), service::http::ServeError>>,
}

impl Server {
    /// Starts a service over an empty folder.
    pub(super) fn start(settings: &Settings, data_dir: PathBuf) -> anyhow::Result<Self> {
        let config = Config {
            listen: settings.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0))),
            data_dir,
            keys_dir: Some(settings.keys.clone()),
            audience: AUDIENCE.to_owned(),
            ..Config::default()
        };
        if let Some(level) = settings.log_level {
            logging::init(&LogConfig { level, ..config.log.clone() })?;
        }
        let listen = config.listen;
        let mut bar: Option<ProgressBar> = None;
        let state = AppState::open(config, &mut |stage| {
            let bar = bar.get_or_insert_with(|| progress(u64::from(stage.of), stage.name));
            bar.set_position(u64::from(stage.number.saturating_sub(1)));
            bar.set_message(stage.name);
        });
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        let state = state?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listener = runtime
            .block_on(TcpListener::bind(listen))
            .with_context(|| format!("cannot listen on {listen}"))?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = serve(listener, state.clone(), async {
            // Both a message and a dropped sender end the service.
            let _ = stopped.await;
        });
        let task = runtime.spawn(serving);
        Ok(Self { runtime, state, address, stop, task })
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody who talks to it.
    pub(super) fn client(&self) -> anyhow::Result<Client> {
        Ok(Client::new(&self.url())?)
    }

    /// The operator's own view.
    pub(super) fn state(&self) -> &AppState {
        &self.state
    }

    /// A prover with the key that the service verifies with.
    pub(super) fn prover(&self, keys: &std::path::Path) -> anyhow::Result<Prover> {
        let prover = KeyStore::open(keys)?.load(self.state.provenance().key)?;
        prover.prepare()?;
        Ok(prover)
    }

    /// Stops the service.
    pub(super) fn stop(self) -> anyhow::Result<()> {
        drop(self.stop);
        self.runtime.block_on(self.task)??;
        Ok(())
    }

    /// Serves until this process is interrupted.
    pub(super) fn wait(self) -> anyhow::Result<()> {
        self.runtime.block_on(stop_signal());
        self.stop()
    }
}
