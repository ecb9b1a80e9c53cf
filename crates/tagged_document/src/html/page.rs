//! A page as far as it is written.

use super::ids::Ids;
use super::signs::DefinedSigns;
use crate::inks::Inks;
use crate::layout::Shaper;
use crate::layout::references::HeadingEntry;
use crate::look::Look;
use crate::model::Run;
use std::collections::BTreeSet;

/// The page as far as it is written.
pub struct Page<'a> {
    pub out: String,
    pub look: &'a Look,
    /// What figures that were made up are marked with.
    pub illustrative: String,
    /// That of the PDF's column, in points.
    pub width: f32,
    pub shaper: Shaper<'a>,
    pub ids: Ids,
    pub signs: DefinedSigns,
    /// The colours that drawings have so far.
    pub inks: Inks,
    /// The statuses by which the rows of some table can be chosen.
    pub chosen_by: BTreeSet<&'static str>,
    /// Tables so far whose rows can be chosen.
    pub choices: usize,
    /// What the document's title says after the words of its first heading, which is the page's only `h1`; none once that is
    /// written, or where the title begins otherwise.
    pub of_title: Option<String>,
    /// No heading of the first level came after the title yet.
    pub is_under_title: bool,
    /// Those that are still to come.
    pub headings: std::vec::IntoIter<HeadingEntry>,
    /// What the contents list.
    pub contents: Vec<HeadingEntry>,
    /// The words of the last heading, to name what has no name of its own.
    pub here: String,
    /// Notes of the section that are to be written at its end, with the ids of the mark and of the note.
    pub notes: Vec<Note>,
    /// Notes so far.
    pub noted: usize,
}

/// A note that waits for the end of its section.
pub struct Note {
    pub runs: Vec<Run>,
    pub number: usize,
    pub mark: String,
    pub id: String,
}
