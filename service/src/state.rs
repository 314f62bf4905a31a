//! What the running service holds, opened from a data folder:
//!
//! ```text
//! ledgers/    the ledgers of departments and their signing keys
//! tokens/     hashes of the departments' tokens
//! service/    requests, used nonces, nullifiers
//! keys/       proving and verification keys, unless the configuration names another folder
//! ```

mod answer;
mod catalogue;
mod counter;
mod proving;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use circuits::Relation;
use ledger::{Ledger, LedgerError, Ledgers};
use prover::{KeyStore, Provenance, Prover, SetupStage};
use records::Origin;
use tokio::sync::{Semaphore, watch};
use verifier::Verifier;

pub use answer::{Answer, NullifierAnswer, RequestResult, RequestStatus};
pub use catalogue::{Catalogue, CatalogueError};
pub use counter::Counter;
pub use proving::{ProveItem, Proving, ProvingError};

use crate::auth::{TokenError, TokenStore};
use crate::clock::now;
use crate::config::Config;
use crate::gate::Gate;
use crate::metrics::Metrics;
use crate::store::{Store, StoreError};

/// Verifications that may wait for others.
const MAX_WAITING_VERIFICATIONS: usize = 256;

/// The state of the service, shared by all its tasks.
#[derive(Clone)]
pub struct AppState(Arc<App>);

struct App {
    config: Config,
    catalogue: Catalogue,
    ledgers: Ledgers,
    tokens: TokenStore,
    counter: Counter,
    provenance: Provenance,
    proving: Option<Proving>,
    verifications: Gate,
    event_streams: Arc<Semaphore>,
    metrics: Metrics,
    stopping: watch::Sender<bool>,
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A setting is out of its bounds.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The data folder cannot be made.
    #[error("the data folder {path}: {error}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A statement cannot be used.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A ledger cannot be opened.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The tokens cannot be read.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The request store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no key that can be used.
    #[error(transparent)]
    Key(#[from] prover::KeyError),
    /// In production, without the key of a ceremony for this circuit.
    #[error("production refuses development keys, and {0} holds no other for this circuit")]
    DevelopmentKey(PathBuf),
}

impl AppState {
    /// Opens the data folder, or makes it. Where there is no key it makes a development key,
    /// which takes a while: `progress` is told. Blocks.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(config: Config, progress: &mut dyn FnMut(SetupStage)) -> Result<Self, OpenError> {
        config.check()?;
        fs::create_dir_all(&config.data_dir)
            .map_err(|error| OpenError::Folder { path: config.data_dir.clone(), error })?;
        let catalogue = Catalogue::load(config.statements_dir.as_deref())?;
        let ledgers = Ledgers::open(&ledgers_dir(&config.data_dir))?;
        let tokens = TokenStore::open(&tokens_dir(&config.data_dir))?;
        let retention = config.requests.result_retention_seconds;
        let store = Store::open(&config.data_dir.join("service"), retention)?;
        let keys = config.keys_dir.clone().unwrap_or_else(|| config.data_dir.join("keys"));
        let prover = key(&keys, config.production, progress)?;
        let verifier = verifier(&config, &catalogue, &ledgers, &prover)?;
        let counter = Counter::new(verifier, store, &config);
        let app = App {
            provenance: prover.provenance().clone(),
            proving: config.prove.enabled.then(|| Proving::new(prover, &config.prove)),
            verifications: Gate::new(config.verifications(), MAX_WAITING_VERIFICATIONS),
            event_streams: Arc::new(Semaphore::new(config.requests.max_event_streams)),
            metrics: Metrics::new(),
            stopping: watch::Sender::new(false),
            config,
            catalogue,
            ledgers,
            tokens,
            counter,
        };
        Ok(Self(Arc::new(app)))
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Schemas and statements.
    pub fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    /// The ledgers that this service runs.
    pub fn ledgers(&self) -> &Ledgers {
        &self.0.ledgers
    }

    /// The tokens of departments.
    pub fn tokens(&self) -> &TokenStore {
        &self.0.tokens
    }

    /// The relying party's side.
    pub fn counter(&self) -> &Counter {
        &self.0.counter
    }

    /// Where the key comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.0.provenance
    }

    /// Founds a ledger and trusts it, also while the service runs. Blocks.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn found_ledger(&self, origin: &Origin) -> Result<Arc<Ledger>, LedgerError> {
        let ledger = self.0.ledgers.create(origin, now())?;
        self.0.counter.trust_ledger(ledger.key().clone());
        Ok(ledger)
    }

    /// Whether the service is about to end.
    pub fn is_stopping(&self) -> bool {
        *self.0.stopping.borrow()
    }

    /// Ends streams of events, and readiness.
    pub(crate) fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Tells when the service is about to end.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    pub(crate) fn proving(&self) -> Option<&Proving> {
        self.0.proving.as_ref()
    }

    pub(crate) fn verifications(&self) -> &Gate {
        &self.0.verifications
    }

    pub(crate) fn event_streams(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.event_streams)
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}

/// Folder of the ledgers below a data folder.
pub fn ledgers_dir(data: &Path) -> PathBuf {
    data.join("ledgers")
}

/// Folder of the tokens below a data folder.
pub fn tokens_dir(data: &Path) -> PathBuf {
    data.join("tokens")
}

/// The newest key of a ceremony; without one, outside production, the development key.
fn key(
    folder: &Path,
    production: bool,
    progress: &mut dyn FnMut(SetupStage),
) -> Result<Prover, OpenError> {
    let keys = KeyStore::open(folder)?;
    let circuit = Relation::get().digest();
    let mut usable = keys.list()?;
    usable.retain(|provenance| provenance.circuit == circuit && !provenance.development);
    match usable.iter().max_by_key(|provenance| provenance.created_at) {
        Some(newest) => Ok(keys.load(newest.key)?),
        None if production => Err(OpenError::DevelopmentKey(folder.to_owned())),
        None => Ok(keys.development(progress)?),
    }
}

/// A verifier that knows the catalogue, and trusts this service's ledgers and the configured
/// ones.
fn verifier(
    config: &Config,
    catalogue: &Catalogue,
    ledgers: &Ledgers,
    prover: &Prover,
) -> Result<Verifier, OpenError> {
    let mut verifier = Verifier::new(prover.pinned(), catalogue.schemas().to_vec());
    for key in &config.trusted_ledgers {
        verifier.trust_ledger(key.clone());
    }
    for origin in ledgers.list()? {
        if let Some(ledger) = ledgers.get(&origin)? {
            verifier.trust_ledger(ledger.key().clone());
        }
    }
    for statement in catalogue.statements() {
        verifier.add_statement(statement.clone()).map_err(CatalogueError::from)?;
    }
    Ok(verifier)
}
