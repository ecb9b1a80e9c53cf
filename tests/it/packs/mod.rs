//! Packs: their content, their pages, their data.

mod alternatives;
mod annex_checklist;
mod annex_programs;
mod attached;
mod brief;
mod chart_titles;
mod claims;
mod comments;
mod content;
mod data_annex;
mod editions;
mod evidence;
mod html_edition;
mod leads;
mod page_fill;
mod pdf;
mod place_brief;
mod public_summary;
mod statement;
mod structure;
mod titles;
mod voice_faults;
mod voices;
mod word_copy;
