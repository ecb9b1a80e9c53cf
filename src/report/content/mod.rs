//! What templates see: the evaluation as sentences and formatted figures, never as it is stored.

mod ambition;
mod annex;
mod area_lines;
mod board;
mod brief;
mod charts;
mod corrections;
mod definition;
pub mod figures;
mod group;
mod groups;
mod ids;
mod in_brief;
mod inputs;
mod measure;
mod outlook;
mod remarks;
mod rug;
pub(in crate::report) mod rug_cells;
pub mod sentences;
mod sources;
mod story;
mod view;

pub use ambition::{AmbitionView, edition_standing, edition_warning, place};
pub use area_lines::AreaLine;
pub use board::{MatterView, MovedActionView, MovementView};
pub use brief::{ChangedView, MessageView};
pub use charts::{dumbbell, statuses};
pub use group::{ActionView, AimView, CardView, CountView, GroupView};
pub use inputs::past_deadline;
pub use measure::{Control, MeasureView, TestedView};
pub use remarks::RemarkView;
pub use rug::RugRow;
pub use rug_cells::RugCell;

pub use view::View;
