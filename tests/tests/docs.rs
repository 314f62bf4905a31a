//! What the documentation says is there is there: links and file names lead somewhere, samples
//! parse, commands are known, and the walk of the README works as written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use records::Schema;
use records::schema::builtin;
use service::config::Config;
use statements::{Request, compiler};

/// Before a sample: which parser it is for.
const PARSE: &str = "<!-- parse: ";

/// Before commands that are run, those of one file in one shell.
const RUN: &str = "<!-- run -->";

/// The address that the documentation uses.
const ADDRESS: &str = "127.0.0.1:8750";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A Markdown file, without and with its code blocks apart.
struct Page {
    path: PathBuf,
    prose: String,
    blocks: Vec<Block>,
}

/// A fenced block, with its language and the comment on the line before it.
struct Block {
    line: usize,
    language: String,
    comment: String,
    text: String,
}

impl Page {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let mut page = Self { path, prose: String::new(), blocks: Vec::new() };
        let mut open: Option<Block> = None;
        let mut before = "";
        for (number, line) in (1..).zip(text.lines()) {
            match (&mut open, line.strip_prefix("```")) {
                (None, Some(language)) => {
                    let (language, comment) = (language.to_owned(), before.to_owned());
                    open = Some(Block { line: number, language, comment, text: String::new() });
                }
                (Some(_), Some(_)) => page.blocks.extend(open.take()),
                (Some(block), None) => block.text.extend([line, "\n"]),
                (None, None) => page.prose.extend([line, "\n"]),
            }
            before = line;
        }
        assert!(open.is_none(), "{}: a code block is not closed", page.path.display());
        page
    }

    /// The code spans of the prose, also those that go on on the next line.
    fn spans(&self) -> Vec<String> {
        let parts = self.prose.split('`').skip(1).step_by(2);
        parts.map(|span| span.replace('\n', " ")).collect()
    }

    /// Targets of the links.
    fn links(&self) -> Vec<&str> {
        let ends = self.prose.split("](").skip(1);
        ends.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target).collect()
    }

    /// Names by which links find the headings.
    fn anchors(&self) -> BTreeSet<String> {
        let headings = self.prose.lines().filter(|line| line.starts_with('#'));
        headings
            .map(|line| {
                let text = line.trim_start_matches('#').trim().to_lowercase();
                let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
                kept.map(|c| if c == ' ' { '-' } else { c }).collect()
            })
            .collect()
    }
}

fn pages() -> Vec<Page> {
    let mut folders = vec![root().join("docs")];
    let mut files = markdown(&root());
    while let Some(folder) = folders.pop() {
        files.extend(markdown(&folder));
        let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        folders.extend(entries.filter(|path| path.is_dir()));
    }
    files.into_iter().map(Page::read).collect()
}

fn markdown(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|e| e == "md")).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        for link in page.links().into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => page.path.clone(),
                file => page.path.parent().unwrap().join(file),
            };
            let found = target.exists()
                && (anchor.is_empty() || Page::read(target).anchors().contains(anchor));
            if !found {
                broken.push(format!("{}: {link}", page.path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Code spans that begin with a folder of the repository name a file or folder.
#[test]
fn every_file_that_is_named_exists() {
    let folders: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir() && entry.file_name() != "target")
        .map(|entry| format!("{}/", entry.file_name().display()))
        .collect();
    let mut missing = Vec::new();
    for page in pages() {
        for span in page.spans() {
            let named = folders.iter().any(|folder| span.starts_with(folder.as_str()));
            let plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "/._-*".contains(c));
            // Of a pattern, the folder.
            let path = span.split_once('*').map_or(span.as_str(), |(folder, _)| folder);
            if named && plain && !root().join(path).exists() {
                missing.push(format!("{}: {span}", page.path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_sample_parses() {
    let mut kinds = BTreeSet::new();
    for page in pages() {
        for block in &page.blocks {
            let Some(kind) = block.comment.strip_prefix(PARSE) else { continue };
            let kind = kind.trim_end_matches(" -->");
            let text = block.text.as_str();
            let parsed = match kind {
                "schema" => Schema::parse(text).map(drop).map_err(|error| error.to_string()),
                "statement" => compiler::compile(text, builtin::all())
                    .map(drop)
                    .map_err(|error| error.to_string()),
                "request" => Request::from_json(text).map(drop).map_err(|error| error.to_string()),
                "config" => Config::parse(text).map(drop).map_err(|error| error.to_string()),
                other => Err(format!("nothing parses a sample of kind {other}")),
            };
            if let Err(error) = parsed {
                panic!("{}, line {}: {error}", page.path.display(), block.line);
            }
            kinds.insert(kind.to_owned());
        }
    }
    let expected = ["config", "request", "schema", "statement"].map(str::to_owned);
    assert_eq!(kinds, BTreeSet::from(expected));
}

/// The binary that the same profile built: `make test` builds it before.
fn vouch() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.parent().and_then(Path::parent).unwrap().join("vouch");
    assert!(path.exists(), "{} is missing: cargo build --release -p service", path.display());
    path
}

/// The commands in a line of shell: what follows `vouch` up to where the shell takes over.
fn commands(line: &str) -> Vec<Vec<String>> {
    let starts = line.match_indices("vouch ").filter(|(at, _)| {
        let before = line[..*at].trim_end();
        before.is_empty() || before.ends_with(['(', ';', '|'])
    });
    starts.map(|(at, name)| words(&line[at + name.len()..])).collect()
}

fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (None, '>' | '<' | '|' | '&' | ')' | ';') => break,
            (None, ' ') => words.push(String::new()),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (_, c) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Asks for help after the whole of each command: the command line then knows its name and all
/// of its flags.
#[test]
fn every_command_is_known() {
    let binary = vouch();
    let mut found = BTreeSet::new();
    for page in pages() {
        let shells = page.blocks.iter().filter(|block| block.language == "console");
        let lines = shells.flat_map(|block| block.text.lines());
        let typed = lines.filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned);
        found.extend(typed.chain(page.spans()).flat_map(|line| commands(&line)));
    }
    assert!(found.len() > 20, "{}", found.len());
    for mut command in found {
        command.push("--help".to_owned());
        let output = Command::new(&binary).args(&command).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "vouch {}: {told}", command.join(" "));
    }
}

/// A port that was free a moment ago.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// The commands as a script that stops at the first that fails. After one that goes on in the
/// background it waits until the service answers.
fn script(page: &Page, address: &str) -> String {
    let (host, port) = address.split_once(':').unwrap();
    let mut script = String::from("set -euo pipefail\ntrap 'kill $(jobs -p) || true' EXIT\n");
    let marked = page.blocks.iter().filter(|block| block.comment == RUN);
    for line in marked.flat_map(|block| block.text.lines()) {
        let line = line.strip_prefix("$ ").unwrap_or(line).replace(ADDRESS, address);
        script.push_str(&line);
        script.push('\n');
        if line.ends_with('&') {
            let connect = format!("(exec 3<>/dev/tcp/{host}/{port}) 2>/dev/null");
            script.push_str(&format!(
                "for _ in $(seq 300); do {connect} && break || sleep 0.1; done\n"
            ));
        }
    }
    script
}

#[test]
fn the_walk_of_the_readme_works() {
    let page = Page::read(root().join("README.md"));
    let script = script(&page, &free_address());
    assert!(script.contains("--submit") && script.contains("--used"), "{script}");
    let folder = tempfile::tempdir().unwrap();
    let binaries = vouch().parent().unwrap().display().to_string();
    let path = format!("{binaries}:{}", std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("VOUCH_KEYS", root().join("target/test-keys"))
        .env_remove("VOUCH_URL")
        .env_remove("VOUCH_DATA_DIR")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (told, printed) =
        (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{printed}\n{told}");
    assert_eq!(printed.matches("valid: Valid driving licence").count(), 2, "{printed}\n{told}");
    let key: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("key.json")).unwrap()).unwrap();
    assert_eq!(key["nPublic"], 3);
}
