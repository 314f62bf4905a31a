//! `/v1/requests`: a relying party asks for a statement.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rand::RngCore;
use rand::rngs::OsRng;
use records::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use statements::{Nonce, ParameterError, Request, Statement};
use utoipa::ToSchema;

use super::statements::find;
use crate::auth::Token;
use crate::clock::now;
use crate::http::extract::{Json, Path};
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::http::work::blocking;
use crate::state::AppState;
use crate::store::{Asked, StoreError};

/// What a relying party asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"statement": "valid_driving_licence"}))]
pub(crate) struct CreateRequest {
    /// Id or name of the statement.
    statement: String,
    /// Values of the statement's parameters.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// The relying party; this service's own where it is left out. Only presentations for this
    /// service are accepted here.
    audience: Option<String>,
    /// The scope of the nullifier; for statements that show one, and only for them.
    scope: Option<String>,
    /// How old a checkpoint may be, in seconds.
    max_checkpoint_age: Option<u64>,
    /// How long the request lives, in seconds.
    expires_in: Option<u64>,
    /// The day that the statement is about; today in UTC where it is left out.
    #[schema(value_type = Option<types::Date>)]
    today: Option<Date>,
}

/// A request that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedRequest {
    /// Its nonce, which names it.
    #[schema(value_type = types::Nonce)]
    id: Nonce,
    /// The request, for the holder.
    #[schema(value_type = types::Request)]
    request: Request,
    /// Gets the result, as `Authorization: Bearer`; for the relying party alone. Whoever knows
    /// the id, such as the holder or who looks over its shoulder, learns only how it stands.
    #[schema(value_type = types::Token)]
    result_token: String,
    /// Where it goes on.
    links: RequestLinks,
}

/// Addresses of a request, on this server.
#[derive(Serialize, ToSchema)]
struct RequestLinks {
    /// The request itself; what a holder fetches.
    #[serde(rename = "self")]
    this: String,
    /// Where a holder submits a presentation.
    presentation: String,
    /// How it stands.
    result: String,
    /// A stream of its results.
    events: String,
}

/// Make a request
#[utoipa::path(
    post, path = "/v1/requests", tag = "requests",
    request_body = CreateRequest,
    responses(
        (status = 201, description = "The request", body = CreatedRequest,
            headers(("Location" = String, description = "Where the request is"))),
        (status = 400, description = "`malformed-body`"),
        (status = 404, description = "`unknown-statement`"),
        (status = 413, description = "`body-too-large`"),
        (status = 415, description = "`unsupported-media-type`"),
        (status = 422, description = "`invalid-request`"),
        (status = 429, description = "`busy`: as many requests are open as may be"),
    )
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    Json(asked): Json<CreateRequest>,
) -> Result<Response, Problem> {
    let request = build(&state, asked)?;
    let token = Token::generate();
    let asked = Asked { request: request.clone(), token_hash: token.hash() };
    let max = state.config().requests.max_open;
    let stored = blocking(move || state.counter().store().insert(&asked, max)).await?;
    stored.map_err(|error| match error {
        StoreError::Full => Problem::busy(RETRY_WHEN_FULL_SECONDS),
        other => Problem::internal(other),
    })?;
    let links = RequestLinks::new(request.nonce);
    let location = HeaderValue::from_str(&links.this).map_err(Problem::internal)?;
    let result_token = token.expose().to_owned();
    let body = CreatedRequest { id: request.nonce, request, result_token, links };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Answer(body)).into_response())
}

/// Requests expire and are forgotten all the time.
const RETRY_WHEN_FULL_SECONDS: u64 = 30;

/// Fetch a request
///
/// What a holder's wallet reads. Its hash, the challenge, binds proofs to it.
#[utoipa::path(
    get, path = "/v1/requests/{id}", tag = "requests",
    params(("id" = types::Nonce, Path, description = "The request's nonce")),
    responses(
        (status = 200, description = "The request", body = types::Request),
        (status = 400, description = "`malformed-path`"),
        (status = 404, description = "`unknown-request`"),
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    Path(id): Path<Nonce>,
) -> Result<Answer<Request>, Problem> {
    let found = blocking(move || state.counter().store().request(id)).await?;
    found.map_err(Problem::internal)?.map(Answer).ok_or_else(unknown)
}

pub(super) fn unknown() -> Problem {
    Problem::new(Code::UnknownRequest, "no request has this id, or it is long expired")
}

impl RequestLinks {
    fn new(nonce: Nonce) -> Self {
        let this = format!("/v1/requests/{nonce}");
        let under = |name| format!("{this}/{name}");
        Self {
            presentation: under("presentation"),
            result: under("result"),
            events: under("events"),
            this,
        }
    }
}

fn build(state: &AppState, asked: CreateRequest) -> Result<Request, Problem> {
    let statement = find(state, &asked.statement)?;
    let settings = &state.config().requests;
    let expires_in = asked.expires_in.unwrap_or(settings.expires_in_seconds);
    if !(1..=settings.max_expires_in_seconds).contains(&expires_in) {
        let max = settings.max_expires_in_seconds;
        return Err(invalid(format!("expires_in is not between 1 and {max} seconds")));
    }
    if asked.scope.is_some() != statement.needs_scope() {
        let what = if statement.needs_scope() { "shows a nullifier" } else { "shows none" };
        return Err(invalid(format!(
            "a scope is named if, and only if, the statement shows a nullifier: this one {what}"
        )));
    }
    let now = now();
    let mut nonce = [0; 16];
    OsRng.fill_bytes(&mut nonce);
    let request = Request {
        version: 1,
        statement: statement.id(),
        parameters: asked.parameters,
        audience: asked.audience.unwrap_or_else(|| state.config().audience.clone()),
        nonce: Nonce::from_bytes(nonce),
        scope: asked.scope,
        today: asked.today.unwrap_or_else(|| Date::from_unix_seconds(now)),
        expires_at: now.saturating_add(expires_in),
        max_checkpoint_age: asked.max_checkpoint_age.unwrap_or(settings.max_checkpoint_age_seconds),
    };
    request.check().map_err(|error| invalid(error.to_string()))?;
    check_parameters(statement, &request).map_err(|error| invalid(error.to_string()))?;
    Ok(request)
}

/// Whether the statement can be proven with these parameters at all. Errors name parameters.
fn check_parameters(statement: &Statement, request: &Request) -> Result<(), ParameterError> {
    let values = statement.parse_parameters(&request.parameters)?;
    for record in statement.records() {
        statement.evaluate(&record.program, request.today, &values)?;
    }
    Ok(())
}

fn invalid(detail: String) -> Problem {
    Problem::new(Code::InvalidRequest, detail)
}
