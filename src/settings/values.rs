//! Values as people write them: what is empty is not set, a list may be one text with commas.

use reqwest::Url;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use std::net::SocketAddr;
use std::path::PathBuf;

pub(super) fn unset_if_empty<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok((!text.is_empty()).then(|| T::from(text)))
}

/// `127.0.0.1:9464`; empty for none.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text: Option<String> = unset_if_empty(deserializer)?;
    let parsed = |text: String| {
        let problem = format!("{text:?} is not an address and a port, such as \"127.0.0.1:9464\"");
        text.parse().map_err(|_| serde::de::Error::custom(problem))
    };
    text.map(parsed).transpose()
}

/// The web address of a folder, with its last stroke; empty for none.
pub(super) fn web_folder<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = unset_if_empty(deserializer)?;
    let folder = |text: String| {
        let is_plain = |url: &Url| {
            matches!(url.scheme(), "https" | "http")
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
        };
        let url = Url::parse(&format!("{}/", text.trim_end_matches('/'))).ok().filter(is_plain);
        let problem = || format!("{text:?} is not the web address of a folder, such as \"https://example.nhs.uk/packs/\"");
        url.map(String::from).ok_or_else(|| serde::de::Error::custom(problem()))
    };
    text.map(folder).transpose()
}

/// A pack is held against that of the quarter before, and a figure against that of a year before.
pub(super) fn over_a_year<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        days @ 1..400 => {
            Err(serde::de::Error::custom(format!("{days} days is too short: 0 keeps for ever, otherwise at least 400")))
        }
        days => Ok(days),
    }
}

/// A list, or its items in one text with commas between, as the environment has it.
pub(super) fn names<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        List(Vec<String>),
        Text(String),
    }
    let names = match Names::deserialize(deserializer)? {
        Names::List(names) => names,
        Names::Text(text) => text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect(),
    };
    names.into_iter().map(|name| T::deserialize(name.into_deserializer())).collect()
}

pub(super) fn not_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Err(serde::de::Error::custom("is empty, a path was expected")) } else { Ok(PathBuf::from(text)) }
}
