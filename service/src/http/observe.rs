//! One log line and one measurement for each request: method, route template, status, time, and
//! the code of a problem. Never the path, the query, a header or a body.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rand::RngCore;
use tracing::Instrument;

use super::problem::{Code, Problem, ResponseCode};
use crate::state::AppState;

/// Finds a request in the log. Ours, never the client's: that could hold anything.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Route of requests that match none.
const UNMATCHED: &str = "unmatched";

/// Logs and measures a request, and names it.
pub(super) async fn observe(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let id = format!("{:016x}", rand::thread_rng().next_u64());
    let method = method_name(request.method());
    let route = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().to_owned(),
        None => UNMATCHED.to_owned(),
    };
    if let Some(value) = request.headers_mut().get_mut(header::AUTHORIZATION) {
        value.set_sensitive(true);
    }
    let span = tracing::info_span!("request", id, method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    let (status, elapsed) = (response.status().as_u16(), start.elapsed());
    state.metrics().request(method, &route, status, elapsed);
    let code = response.extensions().get::<ResponseCode>().map(|ResponseCode(code)| code.as_str());
    let milliseconds = elapsed.as_secs_f64() * 1e3;
    span.in_scope(|| tracing::info!(status, milliseconds, code, "answered"));
    response
}

/// Clients may invent methods; the log and the metrics know the usual ones.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Ends what takes too long.
pub(super) async fn limit_time(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Timeout, "the answer took too long").into_response(),
    }
}

/// The answer after a panic. The hook has logged the place; the message stays unsaid.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem::internal("a handler panicked").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    async fn ask(router: Router) -> (u16, String) {
        let request = Request::get("/").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn careless() -> &'static str {
        panic!("secret")
    }

    async fn slow() {
        std::future::pending().await
    }

    #[tokio::test]
    async fn a_panic_is_an_opaque_problem() {
        let router = Router::new().route("/", get(careless));
        let (status, body) = ask(router.layer(CatchPanicLayer::custom(panicked))).await;
        assert_eq!(status, 500);
        assert!(body.contains("\"internal\"") && !body.contains("secret"), "{body}");
    }

    #[tokio::test]
    async fn what_takes_too_long_is_a_problem() {
        let limit = from_fn_with_state(Duration::from_millis(10), limit_time);
        let (status, body) = ask(Router::new().route("/", get(slow)).layer(limit)).await;
        assert_eq!(status, 503);
        assert!(body.contains("\"timeout\""), "{body}");
    }
}
