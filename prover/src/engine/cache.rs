//! Tables on disk, beside the key they come from: they save a second at every start.
//!
//! ```text
//! "vouch tables 1\n"  name of the arithmetic  SHA-256 of the proving key, in hexadecimal  points of A, B (G1), B (G2), C
//! SHA-256 of all that
//! ```
//!
//! Words are little-endian. The digest finds damage. It is no protection against somebody who
//! can write into the folder: they could exchange the proving key too.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Tables;
use super::arithmetic::{Arithmetic, EngineGroup};
use super::table::Table;

const MAGIC: &[u8] = b"vouch tables 1\n";
const DIGEST_BYTES: usize = 32;

/// The file of the tables for an arithmetic: its name comes before the extension.
pub(crate) fn file(path: &Path, arithmetic: Arithmetic) -> PathBuf {
    path.with_extension(format!("{}.tables", arithmetic.name()))
}

/// Reads the tables; false where there are none for this key, or damaged ones.
pub(crate) fn load(tables: &mut Tables, path: &Path, key: &str) -> bool {
    let Ok(bytes) = fs::read(path) else { return false };
    let Some((content, digest)) = bytes.split_last_chunk::<DIGEST_BYTES>() else { return false };
    let points = content.strip_prefix(header(tables, key).as_slice());
    let Some(mut points) = points else { return false };
    if Sha256::digest(content).as_slice() != digest {
        return false;
    }
    read(&mut tables.a, &mut points)
        && read(&mut tables.b_g1, &mut points)
        && read(&mut tables.b_g2, &mut points)
        && read(&mut tables.c, &mut points)
        && points.is_empty()
}

/// Writes the tables. Failure is no error: the next start makes them again.
pub(crate) fn store(tables: &Tables, path: &Path, key: &str) {
    let mut bytes = header(tables, key);
    write(&tables.a, &mut bytes);
    write(&tables.b_g1, &mut bytes);
    write(&tables.b_g2, &mut bytes);
    write(&tables.c, &mut bytes);
    bytes.extend(Sha256::digest(&bytes));
    let unfinished = path.with_extension(format!("unfinished-{}", std::process::id()));
    if fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path)).is_err() {
        let _ = fs::remove_file(&unfinished);
    }
}

fn header(tables: &Tables, key: &str) -> Vec<u8> {
    [MAGIC, tables.arithmetic.name().as_bytes(), key.as_bytes()].concat()
}

fn read<G: EngineGroup>(table: &mut Table<G>, bytes: &mut &[u8]) -> bool {
    let length = table.size() * size_of::<G::Words>();
    let Some((points, rest)) = bytes.split_at_checked(length) else { return false };
    *bytes = rest;
    let point = |bytes: &[u8]| {
        let mut words = G::Words::default();
        for (word, bytes) in words.as_mut().iter_mut().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        words
    };
    table.set_points(points.chunks_exact(size_of::<G::Words>()).map(point).collect());
    true
}

fn write<G: EngineGroup>(table: &Table<G>, bytes: &mut Vec<u8>) {
    bytes.reserve(size_of_val(table.points()) + DIGEST_BYTES);
    let words = table.points().iter().flat_map(|point| point.as_ref());
    words.for_each(|word| bytes.extend(word.to_le_bytes()));
}
