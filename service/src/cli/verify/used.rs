//! The nonces that were answered, in a file: one in each line.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use statements::Nonce;

/// Claims a nonce: whether it was unused. The claim is on disk when this returns; of several
/// processes that claim one nonce at a time, one is told that it was unused.
pub(super) fn claim(path: &Path, nonce: Nonce) -> anyhow::Result<bool> {
    let context = || format!("the file of used nonces {}", path.display());
    let mut file = open(path).with_context(context)?;
    file.lock().with_context(context)?;
    let mut text = String::new();
    file.read_to_string(&mut text).with_context(context)?;
    let nonce = nonce.to_string();
    if text.lines().any(|line| line == nonce) {
        return Ok(false);
    }
    // A line that a crash cut short must not swallow the next one.
    let start = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    writeln!(file, "{start}{nonce}").with_context(context)?;
    file.sync_all().with_context(context)?;
    Ok(true)
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_unused_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("used.txt");
        let (one, other) = (Nonce::from_bytes([1; 16]), Nonce::from_bytes([2; 16]));
        assert!(claim(&path, one).unwrap());
        assert!(claim(&path, other).unwrap());
        assert!(!claim(&path, one).unwrap());
        assert!(!claim(&path, other).unwrap());
    }

    #[test]
    fn a_line_cut_short_hides_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("used.txt");
        std::fs::write(&path, "0101").unwrap();
        let nonce = Nonce::from_bytes([1; 16]);
        assert!(claim(&path, nonce).unwrap());
        assert!(!claim(&path, nonce).unwrap());
    }
}
