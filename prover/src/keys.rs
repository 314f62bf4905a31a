//! The key store: keys by content, each with its provenance.
//!
//! ```text
//! keys/<circuit digest>/<key digest>/proving.key        points, uncompressed
//! keys/<circuit digest>/<key digest>/verification.key   points, compressed
//! keys/<circuit digest>/<key digest>/provenance.json
//! keys/<circuit digest>/<key digest>/engine.<arithmetic>.tables   made again where missing
//! keys/<circuit digest>/development                     digest of the development key
//! ```
//!
//! A key is written into a folder of another name and then renamed: it is there whole or not at
//! all. The proving key is not checked point by point when it is loaded but by its SHA-256, which
//! the provenance pins.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use ark_bn254::Bn254;
use ark_groth16::ProvingKey;
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use circuits::{CircuitDigest, Relation};
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use statements::AffineMap;
use statements::layout::COUNT;
use verifier::{FoldedKey, KeyDigest, VerificationKey};

use crate::engine::{Arithmetic, Cores, Engine};
use crate::prove::prove_unchecked;
use crate::setup::{SetupStage, generate};
use crate::{ProveError, Prover, self_test};

/// File of the engine's tables, but for the name of the arithmetic.
const TABLES: &str = "engine.tables";

/// A folder of keys.
#[derive(Debug, Clone)]
pub struct KeyStore {
    folder: PathBuf,
}

/// Where a key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Version of this form: 1.
    pub format: u32,
    /// The circuit.
    pub circuit: CircuitDigest,
    /// The verification key.
    pub key: KeyDigest,
    /// SHA-256 of the proving key's file, in hexadecimal.
    pub proving_key_sha256: String,
    /// Whether it comes from a development set-up, whose maker could forge proofs.
    pub development: bool,
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub created_at: u64,
    /// How it was made.
    pub note: String,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file system refused.
    #[error("{path}: {error}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// A file of the store is damaged.
    #[error("{path} is damaged: {problem}; remove its folder and make or import the key again")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The set-up failed.
    #[error("the set-up failed: {0}")]
    Setup(String),
}

impl KeyStore {
    /// Opens a folder, and makes it where it does not exist.
    ///
    /// # Errors
    /// [`KeyError::File`] where the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        fs::create_dir_all(folder).map_err(|error| file(folder, error))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The development key for the circuit of this program. Makes it at first, which takes some
    /// seconds and calls `progress` at each step; later it only loads it.
    ///
    /// # Errors
    /// [`KeyError`] where the key cannot be made, stored or loaded.
    pub fn development(&self, progress: &mut dyn FnMut(SetupStage)) -> Result<Prover, KeyError> {
        let pointer = self.circuit_folder().join("development");
        match fs::read_to_string(&pointer) {
            Ok(text) => {
                let digest = text.trim().parse::<KeyDigest>();
                self.load(digest.map_err(|error| damaged(&pointer, error))?)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.make(&pointer, progress),
            Err(error) => Err(file(&pointer, error)),
        }
    }

    /// Loads a key of the circuit of this program.
    ///
    /// # Errors
    /// [`KeyError`] where it is missing, damaged, or of another circuit.
    pub fn load(&self, digest: KeyDigest) -> Result<Prover, KeyError> {
        let folder = self.circuit_folder().join(digest.to_string());
        let provenance = read_provenance(&folder)?;
        if provenance.circuit != Relation::get().digest() || provenance.key != digest {
            return Err(damaged(&folder.join("provenance.json"), "it is of another key"));
        }
        let path = folder.join("verification.key");
        let bytes = fs::read(&path).map_err(|error| file(&path, error))?;
        let key = VerificationKey::from_bytes(&bytes).map_err(|error| damaged(&path, error))?;
        if key.digest() != digest {
            return Err(damaged(&path, "its digest is another"));
        }
        let path = folder.join("proving.key");
        let bytes = fs::read(&path).map_err(|error| file(&path, error))?;
        if hex::encode(Sha256::digest(&bytes)) != provenance.proving_key_sha256 {
            return Err(damaged(&path, "its SHA-256 is not that of its provenance"));
        }
        let mut rest = bytes.as_slice();
        let proving_key = ProvingKey::<Bn254>::deserialize_uncompressed_unchecked(&mut rest)
            .map_err(|error| damaged(&path, error))?;
        Ok(Prover::new(proving_key, key, provenance, folder.join(TABLES)))
    }

    /// Provenance of all keys, of other circuits too.
    ///
    /// # Errors
    /// [`KeyError`] where a folder cannot be read.
    pub fn list(&self) -> Result<Vec<Provenance>, KeyError> {
        let mut found = Vec::new();
        for circuit in folders(&self.folder)? {
            for key in folders(&circuit)? {
                if key.join("provenance.json").exists() {
                    found.push(read_provenance(&key)?);
                }
            }
        }
        found.sort_by_key(|provenance| (provenance.circuit, provenance.created_at));
        Ok(found)
    }

    fn circuit_folder(&self) -> PathBuf {
        self.folder.join(Relation::get().digest().to_string())
    }

    fn make(
        &self,
        pointer: &Path,
        progress: &mut dyn FnMut(SetupStage),
    ) -> Result<Prover, KeyError> {
        progress(SetupStage::COMPILE);
        let circuit = Relation::get().digest();
        progress(SetupStage::GENERATE);
        let proving_key = generate(&mut OsRng).map_err(setup)?;
        progress(SetupStage::TEST);
        let key = verification_key(&proving_key)?;
        let engine = Engine::new(&proving_key, Arithmetic::detect())
            .ok_or_else(ProveError::wrong_key)
            .map_err(setup)?;
        try_key(&engine, &key)?;
        progress(SetupStage::STORE);
        let mut bytes = Vec::new();
        proving_key.serialize_uncompressed(&mut bytes).map_err(setup)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let provenance = Provenance {
            format: 1,
            circuit,
            key: key.digest(),
            proving_key_sha256: hex::encode(Sha256::digest(&bytes)),
            development: true,
            created_at: now.as_secs(),
            note: "development set-up by one party: whoever ran it could forge proofs".to_owned(),
        };
        self.store(&provenance, &bytes, &key.to_bytes())?;
        let tables = self.circuit_folder().join(provenance.key.to_string()).join(TABLES);
        engine.store(&tables, &provenance.proving_key_sha256);
        write(pointer, format!("{}\n", provenance.key).as_bytes())?;
        Ok(Prover::new(proving_key, key, provenance, tables))
    }

    fn store(
        &self,
        provenance: &Provenance,
        proving_key: &[u8],
        verification_key: &[u8],
    ) -> Result<(), KeyError> {
        let circuit = self.circuit_folder();
        let unfinished = circuit.join(format!(".{}.{}", provenance.key, std::process::id()));
        fs::create_dir_all(&unfinished).map_err(|error| file(&unfinished, error))?;
        let json = serde_json::to_vec_pretty(provenance).map_err(setup)?;
        write(&unfinished.join("proving.key"), proving_key)?;
        write(&unfinished.join("verification.key"), verification_key)?;
        write(&unfinished.join("provenance.json"), &json)?;
        let finished = circuit.join(provenance.key.to_string());
        fs::rename(&unfinished, &finished).map_err(|error| file(&finished, error))
    }
}

/// The checked verification key of a proving key.
pub(crate) fn verification_key(key: &ProvingKey<Bn254>) -> Result<VerificationKey, KeyError> {
    let vk = &key.vk;
    VerificationKey::new(vk.alpha_g1, vk.beta_g2, vk.gamma_g2, vk.delta_g2, vk.gamma_abc_g1.clone())
        .map_err(setup)
}

/// One proof with the new key, verified as verifiers do.
fn try_key(engine: &Engine, key: &VerificationKey) -> Result<(), KeyError> {
    let inputs = self_test::inputs();
    let map = AffineMap { constants: inputs.public.flatten(), rows: Vec::new() };
    debug_assert_eq!(map.constants.len(), COUNT);
    let folded: FoldedKey = key.fold(&map).map_err(setup)?;
    let proof = prove_unchecked(engine, &inputs, Cores::All).map_err(setup)?;
    folded.verify_proof(&proof, &[]).map_err(setup)
}

fn read_provenance(folder: &Path) -> Result<Provenance, KeyError> {
    let path = folder.join("provenance.json");
    let text = fs::read_to_string(&path).map_err(|error| file(&path, error))?;
    serde_json::from_str(&text).map_err(|error| damaged(&path, error))
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, KeyError> {
    let entries = fs::read_dir(folder).map_err(|error| file(folder, error))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| file(folder, error))?.path();
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a file and has it on disk before it returns.
fn write(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let write = || {
        let unfinished = path.with_extension(format!("unfinished-{}", std::process::id()));
        let mut output = fs::File::create(&unfinished)?;
        io::Write::write_all(&mut output, bytes)?;
        output.sync_all()?;
        fs::rename(&unfinished, path)
    };
    write().map_err(|error| file(path, error))
}

fn file(path: &Path, error: io::Error) -> KeyError {
    KeyError::File { path: path.to_owned(), error }
}

fn damaged(path: &Path, problem: impl ToString) -> KeyError {
    KeyError::Damaged { path: path.to_owned(), problem: problem.to_string() }
}

fn setup(error: impl ToString) -> KeyError {
    KeyError::Setup(error.to_string())
}
