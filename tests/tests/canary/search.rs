//! Searching many bytes for many needles at once.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::needle::{Needle, SHORTEST};

/// Finds needles.
pub(crate) struct Searcher {
    /// By their first bytes: name of needle, name of form, the form.
    forms: HashMap<[u8; SHORTEST], Vec<(String, String, Vec<u8>)>>,
}

/// Needles that were found, and in which form: "licence.holder_name (hexadecimal)".
pub(crate) type Findings = BTreeSet<String>;

impl Searcher {
    pub(crate) fn new<'a>(needles: impl IntoIterator<Item = &'a Needle>) -> Self {
        let mut forms: HashMap<_, Vec<_>> = HashMap::new();
        for needle in needles {
            for (name, form) in &needle.forms {
                let first = *form.first_chunk().unwrap_or_else(|| panic!("{name} is too short"));
                let entry = (needle.name.clone(), name.clone(), form.clone());
                forms.entry(first).or_default().push(entry);
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
            for (name, form, whole) in self.forms.get(first).into_iter().flatten() {
                if rest.starts_with(whole) {
                    found.insert(format!("{name} ({form})"));
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
