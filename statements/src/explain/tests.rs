//! Explanations as people read them, and programs that must not be explained.

use records::schema::builtin;

use super::*;
use crate::{Expression, Predicate, StatementParts, Term, catalogue};

/// Every statement of the catalogue in both languages.
#[test]
fn the_catalogue_in_words() {
    for statement in catalogue::all() {
        for (language, suffix) in [(Language::En, "en"), (Language::Zh, "zh")] {
            let text = explain(statement, builtin::all(), language).unwrap().to_string();
            insta::assert_snapshot!(format!("{}_{suffix}", statement.name()), text);
        }
    }
}

fn compiled(condition: &str) -> Vec<String> {
    let document = format!(
        "name = \"test\"\nversion = 1\ntitle = {{ en = \"T\", zh = \"题\" }}\n\
         description = {{ en = \"D\", zh = \"述\" }}\ncondition = \"\"\"{condition}\"\"\"\n\
         [[parameters]]\nname = \"limit\"\ntype = \"decimal\"\nscale = 2\n\
         title = {{ en = \"Limit\", zh = \"限额\" }}\n\
         [[records]]\nname = \"tax\"\nschema = \"tax_payment\"\nledgers = [\"tax.vouch.example\"]\n"
    );
    let statement = catalogue::compile(&document).unwrap_or_else(|error| panic!("{error}"));
    let explanation = explain(&statement, builtin::all(), Language::En).unwrap();
    explanation.records[0].conditions.clone()
}

#[test]
fn comparisons_in_words() {
    for (condition, expected) in [
        (
            "tax.duty_paid >= limit",
            "Duty paid is at least \"Limit\" as the relying party chooses it",
        ),
        (
            "!(tax.duty_paid >= limit)",
            "Duty paid is less than \"Limit\" as the relying party chooses it",
        ),
        (
            "tax.duty_paid > limit",
            "Duty paid is more than \"Limit\" as the relying party chooses it",
        ),
        ("tax.duty_paid == limit", "Duty paid is \"Limit\" as the relying party chooses it"),
        ("tax.duty_paid != limit", "Duty paid is not \"Limit\" as the relying party chooses it"),
        (
            "tax.duty_paid >= 5 && tax.duty_paid < limit",
            "Duty paid is at least 5.00 and less than \"Limit\" as the relying party chooses it",
        ),
        (
            "tax.duty_paid < 5 || tax.duty_paid > limit",
            "Duty paid is not both at least 5.00 and at most \"Limit\" as the relying party chooses it",
        ),
    ] {
        assert_eq!(compiled(condition), [expected], "{condition}");
    }
    assert_eq!(
        compiled(
            "tax.duty_paid > limit && (tax.status in ['paid', 'exempt'] || !(tax.paid_on > date('2026-01-31')))"
        )[1],
        "Status is one of Exempt (exempt); Paid (paid), or Paid on is on or before 2026-01-31"
    );
}

/// A valid statement with one mutation each.
#[test]
fn what_has_no_meaning_is_not_explained() {
    let statement = catalogue::by_name("duty_paid_above").unwrap();
    let shorter = catalogue::by_name("over_18").unwrap();
    let mutate = |statement: &Statement, change: &dyn Fn(&mut StatementParts)| {
        let mut parts: StatementParts = serde_json::from_str(&statement.canonical_json()).unwrap();
        change(&mut parts);
        let statement = Statement::new(parts).unwrap();
        explain(&statement, builtin::all(), Language::En).unwrap_err()
    };
    let mutated = |change: &dyn Fn(&mut StatementParts)| mutate(statement, change);
    let operand = Operand::Attribute(10);
    let predicate = |predicate: Predicate| {
        mutated(&move |parts| parts.records[0].program.predicates[0] = predicate.clone())
    };
    assert!(matches!(
        mutated(&|parts| parts.records[0].schema = "driving_licence".into()),
        ExplainError::SchemaName { .. }
    ));
    assert!(matches!(
        mutated(&|parts| parts.records[0].program.schema = records::SchemaId::from_field(1.into())),
        ExplainError::UnknownSchema(_)
    ));
    assert!(matches!(
        mutate(shorter, &|parts| parts.records[0].program.reveal = vec![15]),
        ExplainError::Slot { slot: 15, .. }
    ));
    let number = || Term::integer(5);
    for wrong in [
        Predicate::Range { operand, low: number(), high: number() },
        Predicate::Set { operand, members: vec![number()] },
        Predicate::Set { operand, members: vec![Term::Text("paid".into())] },
        Predicate::Set {
            operand: Operand::Attribute(7),
            members: vec![
                Term::Expression(Expression::Member { parameter: "threshold".into() }),
                Term::Code("5".into()),
            ],
        },
        Predicate::Range {
            operand: Operand::ValidFrom,
            low: Term::Expression(Expression::Number { parameter: "threshold".into(), adjust: 0 }),
            high: number(),
        },
        Predicate::Range {
            operand: Operand::Attribute(7),
            low: Term::Expression(Expression::Number { parameter: "threshold".into(), adjust: 9 }),
            high: number(),
        },
    ] {
        assert!(matches!(predicate(wrong), ExplainError::Predicate { .. }));
    }
}
