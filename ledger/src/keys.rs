//! Files of signing keys: `<origin>.key`, readable by their owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use records::Origin;
use zeroize::Zeroizing;

use crate::error::LedgerError;
use crate::signer::LedgerSigner;

/// Owner reads and writes, nobody else anything.
const KEY_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;
/// Permissions of group and others.
const OTHERS: u32 = 0o077;

/// A folder of key files.
#[derive(Debug)]
pub(crate) struct KeyFolder(PathBuf);

impl KeyFolder {
    /// Opens the folder, or makes it.
    pub(crate) fn open(folder: PathBuf) -> Result<Self, LedgerError> {
        DirBuilder::new()
            .recursive(true)
            .mode(FOLDER_MODE)
            .create(&folder)
            .map_err(|error| refuse(&folder, error))?;
        Ok(Self(folder))
    }

    /// The key of a ledger, or none.
    ///
    /// # Errors
    /// [`LedgerError::KeyFile`] for a file that others may read, or with another ledger's key.
    pub(crate) fn load(&self, origin: &Origin) -> Result<Option<LedgerSigner>, LedgerError> {
        let path = self.path(origin);
        let text = match read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refuse(&path, error)),
        };
        let signer = LedgerSigner::from_text(text).map_err(|error| refuse(&path, error))?;
        if signer.origin() == origin {
            Ok(Some(signer))
        } else {
            Err(refuse(&path, format!("it is the key of {}", signer.origin())))
        }
    }

    /// The error for a ledger without a key.
    pub(crate) fn missing(&self, origin: &Origin) -> LedgerError {
        refuse(&self.path(origin), "the ledger's key is missing")
    }

    /// Writes a new key. The file is whole, durable and private before it has its name.
    pub(crate) fn save(&self, signer: &LedgerSigner) -> Result<(), LedgerError> {
        let path = self.path(signer.origin());
        self.write(&path, signer.secret_text()).map_err(|error| refuse(&path, error))
    }

    fn write(&self, path: &Path, text: &str) -> io::Result<()> {
        let unfinished = path.with_extension("unfinished");
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(KEY_MODE).open(&unfinished)?;
        // The mode above is for a new file; one may have been left by a process that died.
        file.set_permissions(Permissions::from_mode(KEY_MODE))?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        // Unlike a rename, a link never replaces a key.
        fs::hard_link(&unfinished, path)?;
        fs::remove_file(&unfinished)?;
        File::open(&self.0)?.sync_all()
    }

    /// An origin has neither `/` nor control characters, so it names a file in the folder.
    fn path(&self, origin: &Origin) -> PathBuf {
        self.0.join(format!("{origin}.key"))
    }
}

fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & OTHERS != 0 {
        let reason = format!("others than its owner may use it (mode {:o})", mode & 0o777);
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
    }
    let mut text = Zeroizing::new(fs::read_to_string(path)?);
    let length = text.trim_end().len();
    text.truncate(length);
    Ok(text)
}

fn refuse(path: &Path, reason: impl ToString) -> LedgerError {
    LedgerError::KeyFile { path: path.display().to_string(), reason: reason.to_string() }
}
