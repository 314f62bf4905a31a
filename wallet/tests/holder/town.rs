//! A small town: departments with ledgers, and a holder with a wallet.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use ledger::{Event, Ledger, LedgerSigner, MemoryStore};
use rand::rngs::OsRng;
use records::tree::WitnessBundle;
use records::{
    Date, Fr, Header, HolderTag, LedgerKey, Origin, Record, RecordBundle, RecordId, Salt, Schema,
    SignedCheckpoint, Value,
};
use tempfile::TempDir;
use wallet::{EntryId, LedgerSource, SourceError, Wallet, WorkFactor};

/// 2026-01-31, 12:00 UTC.
pub const NOW: u64 = 1_769_860_800;

pub const PASSPHRASE: &str = "a donkey learns to swim";

/// Low, so that tests are quick.
pub const LIGHT: WorkFactor = WorkFactor::new(1).unwrap();

const LICENCE: &str = r#"
name = "licence"
version = 1
title = { en = "Licence", zh = "执照" }
description = { en = "Licence", zh = "执照" }
system = "test"
department = "traffic"
key = ["number"]
[[attributes]]
name = "number"
type = "text"
title = { en = "Number", zh = "号码" }
description = { en = "Number", zh = "号码" }
[[attributes]]
name = "points"
type = "integer"
min = 0
title = { en = "Points", zh = "分数" }
description = { en = "Points", zh = "分数" }
"#;

/// The schemas of the town: `licence`, and `clearance` and `payment` with the same attributes.
pub fn schemas() -> Vec<Schema> {
    let named = |name: &str, department: &str| {
        let document = LICENCE
            .replace("name = \"licence\"", &format!("name = \"{name}\""))
            .replace("\"traffic\"", &format!("\"{department}\""));
        Schema::parse(&document).unwrap()
    };
    vec![named("licence", "traffic"), named("clearance", "customs"), named("payment", "tax")]
}

pub fn schema(name: &str) -> Schema {
    schemas().into_iter().find(|schema| schema.name() == name).unwrap()
}

pub fn origin(name: &str) -> Origin {
    Origin::new(format!("{name}.example")).unwrap()
}

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A holder and the ledgers around it. What it asks the ledgers for is noted.
pub struct Town {
    folder: TempDir,
    ledgers: BTreeMap<Origin, (Ledger, LedgerSigner)>,
    /// Checkpoints that are handed out instead of the ledger's own.
    pub forged: RefCell<BTreeMap<Origin, SignedCheckpoint>>,
    pub bundles_fetched: RefCell<Vec<(Origin, u64)>>,
    pub checkpoints_fetched: Cell<usize>,
}

impl Town {
    pub fn new() -> Self {
        let found = |name: &str| {
            let signer = LedgerSigner::generate(&origin(name)).unwrap();
            let same = LedgerSigner::from_text(signer.secret_text().to_owned().into()).unwrap();
            let store = Arc::new(MemoryStore::default());
            (origin(name), (Ledger::create(store, signer, NOW - 7_200).unwrap(), same))
        };
        Self {
            folder: tempfile::tempdir().unwrap(),
            ledgers: ["traffic", "north", "customs", "tax"].map(found).into(),
            forged: RefCell::default(),
            bundles_fetched: RefCell::default(),
            checkpoints_fetched: Cell::default(),
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("wallet.age")
    }

    /// A new wallet that trusts the ledgers of the town.
    pub fn wallet(&self) -> Wallet {
        let mut wallet = Wallet::create_with(&self.path(), PASSPHRASE, LIGHT).unwrap();
        wallet.trust_ledgers(self.keys()).unwrap();
        wallet
    }

    pub fn keys(&self) -> Vec<LedgerKey> {
        self.ledgers.values().map(|(ledger, _)| ledger.key().clone()).collect()
    }

    pub fn ledger(&self, name: &str) -> &Ledger {
        &self.ledgers[&origin(name)].0
    }

    pub fn signer(&self, name: &str) -> &LedgerSigner {
        &self.ledgers[&origin(name)].1
    }

    /// A record of `schema` for the holder of `tag`, valid in 2025 and 2026, in a ledger.
    pub fn issue(
        &self,
        ledger: &str,
        schema: &Schema,
        tag: HolderTag,
        values: Values<'_>,
    ) -> RecordBundle {
        let record = record(schema, header(schema, tag), values);
        let issued =
            self.ledger(ledger).append(&[Event::Issue { leaf: record.leaf() }], NOW - 3_600);
        let index = issued.unwrap().indices[0].unwrap();
        RecordBundle::new(origin(ledger), index, schema, &record)
    }

    /// The department changes the values of a record.
    pub fn amend(
        &self,
        bundle: &RecordBundle,
        schema: &Schema,
        values: Values<'_>,
    ) -> RecordBundle {
        let header = Header { salt: salt(), ..bundle.header.clone() };
        let record = record(schema, header, values);
        let event = Event::Amend { index: bundle.index, leaf: record.leaf() };
        self.ledgers[&bundle.ledger].0.append(&[event], NOW - 1_800).unwrap();
        RecordBundle::new(bundle.ledger.clone(), bundle.index, schema, &record)
    }

    pub fn revoke(&self, bundle: &RecordBundle) {
        let event = Event::Revoke { index: bundle.index };
        self.ledgers[&bundle.ledger].0.append(&[event], NOW - 1_800).unwrap();
    }

    /// A record issued to `wallet` and added to it.
    pub fn give(
        &self,
        wallet: &mut Wallet,
        ledger: &str,
        schema: &Schema,
        values: Values<'_>,
    ) -> EntryId {
        let tag = wallet.new_tag(&format!("{} {}", schema.name(), values.0)).unwrap();
        let bundle = self.issue(ledger, schema, tag, values);
        wallet.add(bundle, &schemas()).unwrap().id
    }

    pub fn forge(&self, ledger: &str, checkpoint: SignedCheckpoint) {
        self.forged.borrow_mut().insert(origin(ledger), checkpoint);
    }
}

impl LedgerSource for Town {
    fn checkpoint(&self, ledger: &Origin) -> Result<SignedCheckpoint, SourceError> {
        self.checkpoints_fetched.set(self.checkpoints_fetched.get() + 1);
        if let Some(forged) = self.forged.borrow().get(ledger) {
            return Ok(forged.clone());
        }
        let (ledger, _) = self.ledgers.get(ledger).ok_or(SourceError::NotFound)?;
        ledger.latest().map_err(|error| SourceError::Unavailable(error.to_string()))
    }

    fn witness(
        &self,
        ledger: &Origin,
        size: u64,
        bucket: u64,
    ) -> Result<WitnessBundle, SourceError> {
        self.bundles_fetched.borrow_mut().push((ledger.clone(), bucket));
        let (ledger, _) = self.ledgers.get(ledger).ok_or(SourceError::NotFound)?;
        ledger.witness(size, bucket).map_err(|error| SourceError::Unavailable(error.to_string()))
    }
}

/// Number and points.
#[derive(Clone, Copy)]
pub struct Values<'a>(pub &'a str, pub i64);

pub fn header(schema: &Schema, holder_tag: HolderTag) -> Header {
    Header {
        schema: schema.id(),
        holder_tag,
        record_id: RecordId::from_field(random()),
        salt: salt(),
        valid_from: date("2025-01-01"),
        valid_until: date("2026-12-31"),
    }
}

pub fn record(schema: &Schema, header: Header, Values(number, points): Values<'_>) -> Record {
    let values = vec![Value::Text(number.to_owned()), Value::Integer(points)];
    Record::new(schema, header, values).unwrap()
}

fn salt() -> Salt {
    Salt::from_field(random())
}

fn random() -> Fr {
    ark_ff::UniformRand::rand(&mut OsRng)
}
