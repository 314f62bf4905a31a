//! `/v1/statements`: what holders can prove.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use records::schema::Language;
use records::{Origin, Titles};
use serde::{Deserialize, Serialize};
use statements::{ParameterDeclaration, Statement, StatementId};
use utoipa::{IntoParams, ToSchema};

use crate::http::extract::{Path, Query};
use crate::http::headers::{IMMUTABLE, REVALIDATE};
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::http::work::blocking;
use crate::state::AppState;

/// A statement in the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatementSummary {
    /// Its id: hash of its canonical JSON.
    #[schema(value_type = types::Digest)]
    id: StatementId,
    /// Its name.
    #[schema(example = "valid_driving_licence")]
    name: String,
    /// Its version; another version is another statement.
    version: u32,
    /// Its title.
    #[schema(value_type = types::Titles)]
    title: Titles,
    /// Parameters that requests give values to.
    #[schema(value_type = Vec<types::ParameterDeclaration>)]
    parameters: Vec<ParameterDeclaration>,
    /// The records that it speaks of, in the order of the proofs.
    records: Vec<RecordSummary>,
}

/// A record that a statement speaks of.
#[derive(Serialize, ToSchema)]
struct RecordSummary {
    /// Its name in the statement.
    #[schema(example = "licence")]
    name: String,
    /// Name of its schema.
    #[schema(example = "driving_licence")]
    schema: String,
    /// Ledgers that it may be in.
    #[schema(value_type = Vec<types::Origin>)]
    ledgers: Vec<Origin>,
}

/// How an explanation is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplanationQuery {
    /// `en` (the default) or `zh`.
    #[param(value_type = Option<types::Language>)]
    language: Option<Language>,
}

/// Which key is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct KeyQuery {
    /// Name of the record in the statement; may be left out where there is only one.
    record: Option<String>,
    /// Form of the key.
    format: Option<KeyFormat>,
}

/// Forms of verification keys.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyFormat {
    /// `verification_key.json` of snarkjs.
    Snarkjs,
}

/// List the statements
#[utoipa::path(
    get, path = "/v1/statements", tag = "statements",
    responses((status = 200, description = "All statements", body = [StatementSummary]))
)]
pub(crate) async fn list(State(state): State<AppState>) -> Answer<Vec<StatementSummary>> {
    Answer(state.catalogue().statements().into_iter().map(summary).collect())
}

fn summary(statement: &Statement) -> StatementSummary {
    let records = statement.records().iter().map(|record| RecordSummary {
        name: record.name.clone(),
        schema: record.schema.clone(),
        ledgers: record.program.ledgers.clone(),
    });
    StatementSummary {
        id: statement.id(),
        name: statement.name().to_owned(),
        version: statement.version(),
        title: statement.title().clone(),
        parameters: statement.parameters().to_vec(),
        records: records.collect(),
    }
}

/// Fetch a statement
///
/// The canonical JSON: its SHA-256, under the domain of statements, is the id.
#[utoipa::path(
    get, path = "/v1/statements/{statement}", tag = "statements",
    params(("statement" = String, Path, description = "Id or name", example = "valid_driving_licence")),
    responses(
        (status = 200, description = "The statement", body = types::Statement),
        (status = 404, description = "`unknown-statement`"),
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    Path(id_or_name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let statement = find(&state, &id_or_name)?;
    let id = statement.id().to_string();
    let tag = HeaderValue::from_str(&format!("\"{id}\"")).map_err(Problem::internal)?;
    // Under its id it never changes; under its name a newer version may come.
    let caching = if id == id_or_name { IMMUTABLE } else { REVALIDATE };
    let validators = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, caching)];
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, validators).into_response());
    }
    let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok((validators, [json], statement.canonical_json()).into_response())
}

/// Explain a statement
///
/// What the relying party learns and does not learn, for people: the text of consent screens.
#[utoipa::path(
    get, path = "/v1/statements/{statement}/explanation", tag = "statements",
    params(
        ("statement" = String, Path, description = "Id or name", example = "valid_driving_licence"),
        ExplanationQuery,
    ),
    responses(
        (status = 200, description = "The explanation", body = types::Explanation),
        (status = 400, description = "`malformed-query`"),
        (status = 404, description = "`unknown-statement`"),
    )
)]
pub(crate) async fn explanation(
    State(state): State<AppState>,
    Path(id_or_name): Path<String>,
    Query(query): Query<ExplanationQuery>,
) -> Result<Response, Problem> {
    let statement = find(&state, &id_or_name)?;
    let language = query.language.unwrap_or(Language::En);
    let explanation = statements::explain(statement, state.catalogue().schemas(), language)
        .map_err(Problem::internal)?;
    Ok(Answer(explanation).into_response())
}

/// Fetch the verification key of a statement's record
///
/// The folded key: the circuit's key composed with the statement's affine map. Any Groth16
/// verifier over BN254 checks proofs with it.
#[utoipa::path(
    get, path = "/v1/statements/{statement}/verification-key", tag = "statements",
    params(
        ("statement" = String, Path, description = "Id or name", example = "valid_driving_licence"),
        KeyQuery,
    ),
    responses(
        (status = 200, description = "The key in the form of snarkjs", body = Object),
        (status = 400, description = "`malformed-query`"),
        (status = 404, description = "`unknown-statement` or `unknown-record`"),
    )
)]
pub(crate) async fn verification_key(
    State(state): State<AppState>,
    Path(id_or_name): Path<String>,
    Query(query): Query<KeyQuery>,
) -> Result<Response, Problem> {
    let statement = find(&state, &id_or_name)?;
    let KeyFormat::Snarkjs = query.format.unwrap_or(KeyFormat::Snarkjs);
    let record = match (query.record, statement.records()) {
        (Some(record), _) => record,
        (None, [only]) => only.name.clone(),
        (None, _) => {
            let detail = "the statement speaks of several records: name one with record=";
            return Err(Problem::new(Code::MalformedQuery, detail));
        }
    };
    let id = statement.id();
    let unknown = || Problem::new(Code::UnknownRecord, "the statement has no record of this name");
    // The form includes a pairing: milliseconds of computation.
    let state = state.clone();
    let key = blocking(move || {
        state.counter().with_folded_key(&id, &record, verifier::FoldedKey::to_snarkjs)
    });
    Ok(Answer(key.await?.ok_or_else(unknown)?).into_response())
}

/// The statement of an id or name.
pub(super) fn find<'a>(state: &'a AppState, id_or_name: &str) -> Result<&'a Statement, Problem> {
    let unknown = || Problem::new(Code::UnknownStatement, "no statement has this id or name");
    state.catalogue().statement(id_or_name).ok_or_else(unknown)
}
