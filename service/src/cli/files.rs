//! Reading and writing files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::error::Advise as _;

/// The name that stands for standard input and standard output.
const STREAM: &str = "-";

/// Reads a text file; `-` is standard input.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    open(path)?
        .read_to_string(&mut text)
        .with_context(|| format!("{} cannot be read as text", path.display()))?;
    Ok(text)
}

/// Reads a file; `-` is standard input.
pub(crate) fn read_bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(bytes)
}

/// Opens a file for reading; `-` is standard input.
pub(crate) fn open(path: &Path) -> anyhow::Result<BufReader<Box<dyn Read>>> {
    if path.as_os_str() == STREAM {
        return Ok(BufReader::new(Box::new(io::stdin())));
    }
    let file = File::open(path)
        .with_context(|| format!("{} cannot be opened", path.display()))
        .advise("check the path, or give - to read standard input")?;
    Ok(BufReader::new(Box::new(file)))
}

/// Writes a file, or standard output where no path or `-` is given.
pub(crate) fn write(path: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    match path {
        Some(path) if path.as_os_str() != STREAM => {
            fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
        }
        _ => {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            out.flush()?;
            Ok(())
        }
    }
}

/// A file that only its owner can read, and that has its name only when it is whole. Until
/// then it is beside, under the name with the ending `.part`; dropping it removes that.
#[derive(Debug)]
pub(crate) struct PrivateFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
    length: u64,
    settled: bool,
}

/// Begins a private file: fails now, rather than when the bytes are there, where it cannot be
/// written, or exists.
pub(crate) fn private_file(path: &Path) -> anyhow::Result<PrivateFile> {
    if path.exists() {
        return Err(anyhow::anyhow!("{} exists", path.display()))
            .advise("name another file, or move that one away");
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(&part)
        .with_context(|| format!("{} cannot be written", part.display()))
        .advise("check that its folder can be written, and that no earlier run left it there")?;
    Ok(PrivateFile { path: path.to_owned(), part, file, length: 0, settled: false })
}

impl PrivateFile {
    /// Bytes in it.
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// Appends bytes; they are on disk when this returns.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_data()?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Cuts off what is after `length`.
    pub(crate) fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.file.seek(SeekFrom::Start(length))?;
        self.length = length;
        Ok(())
    }

    /// Gives the file its name.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        self.settled = true;
        self.file.sync_all().and_then(|()| fs::rename(&self.part, &self.path)).with_context(|| {
            format!("{} cannot be renamed to {}", self.part.display(), self.path.display())
        })
    }

    /// Leaves the file beside, unfinished, and says where it is.
    pub(crate) fn keep(mut self) -> anyhow::Result<PathBuf> {
        self.settled = true;
        self.file.sync_all()?;
        Ok(self.part.clone())
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        if !self.settled {
            let _ = fs::remove_file(&self.part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_files_are_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bundles.jsonl");
        let mut file = private_file(&path).unwrap();
        file.append(b"one\n").unwrap();
        file.append(b"two\n").unwrap();
        file.truncate(4).unwrap();
        file.append(b"three\n").unwrap();
        assert!(!path.exists());
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one\nthree\n");
        assert!(private_file(&path).is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn unfinished_ones_leave_nothing_unless_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bundles.jsonl");
        drop(private_file(&path).unwrap());
        let mut file = private_file(&path).unwrap();
        file.append(b"one").unwrap();
        let kept = file.keep().unwrap();
        assert_eq!(fs::read(kept).unwrap(), b"one");
        assert!(private_file(&path).is_err());
        assert!(!path.exists());
    }
}
