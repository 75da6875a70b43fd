//! Where values come from: environment, then `.env`, then `switchyard.toml` in the data folder, then the default.

use std::collections::HashMap;
use std::path::Path;

use super::ConfigError;
use super::setting::{SETTINGS, Setting};

/// A value and where it came from.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value; secrets are shown as `[redacted]`.
    pub shown: String,
    /// `environment`, `.env`, `switchyard.toml`, `secrets.env` or `default`.
    pub origin: &'static str,
}

/// All sources, read once.
pub(super) struct Source {
    environment: HashMap<String, String>,
    dotenv: HashMap<String, String>,
    file: HashMap<String, String>,
    /// Names of the secrets that were made at a former start.
    made: Vec<String>,
}

impl Source {
    pub(super) fn new(environment: HashMap<String, String>, dotenv: HashMap<String, String>) -> Self {
        Self { environment, dotenv, file: HashMap::new(), made: Vec::new() }
    }

    /// Adds `switchyard.toml`, whose tables are the settings' names with dots.
    pub(super) fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(ConfigError::File(path.display().to_string(), error.to_string())),
        };
        let table: toml::Table = text
            .parse()
            .map_err(|error| ConfigError::File(path.display().to_string(), format!("{error}")))?;
        flatten("", &table, &mut self.file);
        match self.file.keys().find(|name| super::setting::find(name).is_none()) {
            Some(unknown) => Err(ConfigError::Unknown(unknown.clone())),
            None => Ok(()),
        }
    }

    /// Notes which secrets the data folder's own file holds; what they are is none of a setting's business.
    pub(super) fn note_made(&mut self, path: &Path) {
        let Ok(lines) = dotenvy::from_path_iter(path) else { return };
        self.made = lines.filter_map(Result::ok).map(|(name, _)| name).collect();
    }

    pub(super) fn text(&self, name: &str) -> (String, &'static str) {
        let Some(setting) = super::setting::find(name) else { return (String::new(), "default") };
        let places = [(&self.environment, setting.env, "environment"), (&self.dotenv, setting.env, ".env")];
        for (place, key, origin) in places {
            if let Some(value) = place.get(key) {
                return (value.clone(), origin);
            }
        }
        match self.file.get(name) {
            Some(value) => (value.clone(), "switchyard.toml"),
            None => (setting.default.to_owned(), "default"),
        }
    }

    pub(super) fn parse<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
        want: &'static str,
    ) -> Result<T, ConfigError> {
        let (text, origin) = self.text(name);
        read(text.trim()).ok_or(ConfigError::Value { name, origin, want })
    }

    /// Every setting with the value in force.
    pub(super) fn effective(&self) -> Vec<Effective> {
        let show = |setting: &'static Setting| {
            let (value, origin) = self.text(setting.name);
            let redacted = || "[redacted]".to_owned();
            match setting.secret {
                true if !value.is_empty() => Effective { setting, shown: redacted(), origin },
                true if self.made.iter().any(|name| name == setting.env) => {
                    Effective { setting, shown: redacted(), origin: "secrets.env" }
                }
                _ => Effective { setting, shown: value, origin },
            }
        };
        SETTINGS.iter().map(show).collect()
    }
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut HashMap<String, String>) {
    for (key, value) in table {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&name, inner, into),
            toml::Value::String(text) => drop(into.insert(name, text.clone())),
            other => drop(into.insert(name, other.to_string())),
        }
    }
}
