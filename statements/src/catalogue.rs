//! The statements that ship with Vouch, over the nine document types that ship with it.

use std::sync::LazyLock;

use records::schema::builtin;

use crate::compiler::{self, CompileErrors};
use crate::{Statement, StatementId};

/// The documents, under their names.
pub const DOCUMENTS: [&str; 16] = [
    include_str!("../catalogue/valid_driving_licence.toml"),
    include_str!("../catalogue/over_18.toml"),
    include_str!("../catalogue/resident_of_beijing.toml"),
    include_str!("../catalogue/resident_of_region.toml"),
    include_str!("../catalogue/business_in_good_standing.toml"),
    include_str!("../catalogue/employer_of_size.toml"),
    include_str!("../catalogue/married.toml"),
    include_str!("../catalogue/same_person_as_licence_holder.toml"),
    include_str!("../catalogue/one_benefit_per_person.toml"),
    include_str!("../catalogue/port_arrival_by_air.toml"),
    include_str!("../catalogue/air_waybill_accepted.toml"),
    include_str!("../catalogue/consignment_customs_cleared.toml"),
    include_str!("../catalogue/consignment_cleared_and_taxed.toml"),
    include_str!("../catalogue/restricted_goods_absent.toml"),
    include_str!("../catalogue/duty_paid_above.toml"),
    include_str!("../catalogue/cold_chain_kept.toml"),
];

/// All of them, in the order of [`DOCUMENTS`].
pub fn all() -> &'static [Statement] {
    // A test compiles each document, so none is left out here.
    static ALL: LazyLock<Vec<Statement>> =
        LazyLock::new(|| DOCUMENTS.iter().filter_map(|document| compile(document).ok()).collect());
    &ALL
}

/// Compiles a document over the document types that ship.
///
/// # Errors
/// [`CompileErrors`] as for [`compiler::compile`].
pub fn compile(document: &str) -> Result<Statement, CompileErrors> {
    compiler::compile(document, builtin::all())
}

/// The one of a name.
pub fn by_name(name: &str) -> Option<&'static Statement> {
    all().iter().find(|statement| statement.name() == name)
}

/// The one with an id.
pub fn by_id(id: StatementId) -> Option<&'static Statement> {
    static IDS: LazyLock<Vec<StatementId>> =
        LazyLock::new(|| all().iter().map(Statement::id).collect());
    let index = IDS.iter().position(|known| *known == id)?;
    all().get(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_compile_and_differ() {
        for document in DOCUMENTS {
            compile(document).unwrap_or_else(|error| panic!("{error}"));
        }
        let names: BTreeSet<_> = all().iter().map(Statement::name).collect();
        assert_eq!(names.len(), DOCUMENTS.len());
        for statement in all() {
            assert_eq!(by_id(statement.id()), Some(statement));
            assert_eq!(by_name(statement.name()), Some(statement));
        }
    }

    #[test]
    fn every_document_type_is_covered() {
        let used: BTreeSet<_> = all()
            .iter()
            .flat_map(Statement::records)
            .map(|record| record.schema.as_str())
            .collect();
        let known: BTreeSet<_> = builtin::all().iter().map(records::Schema::name).collect();
        assert_eq!(used, known);
    }

    /// Records are accepted from the ledger of the department that issues them.
    #[test]
    fn ledgers_are_those_of_the_departments() {
        for record in all().iter().flat_map(Statement::records) {
            let schema = builtin::by_name(&record.schema).unwrap();
            let ledger = format!("{}.vouch.example", schema.department());
            assert!(record.program.ledgers.iter().any(|origin| origin.as_str() == ledger));
        }
    }

    /// Requests name statements by id: a change must be deliberate.
    #[test]
    fn ids_are_pinned() {
        let ids: Vec<_> = all().iter().map(|s| format!("{} {}", s.name(), s.id())).collect();
        insta::assert_json_snapshot!(ids);
    }
}
