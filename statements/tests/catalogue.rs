//! The catalogue on records that look like real ones: every statement can be met, and missed.
#![cfg(feature = "compiler")]
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use records::import::Row;
use records::sample::Sampler;
use records::schema::builtin;
use records::{Date, Header, HolderTag, Record, RecordId, Salt, Schema, Value};
use serde_json::{Map, Value as Json, json};
use statements::{StatementRecord, Unsatisfied, catalogue};

/// Rows that are tried for each record of a statement.
const ROWS: usize = 400;

fn parameters(statement: &str) -> Map<String, Json> {
    let values = match statement {
        "resident_of_region" => json!({ "province": "44" }),
        "employer_of_size" => json!({ "employees": 20 }),
        "air_waybill_accepted" => json!({ "most_weight": "500.0" }),
        "duty_paid_above" => json!({ "threshold": "100.00" }),
        "cold_chain_kept" => json!({ "least_temperature": -20 }),
        _ => json!({}),
    };
    values.as_object().cloned().unwrap()
}

fn record(sampler: &mut Sampler, of: &StatementRecord) -> Record {
    let schema = builtin::by_name(&of.schema).unwrap();
    let row = sampler.row(schema).unwrap();
    Record::new(schema, header(schema, &row), row.values).unwrap()
}

fn header(schema: &Schema, row: &Row) -> Header {
    Header {
        schema: schema.id(),
        holder_tag: HolderTag::from_field(1.into()),
        record_id: RecordId::from_field(2.into()),
        salt: Salt::from_field(3.into()),
        valid_from: row.valid_from,
        valid_until: row.valid_until,
    }
}

#[test]
fn every_statement_is_met_by_some_and_missed_by_others() {
    let today = Date::parse("2026-03-31").unwrap();
    for statement in catalogue::all() {
        let values = statement.parse_parameters(&parameters(statement.name())).unwrap();
        for of in statement.records() {
            let mut sampler = Sampler::new(1, today);
            let expressions = statement.evaluate(&of.program, today, &values).unwrap();
            let mut met = 0;
            for _ in 0..ROWS {
                let record = record(&mut sampler, of);
                match of.program.satisfied(record.encoded(), today, &expressions) {
                    Ok(()) => met += 1,
                    Err(Unsatisfied::Clause(_) | Unsatisfied::Currency) => {}
                    Err(other) => panic!("{}: {other}", statement.name()),
                }
            }
            // No sample is of restricted goods: see below.
            let missed = met < ROWS || statement.name() == "restricted_goods_absent";
            assert!(met > 0 && missed, "{} {}: {met}", statement.name(), of.name);
        }
    }
}

#[test]
fn restricted_goods_are_found() {
    let today = Date::parse("2026-03-31").unwrap();
    let statement = catalogue::by_name("restricted_goods_absent").unwrap();
    let of = &statement.records()[0];
    let schema = builtin::by_name(&of.schema).unwrap();
    let (slot, attribute) = schema.attribute("hs_code").unwrap();
    let mut sampler = Sampler::new(1, today);
    let mut row = sampler.row(schema).unwrap();
    while !(row.valid_from <= today && today <= row.valid_until) {
        row = sampler.row(schema).unwrap();
    }
    for (code, absent) in [
        ("3599999999", true),
        ("3600000000", false),
        ("3699999999", false),
        ("3700000000", true),
        ("9303200000", false),
        ("2843999999", true),
        ("2844100000", false),
        ("3006910000", true),
        ("3006920000", false),
        ("3825100000", false),
        ("8471300000", true),
    ] {
        let mut values = row.values.clone();
        values[slot] = Value::parse(attribute.kind(), code).unwrap();
        let record = Record::new(schema, header(schema, &row), values).unwrap();
        let found = of.program.satisfied(record.encoded(), today, &[]);
        assert_eq!(found.is_ok(), absent, "{code}");
    }
}
