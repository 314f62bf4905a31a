//! The log: structured lines on standard error.
//!
//! Lines come from our own crates at the level that is set, from libraries only as warnings: a
//! library at trace level might print what passes through it. The panic hook prints the place of
//! a panic, not its message, for the same reason.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

use crate::config::{LogConfig, LogFormat, LogLevel};

/// The crates whose lines are shown at the level that is set.
const OURS: [&str; 8] =
    ["service", "vouch", "records", "statements", "circuits", "prover", "verifier", "ledger"];

/// A log is set up already.
#[derive(Debug, thiserror::Error)]
#[error("the log is set up already")]
pub struct LoggingError;

/// Sets up the log of the process, once, on standard error.
///
/// # Errors
/// [`LoggingError`] the second time.
pub fn init(config: &LogConfig) -> Result<(), LoggingError> {
    let subscriber = subscriber(config, std::io::stderr);
    tracing::subscriber::set_global_default(subscriber).map_err(|_| LoggingError)?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "panic");
    }));
    Ok(())
}

/// A subscriber that writes to `writer`; tests read what it wrote.
pub fn subscriber<W>(config: &LogConfig, writer: W) -> Box<dyn tracing::Subscriber + Send + Sync>
where
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    let level = match config.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let ours = OURS.map(|target| (target, level));
    let targets = Targets::new().with_default(level.min(LevelFilter::WARN)).with_targets(ours);
    let layer = fmt::layer().with_writer(writer);
    match config.format {
        LogFormat::Text => Box::new(registry().with(layer.with_ansi(false).with_filter(targets))),
        LogFormat::Json => Box::new(registry().with(layer.json().with_filter(targets))),
    }
}
