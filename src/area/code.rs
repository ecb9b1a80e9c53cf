//! Codes of areas and organisations.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A code that names one area or organisation: a GSS code (`E06000018`) or an ODS code (`RX1`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode(String);

impl AreaCode {
    /// # Errors
    /// Says what is wrong where `code` is empty, longer than 32 characters, or has a character that
    /// is neither an ASCII letter, a digit nor a hyphen.
    pub fn new(code: impl Into<String>) -> Result<Self, String> {
        let code = code.into();
        let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if code.is_empty() || code.len() > 32 || !plain {
            return Err(format!("{code:?} is not an area code: letters, digits and hyphens, 1 to 32 of them, were expected"));
        }
        Ok(Self(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AreaCode {
    type Error = String;
    fn try_from(code: String) -> Result<Self, String> {
        Self::new(code)
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> String {
        code.0
    }
}

impl JsonSchema for AreaCode {
    fn schema_name() -> Cow<'static, str> {
        "AreaCode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "The code of an area or organisation of `areas.toml`.", "type": "string",
                       "pattern": "^[A-Za-z0-9-]{1,32}$" })
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
