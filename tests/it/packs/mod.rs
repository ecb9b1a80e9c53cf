//! Packs: their content, their pages, their data.

mod alternatives;
mod attached;
mod brief;
mod claims;
mod content;
mod data_annex;
mod editions;
mod html_edition;
mod pdf;
mod place_brief;
mod structure;
mod titles;
