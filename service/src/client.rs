//! The client of the service's HTTP interface: for departments, wallets and relying parties.
//!
//! Blocking, for command lines and tests. What it asks is what the service sees: witnesses are
//! asked for by bucket, never by the index of a record, and no path or query has more in it
//! than names of public things.

mod answer;
mod error;
mod source;

use std::net::IpAddr;
use std::time::Duration;

use ledger::Event;
use ledger::client::{AppendRequest, AppendResponse, EventsResponse};
use records::tree::WitnessBundle;
use records::{LedgerKey, Origin, SignedCheckpoint};
use reqwest::blocking::{RequestBuilder, Response};
use reqwest::{Method, Url, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use statements::{Nonce, Presentation, Request, Statement};
use zeroize::Zeroizing;

pub use answer::{Answer, Created, LedgerEntry, RefusalAnswer, RequestDraft};
pub use error::ClientError;

/// Longest wait for an answer. The service gives up on a request after 30 seconds.
const TIMEOUT: Duration = Duration::from_secs(40);

/// Largest answer that is read: a page of events is the largest there is.
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// A connection to one service.
pub struct Client {
    http: reqwest::blocking::Client,
    base: Url,
    token: Option<Zeroizing<String>>,
}

/// Form in which a presentation is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JSON.
    Json,
    /// Compact CBOR.
    Cbor,
}

impl Client {
    /// A client of the service at `url`, such as `https://vouch.example` or
    /// `http://127.0.0.1:8750`.
    ///
    /// # Errors
    /// [`ClientError::Url`] where `url` is no absolute http or https URL.
    pub fn new(url: &str) -> Result<Self, ClientError> {
        let malformed = || ClientError::Url(url.to_owned());
        let mut base = Url::parse(url).map_err(|_| malformed())?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(malformed());
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let mut builder = reqwest::blocking::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("vouch/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(ClientError::Setup)?;
        Ok(Self { http, base, token: None })
    }

    /// The same with a department's bearer token.
    ///
    /// # Errors
    /// [`ClientError::TokenInClear`] where the token would cross a network without TLS.
    pub fn with_token(mut self, token: Zeroizing<String>) -> Result<Self, ClientError> {
        if self.base.scheme() != "https" && !is_loopback(&self.base) {
            return Err(ClientError::TokenInClear);
        }
        self.token = Some(token);
        Ok(self)
    }

    /// The service's address.
    pub fn url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Whether the service is up and ready.
    ///
    /// # Errors
    /// [`ClientError`] where it is not.
    pub fn ready(&self) -> Result<(), ClientError> {
        self.send(self.request(Method::GET, &["healthz", "ready"])?).map(drop)
    }

    /// The ledgers that the service holds.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn ledgers(&self) -> Result<Vec<LedgerEntry>, ClientError> {
        self.get(&["v1", "ledgers"])
    }

    /// One ledger.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn ledger(&self, origin: &Origin) -> Result<LedgerEntry, ClientError> {
        self.get(&["v1", "ledgers", origin.as_str()])
    }

    /// Keys of the ledgers that the service holds. A party that trusts a ledger has its key
    /// from elsewhere: this is for first contact, with eyes on it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn ledger_keys(&self) -> Result<Vec<LedgerKey>, ClientError> {
        Ok(self.ledgers()?.into_iter().map(|ledger| ledger.key).collect())
    }

    /// The latest checkpoint of a ledger; not verified.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn checkpoint(&self, origin: &Origin) -> Result<SignedCheckpoint, ClientError> {
        self.get_checkpoint(&["v1", "ledgers", origin.as_str(), "checkpoint"])
    }

    /// The checkpoint of a ledger at `size`; not verified.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn checkpoint_at(
        &self,
        origin: &Origin,
        size: u64,
    ) -> Result<SignedCheckpoint, ClientError> {
        self.get_checkpoint(&["v1", "ledgers", origin.as_str(), "checkpoint", &size.to_string()])
    }

    /// The leaves around a record, and what is above them; not verified.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn witness(
        &self,
        origin: &Origin,
        size: u64,
        bucket: u64,
    ) -> Result<WitnessBundle, ClientError> {
        let (size, bucket) = (size.to_string(), bucket.to_string());
        self.get(&["v1", "ledgers", origin.as_str(), "witness", &size, &bucket])
    }

    /// A page of a ledger's event log.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn events(
        &self,
        origin: &Origin,
        from: u64,
        limit: u64,
    ) -> Result<EventsResponse, ClientError> {
        let request = self
            .request(Method::GET, &["v1", "ledgers", origin.as_str(), "events"])?
            .query(&[("from", from), ("limit", limit)]);
        read_json(self.send(request)?)
    }

    /// Appends events to a ledger, all or none.
    ///
    /// # Errors
    /// [`ClientError`]; of status 401 or 403 where the token is not one of that ledger.
    pub fn append(
        &self,
        origin: &Origin,
        events: Vec<Event>,
    ) -> Result<AppendResponse, ClientError> {
        self.post(&["v1", "ledgers", origin.as_str(), "events"], &AppendRequest { events })
    }

    /// Publishes a fresh checkpoint.
    ///
    /// # Errors
    /// [`ClientError`]; of status 401 or 403 where the token is not one of that ledger.
    pub fn publish_checkpoint(&self, origin: &Origin) -> Result<SignedCheckpoint, ClientError> {
        let request =
            self.request(Method::POST, &["v1", "ledgers", origin.as_str(), "checkpoint"])?;
        read_checkpoint(self.send(self.authorized(request))?)
    }

    /// The statements that the service verifies, as it lists them.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn statements(&self) -> Result<Json, ClientError> {
        self.get(&["v1", "statements"])
    }

    /// A statement by id or name.
    ///
    /// # Errors
    /// [`ClientError`]; also where the answer is no statement.
    pub fn statement(&self, id_or_name: &str) -> Result<Statement, ClientError> {
        let json: Json = self.get(&["v1", "statements", id_or_name])?;
        Statement::from_json(&json.to_string())
            .map_err(|error| ClientError::answer(error.to_string()))
    }

    /// What the service says of its verification key.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn keys(&self) -> Result<Json, ClientError> {
        self.get(&["v1", "keys"])
    }

    /// Asks the service for a request that a holder can answer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn create_request(&self, draft: &RequestDraft) -> Result<Created, ClientError> {
        self.post(&["v1", "requests"], draft)
    }

    /// Fetches a request, as wallets do.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn fetch_request(&self, id: &Nonce) -> Result<Request, ClientError> {
        self.get(&["v1", "requests", &id.to_string()])
    }

    /// Answers a request.
    ///
    /// # Errors
    /// [`ClientError`] where there is no verdict and no refusal.
    pub fn present(
        &self,
        id: &Nonce,
        presentation: &Presentation,
        encoding: Encoding,
    ) -> Result<Answer, ClientError> {
        let request =
            self.request(Method::POST, &["v1", "requests", &id.to_string(), "presentation"])?;
        let request = match encoding {
            Encoding::Json => request.json(presentation),
            Encoding::Cbor => request
                .header(header::CONTENT_TYPE, "application/cbor")
                .body(presentation.to_compact()),
        };
        read_json(self.send(request)?)
    }

    /// What has become of a request: with the token that came with it all of it, without only
    /// how it stands.
    ///
    /// # Errors
    /// [`ClientError`]; of status 401 where the token is of something else.
    pub fn result(&self, id: &Nonce, token: Option<&str>) -> Result<Json, ClientError> {
        let path = ["v1", "requests", &id.to_string(), "result"];
        let request = self.request(Method::GET, &path)?;
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        read_json(self.send(request)?)
    }

    /// Has a presentation verified against a request that the service need not have made.
    ///
    /// # Errors
    /// [`ClientError`] where there is no verdict and no refusal.
    pub fn verify(
        &self,
        request: &Request,
        presentation: &Presentation,
    ) -> Result<Answer, ClientError> {
        let body = json!({ "request": request, "presentation": presentation });
        self.post(&["v1", "verify"], &body)
    }

    fn get_checkpoint(&self, path: &[&str]) -> Result<SignedCheckpoint, ClientError> {
        read_checkpoint(self.send(self.request(Method::GET, path)?)?)
    }

    fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, ClientError> {
        read_json(self.send(self.request(Method::GET, path)?)?)
    }

    fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let request = self.request(Method::POST, path)?.json(body);
        read_json(self.send(self.authorized(request))?)
    }

    /// A request for the path of those segments, each percent-encoded where it must be.
    fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, ClientError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| ClientError::Url(self.base.to_string()))?
            .pop_if_empty()
            .extend(path);
        Ok(self.http.request(method, url))
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token.as_str()),
            None => request,
        }
    }

    fn send(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        let response = request.send().map_err(|error| ClientError::transport(self.url(), error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = read_bytes(response).unwrap_or_default();
        Err(ClientError::problem(status, &body))
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

fn read_bytes(response: Response) -> Result<Vec<u8>, ClientError> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    response
        .take(MAX_ANSWER_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|error| ClientError::answer(error.to_string()))?;
    Ok(bytes)
}

fn read_json<T: DeserializeOwned>(response: Response) -> Result<T, ClientError> {
    // Positions only: the text of serde's errors may repeat values.
    serde_json::from_slice(&read_bytes(response)?).map_err(|error| {
        ClientError::answer(format!("JSON of another form, at column {}", error.column()))
    })
}

fn read_checkpoint(response: Response) -> Result<SignedCheckpoint, ClientError> {
    SignedCheckpoint::from_bytes(&read_bytes(response)?)
        .map_err(|error| ClientError::answer(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_checked() {
        for good in ["http://127.0.0.1:8750", "https://vouch.example/base", "http://[::1]:1"] {
            assert!(Client::new(good).is_ok(), "{good}");
        }
        for bad in ["", "127.0.0.1:8750", "ftp://vouch.example", "file:///etc/passwd"] {
            assert!(matches!(Client::new(bad), Err(ClientError::Url(_))), "{bad}");
        }
    }

    #[test]
    fn paths_are_below_the_base_and_encoded() {
        let client = Client::new("https://vouch.example/base").unwrap();
        let request = client.request(Method::GET, &["v1", "ledgers", "a b/c"]).unwrap();
        let url = request.build().unwrap().url().to_string();
        assert_eq!(url, "https://vouch.example/base/v1/ledgers/a%20b%2Fc");
    }

    #[test]
    fn tokens_do_not_cross_a_network_in_clear() {
        let token = || Zeroizing::new("secret".to_owned());
        let refused = Client::new("http://vouch.example").unwrap().with_token(token());
        assert!(matches!(refused, Err(ClientError::TokenInClear)));
        assert!(Client::new("http://127.0.0.1:1").unwrap().with_token(token()).is_ok());
        assert!(Client::new("https://vouch.example").unwrap().with_token(token()).is_ok());
    }
}
