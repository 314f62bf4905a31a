//! Where ledgers are: in a folder of this machine, or behind a service.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use ledger::{LedgerError, Ledgers, StoreError};
use records::Origin;
use service::client::Client;
use service::department::Channel;
use zeroize::Zeroizing;

use super::super::error::{Advise as _, advised};

/// Environment variable with the department's token.
const TOKEN_VARIABLE: &str = "VOUCH_TOKEN";

/// A folder of ledgers.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Folder {
    /// Folder of the ledgers, their keys and tokens
    #[arg(
        long = "data",
        value_name = "DIR",
        env = "VOUCH_DATA_DIR",
        hide_env_values = true,
        default_value = "data"
    )]
    data: PathBuf,
}

/// A folder of ledgers, or a service.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    #[command(flatten)]
    folder: Folder,
    /// Address of the service that holds the ledger, instead of a folder
    #[arg(long, value_name = "URL", env = "VOUCH_URL", hide_env_values = true)]
    url: Option<String>,
    /// File with the department's token for the service [default: VOUCH_TOKEN]
    #[arg(long, value_name = "FILE", requires = "url")]
    token_file: Option<PathBuf>,
}

impl Folder {
    /// Opens the ledgers, and makes the folder where it is not there.
    pub(super) fn make(&self) -> anyhow::Result<Ledgers> {
        let path = self.path();
        Ledgers::open(&path).map_err(|error| match error {
            LedgerError::Store(StoreError::Locked { .. }) => advised(
                anyhow!("another process has {} open", path.display()),
                "a running service holds its ledgers: give its --url, or stop it",
            ),
            other => other.into(),
        })
    }

    /// Opens the ledgers of a folder that is there.
    pub(super) fn open(&self) -> anyhow::Result<Ledgers> {
        let path = self.path();
        if !path.exists() {
            return Err(anyhow!("there are no ledgers in {}", self.data.display())).advise(
                "found one with `vouch ledger create NAME`, or name another folder with --data",
            );
        }
        self.make()
    }

    fn path(&self) -> PathBuf {
        service::state::ledgers_dir(&self.data)
    }

    /// Where the tokens are.
    pub(super) fn tokens(&self) -> PathBuf {
        service::state::tokens_dir(&self.data)
    }
}

impl Place {
    /// The folder, for what only works on this machine.
    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The service, where one is named.
    pub(super) fn client(&self) -> anyhow::Result<Option<Client>> {
        let Some(url) = &self.url else { return Ok(None) };
        let client = Client::new(url)?;
        Ok(Some(match self.token()? {
            Some(token) => client.with_token(token)?,
            None => client,
        }))
    }

    /// The way to a ledger.
    pub(super) fn channel(&self, origin: &Origin) -> anyhow::Result<Channel> {
        if let Some(client) = self.client()? {
            return Ok(Channel::Http { client: Box::new(client), origin: origin.clone() });
        }
        let ledger = self
            .folder
            .open()?
            .get(origin)?
            .ok_or_else(|| anyhow!("there is no ledger {origin}"))
            .advise(format!(
                "found it with `vouch ledger create {origin}`, or name another folder with --data"
            ))?;
        Ok(Channel::Local(ledger))
    }

    fn token(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
        if let Some(path) = &self.token_file {
            let text = Zeroizing::new(
                std::fs::read_to_string(path)
                    .with_context(|| format!("the token file {}", path.display()))?,
            );
            return Ok(Some(Zeroizing::new(text.trim().to_owned())));
        }
        Ok(std::env::var(TOKEN_VARIABLE).ok().map(Zeroizing::new))
    }
}

/// Parses the name of a ledger.
pub(super) fn origin(text: &str) -> Result<Origin, String> {
    Origin::new(text).map_err(|error| error.to_string())
}
