//! The tables, lists and notes that templates bring in, built from what there is to say.

mod actions;
mod aim;
mod ambitions;
mod annex;
mod blocks;
mod board;
mod brief;
mod inputs;
mod keys;
mod matrix;
mod measure;
mod measures;
mod of_100;
mod overview;
mod place;
mod place_actions;
mod rug;
mod spine;

pub use actions::actions_table;
pub use aim::{aim_actions, ambition_rows};
pub use ambitions::ambitions_table;
pub use annex::{abbreviations_table, changes_table, corrections_table, definitions, revisions_table, without_list};
pub use blocks::{ambition_anchor, group_anchor, illustrative_note, measure_anchor, named, small};
pub use board::{alert_list, board_table, movements_list, movements_table};
pub use brief::{alerts as alert_rows, changed as changed_list, messages as message_list};
pub use inputs::{freshness_table, returns_table, source_faults_table};
pub use keys::{icon_key, status_key};
pub use matrix::matrix;
pub use measure::{areas_table, commentary, comments, figures_table, sources};
pub use measures::measures_table;
pub use of_100::of_100;
pub use overview::{plan, summary_table};
pub use place::beside_comparator;
pub use place_actions::place_actions;
pub use rug::rug;
pub use spine::{spine, spine_table};
