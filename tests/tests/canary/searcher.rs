//! The search finds what is there: each form of each kind of value, wherever it stands.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use records::{Fr, Value, field_to_bytes};
use tests::schema;

use crate::needle::Needle;
use crate::search::Searcher;

const TEXT: &str = "Quillon-Zéphyrine æther 龘靐齉 7";

fn finds(needle: &Needle, bytes: &[u8]) -> bool {
    let around = [b"before it ", bytes, b" behind it"].concat();
    !Searcher::new([needle]).search(&around).is_empty()
}

/// Encodings by other means than those of the search.
#[test]
fn text_is_found_in_every_encoding() {
    let needle = Needle::text("text", TEXT);
    let bytes = TEXT.as_bytes();
    let json = r"Quillon-Z\u00e9phyrine \u00e6ther \u9f98\u9750\u9f49 7";
    let url = "Quillon-Z%C3%A9phyrine%20%C3%A6ther%20%E9%BE%98%E9%9D%90%E9%BD%89%207";
    let mut forms = vec![
        bytes.to_vec(),
        hex::encode(bytes).into_bytes(),
        hex::encode_upper(bytes).into_bytes(),
        json.into(),
        json.replace("00e9", "00E9")
            .replace("00e6", "00E6")
            .replace("f98", "F98")
            .replace("f49", "F49")
            .into(),
        url.into(),
        url.to_lowercase().replace('q', "Q").replace("z%", "Z%").into(),
        format!("{bytes:?}").into_bytes(),
        serde_json::to_vec(bytes).unwrap(),
        r"Quillon-Z\u{e9}phyrine \u{e6}ther \u{9f98}\u{9750}\u{9f49} 7".into(),
        serde_json::to_vec(&serde_json::json!({ "name": TEXT })).unwrap(),
    ];
    for before in ["", "a", "ab", "abc", "{\"name\":\""] {
        for behind in ["", "z", "zz", "\"}"] {
            let whole = [before.as_bytes(), bytes, behind.as_bytes()].concat();
            forms.push(STANDARD.encode(&whole).into_bytes());
            forms.push(URL_SAFE_NO_PAD.encode(&whole).into_bytes());
        }
    }
    for form in forms {
        assert!(finds(&needle, &form), "{}", String::from_utf8_lossy(&form));
    }
    for other in ["Quillon-Zéphyrine æther 龘靐齉 8", "Quillon-Zephyrine", ""] {
        assert!(!finds(&needle, other.as_bytes()), "{other}");
    }
}

#[test]
fn field_elements_are_found_in_every_encoding() {
    let schema = schema("driving_licence");
    let (_, attribute) = schema.attribute("holder_name").unwrap();
    let value = Value::parse(attribute.kind(), TEXT).unwrap();
    let field: Fr = value.encode(attribute.kind());
    let big = field_to_bytes(field);
    let little: Vec<u8> = big.iter().rev().copied().collect();
    let json = serde_json::to_string(&records::Salt::from_field(field)).unwrap();
    let whole = Needle::value("name", attribute.kind(), &value).unwrap();
    for needle in [&Needle::field("field", field), &whole] {
        for form in [
            big.to_vec(),
            little.clone(),
            hex::encode(big).into_bytes(),
            hex::encode_upper(&little).into_bytes(),
            STANDARD.encode([b"x", &big[..]].concat()).into_bytes(),
            URL_SAFE_NO_PAD.encode(&little).into_bytes(),
            field.to_string().into_bytes(),
            format!("{field:?}").into_bytes(),
            format!("{:?}", field.0).into_bytes(),
            json.clone().into_bytes(),
        ] {
            assert!(finds(needle, &form), "{}", String::from_utf8_lossy(&form));
        }
        assert!(!finds(needle, &field_to_bytes(field + Fr::from(1_u64))));
    }
    assert!(finds(&whole, TEXT.as_bytes()));
}

#[test]
fn numbers_are_found_in_every_encoding() {
    let schema = schema("customs_declaration");
    let (_, attribute) = schema.attribute("declared_value").unwrap();
    let value = Value::parse(attribute.kind(), "718281828.45").unwrap();
    let needle = Needle::value("value", attribute.kind(), &value).unwrap();
    let field = Fr::from(71_828_182_845_u64);
    for form in [
        b"718281828.45".to_vec(),
        b"71828182845".to_vec(),
        71_828_182_845_u64.to_le_bytes().to_vec(),
        71_828_182_845_u64.to_be_bytes().to_vec(),
        field_to_bytes(field).to_vec(),
        hex::encode(field_to_bytes(field)).into_bytes(),
        field.to_string().into_bytes(),
        STANDARD.encode("718281828.45").into_bytes(),
    ] {
        assert!(finds(&needle, &form), "{}", String::from_utf8_lossy(&form));
    }
    assert!(!finds(&needle, b"718281828.46"));
}

#[test]
fn files_and_their_names_are_searched() {
    let folder = tempfile::tempdir().unwrap();
    let needle = Needle::text("text", TEXT);
    let searcher = Searcher::new([&needle]);
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    std::fs::write(folder.path().join("inner/one"), "nothing").unwrap();
    assert!(searcher.search_folder(folder.path()).is_empty());
    std::fs::write(folder.path().join("inner/two"), format!("x{TEXT}")).unwrap();
    assert_eq!(searcher.search_folder(folder.path()).len(), 1);
    std::fs::write(folder.path().join(hex::encode("x")), "").unwrap();
    std::fs::create_dir(folder.path().join(TEXT)).unwrap();
    assert_eq!(searcher.search_folder(folder.path()).len(), 2);
}
