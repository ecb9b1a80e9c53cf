//! Files within a PDF, such as the figures of its tables.

use jiff::civil::Date;
use std::sync::Arc;

/// A file within the PDF; HTML has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// Under which it is saved; no other of the document has it.
    pub name: String,
    /// Such as `text/csv`.
    pub media_type: String,
    /// What a reader is told of it.
    pub description: String,
    pub relationship: Relationship,
    pub bytes: Arc<[u8]>,
    /// The day on which it was last changed.
    pub modified: Date,
}

/// What an attachment is to the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relationship {
    /// What its tables and charts are made from.
    Data,
    /// What it is made from.
    Source,
    /// The same in another form.
    Alternative,
    /// What is read beside it.
    Supplement,
}

impl Relationship {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Relationship::Data => "Data",
            Relationship::Source => "Source",
            Relationship::Alternative => "Alternative",
            Relationship::Supplement => "Supplement",
        }
    }
}
