//! Checkpoints and witness bundles: what holders need for a presentation.
//!
//! There is no route for the path of one leaf. A bundle covers 512 leaves and is the same for
//! everybody, so that a ledger, or a cache in front of it, learns one of 512.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use records::{Origin, SignedCheckpoint};

use super::ledgers::{Department, read};
use crate::clock::now;
use crate::http::extract::Path;
use crate::http::headers::{BRIEF, IMMUTABLE};
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::state::AppState;

/// Fetch the newest checkpoint
#[utoipa::path(
    get, path = "/v1/ledgers/{origin}/checkpoint", tag = "ledgers",
    params(("origin" = types::Origin, Path, description = "Name of the ledger")),
    responses(
        (status = 200, description = "A C2SP signed note", body = types::SignedCheckpoint, content_type = "text/plain"),
        (status = 400, description = "`malformed-path`"),
        (status = 404, description = "`unknown-ledger`"),
    )
)]
pub(crate) async fn latest(
    State(state): State<AppState>,
    Path(origin): Path<Origin>,
) -> Result<Response, Problem> {
    Ok(note(&read(state, origin, ledger::Ledger::latest).await?, BRIEF))
}

/// Fetch the newest checkpoint of a size
///
/// A quiet ledger renews its checkpoint: the size stays, the time moves on.
#[utoipa::path(
    get, path = "/v1/ledgers/{origin}/checkpoint/{size}", tag = "ledgers",
    params(
        ("origin" = types::Origin, Path, description = "Name of the ledger"),
        ("size" = u64, Path, description = "Number of events in the log"),
    ),
    responses(
        (status = 200, description = "A C2SP signed note", body = types::SignedCheckpoint, content_type = "text/plain"),
        (status = 400, description = "`malformed-path`"),
        (status = 404, description = "`unknown-ledger` or `unknown-checkpoint`"),
    )
)]
pub(crate) async fn checkpoint(
    State(state): State<AppState>,
    Path((origin, size)): Path<(Origin, u64)>,
) -> Result<Response, Problem> {
    let unknown =
        || Problem::new(Code::UnknownCheckpoint, "no checkpoint of this size is published");
    let found = read(state, origin, move |ledger| ledger.checkpoint(size)).await?;
    Ok(note(&found.ok_or_else(unknown)?, BRIEF))
}

/// Fetch a witness bundle
///
/// The 512 leaves of a bucket and the siblings above them, of the state tree of a published
/// checkpoint. Never changes: fetch it ahead of need, from any cache.
#[utoipa::path(
    get, path = "/v1/ledgers/{origin}/witness/{size}/{bucket}", tag = "ledgers",
    params(
        ("origin" = types::Origin, Path, description = "Name of the ledger"),
        ("size" = u64, Path, description = "Size of a published checkpoint"),
        ("bucket" = u64, Path, description = "Leaf index / 512"),
    ),
    responses(
        (status = 200, description = "The bundle", body = types::WitnessBundle),
        (status = 400, description = "`malformed-path`"),
        (status = 404, description = "`unknown-ledger`, `unknown-checkpoint` or `unknown-bucket`"),
    )
)]
pub(crate) async fn bundle(
    State(state): State<AppState>,
    Path((origin, size, bucket)): Path<(Origin, u64, u64)>,
) -> Result<Response, Problem> {
    let bundle = read(state, origin, move |ledger| ledger.witness(size, bucket)).await?;
    Ok(([(header::CACHE_CONTROL, IMMUTABLE)], Answer(bundle)).into_response())
}

/// Publish a checkpoint
///
/// Over the same log, with the present time. For the department of the ledger.
#[utoipa::path(
    post, path = "/v1/ledgers/{origin}/checkpoint", tag = "ledgers",
    params(("origin" = types::Origin, Path, description = "Name of the ledger")),
    security(("department" = [])),
    responses(
        (status = 200, description = "A C2SP signed note", body = types::SignedCheckpoint, content_type = "text/plain"),
        (status = 400, description = "`malformed-path`"),
        (status = 401, description = "`unauthorized`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`unknown-ledger`"),
    )
)]
pub(crate) async fn publish(
    State(state): State<AppState>,
    department: Department,
) -> Result<Response, Problem> {
    let published = read(state, department.origin, |ledger| ledger.publish(now())).await?;
    Ok(note(&published, HeaderValue::from_static("no-store")))
}

fn note(checkpoint: &SignedCheckpoint, caching: HeaderValue) -> Response {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, caching)];
    (headers, checkpoint.as_str().to_owned()).into_response()
}
