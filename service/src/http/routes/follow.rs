//! `/v1/requests/{id}/events`: results as they arrive, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use statements::Nonce;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::results::{ResultBody, Viewer, asked, look_up};
use crate::clock::now;
use crate::http::extract::{Bearer, Path};
use crate::http::openapi::types;
use crate::http::problem::Problem;
use crate::state::{AppState, RequestStatus};
use crate::store::Arrival;

/// Pause between signs of life in a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long a client that found no free stream should wait.
const RETRY_STREAM_SECONDS: u64 = 5;

/// Follow the results of a request
///
/// Server-sent events named `result`, with the JSON of the result as data: one for each result
/// that arrives, and the latest at once if there is one. The stream ends with the request. The
/// `result_token` is for the same as with the result itself.
#[utoipa::path(
    get, path = "/v1/requests/{id}/events", tag = "requests",
    params(("id" = types::Nonce, Path, description = "The request's nonce")),
    security((), ("result" = [])),
    responses(
        (status = 200, description = "The stream", body = String, content_type = "text/event-stream"),
        (status = 400, description = "`malformed-path`"),
        (status = 401, description = "`unauthorized`: the token is of something else"),
        (status = 404, description = "`unknown-request`"),
        (status = 429, description = "`busy`"),
    )
)]
pub(crate) async fn follow(
    State(state): State<AppState>,
    Path(id): Path<Nonce>,
    bearer: Option<Bearer>,
) -> Result<Response, Problem> {
    let permit = state.event_streams().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::busy(RETRY_STREAM_SECONDS))?;
    // Listen before looking, so that nothing falls between.
    let (arrivals, stopping) = (state.counter().listen(), state.stopping());
    let asked = asked(&state, id).await?;
    let follower = Follower {
        viewer: Viewer::of(bearer.as_ref(), &asked)?,
        state,
        id,
        expires_at: asked.request.expires_at,
        arrivals,
        stopping,
        pending: true,
        ended: false,
        _permit: permit,
    };
    let sse = Sse::new(follower.into_stream());
    let sse = sse.keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([(header::CACHE_CONTROL, "no-store")], sse).into_response())
}

/// One client's stream.
struct Follower {
    state: AppState,
    id: Nonce,
    viewer: Viewer,
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
                        .json_data(ResultBody::new(&result, self.viewer))
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
