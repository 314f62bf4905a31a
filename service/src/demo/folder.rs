//! The folder of the demonstration.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// Marks a folder as one of ours, which the next run may empty.
const MARKER: &str = ".vouch-demo";

/// ```text
/// server/    what the service keeps
/// wallets/   the holders' wallets
/// ```
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, empty. One with anything in it that no demonstration made is refused.
    pub(super) fn prepare(path: &Path) -> anyhow::Result<Self> {
        let context = || format!("the folder {}", path.display());
        let marker = path.join(MARKER);
        if path.exists() && !marker.exists() {
            let empty = fs::read_dir(path).with_context(context)?.next().is_none();
            if !empty {
                bail!(
                    "{} is not empty and no demonstration made it; name another with --data",
                    path.display()
                );
            }
        }
        fs::create_dir_all(path).with_context(context)?;
        fs::write(&marker, "made by `vouch demo`, which empties this folder when it runs again\n")
            .with_context(context)?;
        let folder = Self(path.to_owned());
        for part in [folder.server(), folder.wallets()] {
            if part.exists() {
                fs::remove_dir_all(&part).with_context(context)?;
            }
        }
        fs::create_dir_all(folder.wallets()).with_context(context)?;
        Ok(folder)
    }

    /// What the service keeps.
    pub(super) fn server(&self) -> PathBuf {
        self.0.join("server")
    }

    fn wallets(&self) -> PathBuf {
        self.0.join("wallets")
    }

    /// The file of a holder's wallet.
    pub(super) fn wallet(&self, name: &str) -> PathBuf {
        self.wallets().join(format!("{name}.age"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empties_its_own_folder_and_no_other() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("demo");
        let folder = Folder::prepare(&path).unwrap();
        fs::write(folder.wallet("citizen"), "x").unwrap();
        let again = Folder::prepare(&path).unwrap();
        assert!(!again.wallet("citizen").exists());

        let other = outer.path().join("photos");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("one.jpg"), "x").unwrap();
        assert!(Folder::prepare(&other).is_err());
        assert!(other.join("one.jpg").exists());
    }
}
