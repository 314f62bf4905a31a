//! The pages for people, made of the OpenAPI document. They load nothing: no script, one style
//! sheet within the page, allowed by its hash.

mod html;
mod operation;
mod reference;

use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use html::Html;

pub(super) use reference::reference;

/// The style of all pages.
const STYLE: &str = include_str!("docs/style.css");

/// A page with its content security policy.
pub(super) struct Page {
    /// The page.
    pub(super) html: String,
    /// Nothing but the page's own style.
    pub(super) policy: HeaderValue,
}

impl Page {
    fn new(title: &str, body: Html) -> Self {
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{}\n</body>\n</html>\n",
            body.into_string()
        );
        let hash = BASE64.encode(Sha256::digest(STYLE));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; \
             base-uri 'none'; form-action 'none'"
        );
        // ASCII without control characters: always a header value.
        let policy = HeaderValue::from_str(&policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        Self { html, policy }
    }
}

/// The page at `/`.
pub(super) fn landing() -> Page {
    let mut body = Html::default();
    body.element("h1", "Vouch");
    body.element("p", "Prove facts about government records without showing the records.");
    body.open("ul");
    for (address, text) in [
        ("/docs", "The interface, for people"),
        ("/openapi.json", "The interface, for programs (OpenAPI)"),
        ("/v1/statements", "Statements that can be proven here"),
        ("/v1/ledgers", "Ledgers of departments"),
    ] {
        body.open("li");
        body.link(address, text);
        body.close("li");
    }
    body.close("ul");
    Page::new("Vouch", body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::openapi;
    use crate::http::problem::Code;

    #[test]
    fn the_pages_load_nothing() {
        for page in [landing(), reference(&openapi::document())] {
            for part in ["<script", "src=", "http://", "https://", "@import", "url("] {
                assert!(!page.html.contains(part), "{part}");
            }
            assert!(page.policy.to_str().unwrap().contains("style-src 'sha256-"));
        }
    }

    #[test]
    fn the_reference_shows_every_operation_and_code() {
        let html = reference(&openapi::document()).html;
        for (method, path) in crate::http::router::surface() {
            assert!(html.contains(&format!("<b>{method}</b> {path}")), "{method} {path}");
        }
        for code in Code::ALL {
            assert!(html.contains(&format!("id=\"problem-{}\"", code.as_str())));
        }
    }
}
