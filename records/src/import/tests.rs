use super::*;
use proptest::prelude::*;

const SCHEMA: &str = r#"
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
    name = "holder"
    type = "text"
    max_length = 6
    title = { en = "Holder", zh = "持有人" }
    description = { en = "Holder", zh = "持有人" }

    [[attributes]]
    name = "kind"
    type = "code"
    codes = [{ code = "full", title = { en = "Full", zh = "完全" } }]
    title = { en = "Kind", zh = "种类" }
    description = { en = "Kind", zh = "种类" }

    [[attributes]]
    name = "seats"
    type = "integer"
    min = 0
    title = { en = "Seats", zh = "座位" }
    description = { en = "Seats", zh = "座位" }
"#;

const HEADER: &str = "number,holder,kind,seats,valid_from,valid_until";
const GOOD: &str = "17612345675,王小明,full,4,2026-01-31,2032-01-31";
const GOOD_JSON: &str = r#"{"number":"17612345675","holder":"王小明","kind":"full","seats":4,"valid_from":"2026-01-31","valid_until":"2032-01-31"}"#;

fn schema() -> Schema {
    Schema::parse(SCHEMA).unwrap()
}

/// Line, column and code of every error, and the lines of the good rows.
fn summary(format: Format, bytes: &[u8]) -> (Vec<u64>, Vec<(u64, String, &'static str)>) {
    let report = import(&schema(), format, bytes);
    let column = |error: &LineError| error.column.as_ref().map_or(String::new(), Column::to_string);
    (
        report.rows.iter().map(|row| row.line).collect(),
        report.errors.iter().map(|e| (e.line, column(e), e.kind.code())).collect(),
    )
}

#[test]
fn reads_both_formats_alike() {
    let tag = "00".repeat(31) + "07";
    let csv = format!("\u{feff}{HEADER},holder_tag\r\n\r\n{GOOD},{tag}\r\n");
    let json = GOOD_JSON.replace("\"seats\"", &format!("\"holder_tag\":\"{tag}\",\"seats\""));
    let mut from_csv = import(&schema(), Format::Csv, csv.as_bytes());
    let from_json = import(&schema(), Format::JsonLines, json.as_bytes());
    assert_eq!(from_csv.errors, []);
    assert_eq!(from_csv.rows[0].line, 3);
    assert_eq!(from_csv.rows[0].holder_tag, tag.parse().ok());
    from_csv.rows[0].line = 1;
    assert_eq!(from_csv, from_json);
}

#[test]
fn columns_may_stand_in_any_order() {
    let csv = "valid_until,seats,number,kind,holder,valid_from\n\
        2032-01-31,4,17612345675,full,王小明,2026-01-31";
    assert_eq!(summary(Format::Csv, csv.as_bytes()), (vec![2], vec![]));
}

#[test]
fn one_mutation_each_names_line_column_and_kind() {
    for (from, to, column, code) in [
        ("17612345675", "17612345676", "column number", "bad_check_digit"),
        ("17612345675", "1761234567", "column number", "wrong_length"),
        ("17612345675", "", "column number", "missing_value"),
        ("王小明", "王小明王小明王", "column holder", "too_long"),
        ("王小明", "e\u{301}", "column holder", "not_normalized"),
        ("full", "half", "column kind", "unknown_code"),
        (",4,", ",four,", "column seats", "wrong_type"),
        (",4,", ",-4,", "column seats", "out_of_bounds"),
        ("2026-01-31", "2026-02-31", "column valid_from", "nonexistent_date"),
        ("2026-01-31", "31.01.2026", "column valid_from", "malformed_date"),
        ("2032-01-31", "2025-01-31", "column valid_until", "ends_before_it_begins"),
        (",full", "", "", "field_count"),
        ("full", "\"full", "", "malformed_csv"),
    ] {
        let csv = format!("{HEADER}\n{}\n{}", GOOD.replace(from, to), GOOD);
        let (rows, errors) = summary(Format::Csv, csv.as_bytes());
        assert_eq!(errors[0], (2, column.to_owned(), code), "{to}");
        // A readable key counts although its row is bad.
        let repeated =
            code != "malformed_csv" && code != "field_count" && column != "column number";
        assert_eq!((rows.len(), errors.len()), if repeated { (0, 2) } else { (1, 1) }, "{to}");
    }
}

#[test]
fn one_mutation_each_of_json() {
    for (from, to, column, code) in [
        ("\"seats\":4", "\"seats\":\"4\"", "column seats", "wrong_type"),
        ("\"seats\":4", "\"seats\":null", "column seats", "missing_value"),
        ("\"seats\":4,", "", "column seats", "missing_value"),
        ("\"seats\":4", "\"seats\":4,\"seats\":5", "column seats", "repeated_column"),
        ("\"seats\":4", "\"seats\":4,\"colour\":5", "column 5", "unknown_column"),
        ("\"seats\":4", "\"seats\":4,\"holder_tag\":5", "column holder_tag", "bad_holder_tag"),
        ("}", "", "", "malformed_json"),
        ("{", "[{", "", "not_an_object"),
    ] {
        let (_, errors) = summary(Format::JsonLines, GOOD_JSON.replace(from, to).as_bytes());
        assert_eq!(errors, [(1, column.to_owned(), code)], "{to}");
    }
}

#[test]
fn all_errors_of_a_line_are_told() {
    let csv = format!("{HEADER}\n1,王小明王小明王,half,x,y,z");
    let (_, errors) = summary(Format::Csv, csv.as_bytes());
    assert_eq!(errors.len(), 6);
}

#[test]
fn a_bad_header_ends_reading() {
    let (rows, errors) = summary(Format::Csv, format!("{GOOD}\n{GOOD}").as_bytes());
    assert!(rows.is_empty());
    assert!(errors.iter().all(|(line, _, _)| *line == 1));
    let unknown = errors.iter().filter(|(_, _, code)| *code == "unknown_column").count();
    assert_eq!((unknown, errors.len()), (6, 12));
    assert_eq!(summary(Format::Csv, b"").1, [(1, String::new(), "no_header")]);
    assert_eq!(summary(Format::JsonLines, b""), (vec![], vec![]));
}

#[test]
fn names_the_first_of_two_records() {
    let csv = format!("{HEADER}\n{GOOD}\n{GOOD}\n{GOOD}");
    let report = import(&schema(), Format::Csv, csv.as_bytes());
    assert_eq!(report.rows.len(), 1);
    let kinds: Vec<_> = report.errors.into_iter().map(|error| (error.line, error.kind)).collect();
    let duplicate = LineErrorKind::Duplicate { first: 2 };
    assert_eq!(kinds, [(3, duplicate.clone()), (4, duplicate)]);
}

#[test]
fn reading_goes_on_after_bytes_that_are_no_text() {
    let mut csv = format!("{HEADER}\n").into_bytes();
    csv.extend(b"\xff\xfe\n");
    csv.extend(GOOD.as_bytes());
    assert_eq!(summary(Format::Csv, &csv), (vec![3], vec![(2, String::new(), "not_utf8")]));
}

#[test]
fn errors_hold_no_value() {
    let secret = "张三丰秘密";
    for line in [
        format!("{secret},{secret},{secret},{secret},{secret},{secret}"),
        format!("{secret}\"{secret}"),
        secret.to_owned(),
    ] {
        for csv in [format!("{HEADER}\n{line}"), line] {
            for error in import(&schema(), Format::Csv, csv.as_bytes()).errors {
                let text = format!("{error} {error:?}");
                assert!(!text.contains("秘密"), "{text}");
            }
        }
    }
    for json in [
        format!("{{\"{secret}\":\"{secret}\",\"kind\":\"{secret}\",\"number\":\"{secret}\"}}"),
        format!("\"{secret}\""),
        format!("{{\"{secret}\" {secret}"),
    ] {
        for error in import(&schema(), Format::JsonLines, json.as_bytes()).errors {
            let text = format!("{error} {error:?}");
            assert!(!text.contains("秘密"), "{text}");
        }
    }
}

/// Lines that are nearly right get further than random bytes.
fn nearly_right() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(HEADER.as_bytes().to_vec()),
        Just(GOOD.as_bytes().to_vec()),
        Just(GOOD_JSON.as_bytes().to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\"".to_vec()),
        Just(b",".to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn never_panics(bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..300), nearly_right()]) {
        for format in [Format::Csv, Format::JsonLines] {
            let report = import(&schema(), format, &bytes[..]);
            let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
            prop_assert!(report.rows.iter().all(|row| (1..=lines).contains(&row.line)));
            prop_assert!(report.errors.iter().all(|e| (1..=lines).contains(&e.line)));
        }
    }
}
