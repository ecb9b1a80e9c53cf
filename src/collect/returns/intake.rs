//! Where returns come in and how they are read.

use crate::archive::Archive;
use crate::area::Areas;
use crate::collect::mapping::Mapping;
use crate::collect::workbook::ReaderProcess;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;
use workbook_reader::WorkbookLimits;

/// Where returns come in and how they are read.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    /// Where the workbooks lie, or a folder a partner.
    pub folder: &'a Path,
    pub limits: &'a WorkbookLimits,
    pub reading: &'a ReaderProcess,
    pub archive: &'a Archive,
    pub areas: &'a Areas,
    /// By the partner's id, for those who send a layout of their own.
    pub mappings: &'a BTreeMap<String, Mapping>,
    /// The clock at the time of the look, which says whether a file has only just been written.
    pub now: Timestamp,
    /// Waits until such a file is looked at again.
    pub wait: &'a dyn Fn(),
}
