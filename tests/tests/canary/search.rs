//! Searching many bytes for many needles at once.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::needle::{Needle, SHORTEST};

/// Finds needles.
pub(crate) struct Searcher {
    /// By their first bytes.
    forms: HashMap<[u8; SHORTEST], Vec<Form>>,
}

/// One form of one needle.
struct Form {
    /// Names of the needle and of the form.
    name: String,
    bytes: Vec<u8>,
}

/// Needles that were found, and in which form: "licence.holder_name (hexadecimal)".
pub(crate) type Findings = BTreeSet<String>;

impl Searcher {
    pub(crate) fn new<'a>(needles: impl IntoIterator<Item = &'a Needle>) -> Self {
        let mut forms: HashMap<_, Vec<Form>> = HashMap::new();
        for needle in needles {
            for (form, bytes) in &needle.forms {
                let first = bytes.first_chunk().unwrap_or_else(|| panic!("{form} is too short"));
                let name = format!("{} ({form})", needle.name);
                forms.entry(*first).or_default().push(Form { name, bytes: bytes.clone() });
            }
        }
        Self { forms }
    }

    /// What of it is in there.
    pub(crate) fn search(&self, bytes: &[u8]) -> Findings {
        let mut found = Findings::new();
        for start in 0..bytes.len().saturating_sub(SHORTEST - 1) {
            let rest = &bytes[start..];
            let Some(first) = rest.first_chunk() else { break };
            for form in self.forms.get(first).into_iter().flatten() {
                if rest.starts_with(&form.bytes) {
                    found.insert(form.name.clone());
                }
            }
        }
        found
    }

    /// What of it is in the files below a folder, and in their names.
    pub(crate) fn search_folder(&self, folder: &Path) -> Findings {
        let mut found = Findings::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mut here = self.search(path.as_os_str().as_encoded_bytes());
            if path.is_dir() {
                found.extend(self.search_folder(&path));
            } else {
                here.extend(self.search(&std::fs::read(&path).unwrap()));
            }
            found.extend(here.into_iter().map(|what| format!("{what} in {}", path.display())));
        }
        found
    }
}
