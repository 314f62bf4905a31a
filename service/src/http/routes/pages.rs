//! Pages for people, and the OpenAPI document.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use crate::http::docs::{self, Page};
use crate::http::headers::BRIEF;
use crate::http::openapi;

/// Where to begin
#[utoipa::path(
    get, path = "/", tag = "operations",
    responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
pub(crate) async fn landing() -> Response {
    static PAGE: LazyLock<Page> = LazyLock::new(docs::landing);
    page(&PAGE)
}

/// This interface, for people
#[utoipa::path(
    get, path = "/docs", tag = "operations",
    responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
pub(crate) async fn docs() -> Response {
    static PAGE: LazyLock<Page> = LazyLock::new(|| docs::reference(&openapi::document()));
    page(&PAGE)
}

/// This interface, for programs
#[utoipa::path(
    get, path = "/openapi.json", tag = "operations",
    responses((status = 200, description = "The OpenAPI document", body = Object))
)]
pub(crate) async fn openapi() -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(openapi::json);
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, BRIEF)], DOCUMENT.as_str())
        .into_response()
}

fn page(page: &'static Page) -> Response {
    let headers =
        [(header::CONTENT_SECURITY_POLICY, page.policy.clone()), (header::CACHE_CONTROL, BRIEF)];
    (headers, Html(page.html.as_str())).into_response()
}
