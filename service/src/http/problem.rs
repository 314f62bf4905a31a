//! Errors as problem details (RFC 9457): `application/problem+json` with a stable code.
//!
//! Details say what was wrong with the form of a request. They never repeat a value of it: a
//! body may hold attributes of a person.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Media type of problem details.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error as clients see it.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: Cow<'static, str>,
    retry_after_seconds: Option<u64>,
}

/// Members of the JSON object (RFC 9457, section 3.1), and the stable `code`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Where the kind of problem is described, relative to this server.
    #[schema(example = "/docs#problem-unknown-statement")]
    r#type: String,
    /// The kind of problem in words; the same for each occurrence.
    #[schema(example = "There is no such statement")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What went wrong this time. Never repeats a value of the request.
    detail: &'a str,
    /// Stable name of the kind of problem, for programs.
    #[schema(example = "unknown-statement")]
    code: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $code:literal, $status:ident, $title:literal;)+) => {
        /// A kind of problem. Codes are part of the interface: they are not renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $(#[doc = $title] $name,)+ }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status it comes with.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// The kind in words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

codes! {
    MalformedBody => "malformed-body", BAD_REQUEST, "The body is malformed";
    MalformedPath => "malformed-path", BAD_REQUEST, "A part of the path is malformed";
    MalformedQuery => "malformed-query", BAD_REQUEST, "The query is malformed";
    InvalidRequest => "invalid-request", UNPROCESSABLE_ENTITY, "The request cannot be made";
    EventRefused => "event-refused", CONFLICT, "The ledger refuses an event";
    Unauthorized => "unauthorized", UNAUTHORIZED, "A valid token is missing";
    Forbidden => "forbidden", FORBIDDEN, "The token is for another ledger";
    UnknownRoute => "unknown-route", NOT_FOUND, "There is no such resource";
    UnknownSchema => "unknown-schema", NOT_FOUND, "There is no such schema";
    UnknownStatement => "unknown-statement", NOT_FOUND, "There is no such statement";
    UnknownRecord => "unknown-record", NOT_FOUND, "The statement has no such record";
    UnknownKey => "unknown-key", NOT_FOUND, "There is no such verification key";
    UnknownLedger => "unknown-ledger", NOT_FOUND, "There is no such ledger";
    UnknownCheckpoint => "unknown-checkpoint", NOT_FOUND, "There is no such checkpoint";
    UnknownBucket => "unknown-bucket", NOT_FOUND, "The state tree has no such bucket";
    UnknownRequest => "unknown-request", NOT_FOUND, "There is no such request";
    ProvingDisabled => "proving-disabled", NOT_FOUND, "This server does not make proofs";
    Unprovable => "unprovable", UNPROCESSABLE_ENTITY, "The inputs do not satisfy the relation";
    MethodNotAllowed => "method-not-allowed", METHOD_NOT_ALLOWED, "The resource has no such method";
    SlowBody => "slow-body", REQUEST_TIMEOUT, "The body did not arrive in time";
    BodyTooLarge => "body-too-large", PAYLOAD_TOO_LARGE, "The body is too large";
    UnsupportedMediaType => "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE,
        "The body has an unsupported media type";
    Busy => "busy", TOO_MANY_REQUESTS, "The server has all the work it takes on";
    Internal => "internal", INTERNAL_SERVER_ERROR, "The server failed";
    Timeout => "timeout", SERVICE_UNAVAILABLE, "The server did not finish in time";
    NotReady => "not-ready", SERVICE_UNAVAILABLE, "The server is not ready";
}

/// What a response is a problem of, for the log line: set on each problem's response.
#[derive(Debug, Clone, Copy)]
pub struct ResponseCode(pub Code);

impl Problem {
    /// A problem with what went wrong this time.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into(), retry_after_seconds: None }
    }

    /// 429 with the time after which to try again.
    pub fn busy(retry_after_seconds: u64) -> Self {
        let detail = "try again after the time in Retry-After";
        Self { retry_after_seconds: Some(retry_after_seconds), ..Self::new(Code::Busy, detail) }
    }

    /// 500: opaque outside, the cause in the log. Causes are errors of stores and of our own
    /// code, whose texts hold no attributes.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(Code::Internal, "the operator finds the cause in the log")
    }

    /// Its kind.
    pub fn code(&self) -> Code {
        self.code
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { code, detail, retry_after_seconds } = self;
        let body = ProblemBody {
            r#type: format!("/docs#problem-{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: &detail,
            code: code.as_str(),
        };
        // Strings and a number: serialisation has no failing case.
        let json = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (code.status(), json).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if code == Code::Unauthorized {
            let scheme = HeaderValue::from_static("Bearer realm=\"ledger\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(ResponseCode(code));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_errors() {
        let codes: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error());
        }
    }

    #[test]
    fn busy_says_when_to_come_back() {
        let response = Problem::busy(3).into_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
    }
}
