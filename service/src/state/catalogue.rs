//! The schemas and statements that the service knows: those that ship, and those of a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use records::Schema;
use records::schema::builtin;
use statements::{Statement, StatementId};
use verifier::StatementRefused;

/// Largest file of a statement.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Schemas and statements.
#[derive(Debug)]
pub struct Catalogue {
    schemas: Vec<Schema>,
    statements: BTreeMap<StatementId, Statement>,
    /// The newest version of each name.
    names: BTreeMap<String, StatementId>,
}

/// Why a statement cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// The folder or a file cannot be read.
    #[error("{path}: {error}")]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file is no statement.
    #[error("{path}: {reason}")]
    Statement {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Two different statements of one name and version.
    #[error("two different statements are called {name}, version {version}")]
    Duplicate {
        /// The name.
        name: String,
        /// The version.
        version: u32,
    },
    /// The verifier cannot take it.
    #[error(transparent)]
    Refused(#[from] StatementRefused),
}

impl Catalogue {
    /// The statements that ship, and those of `folder`: documents in TOML, `*.toml`, and
    /// canonical forms, `*.json`.
    ///
    /// # Errors
    /// [`CatalogueError`] for the first file that cannot be used.
    pub fn load(folder: Option<&Path>) -> Result<Self, CatalogueError> {
        let schemas = builtin::all().to_vec();
        let mut catalogue = Self { schemas, statements: BTreeMap::new(), names: BTreeMap::new() };
        for statement in statements::catalogue::all() {
            catalogue.add(statement.clone())?;
        }
        for path in folder.map(files).transpose()?.unwrap_or_default() {
            let statement = catalogue.read(&path)?;
            catalogue.add(statement)?;
        }
        Ok(catalogue)
    }

    fn add(&mut self, statement: Statement) -> Result<(), CatalogueError> {
        let id = statement.id();
        let (name, version) = (statement.name().to_owned(), statement.version());
        let twin = |other: &Statement| other.name() == name && other.version() == version;
        if self.statements.values().any(|other| twin(other) && other.id() != id) {
            return Err(CatalogueError::Duplicate { name, version });
        }
        let newest = self.by_name(&name).is_none_or(|known| known.version() < version);
        self.statements.insert(id, statement);
        if newest {
            self.names.insert(name, id);
        }
        Ok(())
    }

    fn read(&self, path: &Path) -> Result<Statement, CatalogueError> {
        let io = |error| CatalogueError::Io { path: path.to_owned(), error };
        let wrong = |reason: String| CatalogueError::Statement { path: path.to_owned(), reason };
        if fs::metadata(path).map_err(io)?.len() > MAX_FILE_BYTES {
            return Err(wrong(format!("it has more than {MAX_FILE_BYTES} bytes")));
        }
        let text = fs::read_to_string(path).map_err(io)?;
        if path.extension().is_some_and(|extension| extension == "json") {
            Statement::from_json(&text).map_err(|error| wrong(error.to_string()))
        } else {
            statements::compiler::compile(&text, &self.schemas)
                .map_err(|errors| wrong(errors.to_string()))
        }
    }

    /// The schemas.
    pub fn schemas(&self) -> &[Schema] {
        &self.schemas
    }

    /// The schema of a name.
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.name() == name)
    }

    /// The statements, by name, newest version last.
    pub fn statements(&self) -> Vec<&Statement> {
        let mut all: Vec<_> = self.statements.values().collect();
        all.sort_by_key(|statement| (statement.name(), statement.version()));
        all
    }

    /// The statement with an id, or the newest of a name.
    pub fn statement(&self, id_or_name: &str) -> Option<&Statement> {
        match id_or_name.parse() {
            Ok(id) => self.statements.get(&id),
            Err(_) => self.by_name(id_or_name),
        }
    }

    fn by_name(&self, name: &str) -> Option<&Statement> {
        self.statements.get(self.names.get(name)?)
    }
}

/// Statement files of a folder, in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, CatalogueError> {
    let io = |error| CatalogueError::Io { path: folder.to_owned(), error };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|extension| extension == "toml" || extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
