//! `/v1/schemas`: the data dictionaries of document types.

use axum::Json as Answer;
use axum::extract::State;
use records::{Schema, SchemaId, Titles};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::extract::Path;
use crate::http::openapi::types;
use crate::http::problem::{Code, Problem};
use crate::state::AppState;

/// A schema in the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct SchemaSummary {
    /// Its name.
    #[schema(example = "driving_licence")]
    name: String,
    /// Its version; another version is another schema.
    version: u32,
    /// Its id: a field element, hash of its canonical JSON.
    #[schema(value_type = types::FieldElement)]
    id: SchemaId,
    /// Its title.
    #[schema(value_type = types::Titles)]
    title: Titles,
    /// Short name of the department that issues such records.
    #[schema(example = "traffic")]
    department: String,
    /// The system of departments that it belongs to.
    system: String,
}

/// A schema.
#[derive(Serialize, ToSchema)]
pub(crate) struct SchemaBody {
    /// Its id: a field element, hash of its canonical JSON.
    #[schema(value_type = types::FieldElement)]
    id: SchemaId,
    /// The schema.
    #[schema(value_type = types::Schema)]
    schema: Schema,
}

/// List the schemas
#[utoipa::path(
    get, path = "/v1/schemas", tag = "schemas",
    responses((status = 200, description = "All schemas", body = [SchemaSummary]))
)]
pub(crate) async fn list(State(state): State<AppState>) -> Answer<Vec<SchemaSummary>> {
    let summary = |schema: &Schema| SchemaSummary {
        name: schema.name().to_owned(),
        version: schema.version(),
        id: schema.id(),
        title: schema.title().clone(),
        department: schema.department().to_owned(),
        system: schema.system().to_owned(),
    };
    Answer(state.catalogue().schemas().iter().map(summary).collect())
}

/// Fetch a schema
#[utoipa::path(
    get, path = "/v1/schemas/{name}", tag = "schemas",
    params(("name" = String, Path, description = "Name of the schema", example = "driving_licence")),
    responses(
        (status = 200, description = "The schema", body = SchemaBody),
        (status = 404, description = "`unknown-schema`"),
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    Path(name): Path<String>,
) -> Result<Answer<SchemaBody>, Problem> {
    let unknown = || Problem::new(Code::UnknownSchema, "no schema has this name");
    let schema = state.catalogue().schema(&name).ok_or_else(unknown)?;
    Ok(Answer(SchemaBody { id: schema.id(), schema: schema.clone() }))
}
