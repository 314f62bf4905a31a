//! Health and metrics, for operators.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::{Code, Problem};
use crate::http::work::blocking;
use crate::state::AppState;

/// Media type of the Prometheus text format.
const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Health.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `live` or `ready`.
    #[schema(example = "ready")]
    status: &'static str,
}

/// Is the process alive?
#[utoipa::path(
    get, path = "/healthz/live", tag = "operations",
    responses((status = 200, description = "It is", body = Health))
)]
pub(crate) async fn live() -> Answer<Health> {
    Answer(Health { status: "live" })
}

/// Does the service answer requests?
///
/// Its stores can be read, and it is not about to stop.
#[utoipa::path(
    get, path = "/healthz/ready", tag = "operations",
    responses(
        (status = 200, description = "It does", body = Health),
        (status = 503, description = "`not-ready`"),
    )
)]
pub(crate) async fn ready(State(state): State<AppState>) -> Result<Answer<Health>, Problem> {
    if state.is_stopping() {
        return Err(Problem::new(Code::NotReady, "the service is stopping"));
    }
    let probe = move || {
        let ledgers = state.ledgers().list().map_err(|error| error.to_string())?;
        let nonce = statements::Nonce::from_bytes([0; 16]);
        state.counter().store().is_claimed(nonce).map_err(|error| error.to_string())?;
        Ok::<_, String>(ledgers.len())
    };
    match blocking(probe).await? {
        Ok(_) => Ok(Answer(Health { status: "ready" })),
        Err(error) => {
            tracing::error!(%error, "not ready");
            Err(Problem::new(Code::NotReady, "a store cannot be read"))
        }
    }
}

/// Measurements in the Prometheus text format
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "The measurements", body = String, content_type = "text/plain"))
)]
pub(crate) async fn metrics(State(state): State<AppState>) -> Response {
    let text = state.metrics().render(state.counter().store().len());
    ([(header::CONTENT_TYPE, PROMETHEUS_TEXT)], text).into_response()
}
