//! What several tests are made of: small systems, servers, packs, and ways of reading what came out.

pub mod alone;
#[path = "../../../crates/indicator_stats/tests/it/cases.rs"]
pub mod cases;
pub mod demo;
pub mod demonstration;
pub mod folders;
pub mod messages;
pub mod page_text;
pub mod pdf_text;
pub mod public_source;
pub mod published_text;
pub mod sample_pack;
pub mod saved_workbook;
pub mod small_framework;
pub mod small_system;
pub mod smtp_server;
#[path = "../../../crates/tagged_document/tests/support/structure_walk.rs"]
pub mod structure_walk;
pub mod turn;
pub mod whole_runs;
