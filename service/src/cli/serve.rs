//! `vouch serve`: the service.

use std::path::PathBuf;

use anyhow::Context as _;
use indicatif::ProgressBar;
use service::config::{Config, Overrides};
use service::http::stop_signal;
use service::state::AppState;
use service::{logging, serve};
use tokio::net::TcpListener;

use super::args::KeyDirectory;
use super::error::Advise as _;
use super::output::progress;
use super::{Outcome, Result};

/// Run the service
///
/// Serves ledgers, takes the answers to requests and verifies them. Ends with SIGINT or SIGTERM,
/// after answers that are under way.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  vouch serve\n  vouch serve --config /etc/vouch.toml --production\n  vouch serve --listen 0.0.0.0:8750 --data /var/lib/vouch --audience counter.example"
)]
pub(super) struct Args {
    /// Configuration file, in TOML; flags and the environment go over it
    #[arg(long, value_name = "FILE", env = "VOUCH_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    keys: KeyDirectory,
}

pub(super) fn run(args: Args) -> Result {
    let mut config = Config::load(args.config.as_deref(), &args.overrides)?;
    config.keys_dir = args.keys.given().or(config.keys_dir).or_else(|| Some(args.keys.path()));
    logging::init(&config.log)?;
    let listen = config.listen;
    let state = open(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))
            .advise("another process may use the port: name another with --listen")?;
        serve(listener, state, stop_signal()).await?;
        anyhow::Ok(())
    })?;
    Ok(Outcome::Done)
}

/// Opens the data folder; where a development key must be made, with progress.
fn open(config: Config) -> anyhow::Result<AppState> {
    let mut bar: Option<ProgressBar> = None;
    let state = AppState::open(config, &mut |stage| {
        let bar = bar.get_or_insert_with(|| progress(u64::from(stage.of), stage.name));
        bar.set_position(u64::from(stage.number.saturating_sub(1)));
        bar.set_message(stage.name);
        tracing::info!(stage = stage.name, "setting up a development key");
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    state.advise("see the settings in docs/configuration.md")
}
