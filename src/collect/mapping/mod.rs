//! Figures out of a workbook in its sender's own layout, found as a mapping file says (docs/mappings.md).
//!
//! `load` reads a mapping and `check` tells every mistake in it; `table` finds the header row and the columns; `rows` says
//! which figure a cell is, `words`, `periods` and `amounts` what is said there, `weeks` adds weekly figures up. Nothing here knows of
//! partners or sources: a figure is laid to its file by whoever reads the file.

mod amounts;
mod block;
mod check;
mod explanation;
mod file;
mod grammar;
mod limits;
mod load;
mod pattern;
mod periods;
mod read;
mod rows;
mod table;
mod weeks;
mod words;

pub use block::Mapping;
pub use explanation::{Figure, Mapped, PlaceFound, Skipped, TableFound};
pub use file::sheets;
pub(crate) use grammar::{Block as WrittenBlock, Head as WrittenHead};
pub(crate) use load::{faults_alone, not_there};
pub use load::{load, of_partners, parse};
pub use read::{read, unmet};
