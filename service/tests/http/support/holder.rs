//! A citizen with an identity card, its wallet, and a prover.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use ledger::Ledger;
use prover::{KeyStore, Prover};
use rand::rngs::OsRng;
use records::sample::Sampler;
use records::schema::builtin;
use records::{Date, RecordBundle};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use service::client::Client;
use service::department::commit_row;
use statements::{Presentation, Request};
use wallet::{Selection, Wallet, WorkFactor};

use super::{Server, now};
use crate::conformity::conforms;

/// The ledger of identity cards.
pub(crate) const POPULATION: &str = "population.vouch.example";

/// A statement about one that shows a nullifier.
pub(crate) const STATEMENT: &str = "one_benefit_per_person";

/// Cards drawn: some of them are of adults.
const CARDS: usize = 12;

/// A citizen.
#[derive(Clone)]
pub(crate) struct Holder {
    url: String,
    parts: Arc<Mutex<(Wallet, Prover)>>,
    _folder: Arc<tempfile::TempDir>,
}

impl Holder {
    /// Founds the ledger, and has cards issued to a new wallet.
    pub(crate) async fn new(server: &Server) -> Self {
        let (ledger, _) = server.found(POPULATION).await;
        let url = server.url.clone();
        let keys = server.state.config().keys_dir.clone().unwrap();
        tokio::task::spawn_blocking(move || Self::make(url, &ledger, keys)).await.unwrap()
    }

    fn make(url: String, ledger: &Ledger, keys: PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let weak = WorkFactor::new(2).unwrap();
        let mut wallet =
            Wallet::create_with(&folder.path().join("wallet"), "passphrase", weak).unwrap();
        wallet.trust_ledger(ledger.key().clone()).unwrap();
        let schema = builtin::by_name("resident_identity_card").unwrap();
        let mut sampler = Sampler::new(7, Date::from_unix_seconds(now()));
        let tags = wallet.new_tags(&["card"; CARDS]).unwrap();
        let records: Vec<_> = tags
            .into_iter()
            .map(|tag| {
                let mut row = sampler.row(schema).unwrap();
                row.holder_tag = Some(tag);
                commit_row(schema, &row, &mut OsRng).unwrap()
            })
            .collect();
        let events: Vec<_> =
            records.iter().map(|record| ledger::Event::Issue { leaf: record.leaf() }).collect();
        let appended = ledger.append(&events, now()).unwrap();
        let bundles = records.iter().zip(appended.indices).map(|(record, index)| {
            RecordBundle::new(ledger.key().origin().clone(), index.unwrap(), schema, record)
        });
        let bundles: Vec<RecordBundle> = bundles.collect();
        wallet.add_all(bundles, builtin::all()).unwrap();
        let prover = KeyStore::open(&keys).unwrap().development(&mut |_| {}).unwrap();
        Self { url, parts: Arc::new(Mutex::new((wallet, prover))), _folder: Arc::new(folder) }
    }

    /// Answers a request, with checkpoints and bundles over HTTP.
    pub(crate) async fn present(&self, request: &Request) -> Presentation {
        let (holder, request) = (self.clone(), request.clone());
        let present = move || {
            let mut parts = holder.parts.lock().unwrap();
            let (wallet, prover) = &mut *parts;
            let statement = statements::catalogue::by_id(request.statement).unwrap();
            let plan = wallet.plan(&request, statement, &Selection::default(), now()).unwrap();
            let source = Client::new(&holder.url).unwrap();
            wallet.present(&plan, &source, prover).unwrap()
        };
        tokio::task::spawn_blocking(present).await.unwrap()
    }

    /// The same; with what a prover elsewhere would be sent.
    pub(crate) async fn present_with_inputs(&self, request: &Request) -> (Value, Presentation) {
        let (holder, request) = (self.clone(), request.clone());
        let present = move || {
            let mut parts = holder.parts.lock().unwrap();
            let (wallet, prover) = &mut *parts;
            let statement = statements::catalogue::by_id(request.statement).unwrap();
            let plan = wallet.plan(&request, statement, &Selection::default(), now()).unwrap();
            let source = Client::new(&holder.url).unwrap();
            let mut sent = Vec::new();
            let prove = |inputs: &[circuits::Inputs]| {
                for circuits::Inputs { public, private } in inputs {
                    let public: Vec<_> =
                        public.flatten().into_iter().map(records::Encoded::from_field).collect();
                    sent.push(json!({"public": public, "private": private}));
                }
                prover.prove_all(inputs)
            };
            let presentation =
                wallet.present_with(&plan, &source, prover.key(), &mut OsRng, prove).unwrap();
            (Value::from(sent), presentation)
        };
        tokio::task::spawn_blocking(present).await.unwrap()
    }
}

/// A request that was made.
pub(crate) struct Asked {
    pub(crate) request: Request,
    /// Where it is.
    pub(crate) this: String,
    /// Gets its result.
    pub(crate) token: String,
}

impl Asked {
    /// The result, as the relying party sees it.
    pub(crate) async fn result(&self, server: &Server) -> Value {
        let request = server.request(Method::GET, &format!("{}/result", self.this));
        let response = request.bearer_auth(&self.token).send().await.unwrap();
        response.error_for_status().unwrap().json().await.unwrap()
    }

    /// The stream of results, as the relying party sees it.
    pub(crate) async fn events(&self, server: &Server) -> Response {
        let request = server.request(Method::GET, &format!("{}/events", self.this));
        request.bearer_auth(&self.token).send().await.unwrap()
    }
}

/// Makes a request in a scope.
pub(crate) async fn ask(server: &Server, scope: &str) -> Asked {
    ask_with(server, json!({"statement": STATEMENT, "scope": scope})).await
}

/// Makes a request.
pub(crate) async fn ask_with(server: &Server, body: Value) -> Asked {
    let created = server.post("/v1/requests", &body).await.error_for_status().unwrap();
    let created: Value = created.json().await.unwrap();
    conforms("post", "/v1/requests", "201", &created);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Asked {
        request: Request::from_json(&created["request"].to_string()).unwrap(),
        this: text(&created["links"]["self"]),
        token: text(&created["result_token"]),
    }
}
