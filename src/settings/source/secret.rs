//! What a source asks for to be let in: never printed, stored or published.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What stands for it in a request, in a header and in all that is told or kept.
pub const PLACEHOLDER: &str = "{secret}";

/// How a source is let in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Access {
    /// Headers of each request, in which `{secret}` may stand; their names alone are published.
    #[serde(serialize_with = "names_of", skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What `{secret}` in `headers` and in the query of a request stands for.
    #[serde(skip)]
    pub secret: Secret,
    /// The file that it is read from.
    #[serde(skip)]
    pub secret_file: Option<PathBuf>,
}

/// A key, token or password; empty where there is none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// For what is sent to the source, and for nothing else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

fn names_of<S: Serializer>(headers: &BTreeMap<String, String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(headers.keys())
}
