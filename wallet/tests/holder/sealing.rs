//! What lies on the disk, and who can read it.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use wallet::{FileError, SealError, Wallet, WalletError, WorkFactor};

use crate::town::{LIGHT, PASSPHRASE, Town, Values, schema, schemas};

fn refused(result: Result<Wallet, WalletError>) -> WalletError {
    result.err().unwrap()
}

#[test]
fn a_holder_closes_the_wallet_and_opens_it_again() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let id = town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 12));
    let tag = wallet.new_tag("to come").unwrap();
    let (records, keys) = (wallet.records(), wallet.ledger_keys());
    drop(wallet);

    let wallet = Wallet::open(&town.path(), PASSPHRASE).unwrap();
    assert_eq!(wallet.records(), records);
    assert_eq!(wallet.ledger_keys(), keys);
    assert_eq!(wallet.pending_tags()[0].tag, tag);
    assert_eq!(wallet.record(id).unwrap().attributes["number"], "A-1");
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_loses_nothing() {
    let town = Town::new();
    drop(town.wallet());
    let before = fs::read(town.path()).unwrap();
    for wrong in ["another", "A donkey learns to swim", " a donkey learns to swim"] {
        let error = refused(Wallet::open(&town.path(), wrong));
        assert!(matches!(error, WalletError::Seal(SealError::WrongPassphrase)), "{error}");
    }
    let error = refused(Wallet::open(&town.path(), ""));
    assert!(matches!(error, WalletError::Seal(SealError::EmptyPassphrase)), "{error}");
    assert_eq!(fs::read(town.path()).unwrap(), before);
    Wallet::open(&town.path(), PASSPHRASE).unwrap();
}

#[test]
fn nothing_in_the_folder_can_be_read_without_the_passphrase() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let tag = wallet.new_tag("LABEL-CANARY").unwrap();
    let bundle =
        town.issue("traffic", &schema("licence"), tag, Values("NUMBER-CANARY", 31_337_421));
    let salt = hex(&bundle.header.salt.to_bytes());
    wallet.add(bundle, &schemas()).unwrap();
    wallet.refresh(&town, crate::town::NOW).unwrap();
    drop(wallet);

    let canaries = ["CANARY", "31337421", &salt, &tag.to_string(), "traffic", "licence", "secret"];
    for file in fs::read_dir(town.path().parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for canary in canaries {
            let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} in {}", path.display());
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn any_age_tool_can_open_it() {
    let town = Town::new();
    drop(town.wallet());
    let identity = age::scrypt::Identity::new(PASSPHRASE.to_owned().into());
    let opened = age::decrypt(&identity, &fs::read(town.path()).unwrap()).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&opened).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["secret"].as_str().unwrap().len(), 64);
}

#[test]
fn a_new_passphrase_takes_the_place_of_the_old() {
    let town = Town::new();
    let mut wallet = town.wallet();
    wallet.new_tag("to come").unwrap();
    wallet.change_passphrase("a cow learns to sing", WorkFactor::new(2).unwrap()).unwrap();
    wallet.new_tag("another").unwrap();
    drop(wallet);
    assert!(Wallet::open(&town.path(), PASSPHRASE).is_err());
    let wallet = Wallet::open(&town.path(), "a cow learns to sing").unwrap();
    assert_eq!(wallet.pending_tags().len(), 2);
    let head = fs::read(town.path()).unwrap();
    assert!(head.windows(3).take(120).any(|window| window == b" 2\n"), "the work factor is kept");
}

#[test]
fn a_second_process_is_refused_and_a_wallet_is_never_overwritten() {
    let town = Town::new();
    let wallet = town.wallet();
    let error = refused(Wallet::open(&town.path(), PASSPHRASE));
    assert!(matches!(error, WalletError::File(FileError::Locked(_))), "{error}");
    drop(wallet);
    let error = refused(Wallet::create_with(&town.path(), "other", LIGHT));
    assert!(matches!(error, WalletError::File(FileError::Exists(_))), "{error}");
    Wallet::open(&town.path(), PASSPHRASE).unwrap();
}

#[test]
fn a_change_that_cannot_be_saved_is_not_made() {
    let town = Town::new();
    let mut wallet = town.wallet();
    wallet.new_tag("saved").unwrap();
    // A folder where the new content is staged.
    let staged = town.path().with_extension("age.new");
    fs::create_dir(&staged).unwrap();
    assert!(matches!(wallet.new_tag("lost"), Err(WalletError::File(_))));
    assert!(wallet.change_passphrase("other", LIGHT).is_err());
    assert_eq!(wallet.pending_tags().len(), 1);
    fs::remove_dir(&staged).unwrap();
    wallet.new_tag("saved too").unwrap();
    drop(wallet);
    assert_eq!(Wallet::open(&town.path(), PASSPHRASE).unwrap().pending_tags().len(), 2);
}

const CHILD: &str = "VOUCH_TEST_WALLET_OF_CHILD";

/// Not a test of its own: what the killed process of the test below does.
#[test]
fn child_draws_tags_until_it_is_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let mut wallet = Wallet::open(path.as_ref(), PASSPHRASE).unwrap();
    loop {
        wallet.new_tag("tag").unwrap();
    }
}

#[test]
fn a_process_that_is_killed_leaves_a_whole_wallet() {
    let town = Town::new();
    drop(town.wallet());
    let mut least = 0;
    for round in 0..10 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sealing::child_draws_tags_until_it_is_killed", "--nocapture"])
            .env(CHILD, town.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(60 + 7 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let tags = Wallet::open(&town.path(), PASSPHRASE).unwrap().pending_tags().len();
        assert!(tags >= least, "tags that were saved are lost");
        least = tags;
    }
    assert!(least > 0, "no process came far enough to be killed at work");
}
