//! What an operator sets: a TOML file, over it environment variables and flags. A sample with
//! every setting is in `docs/configuration.md`; a test reads it.
//!
//! The configuration holds no secret: tokens are kept as hashes and signing keys in key files,
//! both below the data folder. So it may be printed.

mod overrides;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use records::LedgerKey;
use serde::{Deserialize, Serialize};

pub use overrides::Overrides;

/// All settings of the service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Folder of everything that the service keeps.
    pub data_dir: PathBuf,
    /// Folder of proving and verification keys; `keys` below the data folder where there is none.
    pub keys_dir: Option<PathBuf>,
    /// Name of this relying party: presentations for others are refused.
    pub audience: String,
    /// Refuse development keys, and proofs made with them.
    pub production: bool,
    /// Folder of statements (`*.toml` documents, `*.json` canonical forms) beside the catalogue.
    pub statements_dir: Option<PathBuf>,
    /// Keys of ledgers, beside those that this service runs, whose checkpoints are accepted.
    pub trusted_ledgers: Vec<LedgerKey>,
    /// How often each ledger's checkpoint is renewed, so that quiet ledgers stay fresh. 0: never.
    pub checkpoint_refresh_seconds: u64,
    /// Largest request body.
    pub max_body_bytes: usize,
    /// Longest time from a request to its answer.
    pub request_timeout_seconds: u64,
    /// Connections at once; others wait.
    pub max_connections: usize,
    /// How long answers that are under way may take when the service stops.
    pub shutdown_grace_seconds: u64,
    /// Verifications at once. 0: as many as there are cores.
    pub verify_at_once: usize,
    /// Requests of the relying party.
    pub requests: RequestsConfig,
    /// Making proofs for a trusted domain.
    pub prove: ProveConfig,
    /// The log.
    pub log: LogConfig,
}

/// Settings of requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestsConfig {
    /// How long a request lives that does not say.
    pub expires_in_seconds: u64,
    /// The longest that one may ask for.
    pub max_expires_in_seconds: u64,
    /// How old a checkpoint may be where the request does not say.
    pub max_checkpoint_age_seconds: u64,
    /// How many may be open at once.
    pub max_open: usize,
    /// How long results can be fetched after a request's end. They are kept in memory only.
    pub result_retention_seconds: u64,
    /// Streams of events at once.
    pub max_event_streams: usize,
}

/// Settings of the prover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProveConfig {
    /// Whether `/v1/prove` is there. It receives witnesses: only within a holder's own domain.
    pub enabled: bool,
    /// Jobs at once; each uses all cores.
    pub at_once: usize,
    /// Jobs that may wait; further ones are answered with 429.
    pub queue: usize,
    /// Most proofs of one job.
    pub max_proofs: usize,
}

/// Settings of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// From which severity on.
    pub level: LogLevel,
    /// How lines look.
    pub format: LogFormat,
}

/// Severities of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// The service failed.
    Error,
    /// Something an operator should look at.
    Warn,
    /// One line for each request.
    Info,
    /// For developers.
    Debug,
    /// For developers, much.
    Trace,
}

/// Forms of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Not a configuration.
    #[error("the configuration {place}: {error}")]
    Toml {
        /// The file.
        place: String,
        /// Where and what.
        error: Box<toml::de::Error>,
    },
    /// A setting out of its bounds.
    #[error("the setting {0} is out of its bounds: {1}")]
    Bounds(&'static str, &'static str),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8750)),
            data_dir: PathBuf::from("data"),
            keys_dir: None,
            audience: "counter.vouch.example".to_owned(),
            production: false,
            statements_dir: None,
            trusted_ledgers: Vec::new(),
            checkpoint_refresh_seconds: 3_600,
            max_body_bytes: 1 << 20,
            request_timeout_seconds: 30,
            max_connections: 1_024,
            shutdown_grace_seconds: 10,
            verify_at_once: 0,
            requests: RequestsConfig::default(),
            prove: ProveConfig::default(),
            log: LogConfig::default(),
        }
    }
}

impl Default for RequestsConfig {
    fn default() -> Self {
        Self {
            expires_in_seconds: 300,
            max_expires_in_seconds: 86_400,
            max_checkpoint_age_seconds: 86_400,
            max_open: 100_000,
            result_retention_seconds: 600,
            max_event_streams: 1_024,
        }
    }
}

impl Default for ProveConfig {
    fn default() -> Self {
        Self { enabled: false, at_once: 1, queue: 16, max_proofs: 64 }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: LogLevel::Info, format: LogFormat::Text }
    }
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// [`ConfigError`] for text that is not TOML, an unknown setting, or one out of its bounds.
    pub fn parse(toml: &str) -> Result<Self, ConfigError> {
        Self::parse_at("text", toml)
    }

    /// The defaults, over them the file where one is given, over it the overrides.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(file: Option<&Path>, overrides: &Overrides) -> Result<Self, ConfigError> {
        let mut config = match file {
            None => Self::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ConfigError::File { path: path.to_owned(), error })?;
                Self::parse_at(&path.display().to_string(), &text)?
            }
        };
        overrides.apply(&mut config);
        config.check()?;
        Ok(config)
    }

    fn parse_at(place: &str, toml: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(toml)
            .map_err(|error| ConfigError::Toml { place: place.to_owned(), error: error.into() })?;
        config.check()?;
        Ok(config)
    }

    /// Whether all settings are within their bounds.
    ///
    /// # Errors
    /// [`ConfigError::Bounds`] naming the first that is not.
    pub fn check(&self) -> Result<(), ConfigError> {
        let requests = &self.requests;
        let bounds = |good, setting, why| {
            if good { Ok(()) } else { Err(ConfigError::Bounds(setting, why)) }
        };
        let audience = &self.audience;
        let printable = !audience.chars().any(char::is_control);
        bounds(
            (1..=200).contains(&audience.len()) && printable,
            "audience",
            "1 to 200 bytes without control characters",
        )?;
        bounds(
            (4_096..=1 << 26).contains(&self.max_body_bytes),
            "max_body_bytes",
            "4,096 to 67,108,864",
        )?;
        bounds(
            (1..=3_600).contains(&self.request_timeout_seconds),
            "request_timeout_seconds",
            "1 to 3,600",
        )?;
        bounds((1..=1 << 16).contains(&self.max_connections), "max_connections", "1 to 65,536")?;
        bounds(
            (1..=requests.max_expires_in_seconds).contains(&requests.expires_in_seconds),
            "requests.expires_in_seconds",
            "1 to max_expires_in_seconds",
        )?;
        bounds(
            requests.max_expires_in_seconds <= 31_536_000,
            "requests.max_expires_in_seconds",
            "at most a year",
        )?;
        bounds(
            (60..=2_592_000).contains(&requests.result_retention_seconds),
            "requests.result_retention_seconds",
            "a minute to 30 days",
        )?;
        bounds((1..=64).contains(&self.prove.at_once), "prove.at_once", "1 to 64")?;
        bounds(self.verify_at_once <= 1_024, "verify_at_once", "at most 1,024")
    }

    /// The number of verifications at once.
    pub fn verifications(&self) -> usize {
        match self.verify_at_once {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            count => count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTATION: &str = include_str!("../../docs/configuration.md");

    #[test]
    fn nothing_is_the_defaults() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
    }

    /// The documented sample reads, names every setting, and shows the defaults.
    #[test]
    fn the_documented_sample_reads() {
        let sample = DOCUMENTATION.split("```toml\n").nth(1).unwrap();
        let sample = sample.split("```").next().unwrap();
        let config = Config::parse(sample).unwrap();
        let shown: toml::Table = toml::from_str(sample).unwrap();
        let all = toml::Table::try_from(&config).unwrap();
        let names = |table: &toml::Table| {
            let mut names = Vec::new();
            for (name, value) in table {
                names.push(name.clone());
                let inner = value.as_table().into_iter().flat_map(toml::Table::keys);
                names.extend(inner.map(|key| format!("{name}.{key}")));
            }
            names.sort();
            names
        };
        assert_eq!(names(&shown), names(&all));
        let defaults = Config {
            keys_dir: config.keys_dir.clone(),
            statements_dir: config.statements_dir.clone(),
            trusted_ledgers: config.trusted_ledgers.clone(),
            ..Config::default()
        };
        assert_eq!(config, defaults);
        assert_eq!(config.trusted_ledgers.len(), 1);
    }

    #[test]
    fn one_mistake_each_is_refused() {
        for text in [
            "colour = 1",
            "audience = ''",
            "max_body_bytes = 10",
            "request_timeout_seconds = 0",
            "listen = 'localhost'",
            "trusted_ledgers = ['nonsense']",
            "[prove]\nenable = true",
            "[prove]\nat_once = 0",
            "[log]\nlevel = 'loud'",
            "[requests]\nexpires_in_seconds = 100000",
            "[requests]\nresult_retention_seconds = 0",
        ] {
            assert!(Config::parse(text).is_err(), "{text}");
        }
    }
}
