//! `/v1/keys`: the circuit's verification key, and the rules of verification.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use prover::Provenance;
use serde::Serialize;
use utoipa::ToSchema;
use verifier::{KeyDigest, RULES, Rule};

use crate::http::extract::Path;
use crate::http::headers::IMMUTABLE;
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::state::AppState;

/// The key in use, where it comes from, and the rules it is used by.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeysBody {
    /// Where the key comes from.
    #[serde(flatten)]
    #[schema(value_type = types::Provenance)]
    provenance: Provenance,
    /// The rules by which presentations are judged, in their order.
    #[schema(value_type = Vec<types::Rule>)]
    rules: &'static [Rule],
}

/// Describe the key in use
#[utoipa::path(
    get, path = "/v1/keys", tag = "keys",
    responses((status = 200, description = "The key and the rules", body = KeysBody))
)]
pub(crate) async fn current(State(state): State<AppState>) -> Answer<KeysBody> {
    Answer(KeysBody { provenance: state.provenance().clone(), rules: RULES })
}

/// Fetch a verification key
///
/// The circuit's whole key, points compressed. A client that trusts it has its digest from
/// elsewhere.
#[utoipa::path(
    get, path = "/v1/keys/{digest}", tag = "keys",
    params(("digest" = types::Digest, Path, description = "SHA-256 of the key")),
    responses(
        (status = 200, description = "The key", body = [u8], content_type = "application/octet-stream"),
        (status = 400, description = "`malformed-path`"),
        (status = 404, description = "`unknown-key`"),
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    Path(digest): Path<String>,
) -> Result<Response, Problem> {
    let malformed =
        |_| Problem::new(Code::MalformedPath, "a key's digest is 64 hexadecimal digits");
    let digest: KeyDigest = digest.parse().map_err(malformed)?;
    let bytes = state.counter().with_verifier(|verifier| {
        let key = &verifier.key().key;
        (key.digest() == digest).then(|| key.to_bytes())
    });
    let bytes = bytes.ok_or_else(|| Problem::new(Code::UnknownKey, "no key has this digest"))?;
    let kind = HeaderValue::from_static("application/octet-stream");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, IMMUTABLE)];
    Ok((headers, bytes).into_response())
}
