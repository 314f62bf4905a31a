//! `/v1/ledgers`: the departments' ledgers that this service runs.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use ledger::{Ledger, LedgerError, Statistics};
use records::Origin;
use serde::Deserialize;

use crate::auth::Denied;
use crate::client::LedgerEntry;
use crate::clock::now;
use crate::http::extract::{Bearer, Path};
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::http::work::blocking;
use crate::state::AppState;

/// The origin in the path of each route of a ledger.
#[derive(Deserialize)]
struct OriginInPath {
    origin: Origin,
}

/// List the ledgers
#[utoipa::path(
    get, path = "/v1/ledgers", tag = "ledgers",
    responses((status = 200, description = "All ledgers", body = [types::LedgerEntry]))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
) -> Result<Answer<Vec<LedgerEntry>>, Problem> {
    let read = move || {
        let mut entries = Vec::new();
        for origin in state.ledgers().list()? {
            if let Some(ledger) = state.ledgers().get(&origin)? {
                entries.push(entry(origin, &ledger)?);
            }
        }
        Ok::<_, LedgerError>(entries)
    };
    Ok(Answer(blocking(read).await?.map_err(problem)?))
}

/// Describe a ledger
#[utoipa::path(
    get, path = "/v1/ledgers/{origin}", tag = "ledgers",
    params(("origin" = types::Origin, Path, description = "Name of the ledger")),
    responses(
        (status = 200, description = "The ledger", body = types::LedgerEntry),
        (status = 400, description = "`malformed-path`"),
        (status = 404, description = "`unknown-ledger`"),
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    Path(origin): Path<Origin>,
) -> Result<Answer<LedgerEntry>, Problem> {
    Ok(Answer(read(state, origin.clone(), move |ledger| entry(origin, ledger)).await?))
}

fn entry(origin: Origin, ledger: &Ledger) -> Result<LedgerEntry, LedgerError> {
    let Statistics { size, issued, active } = ledger.statistics()?;
    Ok(LedgerEntry { origin, key: ledger.key().clone(), size, issued, active })
}

/// Looks something up in a ledger.
pub(super) async fn read<T: Send + 'static>(
    state: AppState,
    origin: Origin,
    look: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, Problem> {
    let found = blocking(move || {
        let ledger = state.ledgers().get(&origin)?;
        ledger.map(|ledger: Arc<Ledger>| look(&ledger)).transpose()
    });
    found.await?.map_err(problem)?.ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::new(Code::UnknownLedger, "no ledger has this name")
}

/// What a ledger's error is to a client.
pub(super) fn problem(error: LedgerError) -> Problem {
    match error {
        // These texts name positions and indices of the batch, which the department sent.
        LedgerError::Refused { .. } => Problem::new(Code::EventRefused, error.to_string()),
        LedgerError::NoEvents | LedgerError::TooManyEvents { .. } => {
            Problem::new(Code::InvalidRequest, error.to_string())
        }
        LedgerError::NotPublished { .. } => {
            Problem::new(Code::UnknownCheckpoint, "no checkpoint of this size is published")
        }
        LedgerError::NoSuchBucket { .. } => {
            Problem::new(Code::UnknownBucket, "the state tree has no such bucket")
        }
        other => Problem::internal(other),
    }
}

/// A department that may append to the ledger in the path. Checked before the body is read.
pub(crate) struct Department {
    /// Its ledger.
    pub(super) origin: Origin,
}

impl FromRequestParts<AppState> for Department {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Path(OriginInPath { origin }) = Path::from_request_parts(parts, state).await?;
        let Bearer(token) = Bearer::from_request_parts(parts, state).await?;
        let (tokens, ledger) = (state.tokens().clone(), origin.clone());
        let authorized = blocking(move || tokens.authorize(&token, &ledger, now()));
        match authorized.await?.map_err(Problem::internal)? {
            Ok(token) => {
                tracing::info!(%token, %origin, "department admitted");
                Ok(Self { origin })
            }
            Err(denied) => {
                tracing::warn!(reason = %denied, "department denied");
                Err(refuse(denied))
            }
        }
    }
}

/// Which of the reasons it is stays in the log, but for a good token in the wrong place.
fn refuse(denied: Denied) -> Problem {
    match denied {
        Denied::OtherLedger => Problem::new(Code::Forbidden, "the token is for another ledger"),
        Denied::Unknown | Denied::Revoked | Denied::Expired => {
            Problem::new(Code::Unauthorized, "the token is not valid")
        }
    }
}
