//! `/v1/ledgers/{origin}/events`: the event log.

use axum::Json as Answer;
use axum::extract::State;
use ledger::client::{AppendRequest, AppendResponse, EventsResponse};
use records::Origin;
use serde::Deserialize;
use utoipa::IntoParams;

use super::ledgers::{Department, read};
use crate::clock::now;
use crate::http::extract::{Json, Path, Query};
use crate::http::openapi::types;
use crate::http::problem::Problem;
use crate::state::AppState;

/// Events of a page that does not say how many.
const DEFAULT_LIMIT: usize = 1_000;

/// Most events of a page.
const MAX_LIMIT: usize = 10_000;

/// Which part of the log is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// Position of the first event; 0 where it is left out.
    from: Option<u64>,
    /// Most events; 1,000 where it is left out, never more than 10,000.
    limit: Option<usize>,
}

/// Read the event log
#[utoipa::path(
    get, path = "/v1/ledgers/{origin}/events", tag = "ledgers",
    params(("origin" = types::Origin, Path, description = "Name of the ledger"), EventsQuery),
    responses(
        (status = 200, description = "Events; none from the end of the log on", body = types::EventsResponse),
        (status = 400, description = "`malformed-path` or `malformed-query`"),
        (status = 404, description = "`unknown-ledger`"),
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Path(origin): Path<Origin>,
    Query(query): Query<EventsQuery>,
) -> Result<Answer<EventsResponse>, Problem> {
    let from = query.from.unwrap_or(0);
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
    let events = read(state, origin, move |ledger| ledger.events(from, limit)).await?;
    Ok(Answer(EventsResponse { from, events }))
}

/// Append events
///
/// All or none, in their order; durable when the answer arrives. For the department of the
/// ledger. The ledger sees commitments only.
#[utoipa::path(
    post, path = "/v1/ledgers/{origin}/events", tag = "ledgers",
    params(("origin" = types::Origin, Path, description = "Name of the ledger")),
    request_body = types::AppendRequest,
    security(("department" = [])),
    responses(
        (status = 200, description = "Appended", body = types::AppendResponse),
        (status = 400, description = "`malformed-body` or `malformed-path`"),
        (status = 401, description = "`unauthorized`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`unknown-ledger`"),
        (status = 409, description = "`event-refused`"),
        (status = 413, description = "`body-too-large`"),
        (status = 415, description = "`unsupported-media-type`"),
        (status = 422, description = "`invalid-request`"),
    )
)]
pub(crate) async fn append(
    State(state): State<AppState>,
    department: Department,
    Json(request): Json<AppendRequest>,
) -> Result<Answer<AppendResponse>, Problem> {
    let count = request.events.len();
    let append = move |ledger: &ledger::Ledger| ledger.append(&request.events, now());
    let appended = read(state.clone(), department.origin, append).await?;
    state.metrics().appended(count);
    Ok(Answer(appended.into()))
}
