//! Signs that what was sent is about persons one by one. A return holds counts: a workbook of persons is refused and not
//! kept, and a comment that says who somebody is stays off every page, until a person has looked and let it through.
//!
//! `sheet` judges a worksheet by its headings with what stands beneath them, and by its columns; `beside` does the same with
//! comments, text boxes and whatever else a workbook holds beside its cells; `text` judges a comment, and `withhold` takes it
//! out before anything reads it. `identifying` judges what people tell, where a name by itself says too much.

mod beside;
mod given_names;
mod headings;
mod identifying;
mod names;
mod numbers;
mod sheet;
mod text;
mod withhold;

pub use beside::find_beside;
pub use identifying::{identifier, identifying};
pub use sheet::find;
pub use text::{WITHHELD, personal, without_withheld};
pub use withhold::{Allowed, Withheld, withhold};
