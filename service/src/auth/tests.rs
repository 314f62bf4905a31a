//! A good token, and one change each.

use super::*;

fn store() -> (tempfile::TempDir, TokenStore, Origin) {
    let folder = tempfile::tempdir().unwrap();
    let store = TokenStore::open(&folder.path().join("tokens")).unwrap();
    (folder, store, Origin::new("traffic.vouch.example").unwrap())
}

#[test]
fn a_token_is_good_for_its_ledger_until_its_end() {
    let (_folder, store, traffic) = store();
    let (token, record) = store.issue(&traffic, "nightly import", 100, Some(200)).unwrap();
    let ask = |ledger: &Origin, now| store.authorize(token.expose(), ledger, now).unwrap();
    assert_eq!(ask(&traffic, 199), Ok(record.id));
    assert_eq!(ask(&traffic, 200), Err(Denied::Expired));
    let customs = Origin::new("customs.vouch.example").unwrap();
    assert_eq!(ask(&customs, 199), Err(Denied::OtherLedger));
    assert_eq!(store.list().unwrap(), [record]);
}

#[test]
fn a_revoked_token_is_refused_at_once_and_stays_in_the_list() {
    let (_folder, store, traffic) = store();
    let (token, record) = store.issue(&traffic, "a", 1, None).unwrap();
    let (other, _) = store.issue(&traffic, "b", 2, None).unwrap();
    // Another process has the same folder open.
    let command_line = store.clone();
    command_line.revoke(record.id, 5).unwrap();
    assert_eq!(command_line.revoke(record.id, 6).unwrap().revoked_at, Some(5));
    assert_eq!(store.authorize(token.expose(), &traffic, 6).unwrap(), Err(Denied::Revoked));
    assert!(store.authorize(other.expose(), &traffic, 6).unwrap().is_ok());
    assert_eq!(store.list().unwrap().len(), 2);
    let stranger = "0011223344556677".parse().unwrap();
    assert!(matches!(store.revoke(stranger, 7), Err(TokenError::Missing(_))));
}

#[test]
fn what_is_no_token_is_unknown() {
    let (_folder, store, traffic) = store();
    let (token, _) = store.issue(&traffic, "a", 1, None).unwrap();
    let text = token.expose();
    let flipped = if text.ends_with('A') { "E" } else { "A" };
    for bad in [
        "",
        "vouch_",
        "../../etc/passwd",
        &text[1..],
        &text[..text.len() - 1],
        &format!("{text}A"),
        &format!("{}{flipped}", &text[..text.len() - 1]),
    ] {
        assert_eq!(store.authorize(bad, &traffic, 1).unwrap(), Err(Denied::Unknown), "{bad}");
    }
}

#[test]
fn the_folder_holds_no_token_and_only_its_owner_reads_it() {
    let (_folder, store, traffic) = store();
    let (token, record) = store.issue(&traffic, "a", 1, None).unwrap();
    let path = store.path(record.id);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&token.expose()["vouch_".len()..]));
    assert!(!format!("{token:?} {record:?}").contains(token.expose()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&store.folder)), (0o600, 0o700));
    }
}

#[test]
fn a_damaged_file_lets_nobody_in() {
    let (_folder, store, traffic) = store();
    let (token, record) = store.issue(&traffic, "a", 1, None).unwrap();
    std::fs::write(store.path(record.id), "{").unwrap();
    assert!(store.authorize(token.expose(), &traffic, 1).is_err());
    assert!(store.list().is_err());
}
