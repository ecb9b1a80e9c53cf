//! Which standards a PDF keeps to.

/// Which standards a PDF keeps to: for readers with disabilities, and for keeping it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Standard {
    /// PDF/UA-1 and PDF/A-3a, as PDF 1.7: what readers and checkers know.
    #[default]
    #[serde(rename = "ua-1")]
    Ua1,
    /// PDF/UA-2 and PDF/A-4f (PDF/A-4 where nothing is attached), as PDF 2.0.
    #[serde(rename = "ua-2")]
    Ua2,
}
