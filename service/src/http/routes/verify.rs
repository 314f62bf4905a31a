//! `/v1/verify`: presentations for requests that the relying party made itself.

use std::sync::Arc;
use std::time::Instant;

use axum::Json as Reply;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use statements::{Presentation, Request};
use utoipa::ToSchema;

use crate::clock::now;
use crate::http::extract::Json;
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::http::work::gated;
use crate::state::{Answer, AppState};

/// Most presentations of one batch.
const MAX_BATCH: usize = 256;

/// A presentation with the request that it answers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyRequest {
    /// The request.
    #[schema(value_type = types::Request)]
    request: Request,
    /// The presentation.
    #[schema(value_type = types::Presentation)]
    presentation: Presentation,
}

/// Presentations with their requests.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchRequest {
    /// At most 256.
    items: Vec<VerifyRequest>,
}

/// Answers, in the order of the items.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchAnswer<'a> {
    /// One for each item.
    #[schema(value_type = Vec<types::Answer>)]
    results: Vec<&'a Answer>,
}

/// Verify a presentation
///
/// An accepted one uses its request's nonce: verified again, it is refused as replayed.
#[utoipa::path(
    post, path = "/v1/verify", tag = "verification",
    request_body = VerifyRequest,
    responses(
        (status = 200, description = "Accepted or refused: see `valid`", body = types::Answer),
        (status = 400, description = "`malformed-body`"),
        (status = 413, description = "`body-too-large`"),
        (status = 415, description = "`unsupported-media-type`"),
        (status = 429, description = "`busy`"),
    )
)]
pub(crate) async fn single(
    State(state): State<AppState>,
    Json(asked): Json<VerifyRequest>,
) -> Result<Response, Problem> {
    let app = state.clone();
    let decided = gated(state.verifications(), move || {
        let start = Instant::now();
        let answer = app.counter().decide(&asked.request, &asked.presentation, now());
        app.metrics().verify_time(start.elapsed());
        answer
    });
    let answer = decided.await?.map_err(Problem::internal)?;
    answer_metrics(&state, &answer);
    Ok(Reply(&*answer).into_response())
}

/// Verify many presentations
///
/// With less work than one by one. Each is accepted or refused for itself.
#[utoipa::path(
    post, path = "/v1/verify/batch", tag = "verification",
    request_body = BatchRequest,
    responses(
        (status = 200, description = "An answer to each", body = BatchAnswer<'_>),
        (status = 400, description = "`malformed-body`"),
        (status = 413, description = "`body-too-large`"),
        (status = 415, description = "`unsupported-media-type`"),
        (status = 422, description = "`invalid-request`"),
        (status = 429, description = "`busy`"),
    )
)]
pub(crate) async fn batch(
    State(state): State<AppState>,
    Json(asked): Json<BatchRequest>,
) -> Result<Response, Problem> {
    if asked.items.len() > MAX_BATCH {
        let detail = format!("a batch has at most {MAX_BATCH} items");
        return Err(Problem::new(Code::InvalidRequest, detail));
    }
    let items: Vec<_> =
        asked.items.into_iter().map(|item| (item.request, item.presentation)).collect();
    let app = state.clone();
    let decided = gated(state.verifications(), move || {
        let start = Instant::now();
        let answers = app.counter().decide_all(&items, now());
        app.metrics().verify_time(start.elapsed());
        answers
    });
    let answers: Vec<Arc<Answer>> = decided.await?.map_err(Problem::internal)?;
    answers.iter().for_each(|answer| answer_metrics(&state, answer));
    Ok(Reply(BatchAnswer { results: answers.iter().map(|a| &**a).collect() }).into_response())
}

/// Counts an answer, and names its code in the log.
pub(super) fn answer_metrics(state: &AppState, answer: &Answer) {
    let code = answer.refusal_code();
    state.metrics().verified(code);
    tracing::debug!(valid = answer.valid, code, "presentation judged");
}
