//! From assessments to a tagged PDF.
//!
//! `content` says what there is to say, the `templates` in what order and words; together they make a
//! [`tagged_document::model::Document`], which [`tagged_document`] sets as a PDF and as HTML.

mod alternatives;
mod ambition_comments;
pub mod annex;
mod charts;
mod check_templates;
mod content;
mod directives;
mod fill;
mod fonts;
mod icons;
mod look;
mod markdown;
mod pack;
mod pictures;
mod remark;
mod render;
mod signs;
mod statement;
mod tables;
mod templates;
mod theme;
mod trial;

pub use ambition_comments::{GivenComment, comments_on, is_beside_withheld};
pub use content::place;
pub use pack::{ILLUSTRATIVE, PackInputs};
pub use remark::Remark;
pub use render::{PackFiles, render, render_with};
pub use statement::{STATEMENT, Statement};
pub(crate) use templates::PackContents;
pub use templates::{Evidence, ReportTemplates};
pub(crate) use theme::{BUILT_IN as THEME, Theme};
pub(crate) use trial::{TrialSubject, faults_in, unprintable};
