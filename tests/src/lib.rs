//! A small town for flow tests: ledgers in memory, a citizen with a wallet, a verifier. And a
//! [city]: ledgers on disk, behind a [service](server) that is a process of its own.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "support of tests")]

pub mod city;
pub mod server;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use ledger::{Event, Ledger, LedgerSigner, MemoryStore};
use prover::{KeyStore, Prover};
use records::sample::Sampler;
use records::schema::builtin;
use records::tree::WitnessBundle;
use records::{
    Date, Fr, Header, HolderTag, Origin, Record, RecordBundle, RecordId, Salt, Schema,
    SignedCheckpoint, Value,
};
use statements::{Nonce, Presentation, Request, Statement};
use tempfile::TempDir;
use verifier::{Context, Verifier};
use wallet::{LedgerSource, Selection, SourceError, Wallet, WorkFactor};

/// Name of the relying party.
pub const AUDIENCE: &str = "counter.example";

/// 2026-11-22T12:00:00Z.
pub const NOW: u64 = 1_795_348_800;

/// The development key, shared by all test binaries: making it takes seconds.
pub static PROVER: LazyLock<Prover> = LazyLock::new(|| {
    let store = KeyStore::open(&test_keys()).unwrap();
    store.development(&mut |_| ()).unwrap()
});

/// Folder of the shared development key.
pub fn test_keys() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../target/test-keys").into()
}

/// The day of [`NOW`].
pub fn today() -> Date {
    Date::from_unix_seconds(NOW)
}

/// A built-in schema.
pub fn schema(name: &str) -> &'static Schema {
    builtin::by_name(name).unwrap()
}

/// Ledgers in memory, one for each department.
#[derive(Default)]
pub struct Town {
    ledgers: BTreeMap<Origin, Arc<Ledger>>,
}

impl Town {
    /// Founds the ledgers of all built-in departments.
    pub fn found() -> Self {
        let mut town = Self::default();
        for schema in builtin::all() {
            let origin = origin(schema);
            let signer = LedgerSigner::generate(&origin).unwrap();
            let store = Arc::new(MemoryStore::default());
            let ledger = Ledger::create(store, signer, NOW - 7_200).unwrap();
            town.ledgers.insert(origin, Arc::new(ledger));
        }
        town
    }

    /// The ledger of a schema's department.
    pub fn ledger(&self, schema: &str) -> &Ledger {
        &self.ledgers[&origin(self::schema(schema))]
    }

    /// Issues a record with these values to the holder of `tag`, among 20 other records.
    pub fn issue(&self, name: &str, values: Vec<Value>, tag: HolderTag) -> RecordBundle {
        let schema = schema(name);
        let record = record(schema, values, tag);
        let mut leaves: Vec<_> = (0..20).map(|i| Event::Issue { leaf: filler(name, i) }).collect();
        leaves.insert(11, Event::Issue { leaf: record.leaf() });
        let appended = self.ledger(name).append(&leaves, NOW - 3_600).unwrap();
        let index = appended.indices[11].unwrap();
        RecordBundle::new(origin(schema), index, schema, &record)
    }

    /// A verifier that trusts all ledgers and knows the statements.
    pub fn verifier(&self, statements: &[&Statement]) -> Verifier {
        let mut verifier = Verifier::new(PROVER.pinned(), builtin::all().to_vec());
        for ledger in self.ledgers.values() {
            verifier.trust_ledger(ledger.key().clone());
        }
        for statement in statements {
            verifier.add_statement((*statement).clone()).unwrap();
        }
        verifier
    }
}

impl LedgerSource for Town {
    fn checkpoint(&self, ledger: &Origin) -> Result<SignedCheckpoint, SourceError> {
        let ledger = self.ledgers.get(ledger).ok_or(SourceError::NotFound)?;
        ledger.latest().map_err(|error| SourceError::Unavailable(error.to_string()))
    }

    fn witness(
        &self,
        ledger: &Origin,
        size: u64,
        bucket: u64,
    ) -> Result<WitnessBundle, SourceError> {
        let ledger = self.ledgers.get(ledger).ok_or(SourceError::NotFound)?;
        ledger.witness(size, bucket).map_err(|error| SourceError::Unavailable(error.to_string()))
    }
}

/// The ledger that the catalogue's statements name for a schema's department.
pub fn origin(schema: &Schema) -> Origin {
    Origin::new(format!("{}.vouch.example", schema.department())).unwrap()
}

/// A record valid from 2020 to 2035.
pub fn record(schema: &Schema, values: Vec<Value>, holder_tag: HolderTag) -> Record {
    let header = Header {
        schema: schema.id(),
        holder_tag,
        record_id: RecordId::from_field(random()),
        salt: Salt::from_field(random()),
        valid_from: Date::parse("2020-01-01").unwrap(),
        valid_until: Date::parse("2035-12-31").unwrap(),
    };
    Record::new(schema, header, values).unwrap()
}

fn filler(name: &str, i: u64) -> records::Leaf {
    let bytes = [name.as_bytes(), &i.to_be_bytes(), &random_bytes()].concat();
    records::Leaf::from_field(records::hash_to_field("test", &bytes))
}

fn random_bytes() -> [u8; 16] {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&COUNTER.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

fn random() -> Fr {
    records::hash_to_field("test random", &random_bytes())
}

/// Replaces values of a sampled row by name.
pub fn with(schema: &Schema, mut values: Vec<Value>, changes: &[(&str, &str)]) -> Vec<Value> {
    for (name, text) in changes {
        let (slot, attribute) = schema.attribute(name).unwrap();
        values[slot] = Value::parse(attribute.kind(), text).unwrap();
    }
    values
}

/// A citizen with an identity card and a driving licence of class C1, in a wallet.
pub struct Citizen {
    /// The wallet.
    pub wallet: Wallet,
    /// The licence, as the department issued it.
    pub licence: RecordBundle,
    folder: TempDir,
}

impl Citizen {
    /// Samples a citizen, and has the departments issue the two records.
    pub fn settle(town: &Town, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wallet.age");
        let mut wallet =
            Wallet::create_with(&path, "correct horse", WorkFactor::new(2).unwrap()).unwrap();
        wallet.trust_ledgers(town.ledgers.values().map(|ledger| ledger.key().clone())).unwrap();
        let sampled = Sampler::new(seed, today()).citizen().unwrap();
        let tag = wallet.new_tag("licence").unwrap();
        let kind = schema("driving_licence");
        let values =
            with(kind, sampled.driving_licence.values, &[("class", "C1"), ("status", "valid")]);
        let licence = town.issue("driving_licence", values, tag);
        wallet.add(licence.clone(), builtin::all()).unwrap();
        let tag = wallet.new_tag("identity card").unwrap();
        let kind = schema("resident_identity_card");
        let values = with(kind, sampled.resident_identity_card.values, &[("status", "valid")]);
        let card = town.issue("resident_identity_card", values, tag);
        wallet.add(card, builtin::all()).unwrap();
        Self { wallet, licence, folder }
    }

    /// Answers a request.
    pub fn present(
        &mut self,
        town: &Town,
        statement: &Statement,
        request: &Request,
    ) -> Presentation {
        let plan = self.wallet.plan(request, statement, &Selection::automatic(), NOW).unwrap();
        self.wallet.present(&plan, town, &PROVER).unwrap()
    }

    /// Folder of the wallet's file.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// A request for a statement, of [`AUDIENCE`], for five minutes from [`NOW`].
pub fn request(statement: &Statement) -> Request {
    Request {
        version: 1,
        statement: statement.id(),
        parameters: serde_json::Map::new(),
        audience: AUDIENCE.to_owned(),
        nonce: Nonce::from_bytes(random_bytes()),
        scope: statement.needs_scope().then(|| AUDIENCE.to_owned()),
        today: today(),
        expires_at: NOW + 300,
        max_checkpoint_age: 86_400,
    }
}

/// The verifier's view of the world at [`NOW`].
pub fn context() -> Context<'static> {
    Context { audience: AUDIENCE, now: NOW, allow_development: true }
}
