//! Why a service gave no answer, or none that can be used.

use std::error::Error as _;

use serde::Deserialize;

/// Why a service gave no answer, or none that can be used. No text here holds a token, or
/// anything of a body that was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Not an address of a service.
    #[error("{0:?} is not an http or https URL")]
    Url(String),
    /// The token would cross a network unencrypted.
    #[error("a token is sent over https only, except to this machine itself")]
    TokenInClear,
    /// No client could be made.
    #[error("no HTTP client can be made: {0}")]
    Setup(#[source] reqwest::Error),
    /// No answer.
    #[error("no answer from {url}: {reason}")]
    Transport {
        /// The service.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The service answered with an error.
    #[error("{}", describe(*status, code, detail))]
    Problem {
        /// HTTP status.
        status: u16,
        /// Stable code of the problem; empty where the answer has none.
        code: String,
        /// What the service says about it.
        detail: String,
    },
    /// An answer of another form than agreed.
    #[error("the service's answer cannot be used: {0}")]
    Answer(String),
}

/// An answer of type application/problem+json (RFC 9457).
#[derive(Default, Deserialize)]
struct Problem {
    #[serde(default)]
    code: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
}

impl ClientError {
    /// Whether the service said that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Problem { status: 404, .. })
    }

    pub(super) fn answer(reason: impl Into<String>) -> Self {
        Self::Answer(reason.into())
    }

    pub(super) fn transport(url: &str, error: reqwest::Error) -> Self {
        // Without its URL, which stands before it already; with its innermost cause, which
        // says what happened.
        let error = error.without_url();
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            reason = inner.to_string();
            cause = inner.source();
        }
        Self::Transport { url: url.to_owned(), reason }
    }

    pub(super) fn problem(status: u16, body: &[u8]) -> Self {
        let problem: Problem = serde_json::from_slice(body).unwrap_or_default();
        let detail = if problem.detail.is_empty() { problem.title } else { problem.detail };
        Self::Problem { status, code: problem.code, detail }
    }
}

fn describe(status: u16, code: &str, detail: &str) -> String {
    match (code.is_empty(), detail.is_empty()) {
        (true, true) => format!("the service answered with status {status}"),
        (true, false) => format!("the service answered: {detail} (status {status})"),
        (false, _) => format!("the service answered: {detail} ({code}, status {status})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_told() {
        let body = br#"{"type":"about:blank","title":"Not found","status":404,"code":"unknown-ledger","detail":"no ledger of that name"}"#;
        let error = ClientError::problem(404, body);
        assert!(error.is_not_found());
        assert_eq!(
            error.to_string(),
            "the service answered: no ledger of that name (unknown-ledger, status 404)"
        );
        let other = ClientError::problem(502, b"<html>bad gateway</html>");
        assert_eq!(other.to_string(), "the service answered with status 502");
    }
}
