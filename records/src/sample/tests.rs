use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::import::{Format, RowWriter, import};
use crate::{HolderTag, Value};

fn today() -> Date {
    Date::parse("2026-01-31").unwrap()
}

fn sampler(seed: u64) -> Sampler {
    Sampler::new(seed, today())
}

fn get(row: &Row, schema: &str, attribute: &str) -> String {
    let (slot, _) = builtin::by_name(schema).unwrap().attribute(attribute).unwrap();
    row.values[slot].to_string()
}

fn date(row: &Row, schema: &str, attribute: &str) -> Date {
    Date::parse(&get(row, schema, attribute)).unwrap()
}

#[test]
fn every_schema_has_its_own_document() {
    for schema in builtin::all() {
        let document = sampler(1).document(schema.name());
        let made: Vec<_> = document.fields.iter().map(|(name, _)| *name).collect();
        let wanted: Vec<_> = schema.attributes().iter().map(|a| a.name()).collect();
        assert_eq!(made, wanted, "{schema}");
    }
}

#[test]
fn rows_of_every_schema_round_trip_through_both_formats() {
    for schema in builtin::all() {
        let mut sampler = sampler(2);
        let rows: Vec<Row> = (0..300)
            .map(|i| {
                let mut row = sampler.row(schema).unwrap();
                let tag = HolderTag::from_field(crate::Fr::from(i));
                row.holder_tag = (i % 3 == 0).then_some(tag);
                row
            })
            .collect();
        for format in [Format::Csv, Format::JsonLines] {
            let mut writer = RowWriter::new(schema, format, Vec::new()).unwrap();
            rows.iter().for_each(|row| writer.write(row).unwrap());
            let file = writer.finish().unwrap();
            let mut report = import(schema, format, &file[..]);
            assert_eq!(report.errors, [], "{schema} {format}");
            report.rows.iter_mut().for_each(|row| row.line = 0);
            assert!(report.rows == rows, "{schema} {format}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_rows() {
    for schema in builtin::all() {
        let rows = |seed| {
            let mut sampler = sampler(seed);
            (0..5).map(|_| sampler.row(schema).unwrap()).collect::<Vec<_>>()
        };
        assert!(rows(3) == rows(3));
        assert!(rows(3) != rows(4));
    }
}

#[test]
fn a_citizen_is_one_person() {
    let mut sampler = sampler(5);
    let mut married = 0;
    for _ in 0..300 {
        let citizen = sampler.citizen().unwrap();
        let (card, licence) = (&citizen.resident_identity_card, &citizen.driving_licence);
        let number = get(card, "resident_identity_card", "identity_number");
        assert_eq!(get(licence, "driving_licence", "identity_number"), number);
        let born = date(card, "resident_identity_card", "birth_date");
        assert_eq!(number[6..14], born.to_string().replace('-', ""));
        assert!(date(licence, "driving_licence", "first_issued_on") >= born.plus_years(18));
        let odd = number.as_bytes()[16] % 2 == 1;
        assert_eq!(get(card, "resident_identity_card", "sex"), if odd { "1" } else { "2" });
        if let Some(certificate) = &citizen.marriage_certificate {
            married += 1;
            assert_eq!(get(certificate, "marriage_certificate", "identity_number"), number);
            let registered = date(certificate, "marriage_certificate", "registered_on");
            let spouse = date(certificate, "marriage_certificate", "spouse_birth_date");
            assert!(registered <= today());
            assert!(registered >= born.plus_years(20).max(spouse.plus_years(20)));
        }
    }
    assert!((150..290).contains(&married), "{married}");
}

#[test]
fn a_consignment_is_one_story() {
    let mut sampler = sampler(6);
    let mut done = 0;
    for _ in 0..500 {
        let set = sampler.consignment().unwrap();
        let rows = [
            ("air_waybill", &set.air_waybill),
            ("port_arrival", &set.port_arrival),
            ("logistics_handling", &set.logistics_handling),
            ("customs_declaration", &set.customs_declaration),
            ("tax_payment", &set.tax_payment),
        ];
        let numbers: BTreeSet<_> =
            rows.iter().map(|(name, row)| get(row, name, "air_waybill")).collect();
        assert_eq!(numbers.len(), 1);
        for (_, row) in rows {
            assert!(row.valid_from <= today() && today() <= row.valid_until);
        }
        let (customs, tax) = (&set.customs_declaration, &set.tax_payment);
        assert_eq!(
            get(customs, "customs_declaration", "declaration_number"),
            get(tax, "tax_payment", "declaration_number")
        );
        assert_eq!(
            get(customs, "customs_declaration", "consignee_uscc"),
            get(tax, "tax_payment", "taxpayer_uscc")
        );
        let released = get(customs, "customs_declaration", "clearance_status") == "released";
        let cleared = date(customs, "customs_declaration", "cleared_on");
        assert_eq!(released, cleared <= today());
        let paid = get(tax, "tax_payment", "status") == "paid";
        assert_eq!(paid, date(tax, "tax_payment", "paid_on") <= today());
        if released && paid {
            assert!(date(tax, "tax_payment", "paid_on") <= cleared);
            done += 1;
        }
        let handling = &set.logistics_handling;
        let story = [
            date(&set.air_waybill, "air_waybill", "issued_on"),
            date(&set.port_arrival, "port_arrival", "arrived_on"),
            date(handling, "logistics_handling", "received_on"),
            date(handling, "logistics_handling", "delivered_on"),
        ];
        assert!(story.is_sorted() && story[3] >= cleared, "{story:?}");
    }
    assert!((420..490).contains(&done), "{done}");
}

#[test]
fn every_place_is_in_the_tables() {
    for airport in data::aviation::AIRPORTS {
        let inside = |region: &data::regions::Region| region.code.starts_with(airport.region);
        assert!(data::regions::REGIONS.iter().any(inside), "{}", airport.code);
    }
    for goods in data::goods::GOODS {
        for country in goods.origins {
            let area = data::aviation::area_of_country(country);
            let leaves = |origin: &&str| data::aviation::area_of_airport(origin) == area;
            let mut origins = data::aviation::CARRIERS.iter().flat_map(|c| c.origins);
            assert!(origins.any(leaves), "{country}");
            assert!(data::aviation::SHIPPERS.iter().any(|(_, of)| *of == area), "{country}");
        }
    }
}

#[test]
fn any_day_will_do() {
    for day in ["0001-01-01", "1949-10-01", "2024-02-29", "9999-12-31"] {
        let mut sampler = Sampler::new(10, Date::parse(day).unwrap());
        for schema in builtin::all() {
            for _ in 0..20 {
                let row = sampler.row(schema).unwrap();
                assert!(row.valid_from <= row.valid_until, "{schema} on {day}");
            }
        }
    }
}

#[test]
fn keys_do_not_repeat() {
    for schema in builtin::all() {
        let mut sampler = sampler(7);
        let slots: Vec<_> =
            schema.key().iter().filter_map(|name| schema.attribute(name)).map(|(s, _)| s).collect();
        let keys: BTreeSet<Vec<String>> = (0..5_000)
            .map(|_| {
                let row = sampler.row(schema).unwrap();
                slots.iter().map(|slot| row.values[*slot].to_string()).collect()
            })
            .collect();
        assert_eq!(keys.len(), 5_000, "{schema}");
    }
}

#[test]
fn distributions_are_plausible() {
    let licences = builtin::by_name("driving_licence").unwrap();
    let mut sampler = sampler(8);
    let mut classes = BTreeMap::<String, u32>::new();
    let (mut valid, mut expired) = (0, 0);
    for _ in 0..2_000 {
        let row = sampler.row(licences).unwrap();
        *classes.entry(get(&row, "driving_licence", "class")).or_default() += 1;
        valid += u32::from(get(&row, "driving_licence", "status") == "valid");
        expired += u32::from(row.valid_until < today());
    }
    assert!((1_150..1_400).contains(&classes["C1"]), "{classes:?}");
    assert!((1_880..2_000).contains(&valid), "{valid}");
    assert!((10..150).contains(&expired), "{expired}");
}

#[test]
fn unknown_schemas_get_values_of_their_types() {
    let schema = Schema::parse(
        r#"
        name = "permit"
        version = 1
        title = { en = "Permit", zh = "许可证" }
        description = { en = "A permit", zh = "许可证" }
        system = "test"
        department = "permits"
        key = ["number"]
        [[attributes]]
        name = "number"
        type = "digits"
        length = 11
        check = "awb"
        title = { en = "Number", zh = "编号" }
        description = { en = "Number", zh = "编号" }
        [[attributes]]
        name = "fee"
        type = "decimal"
        scale = 3
        min = "-1.5"
        max = "2.25"
        title = { en = "Fee", zh = "费用" }
        description = { en = "Fee", zh = "费用" }
        [[attributes]]
        name = "remark"
        type = "text"
        max_length = 3
        title = { en = "Remark", zh = "备注" }
        description = { en = "Remark", zh = "备注" }
        "#,
    )
    .unwrap();
    let mut sampler = sampler(9);
    for _ in 0..200 {
        let row = sampler.row(&schema).unwrap();
        assert!(matches!(row.values[1], Value::Decimal { units: -1_500..=2_250, scale: 3 }));
    }
}
