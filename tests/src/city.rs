//! A city for flow tests over HTTP: ledgers in a folder, behind the service, and people who talk
//! to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ledger::Event;
use rand::rngs::OsRng;
use records::import::Row;
use records::sample::Sampler;
use records::schema::builtin;
use records::{Date, Leaf, Record, RecordBundle};
use reqwest::blocking::Response;
use serde_json::Value as Json;
use service::client::{Client, RequestDraft};
use service::department::{Channel, Issue, commit_row};
use statements::{Presentation, Request, Statement, catalogue};
use tempfile::TempDir;
use wallet::{LedgerSource, Selection, Wallet, WalletError, WorkFactor};

use crate::server::{Server, run_vouch};
use crate::{PROVER, origin, schema, with};

/// Document types of [`citizen_documents`] and [`broker_documents`].
pub const DOCUMENTS: [&str; 5] = [
    "driving_licence",
    "resident_identity_card",
    "port_arrival",
    "customs_declaration",
    "tax_payment",
];

/// A document that nobody has claimed: its type, and what it says.
pub type Document = (&'static str, Row);

/// Passphrase of all wallets.
pub const PASSPHRASE: &str = "cobalt-periwinkle-octothorpe";

/// Ledgers in a folder, and the tokens of their departments.
pub struct City {
    folder: TempDir,
    tokens: BTreeMap<String, String>,
}

/// Somebody with a wallet.
pub struct Person {
    /// The wallet.
    pub wallet: Wallet,
    folder: TempDir,
}

/// A service counter: a relying party.
pub struct Counter {
    http: reqwest::blocking::Client,
    url: String,
}

/// A request, and what its result can be fetched with.
pub struct Asked {
    /// The request.
    pub request: Request,
    /// Known to the counter alone.
    pub token: String,
}

/// Seconds since 1970.
pub fn now() -> u64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

/// The statement of a name in the catalogue.
pub fn statement(name: &str) -> &'static Statement {
    catalogue::by_name(name).unwrap()
}

impl City {
    /// Founds the ledgers of the departments that issue these schemas, as an operator does.
    pub fn found(schemas: &[&str]) -> Self {
        // The key is made once, by the first who needs it.
        let _ = &*PROVER;
        let mut city = Self { folder: tempfile::tempdir().unwrap(), tokens: BTreeMap::new() };
        let data = city.data();
        let data = data.to_str().unwrap();
        for name in schemas {
            let origin = origin(schema(name));
            run_vouch(&["ledger", "create", origin.as_str(), "--data", data]);
            let token = ["ledger", "token", "create", origin.as_str(), "--data", data, "--json"];
            let token: Json = serde_json::from_str(&run_vouch(&token)).unwrap();
            city.tokens.insert((*name).to_owned(), token["token"].as_str().unwrap().to_owned());
        }
        city
    }

    /// The service over these ledgers.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        Server::start(self.folder(), &self.data(), arguments)
    }

    /// What the service keeps.
    pub fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// The folder of everything that the service may write.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The token of the department that issues a schema.
    pub fn token(&self, schema: &str) -> &str {
        &self.tokens[schema]
    }

    /// The way of a department to its ledger, behind the service at `url`.
    pub fn channel(&self, name: &str, url: &str) -> Channel {
        let client = Client::new(url).unwrap().with_token(self.tokens[name].clone().into());
        Channel::Http { client: Box::new(client.unwrap()), origin: origin(schema(name)) }
    }
}

/// A valid licence of class C1, and a valid identity card, of one person.
pub fn citizen_documents(sampler: &mut Sampler) -> Vec<Document> {
    let drawn = sampler.citizen().unwrap();
    vec![
        document("driving_licence", drawn.driving_licence, &[("class", "C1"), ("status", "valid")]),
        document("resident_identity_card", drawn.resident_identity_card, &[("status", "valid")]),
    ]
}

/// Of one consignment by air: it arrived, customs released it, its tax is paid.
pub fn broker_documents(sampler: &mut Sampler) -> Vec<Document> {
    let drawn = sampler.consignment().unwrap();
    let arrived = [("transport_mode", "5"), ("arrival_status", "arrived")];
    vec![
        document("port_arrival", drawn.port_arrival, &arrived),
        document(
            "customs_declaration",
            drawn.customs_declaration,
            &[("clearance_status", "released")],
        ),
        document("tax_payment", drawn.tax_payment, &[("status", "paid")]),
    ]
}

/// Made-up documents of today; always the same for one seed and day.
pub fn sampler(seed: u64) -> Sampler {
    Sampler::new(seed, Date::from_unix_seconds(now()))
}

fn document(name: &'static str, mut row: Row, changes: &[(&str, &str)]) -> Document {
    row.values = with(schema(name), row.values, changes);
    let today = Date::from_unix_seconds(now());
    (row.valid_from, row.valid_until) = (today.plus_years(-2), today.plus_years(4));
    (name, row)
}

/// Issues a record of a row, which has a holder tag.
pub fn issue(channel: &Channel, name: &str, row: &Row) -> RecordBundle {
    let record = commit_row(schema(name), row, &mut OsRng).unwrap();
    issue_record(channel, name, &record)
}

/// Issues a record.
pub fn issue_record(channel: &Channel, name: &str, record: &Record) -> RecordBundle {
    let mut issue = Issue::begin(channel, schema(name)).unwrap();
    let issued = issue.append(std::slice::from_ref(record), |_| Ok(())).unwrap();
    issued.bundles.into_iter().next().unwrap()
}

/// Issues records of nobody.
pub fn crowd(channel: &Channel, count: usize) {
    let leaf = || Leaf::from_field(ark_ff::UniformRand::rand(&mut OsRng));
    let events: Vec<_> = (0..count).map(|_| Event::Issue { leaf: leaf() }).collect();
    channel.append(&events).unwrap();
}

impl Counter {
    /// A counter of the service at `url`.
    pub fn new(url: &str) -> Self {
        let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
        Self { http, url: url.to_owned() }
    }

    /// Asks for a presentation.
    pub fn ask(&self, statement: &str, change: impl FnOnce(&mut RequestDraft)) -> Asked {
        let mut draft = RequestDraft { statement: statement.to_owned(), ..RequestDraft::default() };
        change(&mut draft);
        let answer = self.http.post(format!("{}/v1/requests", self.url)).json(&draft).send();
        let created: Json = answer.unwrap().error_for_status().unwrap().json().unwrap();
        let request = Request::from_json(&created["request"].to_string()).unwrap();
        Asked { request, token: created["result_token"].as_str().unwrap().to_owned() }
    }

    /// How a request stands, and with it what only the one who asked may see.
    pub fn result(&self, asked: &Asked) -> Json {
        self.follow(asked, "result").json().unwrap()
    }

    /// The stream that brings the result when it is there.
    pub fn events(&self, asked: &Asked) -> Response {
        self.follow(asked, "events")
    }

    fn follow(&self, asked: &Asked, what: &str) -> Response {
        let url = format!("{}/v1/requests/{}/{what}", self.url, asked.request.nonce);
        let answer = self.http.get(url).bearer_auth(&asked.token).send();
        answer.unwrap().error_for_status().unwrap()
    }
}

impl Person {
    /// Somebody with an empty wallet, who trusts the ledgers that the service has.
    pub fn new(client: &Client) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let weak = WorkFactor::new(2).unwrap();
        let path = folder.path().join("wallet.age");
        let mut wallet = Wallet::create_with(&path, PASSPHRASE, weak).unwrap();
        wallet.trust_ledgers(client.ledger_keys().unwrap()).unwrap();
        Self { wallet, folder }
    }

    /// Gets a record from a department.
    pub fn receive(&mut self, channel: &Channel, name: &str, mut row: Row) -> RecordBundle {
        row.holder_tag = Some(self.wallet.new_tag(name).unwrap());
        let bundle = issue(channel, name, &row);
        self.wallet.add(bundle.clone(), builtin::all()).unwrap();
        bundle
    }

    /// Answers a request.
    ///
    /// # Errors
    /// What the wallet objects to.
    pub fn answer(
        &mut self,
        request: &Request,
        source: &dyn LedgerSource,
    ) -> Result<Presentation, WalletError> {
        let statement = catalogue::by_id(request.statement).unwrap();
        let plan = self.wallet.plan(request, statement, &Selection::automatic(), now())?;
        self.wallet.present(&plan, source, &PROVER)
    }

    /// Folder of the wallet's file.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
