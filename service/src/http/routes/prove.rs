//! `/v1/prove`: proofs for a trusted domain. It receives witnesses, so it is off unless the
//! operator turns it on, inside the holder's own domain.
//!
//! A witness is in memory for as long as its job takes: there is no queue but the waiting
//! requests themselves, and nothing of a job is logged but its size and time.

use std::time::Instant;

use axum::Json as Answer;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use statements::ProofBytes;
use utoipa::ToSchema;

use crate::http::extract::Json;
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::http::work::gated;
use crate::state::{AppState, ProveItem, ProvingError};

/// Proofs to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProveRequest {
    /// One for each proof.
    #[schema(value_type = Vec<types::ProveItem>)]
    inputs: Vec<ProveItem>,
}

/// Proofs that were made.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProveAnswer {
    /// In the order of the inputs.
    #[schema(value_type = Vec<types::Proof>)]
    proofs: Vec<ProofBytes>,
}

/// Proving is on. Checked before the body is read.
pub(crate) struct Enabled;

impl FromRequestParts<AppState> for Enabled {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let disabled = || Problem::new(Code::ProvingDisabled, "its operator has not enabled it");
        state.proving().map(|_| Self).ok_or_else(disabled)
    }
}

/// Make proofs
///
/// For a holder's own domain: it receives the witness. Off unless the operator enables it. All
/// proofs or none. Whoever has a proof made verifies it.
#[utoipa::path(
    post, path = "/v1/prove", tag = "proving",
    request_body = ProveRequest,
    responses(
        (status = 200, description = "The proofs", body = ProveAnswer),
        (status = 400, description = "`malformed-body`"),
        (status = 404, description = "`proving-disabled`"),
        (status = 413, description = "`body-too-large`"),
        (status = 415, description = "`unsupported-media-type`"),
        (status = 422, description = "`invalid-request` or `unprovable`"),
        (status = 429, description = "`busy`: the queue is full"),
    )
)]
pub(crate) async fn prove(
    State(state): State<AppState>,
    Enabled: Enabled,
    Json(job): Json<ProveRequest>,
) -> Result<Answer<ProveAnswer>, Problem> {
    let disabled = || Problem::new(Code::ProvingDisabled, "its operator has not enabled it");
    let proving = state.proving().ok_or_else(disabled)?;
    let (count, max) = (job.inputs.len(), proving.max_proofs());
    if count > max {
        return Err(Problem::new(Code::InvalidRequest, format!("a job has at most {max} proofs")));
    }
    let app = state.clone();
    let proved = gated(proving.gate(), move || {
        let start = Instant::now();
        let proofs = app.proving().map(|p| p.prove(job.inputs));
        app.metrics().proved(count, start.elapsed());
        proofs
    });
    let proofs = proved.await?.ok_or_else(disabled)?.map_err(problem)?;
    Ok(Answer(ProveAnswer { proofs }))
}

/// The caller has the witness, so it may know which clause fails. Texts hold positions only.
fn problem(error: ProvingError) -> Problem {
    match error {
        ProvingError::Unprovable { .. } => Problem::new(Code::Unprovable, error.to_string()),
        ProvingError::Prover(cause) => Problem::internal(cause),
        other => Problem::new(Code::InvalidRequest, other.to_string()),
    }
}
