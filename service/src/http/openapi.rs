//! The OpenAPI document. Operations are described where they are handled; this puts them
//! together and gives each of them its problems.

mod problems;
pub mod types;

use utoipa::Modify;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::problem::ProblemBody;
use super::routes::{
    events, follow, keys, ledgers, operations, pages, presentations, prove, requests, results,
    schemas, statements, verify, witness,
};
use problems::Problems;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vouch",
        description = "Prove facts about government records without showing the records. \
            Departments append commitments to their ledgers, relying parties make requests, \
            holders answer with presentations.\n\n\
            Errors are problem details (RFC 9457) with a stable `code`. Bodies are JSON in UTF-8; \
            an object with a duplicate or unknown name is refused.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        pages::landing,
        pages::docs,
        pages::openapi,
        operations::live,
        operations::ready,
        operations::metrics,
        schemas::list,
        schemas::one,
        statements::list,
        statements::one,
        statements::explanation,
        statements::verification_key,
        keys::current,
        keys::one,
        ledgers::list,
        ledgers::one,
        witness::latest,
        witness::checkpoint,
        witness::bundle,
        witness::publish,
        events::list,
        events::append,
        requests::create,
        requests::one,
        presentations::submit,
        results::result,
        follow::follow,
        verify::single,
        verify::batch,
        prove::prove,
    ),
    tags(
        (name = "schemas", description = "Data dictionaries of document types"),
        (name = "statements", description = "What holders can prove"),
        (name = "keys", description = "The circuit's key, and the rules of verification"),
        (name = "ledgers", description = "Ledgers of departments: commitments and checkpoints"),
        (name = "requests", description = "Relying parties ask, holders answer"),
        (name = "verification", description = "Presentations for requests made elsewhere"),
        (name = "proving", description = "Proofs for a holder's own domain"),
        (name = "operations", description = "Pages, health and measurements"),
    ),
    components(schemas(ProblemBody<'_>, types::Language, statements::KeyFormat)),
    modifiers(&Tokens, &Problems),
)]
struct Api;

/// The security schemes.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("vouch_ and 43 characters")
            .description(Some("A department's token. It is good for one ledger."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("department", SecurityScheme::Http(scheme));
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("vouch_ and 43 characters")
            .description(Some("A request's `result_token`. It is good for that result."))
            .build();
        components.add_security_scheme("result", SecurityScheme::Http(scheme));
    }
}

/// The document.
pub fn document() -> Document {
    Api::openapi()
}

/// The document as JSON.
pub fn json() -> String {
    // Strings, numbers and maps with string keys: serialisation has no failing case.
    document().to_pretty_json().unwrap_or_default()
}
