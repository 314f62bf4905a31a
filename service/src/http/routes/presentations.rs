//! Presentations for a request, and its results.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use serde::Serialize;
use statements::{Nonce, Presentation};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::requests::unknown;
use super::verify::answer_metrics;
use crate::clock::now;
use crate::http::extract::{Body, Path, unsupported};
use crate::http::json;
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::http::work::{blocking, gated};
use crate::state::{AppState, NullifierAnswer, RequestResult, RequestStatus};
use crate::store::Arrival;

/// Pause between signs of life in a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long a client that found no free stream should wait.
const RETRY_STREAM_SECONDS: u64 = 5;

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
        let start = std::time::Instant::now();
        let answer = counter.decide(&request, &presentation, now());
        app.metrics().verify_time(start.elapsed());
        answer.map(Some)
    });
    let answer =
        decided.await?.map_err(|error: crate::store::StoreError| Problem::internal(error))?;
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

/// How a request stands, as JSON.
#[derive(Serialize)]
pub(super) struct ResultBody<'a> {
    status: RequestStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'a verifier::Verdict>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    nullifiers: &'a [NullifierAnswer],
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'a verifier::Refusal>,
}

impl<'a> From<&'a RequestResult> for ResultBody<'a> {
    fn from(result: &'a RequestResult) -> Self {
        let answer = result.answer.as_deref();
        Self {
            status: result.status,
            verdict: answer.and_then(|answer| answer.verdict.as_ref()),
            nullifiers: answer.map_or(&[], |answer| &answer.nullifiers),
            refusal: answer.and_then(|answer| answer.refusal.as_ref()),
        }
    }
}

/// Fetch the result of a request
///
/// The verdict is kept in memory only: after a restart of the service a closed request is still
/// `valid`, without it.
#[utoipa::path(
    get, path = "/v1/requests/{id}/result", tag = "requests",
    params(("id" = types::Nonce, Path, description = "The request's nonce")),
    responses(
        (status = 200, description = "How it stands", body = types::RequestResult),
        (status = 400, description = "`malformed-path`"),
        (status = 404, description = "`unknown-request`"),
    )
)]
pub(crate) async fn result(
    State(state): State<AppState>,
    Path(id): Path<Nonce>,
) -> Result<Response, Problem> {
    let result = look_up(&state, id).await?.ok_or_else(unknown)?;
    Ok(Answer(ResultBody::from(&result)).into_response())
}

async fn look_up(state: &AppState, id: Nonce) -> Result<Option<RequestResult>, Problem> {
    let state = state.clone();
    blocking(move || state.counter().result(id, now())).await?.map_err(Problem::internal)
}

/// Follow the results of a request
///
/// Server-sent events named `result`, with the JSON of the result as data: one for each result
/// that arrives, and the latest at once if there is one. The stream ends with the request.
#[utoipa::path(
    get, path = "/v1/requests/{id}/events", tag = "requests",
    params(("id" = types::Nonce, Path, description = "The request's nonce")),
    responses(
        (status = 200, description = "The stream", body = String, content_type = "text/event-stream"),
        (status = 400, description = "`malformed-path`"),
        (status = 404, description = "`unknown-request`"),
        (status = 429, description = "`busy`"),
    )
)]
pub(crate) async fn events(
    State(state): State<AppState>,
    Path(id): Path<Nonce>,
) -> Result<Response, Problem> {
    let permit = state.event_streams().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::busy(RETRY_STREAM_SECONDS))?;
    // Listen before looking, so that nothing falls between.
    let (arrivals, stopping) = (state.counter().listen(), state.stopping());
    let found = blocking({
        let state = state.clone();
        move || state.counter().store().request(id)
    });
    let request = found.await?.map_err(Problem::internal)?.ok_or_else(unknown)?;
    let follower = Follower {
        state,
        id,
        expires_at: request.expires_at,
        arrivals,
        stopping,
        pending: true,
        ended: false,
        _permit: permit,
    };
    let sse = Sse::new(follower.into_stream());
    Ok(sse.keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

/// One client's stream.
struct Follower {
    state: AppState,
    id: Nonce,
    expires_at: u64,
    arrivals: Receiver<Arrival>,
    stopping: watch::Receiver<bool>,
    /// Whether there may be a result that was not sent.
    pending: bool,
    ended: bool,
    _permit: OwnedSemaphorePermit,
}

impl Follower {
    fn into_stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut follower| async move {
            let event = follower.next().await?;
            Some((Ok(event), follower))
        })
    }

    /// The next event; none when the stream is over.
    async fn next(&mut self) -> Option<Event> {
        while !self.ended {
            if self.pending {
                self.pending = false;
                // On an error the client asks again.
                let result = look_up(&self.state, self.id).await.ok()??;
                self.ended = matches!(result.status, RequestStatus::Valid | RequestStatus::Expired);
                if result.status != RequestStatus::Open {
                    return Event::default()
                        .event("result")
                        .json_data(ResultBody::from(&result))
                        .ok();
                }
            }
            // One second more: a request is valid in the second of its end.
            let left = Duration::from_secs(self.expires_at.saturating_sub(now()) + 1);
            tokio::select! {
                arrival = self.arrivals.recv() => match arrival {
                    Ok(arrival) => self.pending = arrival.nonce == self.id,
                    Err(RecvError::Lagged(_)) => self.pending = true,
                    Err(RecvError::Closed) => return None,
                },
                () = tokio::time::sleep(left) => self.pending = true,
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            }
        }
        None
    }
}
