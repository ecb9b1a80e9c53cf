//! By what means public sources are asked, and what of them.

use crate::archive::Archive;
use crate::area::Areas;
use crate::assets::Assets;
use crate::collect::workbook::ReaderProcess;
use crate::framework::MeasureId;
use crate::settings::{Fetch, Source};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use workbook_reader::WorkbookLimits;

/// By what means public sources are asked, and what of them.
#[derive(Debug, Clone, Copy)]
pub struct FetchSetup<'a> {
    pub sources: &'a BTreeMap<String, Source>,
    pub fetch: &'a Fetch,
    pub archive: &'a Archive,
    /// When live answers count as retrieved.
    pub now: Timestamp,
    /// Only these measures; every one where empty.
    pub only: &'a [MeasureId],
    /// What was answered on this day or later is not asked again but taken from the archive.
    pub since: Option<Date>,
    /// With what published files are read; none where none are.
    pub files: Option<Files<'a>>,
    /// Whether what the sources say of their indicators is asked for too, and held against the framework.
    pub descriptions: bool,
}

impl<'a> FetchSetup<'a> {
    /// Everything that the framework asks for, asked now.
    pub fn new(sources: &'a BTreeMap<String, Source>, fetch: &'a Fetch, archive: &'a Archive, now: Timestamp) -> Self {
        Self { sources, fetch, archive, now, only: &[], since: None, files: None, descriptions: false }
    }
}

/// With what published files are read.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// Where the mappings are.
    pub config: &'a Assets,
    pub areas: &'a Areas,
    pub limits: &'a WorkbookLimits,
    pub reading: &'a ReaderProcess,
}
