//! The file of a wallet: one owner at a time, replaced as a whole or not at all.
//!
//! Durability: when [`WalletFile::replace`] returns, the new content survives a crash and a loss
//! of power. Atomicity: whatever happens before that, the file holds the old content or the new,
//! never a part. Concurrency: a second process that opens the same wallet is refused.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Largest wallet file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// Why the file of a wallet cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// A new wallet where one is already.
    #[error("{0} exists already")]
    Exists(PathBuf),
    /// No wallet there.
    #[error("there is no wallet at {0}")]
    Missing(PathBuf),
    /// Another process has it open.
    #[error("the wallet {0} is in use by another process")]
    Locked(PathBuf),
    /// Longer than any wallet.
    #[error("the wallet {0} is longer than any wallet")]
    TooLong(PathBuf),
    /// The operating system refused.
    #[error("{action} {path}: {error}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What it answered.
        error: io::Error,
    },
}

/// A wallet's file, locked for as long as this lives.
pub(crate) struct WalletFile {
    path: PathBuf,
    staged: PathBuf,
    /// Beside the wallet, because the wallet's own inode changes with every replacement. The
    /// operating system releases the lock when the process ends, however it ends.
    lock: File,
}

/// Closing the file is not enough: a process that is just being started holds a copy of it for a
/// moment, and with it the lock.
impl Drop for WalletFile {
    fn drop(&mut self) {
        // It is released when the process ends, if not now.
        let _ = self.lock.unlock();
    }
}

impl WalletFile {
    /// Locks the place of a wallet that does not exist yet.
    pub(crate) fn create(path: &Path) -> Result<Self, FileError> {
        let file = Self::lock(path)?;
        match path.try_exists() {
            Ok(false) => Ok(file),
            Ok(true) => Err(FileError::Exists(path.to_owned())),
            Err(error) => Err(io_error("looking for", path, error)),
        }
    }

    /// Locks an existing wallet. Links are followed first: it is the file itself that is replaced
    /// and locked, by whatever name it is opened.
    pub(crate) fn open(path: &Path) -> Result<Self, FileError> {
        match path.canonicalize() {
            Ok(path) => Self::lock(&path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(FileError::Missing(path.to_owned()))
            }
            Err(error) => Err(io_error("looking for", path, error)),
        }
    }

    fn lock(path: &Path) -> Result<Self, FileError> {
        let lock_path = beside(path, "lock");
        let lock = private()
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(|error| io_error("opening", &lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), staged: beside(path, "new"), lock }),
            Err(TryLockError::WouldBlock) => Err(FileError::Locked(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(io_error("locking", &lock_path, error)),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The whole content.
    pub(crate) fn read(&self) -> Result<Vec<u8>, FileError> {
        let failed = |error| io_error("reading", &self.path, error);
        let file = File::open(&self.path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(FileError::TooLong(self.path.clone()));
        }
        Ok(bytes)
    }

    /// Replaces the content: written beside the wallet and flushed, then renamed over it.
    pub(crate) fn replace(&self, bytes: &[u8]) -> Result<(), FileError> {
        self.stage(bytes)?;
        self.commit()
    }

    /// A crash from here to the end of `stage` leaves the old content, and a file that the next
    /// `stage` overwrites.
    fn stage(&self, bytes: &[u8]) -> Result<(), FileError> {
        let failed = |error| io_error("writing", &self.staged, error);
        match fs::remove_file(&self.staged) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        // `create_new`, so that nobody's link or file is written through.
        let mut file = private().create_new(true).open(&self.staged).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        file.sync_all().map_err(failed)
    }

    fn commit(&self) -> Result<(), FileError> {
        let failed = |error| io_error("replacing", &self.path, error);
        fs::rename(&self.staged, &self.path).map_err(failed)?;
        sync_folder(&self.path).map_err(failed)
    }
}

/// Makes the rename durable; other systems than Unix do it by themselves.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Options for a file that only its owner can read or write.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// `wallet.age` → `wallet.age.lock`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn io_error(action: &'static str, path: &Path, error: io::Error) -> FileError {
    FileError::Io { action, path: path.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wallet(folder: &tempfile::TempDir) -> PathBuf {
        folder.path().join("wallet.age")
    }

    #[test]
    fn a_crash_leaves_the_old_content_or_the_new() {
        let folder = tempfile::tempdir().unwrap();
        let file = WalletFile::create(&wallet(&folder)).unwrap();
        file.replace(b"old").unwrap();
        // Fails before persisting: only a part was written beside the wallet.
        fs::write(&file.staged, b"ne").unwrap();
        assert_eq!(file.read().unwrap(), b"old");
        // Fails after writing, before the rename.
        file.stage(b"new").unwrap();
        assert_eq!(file.read().unwrap(), b"old");
        // Fails after the rename.
        file.commit().unwrap();
        assert_eq!(file.read().unwrap(), b"new");
        file.replace(b"newer").unwrap();
        assert_eq!(file.read().unwrap(), b"newer");
        assert!(!file.staged.exists());
    }

    #[test]
    fn a_write_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = WalletFile::create(&wallet(&folder)).unwrap();
        file.replace(b"old").unwrap();
        // A folder in the way: neither removable as a file nor writable.
        fs::create_dir(&file.staged).unwrap();
        assert!(matches!(file.replace(b"new"), Err(FileError::Io { .. })));
        assert_eq!(file.read().unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = WalletFile::create(&wallet(&folder)).unwrap();
        file.replace(b"content").unwrap();
        let mode = fs::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_the_same_wallet() {
        let (folder, links) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = wallet(&folder);
        WalletFile::create(&path).unwrap().replace(b"old").unwrap();
        let link = wallet(&links);
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let file = WalletFile::open(&link).unwrap();
        assert!(matches!(WalletFile::open(&path), Err(FileError::Locked(_))));
        file.replace(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(link.is_symlink());
    }

    #[test]
    fn one_owner_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = wallet(&folder);
        assert!(matches!(WalletFile::open(&path), Err(FileError::Missing(_))));
        let file = WalletFile::create(&path).unwrap();
        file.replace(b"content").unwrap();
        assert!(matches!(WalletFile::open(&path), Err(FileError::Locked(_))));
        drop(file);
        assert!(matches!(WalletFile::create(&path), Err(FileError::Exists(_))));
        assert_eq!(WalletFile::open(&path).unwrap().read().unwrap(), b"content");
    }
}
