//! `/v1/requests/{id}/result`: what became of a request.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use statements::Nonce;

use super::requests::unknown;
use crate::auth::Token;
use crate::clock::now;
use crate::http::extract::{Bearer, Path};
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::http::work::blocking;
use crate::state::{AppState, NullifierAnswer, RequestResult, RequestStatus};
use crate::store::Asked;

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

/// Who looks at a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Viewer {
    /// The relying party, which has the token of the result.
    RelyingParty,
    /// Whoever knows the request's id.
    Anybody,
}

impl Viewer {
    /// Who presents this token, or none.
    ///
    /// # Errors
    /// 401 for a token that is not of this request's result.
    pub(super) fn of(bearer: Option<&Bearer>, asked: &Asked) -> Result<Self, Problem> {
        let Some(Bearer(text)) = bearer else {
            return Ok(Self::Anybody);
        };
        let token = Token::parse(text).filter(|token| token.is_of(&asked.token_hash));
        let refused = || Problem::new(Code::Unauthorized, "the token is not of this result");
        token.map(|_| Self::RelyingParty).ok_or_else(refused)
    }
}

impl<'a> ResultBody<'a> {
    /// What a viewer may see of a result.
    pub(super) fn new(result: &'a RequestResult, viewer: Viewer) -> Self {
        let answer = result.answer.as_deref().filter(|_| viewer == Viewer::RelyingParty);
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
/// With the request's `result_token` all of it; without a token only how it stands. The verdict
/// is kept in memory only: after a restart of the service a closed request is still `valid`,
/// without it.
#[utoipa::path(
    get, path = "/v1/requests/{id}/result", tag = "requests",
    params(("id" = types::Nonce, Path, description = "The request's nonce")),
    security((), ("result" = [])),
    responses(
        (status = 200, description = "How it stands", body = types::RequestResult),
        (status = 400, description = "`malformed-path`"),
        (status = 401, description = "`unauthorized`: the token is of something else"),
        (status = 404, description = "`unknown-request`"),
    )
)]
pub(crate) async fn result(
    State(state): State<AppState>,
    Path(id): Path<Nonce>,
    bearer: Option<Bearer>,
) -> Result<Response, Problem> {
    let viewer = Viewer::of(bearer.as_ref(), &asked(&state, id).await?)?;
    let result = look_up(&state, id).await?.ok_or_else(unknown)?;
    Ok(Answer(ResultBody::new(&result, viewer)).into_response())
}

pub(super) async fn asked(state: &AppState, id: Nonce) -> Result<Asked, Problem> {
    let state = state.clone();
    let found = blocking(move || state.counter().store().asked(id)).await?;
    found.map_err(Problem::internal)?.ok_or_else(unknown)
}

pub(super) async fn look_up(state: &AppState, id: Nonce) -> Result<Option<RequestResult>, Problem> {
    let state = state.clone();
    blocking(move || state.counter().result(id, now())).await?.map_err(Problem::internal)
}
