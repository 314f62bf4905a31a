//! The compiler as its users see it: documents in, programs or errors out.

use super::*;
use crate::{
    Anchor, Clause, Expression, Link, LinkSource, Literal, Operand, Predicate, Term, Unit,
};

const SCHEMAS: [&str; 2] = [
    r#"
        name = "permit"
        version = 1
        title = { en = "Permit", zh = "许可证" }
        description = { en = "A permit", zh = "许可证" }
        system = "test"
        department = "permits"
        key = ["number"]
        attributes = [
            { name = "number", type = "digits", length = 6, title = { en = "Number", zh = "编号" }, description = { en = "n", zh = "n" } },
            { name = "class", type = "code", codes = [
                { code = "A", title = { en = "Large", zh = "大" } },
                { code = "B", title = { en = "Medium", zh = "中" } },
                { code = "C", title = { en = "Small", zh = "小" } },
            ], title = { en = "Class", zh = "类别" }, description = { en = "c", zh = "c" } },
            { name = "owner", type = "text", max_length = 40, title = { en = "Owner", zh = "所有人" }, description = { en = "o", zh = "o" } },
            { name = "points", type = "integer", min = 0, max = 99, title = { en = "Points", zh = "分数" }, description = { en = "p", zh = "p" } },
            { name = "balance", type = "integer", title = { en = "Balance", zh = "余额" }, description = { en = "b", zh = "b" } },
            { name = "fee", type = "decimal", scale = 2, min = "0.00", title = { en = "Fee", zh = "费用" }, description = { en = "f", zh = "f" } },
            { name = "born_on", type = "date", title = { en = "Born on", zh = "出生日期" }, description = { en = "d", zh = "d" } },
            { name = "checked", type = "boolean", title = { en = "Checked", zh = "已检查" }, description = { en = "k", zh = "k" } },
            { name = "photo", type = "digest", title = { en = "Photograph", zh = "照片" }, description = { en = "h", zh = "h" } },
        ]
    "#,
    r#"
        name = "receipt"
        version = 1
        title = { en = "Receipt", zh = "收据" }
        description = { en = "A receipt", zh = "收据" }
        system = "test"
        department = "tills"
        key = ["number"]
        attributes = [
            { name = "number", type = "digits", length = 6, title = { en = "Number", zh = "编号" }, description = { en = "n", zh = "n" } },
            { name = "paid", type = "decimal", scale = 2, min = "0.00", title = { en = "Paid", zh = "已付" }, description = { en = "p", zh = "p" } },
            { name = "payer", type = "text", title = { en = "Payer", zh = "付款人" }, description = { en = "p", zh = "p" } },
        ]
    "#,
];

fn schemas() -> Vec<Schema> {
    SCHEMAS.iter().map(|text| Schema::parse(text).unwrap()).collect()
}

/// A document about the records of `names`, `permit`s but for those called `receipt`.
fn document(condition: &str, names: &[&str], extra: &str) -> String {
    let record = |name: &&str| {
        let schema = if *name == "receipt" { "receipt" } else { "permit" };
        format!(
            "[[records]]\nname = \"{name}\"\nschema = \"{schema}\"\nledgers = [\"{schema}s.example\"]\n"
        )
    };
    let records: String = names.iter().map(record).collect();
    format!(
        "name = \"test\"\nversion = 1\ntitle = {{ en = \"Test\", zh = \"测试\" }}\n\
         description = {{ en = \"Test\", zh = \"测试\" }}\ncondition = '''\n{condition}\n'''\n{records}{extra}"
    )
}

const PARAMETERS: &str = r#"
[[parameters]]
name = "limit"
type = "decimal"
scale = 2
title = { en = "Limit", zh = "限额" }
[[parameters]]
name = "prefix"
type = "digits"
length = 2
title = { en = "Prefix", zh = "前缀" }
[[parameters]]
name = "wanted"
type = "text"
title = { en = "Wanted", zh = "要求" }
[[parameters]]
name = "deadline"
type = "date"
title = { en = "Deadline", zh = "期限" }
"#;

/// The predicates and clauses of a condition on one permit.
fn program(condition: &str) -> (Vec<Predicate>, Vec<Clause>) {
    let parameters: String = PARAMETERS
        .split("[[parameters]]")
        .skip(1)
        .filter(|text| {
            let name = text.split('"').nth(1).unwrap();
            condition.contains(name)
        })
        .map(|text| format!("[[parameters]]{text}"))
        .collect();
    let document = document(condition, &["p"], &parameters);
    let statement = compile(&document, &schemas()).unwrap_or_else(|error| panic!("{error}"));
    let program = statement.records()[0].program.clone();
    (program.predicates, program.clauses)
}

fn errors(condition: &str, names: &[&str], extra: &str) -> CompileErrors {
    compile(&document(condition, names, extra), &schemas()).unwrap_err()
}

fn range(slot: usize, low: u64, high: u64) -> Predicate {
    let (low, high) = (Term::integer(low), Term::integer(high));
    Predicate::Range { operand: Operand::Attribute(slot), low, high }
}

fn codes(slot: usize, codes: &[&str]) -> Predicate {
    let members = codes.iter().map(|code| Term::Code((*code).to_owned())).collect();
    Predicate::Set { operand: Operand::Attribute(slot), members }
}

fn clause(literals: &[(usize, bool)]) -> Clause {
    let literal =
        |(predicate, negated): &(usize, bool)| Literal { predicate: *predicate, negated: *negated };
    Clause { literals: literals.iter().map(literal).collect() }
}

#[test]
fn each_comparison_is_one_predicate() {
    const MAX: u64 = i64::MAX.unsigned_abs();
    for (condition, predicate) in [
        ("p.points <= 12", range(3, 0, 12)),
        ("p.points < 12", range(3, 0, 11)),
        ("12 < p.points", range(3, 13, 99)),
        ("p.points == 12", range(3, 12, 12)),
        ("p.points in [1, 2, 3]", range(3, 1, 3)),
        ("p.points >= 3 && p.points <= 5", range(3, 3, 5)),
        ("p.points < 3 || p.points <= 5", range(3, 0, 5)),
        ("p.number.startsWith('84')", range(0, 840_000, 849_999)),
        ("p.number >= '000100'", range(0, 100, 999_999)),
        ("p.balance < 0", range(4, 0, (1 << 63) - 1)),
        ("p.balance == -5", range(4, (1 << 63) - 5, (1 << 63) - 5)),
        ("p.fee >= 100.50", range(5, 10_050, MAX)),
        ("p.fee >= '100.5'", range(5, 10_050, MAX)),
        ("p.fee >= 100", range(5, 10_000, MAX)),
        ("p.checked", range(7, 1, 1)),
        ("!p.checked", range(7, 0, 0)),
        ("p.checked == false", range(7, 0, 0)),
        ("p.born_on <= date('0001-01-11')", range(6, 0, 10)),
        ("p.class in ['A', 'B']", codes(1, &["A", "B"])),
        ("p.class == 'B' || p.class == 'A'", codes(1, &["A", "B"])),
        ("p.class != 'C'", codes(1, &["A", "B"])),
        ("!(p.class in ['C'])", codes(1, &["A", "B"])),
    ] {
        let (predicates, clauses) = program(condition);
        assert_eq!(predicates, [predicate], "{condition}");
        assert_eq!(clauses, [clause(&[(0, false)])], "{condition}");
    }
}

#[test]
fn what_the_request_gives_stays_symbolic() {
    let date = |anchor, shift, unit, adjust| {
        Term::Expression(Expression::Date { anchor, shift, unit, adjust })
    };
    let last = Term::integer(records::Date::MAX.days());
    let expect = |condition: &str, operand, low: &Term, high: &Term| {
        let (predicates, clauses) = program(condition);
        let expected = Predicate::Range { operand, low: low.clone(), high: high.clone() };
        assert_eq!(predicates, [expected], "{condition}");
        assert_eq!(clauses, [clause(&[(0, false)])], "{condition}");
    };
    let born = Operand::Attribute(6);
    let first = Term::integer(0);
    expect(
        "p.born_on <= years_before(today, 18)",
        born,
        &first,
        &date(Anchor::Today, -18, Unit::Years, 0),
    );
    expect("p.born_on > days_after(today, 3)", born, &date(Anchor::Today, 3, Unit::Days, 1), &last);
    expect(
        "p.valid_until < deadline",
        Operand::ValidUntil,
        &first,
        &date(Anchor::Parameter("deadline".into()), 0, Unit::Days, -1),
    );
    expect(
        "!(p.valid_from > today)",
        Operand::ValidFrom,
        &first,
        &date(Anchor::Today, 0, Unit::Days, 0),
    );
    let limit = Term::Expression(Expression::Number { parameter: "limit".into(), adjust: 0 });
    expect("p.fee >= 5 && p.fee <= limit", Operand::Attribute(5), &Term::integer(500), &limit);
    let prefix = |low: bool| {
        let (parameter, length) = ("prefix".to_owned(), 6);
        Term::Expression(if low {
            Expression::PrefixLow { parameter, length }
        } else {
            Expression::PrefixHigh { parameter, length }
        })
    };
    expect("p.number.startsWith(prefix)", Operand::Attribute(0), &prefix(true), &prefix(false));
    let (predicates, _) = program("p.owner in ['李', wanted]");
    let wanted = Term::Expression(Expression::Member { parameter: "wanted".into() });
    let members = vec![Term::Text("李".into()), wanted];
    assert_eq!(predicates, [Predicate::Set { operand: Operand::Attribute(2), members }]);
}

/// A number parameter without bounds is encoded like the attribute it is compared with.
#[test]
fn parameters_take_the_sign_of_attributes() {
    let limit = PARAMETERS.split("[[parameters]]").nth(1).unwrap();
    let text = document("p.fee >= limit", &["p"], &format!("[[parameters]]{limit}"));
    let statement = compile(&text, &schemas()).unwrap();
    let fee = schemas()[0].attribute("fee").unwrap().1.kind().clone();
    assert!(statement.parameters()[0].kind.is_comparable_with(&fee));
}

#[test]
fn clauses_are_few() {
    let (predicates, clauses) =
        program("(p.points > 5 && p.checked) || (p.points > 5 && p.class == 'A')");
    assert_eq!(predicates.len(), 3);
    assert_eq!(clauses, [clause(&[(0, false)]), clause(&[(1, false), (2, false)])]);
    // Equal predicates, subsumed clauses, tautologies.
    let (predicates, clauses) = program("p.checked && (p.checked || p.points == 1) && !!p.checked");
    assert_eq!((predicates, clauses), (vec![range(7, 1, 1)], vec![clause(&[(0, false)])]));
    // What another comparison of the same value already says.
    let (predicates, _) = program("(p.points < 5 || p.checked) && p.points < 3");
    assert_eq!(predicates, [range(3, 0, 2)]);
}

#[test]
fn joins_are_links() {
    let text = document(
        "p.number == receipt.number && same_holder(p, receipt) && receipt.paid >= 1",
        &["p", "receipt"],
        "",
    );
    let statement = compile(&text, &schemas()).unwrap();
    let links = |record: usize| statement.records()[record].program.links.clone();
    let expected = [
        Link { source: LinkSource::Attribute(0), class: 0 },
        Link { source: LinkSource::Holder, class: 1 },
    ];
    assert_eq!(links(0), expected);
    assert_eq!(links(1), expected);
    // Equality is transitive: one class of three.
    let text =
        document("a.number == b.number && c.number == b.number && a.checked", &["a", "b", "c"], "");
    let statement = compile(&text, &schemas()).unwrap();
    assert_eq!(statement.link_classes(), 1);
    assert!(statement.records().iter().all(|record| record.program.links.len() == 1));
}

#[test]
fn one_mistake_each() {
    use CompileErrorKind as Kind;
    for (condition, kind, at) in [
        ("p.points >", Kind::Syntax, ">"),
        ("p.points ? p.checked : p.checked", Kind::Unsupported, "?"),
        ("q.points > 5", Kind::UnknownName, "q"),
        ("p.point > 5", Kind::UnknownAttribute, "point"),
        ("p.class == 'D'", Kind::UnknownCode, "'D'"),
        ("p.class < 'B'", Kind::Type, "p.class < 'B'"),
        ("p.class == 5", Kind::Type, "5"),
        ("p.points == '5'", Kind::Type, "'5'"),
        ("p.points", Kind::Type, "p.points"),
        ("p.points == 5.5", Kind::Value, "5.5"),
        ("p.points == 100", Kind::Value, "100"),
        ("p.fee == 1.005", Kind::Value, "1.005"),
        ("p.number == '12'", Kind::Value, "'12'"),
        ("p.number.startsWith('1234567')", Kind::Value, "'1234567'"),
        ("p.owner.startsWith('1')", Kind::Type, "p.owner.startsWith('1')"),
        ("p.owner.endsWith('1')", Kind::UnknownName, "p.owner.endsWith('1')"),
        ("p.born_on <= '2000-01-01'", Kind::Type, "'2000-01-01'"),
        ("p.born_on <= date('2000-02-30')", Kind::Value, "'2000-02-30'"),
        ("p.born_on <= years_before(today, p.points)", Kind::Type, "p.points"),
        ("p.born_on <= years_ago(today, 1)", Kind::UnknownName, "years_ago(today, 1)"),
        ("years_after(p.born_on, 18) <= today", Kind::Unsupported, "p.born_on"),
        ("p.points == p.balance", Kind::PrivateComparison, "p.points == p.balance"),
        ("p.points in [p.balance]", Kind::PrivateComparison, "p.balance"),
        ("today == date('2026-01-01')", Kind::Unsupported, "today == date('2026-01-01')"),
        ("p.points >= 0", Kind::AlwaysTrue, "p.points >= 0"),
        ("p.points < 0", Kind::NeverTrue, "p.points < 0"),
        ("p.class in []", Kind::NeverTrue, "p.class in []"),
        ("p.points < 3 && p.points > 5", Kind::NeverTrue, "p.points < 3 && p.points > 5"),
        (
            "(p.points == 1 || p.checked) && p.points == 5 && !p.checked",
            Kind::NeverTrue,
            "(p.points == 1 || p.checked) && p.points == 5 && !p.checked",
        ),
        ("p.checked || !p.checked", Kind::AlwaysTrue, "p.checked || !p.checked"),
        ("(p.checked == true) == true", Kind::Type, "p.checked == true"),
        ("p.checked && false", Kind::NeverTrue, "false"),
        (
            "p.checked && (p.class == 'A' || p.class != 'A' || p.points == 2)",
            Kind::AlwaysTrue,
            "p.class == 'A' || p.class != 'A' || p.points == 2",
        ),
        ("true", Kind::Unused, ""),
    ] {
        let found = errors(condition, &["p"], "");
        let error = &found.errors()[0];
        assert_eq!(error.kind, kind, "{condition}: {found}");
        let text = format!("{condition}\n");
        let place = error.span.map_or("", |span| &text[span.start..span.end]);
        assert_eq!(place, at, "{found}");
    }
}

#[test]
fn mistakes_with_two_records() {
    use CompileErrorKind as Kind;
    for (condition, kind) in [
        ("p.checked || receipt.paid > 5", Kind::MixedRecords),
        ("p.checked && (p.number == receipt.number || p.points == 1)", Kind::ConditionalJoin),
        ("!same_holder(p, receipt)", Kind::ConditionalJoin),
        ("p.fee < receipt.paid", Kind::PrivateComparison),
        ("p.number != receipt.number", Kind::PrivateComparison),
        ("p.points == receipt.paid", Kind::Type),
        ("p.born_on == receipt.valid_from", Kind::PrivateComparison),
        ("same_holder(p)", Kind::Type),
        ("same_holder(p, p)", Kind::Type),
        ("p.checked && receipt.paid > 5", Kind::Unjoined),
        ("p.checked", Kind::Unused),
        (
            "p.number == receipt.number && p.owner == receipt.payer && same_holder(p, receipt)",
            Kind::TooManyLinks,
        ),
    ] {
        let found = errors(condition, &["p", "receipt"], "");
        assert!(found.errors().iter().any(|error| error.kind == kind), "{condition}: {found}");
    }
}

#[test]
fn the_circuit_has_limits() {
    let many = |count: u64, glue: &str| -> String {
        let part = |i: u64| format!("p.points == {}", i * 3);
        let others = (0..count).map(part).collect::<Vec<_>>().join(glue);
        format!("({others}) && p.checked")
    };
    // Values of one attribute fit in few sets.
    assert_eq!(program(&many(16, " || ")).0.len(), 3);
    let ranges: Vec<String> =
        (0..9).map(|i| format!("(p.fee >= {} && p.fee <= {})", i * 10 + 1, i * 10 + 2)).collect();
    let found = errors(&format!("{} || p.points == 1", ranges.join(" || ")), &["p"], "");
    assert_eq!(found.errors()[0].kind, CompileErrorKind::TooManyPredicates);
    assert!(found.to_string().contains("takes 10 predicates"), "{found}");
    // An odd number of five is true: no short form in clauses.
    let odd = "(X && !Y || !X && Y) && !Z || (X && Y || !X && !Y) && Z";
    let odd =
        odd.replace('X', "p.checked").replace('Y', "(p.points > 5)").replace('Z', "(p.fee == 1)");
    assert_eq!(program(&odd).1.len(), 4);
    let more = format!(
        "(({odd}) && p.class == 'A' || !({odd}) && p.class != 'A') && p.owner == 'x' || !(({odd}) && p.class == 'A' || !({odd}) && p.class != 'A') && p.owner != 'x'"
    );
    let found = errors(&more, &["p"], "");
    assert_eq!(found.errors()[0].kind, CompileErrorKind::TooManyClauses, "{found}");
}

#[test]
fn documents_are_checked() {
    use CompileErrorKind as Kind;
    let good = document("p.checked", &["p"], "");
    for (from, to, kind) in [
        ("name = \"test\"", "name = \"Test\"", Kind::Document),
        ("name = \"test\"", "nom = \"test\"", Kind::Document),
        ("name = \"p\"", "name = \"today\"", Kind::Document),
        ("schema = \"permit\"", "schema = \"permits\"", Kind::UnknownName),
        ("[\"permits.example\"]", "[]", Kind::Document),
        ("[\"permits.example\"]", "[\"a\", \"a\"]", Kind::Document),
        ("[\"permits.example\"]", "[\"a b\"]", Kind::Document),
        ("[\"permits.example\"]", "[\"a\"]\nreveal = [\"clas\"]", Kind::UnknownAttribute),
        ("[\"permits.example\"]", "[\"a\"]\nreveal = [\"owner\"]", Kind::Reveals),
        ("[\"permits.example\"]", "[\"a\"]\nreveal = [\"class\", \"class\"]", Kind::Document),
        ("[\"permits.example\"]", "[\"a\"]\ncolour = 1", Kind::Document),
        (
            "[[records]]",
            "[[parameters]]\nname = \"x\"\ntype = \"date\"\ntitle = { en = \"x\", zh = \"x\" }\n[[records]]",
            Kind::Unused,
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let found = compile(&good.replacen(from, to, 1), &schemas()).unwrap_err();
        assert_eq!(found.errors()[0].kind, kind, "{to}: {found}");
    }
    let open = good.replace("[\"permits.example\"]", "[\"a\"]\nreveal_identifying = [\"owner\"]");
    assert_eq!(compile(&open, &schemas()).unwrap().records()[0].program.reveal, [2]);
}

#[test]
fn a_joined_value_is_not_revealed_in_secret() {
    let text = document("p.number == receipt.number", &["p", "receipt"], "");
    let reveal =
        |name: &str| format!("ledgers = [\"{name}s.example\"]\nreveal_identifying = [\"number\"]");
    let one = text.replace("ledgers = [\"permits.example\"]", &reveal("permit"));
    let found = compile(&one, &schemas()).unwrap_err();
    assert_eq!(found.errors()[0].kind, CompileErrorKind::Reveals, "{found}");
    assert!(found.to_string().contains("reveals receipt.number too"), "{found}");
    let both = one.replace("ledgers = [\"receipts.example\"]", &reveal("receipt"));
    assert!(compile(&both, &schemas()).is_ok());
}

#[test]
fn formatting_does_not_change_the_statement() {
    let plain = compile(&document("p.points > 5 && p.class in ['A', 'B']", &["p"], ""), &schemas());
    let other = compile(
        &document("  p . points>5 // why\n\t&& p.class in [\"A\",'B']", &["p"], ""),
        &schemas(),
    );
    let (plain, other) = (plain.unwrap(), other.unwrap());
    assert_eq!(plain.condition(), "p.points > 5 && p.class in ['A', 'B']");
    assert_eq!(plain.id(), other.id());
    assert_eq!(Statement::from_json(&plain.canonical_json()).unwrap().id(), plain.id());
}

#[test]
fn errors_show_the_place() {
    let found =
        errors("p.owner == '王小明' &&\n  p.class in ['A', '大型'] &&\n  p.point > 5", &["p"], "");
    insta::assert_snapshot!(found);
    let found = errors("p.points > 5 &&\n\tp.owner == '北京' || p.fee = 5", &["p"], "");
    insta::assert_snapshot!(found);
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "(?s).{0,120}") {
        let _ = compile(&text, &schemas());
        let _ = compile(&document(&text, &["p", "receipt"], PARAMETERS), &schemas());
    }

    #[test]
    fn never_panics_on_conditions(parts in proptest::collection::vec(proptest::sample::select(&[
        "p.points", "p.class", "receipt.number", "p.number", "(", ")", "[", "]", ",", "==", "<", "in", "&&", "||",
        "!", "5", "1.5", "'A'", "today", "years_before(today, 18)", "same_holder(p, receipt)", "p.checked", "limit", "wanted",
    ][..]), 0..20)) {
        let _ = compile(&document(&parts.join(" "), &["p", "receipt"], PARAMETERS), &schemas());
    }
}
