//! Packs: their content, their pages, their data.

mod content;
mod data_annex;
mod editions;
mod html_edition;
mod pdf;
mod structure;
mod truth_of_words;
