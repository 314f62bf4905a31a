//! The compiler against an interpreter that is not ours: for random records and random
//! conditions, the compiled program accepts exactly where the `cel` crate evaluates the
//! condition to true.
//!
//! Dates are day numbers in the interpreter, digit codes are strings (of equal length, so their
//! order is that of the numbers), decimals are doubles (of less than 53 bits here).
#![cfg(feature = "compiler")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use records::sample::Sampler;
use records::schema::builtin;
use records::{
    Attribute, AttributeType, Date, Header, HolderTag, Record, RecordId, Salt, Schema, Value,
};
use statements::compiler::{CompileErrorKind, compile};
use statements::{ParameterDeclaration, Unsatisfied};

/// One random case.
struct Case {
    rng: StdRng,
    schema: &'static Schema,
    record: Record,
    /// Values of other records, to compare with.
    others: Vec<Vec<Value>>,
    today: Date,
    parameters: Vec<(ParameterDeclaration, Value)>,
}

/// What became of a case.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Accepted,
    Refused,
    /// The condition is trivial or does not fit the circuit.
    NotCompiled,
}

impl Case {
    fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let schema = builtin::all().choose(&mut rng).unwrap();
        let today = Date::parse("2026-03-31").unwrap().plus_days(rng.gen_range(-400..400));
        let mut sampler = Sampler::new(seed, Date::parse("2026-03-31").unwrap());
        let row = sampler.row(schema).unwrap();
        let header = Header {
            schema: schema.id(),
            holder_tag: HolderTag::from_field(1.into()),
            record_id: RecordId::from_field(2.into()),
            salt: Salt::from_field(3.into()),
            valid_from: row.valid_from,
            valid_until: row.valid_until,
        };
        let record = Record::new(schema, header, row.values).unwrap();
        let others = (0..3).map(|_| sampler.row(schema).unwrap().values).collect();
        Self { rng, schema, record, others, today, parameters: Vec::new() }
    }

    fn condition(&mut self, depth: u32) -> String {
        if depth == 0 || self.rng.gen_bool(0.2) {
            return self.comparison();
        }
        match self.rng.gen_range(0..5) {
            0 => format!("!({})", self.condition(depth - 1)),
            1 | 2 => format!("({} && {})", self.condition(depth - 1), self.condition(depth - 1)),
            _ => format!("({} || {})", self.condition(depth - 1), self.condition(depth - 1)),
        }
    }

    fn comparison(&mut self) -> String {
        if self.rng.gen_bool(0.1) {
            let end = if self.rng.gen_bool(0.5) { "valid_from" } else { "valid_until" };
            return format!("r.{end} {} {}", self.order(), self.date());
        }
        let slot = self.rng.gen_range(0..self.schema.attributes().len());
        let attribute = &self.schema.attributes()[slot];
        let name = attribute.name();
        match attribute.kind() {
            AttributeType::Boolean => match self.rng.gen_range(0..3) {
                0 => format!("r.{name}"),
                1 => format!("r.{name} == false"),
                _ => format!("!r.{name}"),
            },
            AttributeType::Digits { .. } if self.rng.gen_bool(0.4) => {
                let prefix = self.prefix(slot, attribute);
                format!("r.{name}.startsWith({prefix})")
            }
            kind if self.rng.gen_bool(0.3) => {
                let count = self.rng.gen_range(1..12);
                let items: Vec<String> = (0..count).map(|_| self.operand(slot, kind)).collect();
                format!("r.{name} in [{}]", items.join(", "))
            }
            kind if kind.is_ordered() => {
                let operand = self.operand(slot, kind);
                if self.rng.gen_bool(0.2) {
                    return format!("{operand} {} r.{name}", self.order());
                }
                format!("r.{name} {} {operand}", self.order())
            }
            kind => {
                let operator = if self.rng.gen_bool(0.5) { "==" } else { "!=" };
                format!("r.{name} {operator} {}", self.operand(slot, kind))
            }
        }
    }

    fn order(&mut self) -> &'static str {
        ["==", "!=", "<", "<=", ">", ">="].choose(&mut self.rng).unwrap()
    }

    /// A value near those of the record.
    fn value(&mut self, slot: usize, kind: &AttributeType) -> Value {
        let own = self.record.values()[slot].clone();
        let other = self.others.choose(&mut self.rng).unwrap()[slot].clone();
        let value = if self.rng.gen_bool(0.4) { own } else { other };
        let step = self.rng.gen_range(-2..=2);
        let moved = match (&value, kind) {
            (Value::Integer(number), _) => Value::Integer(number + step),
            (Value::Decimal { units, scale }, _) => {
                Value::Decimal { units: units + step, scale: *scale }
            }
            (Value::Code(_), AttributeType::Code { codes }) if step == 0 => {
                Value::Code(codes.choose(&mut self.rng).unwrap().code.clone())
            }
            _ => value.clone(),
        };
        if moved.check(kind).is_ok() { moved } else { value }
    }

    /// Something to compare an attribute with: a constant or a parameter.
    fn operand(&mut self, slot: usize, kind: &AttributeType) -> String {
        if *kind == AttributeType::Date {
            return self.date();
        }
        let value = self.value(slot, kind);
        let parameter = !matches!(kind, AttributeType::Code { .. }) && self.rng.gen_bool(0.2);
        if parameter { self.parameter(kind.clone(), value) } else { literal(&value) }
    }

    fn parameter(&mut self, kind: AttributeType, value: Value) -> String {
        let name = format!("p{}", self.parameters.len());
        let title = records::Titles { en: name.clone(), zh: name.clone() };
        self.parameters.push((ParameterDeclaration { name: name.clone(), title, kind }, value));
        name
    }

    fn date(&mut self) -> String {
        let mut dates = vec![self.today, self.record.header().valid_from];
        for value in self.record.values().iter().chain(&self.others[0]) {
            if let Value::Date(date) = value {
                dates.push(*date);
            }
        }
        let near = self.rng.gen_range(-1..=1);
        let date = dates.choose(&mut self.rng).unwrap().plus_days(near);
        let start = match self.rng.gen_range(0..4) {
            0 => return format!("date('{date}')"),
            1 => self.parameter(AttributeType::Date, Value::Date(date)),
            _ => "today".to_owned(),
        };
        let function = ["years_before", "months_after", "days_before", "days_after"]
            .choose(&mut self.rng)
            .unwrap();
        // Often as far as the date that was picked.
        let days = i64::try_from(self.today.days()).unwrap() - i64::try_from(date.days()).unwrap();
        let count = match *function {
            "years_before" => (days / 365).clamp(0, 90),
            "days_before" => days.clamp(0, 40_000),
            _ => self.rng.gen_range(0..40),
        };
        if self.rng.gen_bool(0.3) { start } else { format!("{function}({start}, {count})") }
    }

    fn prefix(&mut self, slot: usize, attribute: &Attribute) -> String {
        let digits = self.value(slot, attribute.kind()).to_string();
        let length = self.rng.gen_range(1..=digits.len());
        let digits = digits[..length].to_owned();
        if self.rng.gen_bool(0.3) {
            let length = u32::try_from(length).unwrap();
            let kind = AttributeType::Digits { length, check: None };
            return self.parameter(kind, Value::Digits(digits));
        }
        format!("'{digits}'")
    }

    fn document(&self, condition: &str) -> String {
        let mut document = format!(
            "name = \"test\"\nversion = 1\ntitle = {{ en = \"t\", zh = \"t\" }}\n\
             description = {{ en = \"d\", zh = \"d\" }}\ncondition = {condition:?}\n\
             [[records]]\nname = \"r\"\nschema = \"{}\"\nledgers = [\"l.example\"]\n\
             current = false\n",
            self.schema.name()
        );
        for (declaration, _) in &self.parameters {
            let json = serde_json::to_value(declaration).unwrap();
            let toml = toml::to_string(&json).unwrap();
            // The title comes last, as a table of the parameter.
            document.push_str(&format!(
                "[[parameters]]\n{}",
                toml.replace("[title]", "[parameters.title]")
            ));
        }
        document
    }

    fn interpreted(&self, condition: &str) -> bool {
        let program = cel::Program::compile(condition).unwrap();
        let mut context = cel::Context::default();
        let attributes = self.schema.attributes().iter().zip(self.record.values());
        let mut fields: HashMap<String, cel::Value> = attributes
            .map(|(attribute, value)| (attribute.name().to_owned(), interpreter_value(value)))
            .collect();
        let header = self.record.header();
        fields.insert("valid_from".into(), interpreter_value(&Value::Date(header.valid_from)));
        fields.insert("valid_until".into(), interpreter_value(&Value::Date(header.valid_until)));
        context.add_variable_from_value("r", fields);
        context.add_variable_from_value("today", interpreter_value(&Value::Date(self.today)));
        for (declaration, value) in &self.parameters {
            context.add_variable_from_value(declaration.name.as_str(), interpreter_value(value));
        }
        let days = |date: Date| i64::try_from(date.days()).unwrap();
        let date = |days: i64| Date::from_days(u64::try_from(days).unwrap()).unwrap();
        let add = &mut context;
        add.add_function("date", move |text: std::sync::Arc<String>| {
            days(Date::parse(&text).unwrap())
        })
        .unwrap();
        add.add_function("years_before", move |d: i64, n: i64| days(date(d).plus_years(-n)))
            .unwrap();
        add.add_function("months_after", move |d: i64, n: i64| days(date(d).plus_months(n)))
            .unwrap();
        add.add_function("days_before", move |d: i64, n: i64| days(date(d).plus_days(-n))).unwrap();
        add.add_function("days_after", move |d: i64, n: i64| days(date(d).plus_days(n))).unwrap();
        match program.execute(&context) {
            Ok(cel::Value::Bool(value)) => value,
            other => panic!("{condition}: {other:?}"),
        }
    }

    fn check(mut self) -> Outcome {
        let depth = self.rng.gen_range(0..4);
        let condition = self.condition(depth);
        let document = self.document(&condition);
        let statement = match compile(&document, builtin::all()) {
            Ok(statement) => statement,
            Err(errors) => {
                let allowed = [
                    CompileErrorKind::AlwaysTrue,
                    CompileErrorKind::NeverTrue,
                    CompileErrorKind::TooManyPredicates,
                    CompileErrorKind::TooManyClauses,
                ];
                let good = errors.errors().iter().all(|error| allowed.contains(&error.kind));
                assert!(good, "{errors}\n{document}");
                return Outcome::NotCompiled;
            }
        };
        let program = &statement.records()[0].program;
        let given = self.parameters.iter().map(|(d, value)| (d.name.clone(), value.to_json()));
        let values: BTreeMap<String, Value> = statement.parse_parameters(&given.collect()).unwrap();
        let expressions = statement.evaluate(program, self.today, &values).unwrap();
        let accepted = match program.satisfied(self.record.encoded(), self.today, &expressions) {
            Ok(()) => true,
            Err(Unsatisfied::Clause(_)) => false,
            Err(other) => panic!("{condition}: {other}"),
        };
        assert_eq!(accepted, self.interpreted(&condition), "{condition}\n{program:#?}");
        if accepted { Outcome::Accepted } else { Outcome::Refused }
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Code(text) | Value::Digits(text) => {
            let quote = if text.contains('\'') { '"' } else { '\'' };
            format!("{quote}{text}{quote}")
        }
        Value::Digest(_) => format!("'{value}'"),
        other => other.to_string(),
    }
}

fn interpreter_value(value: &Value) -> cel::Value {
    match value {
        Value::Integer(number) => cel::Value::Int(*number),
        Value::Decimal { .. } => cel::Value::Float(value.to_string().parse().unwrap()),
        Value::Date(date) => cel::Value::Int(i64::try_from(date.days()).unwrap()),
        Value::Boolean(value) => cel::Value::Bool(*value),
        text => cel::Value::from(text.to_string()),
    }
}

/// Fixed cases, and enough of each outcome that the comparison means something.
#[test]
fn programs_accept_what_the_interpreter_accepts() {
    let outcomes: Vec<Outcome> = (0..2000).map(|seed| Case::new(seed).check()).collect();
    let count = |outcome| outcomes.iter().filter(|found| **found == outcome).count();
    let (accepted, refused) = (count(Outcome::Accepted), count(Outcome::Refused));
    assert!(accepted > 500 && refused > 500, "{accepted} accepted, {refused} refused");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn programs_accept_what_the_interpreter_accepts_at_random(seed: u64) {
        Case::new(seed).check();
    }
}
