//! Extractors whose rejections are problems.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use serde::de::DeserializeOwned;

use super::json;
use super::problem::{Code, Problem};
use crate::state::AppState;

/// A JSON body.
pub struct Json<T>(pub T);

/// The body's bytes, within the limits of size and time, with its media type.
pub struct Body {
    /// The media type without parameters, in lower case.
    pub media_type: String,
    /// All of it.
    pub bytes: Bytes,
}

/// Parameters of the path.
pub struct Path<T>(pub T);

/// Parameters of the query.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_| {
            Problem::new(Code::MalformedPath, "a part of the path is not of the form it must have")
        })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        query.map(|axum::extract::Query(value)| Self(value)).map_err(|_| {
            let detail = "a query parameter is unknown, missing, or not of the form it must have";
            Problem::new(Code::MalformedQuery, detail)
        })
    }
}

impl FromRequest<AppState> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let config = state.config();
        let media_type = media_type(request.headers())?;
        let limit = config.max_body_bytes;
        if declared_length(request.headers()).is_some_and(|length| length > limit as u64) {
            return Err(too_large(limit));
        }
        // Half of the request's time: the rest is for the answer.
        let patience = Duration::from_secs(config.request_timeout_seconds) / 2;
        let read = axum::body::to_bytes(request.into_body(), limit);
        match tokio::time::timeout(patience, read).await {
            Ok(Ok(bytes)) => Ok(Self { media_type, bytes }),
            Ok(Err(error)) if is_length_limit(&error) => Err(too_large(limit)),
            Ok(Err(_)) => Err(Problem::new(Code::MalformedBody, "the body broke off")),
            Err(_) => Err(Problem::new(Code::SlowBody, "the body took too long to arrive")),
        }
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let body = Body::from_request(request, state).await?;
        if body.media_type != "application/json" {
            return Err(unsupported("the body is not application/json"));
        }
        Ok(Self(json::read(&body.bytes)?))
    }
}

/// 415.
pub fn unsupported(detail: &'static str) -> Problem {
    Problem::new(Code::UnsupportedMediaType, detail)
}

fn too_large(limit: usize) -> Problem {
    Problem::new(Code::BodyTooLarge, format!("a body has at most {limit} bytes"))
}

fn is_length_limit(error: &axum::Error) -> bool {
    use std::error::Error;
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = source {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        source = error.source();
    }
    false
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    header(headers, &header::CONTENT_LENGTH)?.parse().ok()
}

fn media_type(headers: &HeaderMap) -> Result<String, Problem> {
    let coding = header(headers, &header::CONTENT_ENCODING).unwrap_or("identity");
    if !coding.eq_ignore_ascii_case("identity") {
        return Err(unsupported("a compressed body is not read"));
    }
    let value = header(headers, &header::CONTENT_TYPE)
        .ok_or_else(|| unsupported("the body has no Content-Type"))?;
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media_type = parts.next().unwrap_or_default();
    let foreign_charset = parts.any(|parameter| {
        let charset = parameter.strip_prefix("charset=");
        charset.is_some_and(|charset| charset.trim_matches('"') != "utf-8")
    });
    if foreign_charset {
        return Err(unsupported("text that is not UTF-8 is not read"));
    }
    Ok(media_type)
}

/// The token of an `Authorization: Bearer` header. Never printed.
pub struct Bearer(pub zeroize::Zeroizing<String>);

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let missing = || Problem::new(Code::Unauthorized, "no Authorization: Bearer header");
        let value = header(&parts.headers, &header::AUTHORIZATION).ok_or_else(missing)?;
        let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(missing());
        }
        Ok(Self(token.trim().to_owned().into()))
    }
}

impl<S: Sync> axum::extract::OptionalFromRequestParts<S> for Bearer {
    type Rejection = Problem;

    /// Nothing where there is no such header at all; a malformed one is refused.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().cloned();
        pairs.map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn media_types_are_read_without_parameters() {
        for value in ["application/json", "Application/JSON; charset=utf-8", "application/json;a=b"]
        {
            let headers = headers(&[(header::CONTENT_TYPE, value)]);
            assert_eq!(media_type(&headers).unwrap(), "application/json");
        }
    }

    #[test]
    fn other_encodings_are_unsupported() {
        for pairs in [
            vec![],
            vec![(header::CONTENT_TYPE, "application/json; charset=utf-16")],
            vec![(header::CONTENT_TYPE, "application/json"), (header::CONTENT_ENCODING, "gzip")],
        ] {
            let problem = media_type(&headers(&pairs)).unwrap_err();
            assert_eq!(problem.code(), Code::UnsupportedMediaType);
        }
    }
}
