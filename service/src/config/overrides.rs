//! Flags and environment variables of `vouch serve`, over the configuration file.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use records::LedgerKey;

use super::{Config, LogFormat, LogLevel};

/// Settings given as flags or in the environment; each one given replaces the file's.
#[derive(Debug, Clone, Default, Args)]
pub struct Overrides {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "VOUCH_LISTEN", hide_env_values = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Folder of everything that the service keeps.
    #[arg(long = "data", env = "VOUCH_DATA_DIR", hide_env_values = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Name of this relying party.
    #[arg(long, env = "VOUCH_AUDIENCE", hide_env_values = true, value_name = "NAME")]
    pub audience: Option<String>,
    /// Refuse development keys, and proofs made with them.
    #[arg(long, env = "VOUCH_PRODUCTION", hide_env_values = true)]
    pub production: bool,
    /// Offer /v1/prove. It receives witnesses: only within a holder's own domain.
    #[arg(long, env = "VOUCH_ENABLE_PROVE", hide_env_values = true)]
    pub enable_prove: bool,
    /// Folder of statements beside the catalogue.
    #[arg(long, env = "VOUCH_STATEMENTS_DIR", hide_env_values = true, value_name = "DIR")]
    pub statements_dir: Option<PathBuf>,
    /// Key of a further ledger whose checkpoints are accepted; may be repeated.
    #[arg(
        long = "trust-ledger",
        env = "VOUCH_TRUST_LEDGERS", hide_env_values = true,
        value_delimiter = ',',
        value_name = "NAME+HASH+KEY",
        value_parser = parse_key
    )]
    pub trusted_ledgers: Vec<LedgerKey>,
    /// How often each ledger's checkpoint is renewed, in seconds; 0: never.
    #[arg(
        long,
        env = "VOUCH_CHECKPOINT_REFRESH_SECONDS",
        hide_env_values = true,
        value_name = "SECONDS"
    )]
    pub checkpoint_refresh_seconds: Option<u64>,
    /// From which severity on to log.
    #[arg(long, env = "VOUCH_LOG_LEVEL", hide_env_values = true, value_name = "LEVEL")]
    pub log_level: Option<LogLevel>,
    /// How log lines look.
    #[arg(long, env = "VOUCH_LOG_FORMAT", hide_env_values = true, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

fn parse_key(text: &str) -> Result<LedgerKey, records::CheckpointError> {
    LedgerKey::parse(text)
}

impl Overrides {
    pub(super) fn apply(&self, config: &mut Config) {
        fn set<T: Clone>(setting: &mut T, given: Option<&T>) {
            if let Some(value) = given {
                setting.clone_from(value);
            }
        }
        set(&mut config.listen, self.listen.as_ref());
        set(&mut config.data_dir, self.data_dir.as_ref());
        set(&mut config.audience, self.audience.as_ref());
        set(&mut config.checkpoint_refresh_seconds, self.checkpoint_refresh_seconds.as_ref());
        set(&mut config.log.level, self.log_level.as_ref());
        set(&mut config.log.format, self.log_format.as_ref());
        if self.statements_dir.is_some() {
            config.statements_dir.clone_from(&self.statements_dir);
        }
        config.production |= self.production;
        config.prove.enabled |= self.enable_prove;
        config.trusted_ledgers.extend(self.trusted_ledgers.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_replaces_and_the_rest_stays() {
        let overrides = Overrides {
            audience: Some("desk.example".to_owned()),
            enable_prove: true,
            ..Overrides::default()
        };
        let mut config = Config::default();
        overrides.apply(&mut config);
        let mut expected = Config { audience: "desk.example".to_owned(), ..Config::default() };
        expected.prove.enabled = true;
        assert_eq!(config, expected);
    }
}
