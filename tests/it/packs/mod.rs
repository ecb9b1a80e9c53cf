//! Packs: their content, their pages, their data.

mod claims;
mod content;
mod data_annex;
mod editions;
mod html_edition;
mod pdf;
mod structure;
