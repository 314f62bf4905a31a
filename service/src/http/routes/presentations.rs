//! `/v1/requests/{id}/presentation`: a holder answers.

use std::time::Instant;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use statements::{Nonce, Presentation};

use super::requests::unknown;
use super::verify::answer_metrics;
use crate::clock::now;
use crate::http::extract::{Body, Path, unsupported};
use crate::http::json;
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::http::work::gated;
use crate::state::AppState;
use crate::store::StoreError;

/// Submit a presentation
///
/// In JSON, or in the compact form as `application/cbor`. An accepted one closes the request; a
/// refused one leaves it open, so that nobody can close it with garbage.
#[utoipa::path(
    post, path = "/v1/requests/{id}/presentation", tag = "requests",
    params(("id" = types::Nonce, Path, description = "The request's nonce")),
    request_body(content(
        (types::Presentation = "application/json"),
        (types::CompactPresentation = "application/cbor"),
    )),
    responses(
        (status = 200, description = "Accepted or refused: see `valid`", body = types::Answer),
        (status = 400, description = "`malformed-body` or `malformed-path`"),
        (status = 404, description = "`unknown-request`"),
        (status = 413, description = "`body-too-large`"),
        (status = 415, description = "`unsupported-media-type`"),
        (status = 429, description = "`busy`"),
    )
)]
pub(crate) async fn submit(
    State(state): State<AppState>,
    Path(id): Path<Nonce>,
    body: Body,
) -> Result<Response, Problem> {
    let presentation = decode(&body)?;
    let (app, gate) = (state.clone(), state.verifications());
    let decided = gated(gate, move || {
        let counter = app.counter();
        let Some(request) = counter.store().request(id)? else { return Ok(None) };
        let start = Instant::now();
        let answer = counter.decide(&request, &presentation, now());
        app.metrics().verify_time(start.elapsed());
        answer.map(Some)
    });
    let answer = decided.await?.map_err(|error: StoreError| Problem::internal(error))?;
    let answer = answer.ok_or_else(unknown)?;
    answer_metrics(&state, &answer);
    Ok(Answer(&*answer).into_response())
}

fn decode(body: &Body) -> Result<Presentation, Problem> {
    match body.media_type.as_str() {
        "application/json" => json::read(&body.bytes),
        "application/cbor" => Presentation::from_compact(&body.bytes)
            .map_err(|error| Problem::new(Code::MalformedBody, error.to_string())),
        _ => Err(unsupported("a presentation is application/json or application/cbor")),
    }
}
