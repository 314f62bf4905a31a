//! A presentation for Groth16 verifiers that are not ours.
//!
//! ```text
//! DIR/<record>/verification_key.json
//! DIR/<record>/proof.json
//! DIR/<record>/public.json
//! ```

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::Value as Json;
use verifier::SnarkjsProof;

/// Writes the three files of each record.
pub(super) fn write(folder: &Path, proofs: &[SnarkjsProof]) -> anyhow::Result<()> {
    for SnarkjsProof { record, verification_key, proof, public_signals } in proofs {
        // The compiler makes names of identifiers only; a statement from elsewhere may have paths.
        if !record.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            bail!("the name of a record of the statement cannot be the name of a folder");
        }
        let folder = folder.join(record);
        fs::create_dir_all(&folder).with_context(|| format!("the folder {}", folder.display()))?;
        for (name, json) in [
            ("verification_key.json", verification_key),
            ("proof.json", proof),
            ("public.json", public_signals),
        ] {
            write_json(&folder.join(name), json)?;
        }
    }
    Ok(())
}

fn write_json(path: &Path, json: &Json) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(json)?;
    text.push('\n');
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}
