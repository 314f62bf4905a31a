//! The whole HTTP surface. What a route does is in `routes/<resource>.rs`; what it takes and
//! gives, in the OpenAPI document, which a test compares with this list.

use std::time::Duration;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{self, MethodRouter};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::headers::secure;
use super::observe::{limit_time, observe, panicked};
use super::routes::{
    events, fallback, follow, keys, ledgers, operations, pages, presentations, prove, requests,
    results, schemas, statements, verify, witness,
};
use crate::state::AppState;

/// One route.
pub struct Route {
    method: Method,
    path: &'static str,
    handler: MethodRouter<AppState>,
}

/// Pages and operations.
fn operations() -> Vec<Route> {
    vec![
        get("/", pages::landing),
        get("/docs", pages::docs),
        get("/openapi.json", pages::openapi),
        get("/healthz/live", operations::live),
        get("/healthz/ready", operations::ready),
        get("/metrics", operations::metrics),
    ]
}

/// What everybody may know: compressed, and cacheable where it does not change.
fn public() -> Vec<Route> {
    vec![
        get("/v1/schemas", schemas::list),
        get("/v1/schemas/{name}", schemas::one),
        get("/v1/statements", statements::list),
        get("/v1/statements/{statement}", statements::one),
        get("/v1/statements/{statement}/explanation", statements::explanation),
        get("/v1/statements/{statement}/verification-key", statements::verification_key),
        get("/v1/keys", keys::current),
        get("/v1/keys/{digest}", keys::one),
        get("/v1/ledgers", ledgers::list),
        get("/v1/ledgers/{origin}", ledgers::one),
        get("/v1/ledgers/{origin}/checkpoint", witness::latest),
        get("/v1/ledgers/{origin}/checkpoint/{size}", witness::checkpoint),
        get("/v1/ledgers/{origin}/witness/{size}/{bucket}", witness::bundle),
        get("/v1/ledgers/{origin}/events", events::list),
    ]
}

/// For departments, with the token of the ledger.
fn departments() -> Vec<Route> {
    vec![
        post("/v1/ledgers/{origin}/events", events::append),
        post("/v1/ledgers/{origin}/checkpoint", witness::publish),
    ]
}

/// Between relying parties and holders. Answers hold what was revealed: not compressed, not
/// cached.
fn exchange() -> Vec<Route> {
    vec![
        post("/v1/requests", requests::create),
        get("/v1/requests/{id}", requests::one),
        post("/v1/requests/{id}/presentation", presentations::submit),
        get("/v1/requests/{id}/result", results::result),
        get("/v1/requests/{id}/events", follow::follow),
        post("/v1/verify", verify::single),
        post("/v1/verify/batch", verify::batch),
        post("/v1/prove", prove::prove),
    ]
}

/// Method and path of each route.
pub fn surface() -> Vec<(Method, &'static str)> {
    let groups = [operations(), public(), departments(), exchange()];
    groups.into_iter().flatten().map(|route| (route.method, route.path)).collect()
}

/// The service as one function from requests to answers.
pub fn router(state: AppState) -> Router {
    let limit = Duration::from_secs(state.config().request_timeout_seconds);
    let public = add(Router::new(), public()).layer(CompressionLayer::new());
    let router = [operations(), departments(), exchange()].into_iter().fold(public, add);
    router
        .fallback(fallback::unknown_route)
        .method_not_allowed_fallback(fallback::method_not_allowed)
        // From the innermost to the outermost.
        .layer(from_fn_with_state(limit, limit_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(secure))
        .layer(from_fn_with_state(state.clone(), observe))
        .with_state(state)
}

fn add(router: Router<AppState>, routes: Vec<Route>) -> Router<AppState> {
    routes.into_iter().fold(router, |router, route| router.route(route.path, route.handler))
}

fn get<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { method: Method::GET, path, handler: routing::get(handler) }
}

fn post<H: Handler<T, AppState>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { method: Method::POST, path, handler: routing::post(handler) }
}
