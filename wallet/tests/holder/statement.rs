//! Statements about the town's records, written as programs, and requests for them.

use records::{Encoded, Fr, Titles};
use serde_json::{Map, json};
use statements::{
    Clause, Link, LinkSource, Literal, Nonce, Operand, ParameterDeclaration, Predicate, Program,
    Request, Statement, StatementParts, StatementRecord, Term,
};

use crate::town::{NOW, date, origin, schema};

/// Slot of `number`.
pub const NUMBER: usize = 0;
/// Slot of `points`.
pub const POINTS: usize = 1;

/// A record named after its schema, with at least `points` points, in one of the ledgers.
pub fn at_least(points: u64, name: &str, ledgers: &[&str]) -> StatementRecord {
    let constant = |number: u64| Term::Constant(Encoded::from_field(Fr::from(number)));
    let enough = Predicate::Range {
        operand: Operand::Attribute(POINTS),
        low: constant(points),
        high: constant(u64::MAX),
    };
    StatementRecord {
        name: name.to_owned(),
        schema: name.to_owned(),
        program: Program {
            schema: schema(name).id(),
            ledgers: ledgers.iter().map(|name| origin(name)).collect(),
            current: true,
            nullify: false,
            predicates: vec![enough],
            clauses: vec![Clause { literals: vec![Literal { predicate: 0, negated: false }] }],
            reveal: Vec::new(),
            links: Vec::new(),
        },
    }
}

/// A licence of the town or of the north with at least 10 points; its number is revealed, and a
/// nullifier shown.
pub fn licensed() -> Statement {
    let mut record = at_least(10, "licence", &["traffic", "north"]);
    record.program.reveal = vec![NUMBER];
    record.program.nullify = true;
    statement("licensed", vec![record])
}

/// A clearance and a payment with the same number, and a licence of the same holder.
pub fn cleared_and_paid() -> Statement {
    let number = Link { source: LinkSource::Attribute(NUMBER), class: 0 };
    let holder = Link { source: LinkSource::Holder, class: 1 };
    let mut clearance = at_least(0, "clearance", &["customs"]);
    clearance.program.links = vec![number, holder];
    let mut payment = at_least(100, "payment", &["tax"]);
    payment.program.links = vec![number];
    let mut licence = at_least(0, "licence", &["traffic"]);
    licence.program.links = vec![holder];
    statement("cleared_and_paid", vec![clearance, payment, licence])
}

pub fn statement(name: &str, records: Vec<StatementRecord>) -> Statement {
    let titles = || Titles { en: name.to_owned(), zh: name.to_owned() };
    Statement::new(StatementParts {
        format: 1,
        name: name.to_owned(),
        version: 1,
        title: titles(),
        description: titles(),
        condition: String::new(),
        parameters: Vec::<ParameterDeclaration>::new(),
        records,
    })
    .unwrap()
}

/// A request of the counter for a statement: five minutes, checkpoints of up to four hours.
pub fn request(statement: &Statement) -> Request {
    Request {
        version: 1,
        statement: statement.id(),
        parameters: Map::new(),
        audience: "counter".to_owned(),
        nonce: Nonce::from_bytes(rand::random()),
        scope: statement.needs_scope().then(|| "counter".to_owned()),
        today: date("2026-01-31"),
        expires_at: NOW + 300,
        max_checkpoint_age: 14_400,
    }
}

/// Parameters with one that no statement declares.
pub fn strange_parameters() -> Map<String, serde_json::Value> {
    Map::from_iter([("colour".to_owned(), json!("red"))])
}
