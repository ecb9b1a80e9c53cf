//! What templates see: the evaluation as sentences and formatted figures, never as it is stored.

mod ambition;
mod annex;
mod area_lines;
mod board;
mod charts;
mod corrections;
mod definition;
pub mod figures;
mod group;
mod groups;
mod ids;
mod inputs;
mod measure;
mod outlook;
mod remarks;
pub mod sentences;
mod sources;
mod story;
mod view;

pub use ambition::{AmbitionView, edition_standing, edition_warning, place};
pub use area_lines::AreaLine;
pub use board::{MatterView, MovedActionView, MovementView};
pub use charts::dumbbell;
pub use group::{ActionView, CountView, GroupView};
pub use inputs::past_deadline;
pub use measure::{Control, MeasureView, TestedView};
pub use remarks::RemarkView;

pub use view::View;
