//! Arguments that several commands have.

use std::path::PathBuf;

use records::{Date, schema};

/// Language of titles and explanations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Language {
    /// English
    #[default]
    En,
    /// Chinese (simplified)
    Zh,
}

impl From<Language> for schema::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}

/// Where proving and verification keys are kept.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct KeyDirectory {
    /// Folder of the proving and verification keys [default: vouch/keys in the user's data
    /// folder]
    #[arg(long = "keys", value_name = "DIR", env = "VOUCH_KEYS", hide_env_values = true)]
    keys: Option<PathBuf>,
}

impl KeyDirectory {
    /// The folder, where one is given.
    pub(super) fn given(&self) -> Option<PathBuf> {
        self.keys.clone()
    }

    /// The folder given, or the user's own.
    pub(super) fn path(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(default_keys)
    }
}

/// The key folder that all commands of a user share: a key that was made once is found again.
pub(super) fn default_keys() -> PathBuf {
    let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("XDG_DATA_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local/share")))
        .map_or_else(|| PathBuf::from("data/keys"), |data| data.join("vouch/keys"))
}

pub(crate) use service::clock::now;

/// This day, in UTC.
pub(crate) fn today() -> Date {
    Date::from_unix_seconds(now())
}

/// Parses a length of time: a number of seconds, or with the suffix s, m, h or d.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.char_indices().next_back() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3_600),
        Some((at, 'd')) => (&text[..at], 86_400),
        _ => (text, 1),
    };
    let number: Option<u64> = number.parse().ok();
    number
        .and_then(|number| number.checked_mul(unit))
        .ok_or_else(|| "write seconds, or a number with s, m, h or d, such as 15m".to_owned())
}

/// Parses `name=value`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write name=value".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths_of_time() {
        for (text, expected) in
            [("90", 90), ("15m", 900), ("24h", 86_400), ("7d", 604_800), ("5s", 5)]
        {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "m", "-1", "1.5h", "99999999999999999999", "18446744073709551615d"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn reads_pairs() {
        assert_eq!(pair("class=C1"), Ok(("class".to_owned(), "C1".to_owned())));
        assert_eq!(pair("note=a=b"), Ok(("note".to_owned(), "a=b".to_owned())));
        assert!(pair("class").is_err());
        assert!(pair("=C1").is_err());
    }
}
