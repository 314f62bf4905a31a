//! The schemas that ship with Vouch: the nine document types of the e-licence pilot and of the
//! airport logistics platform.

use std::sync::LazyLock;

use super::Schema;
use crate::SchemaId;

const DOCUMENTS: [&str; 9] = [
    include_str!("../../schemas/driving_licence.toml"),
    include_str!("../../schemas/resident_identity_card.toml"),
    include_str!("../../schemas/business_licence.toml"),
    include_str!("../../schemas/marriage_certificate.toml"),
    include_str!("../../schemas/port_arrival.toml"),
    include_str!("../../schemas/air_waybill.toml"),
    include_str!("../../schemas/logistics_handling.toml"),
    include_str!("../../schemas/customs_declaration.toml"),
    include_str!("../../schemas/tax_payment.toml"),
];

/// All of them.
pub fn all() -> &'static [Schema] {
    // A test parses each document, so none is left out here.
    static ALL: LazyLock<Vec<Schema>> =
        LazyLock::new(|| DOCUMENTS.iter().filter_map(|text| Schema::parse(text).ok()).collect());
    &ALL
}

/// The one of a name.
pub fn by_name(name: &str) -> Option<&'static Schema> {
    all().iter().find(|schema| schema.name() == name)
}

/// The one with an id.
pub fn by_id(id: SchemaId) -> Option<&'static Schema> {
    static IDS: LazyLock<Vec<SchemaId>> = LazyLock::new(|| all().iter().map(Schema::id).collect());
    let index = IDS.iter().position(|candidate| *candidate == id)?;
    all().get(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_parse_and_differ() {
        for text in DOCUMENTS {
            Schema::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
        let names: BTreeSet<_> = all().iter().map(Schema::name).collect();
        let departments: BTreeSet<_> = all().iter().map(Schema::department).collect();
        let ids: BTreeSet<_> = all().iter().map(Schema::id).collect();
        assert_eq!((names.len(), departments.len(), ids.len()), (9, 9, 9));
        assert_eq!(by_id(all()[3].id()), Some(&all()[3]));
    }

    /// Ids are what records and statements commit to: a change must be deliberate.
    #[test]
    fn ids_are_pinned() {
        let ids: Vec<_> = all().iter().map(|s| format!("{} {}", s.name(), s.id())).collect();
        insta::assert_json_snapshot!(ids);
    }
}
