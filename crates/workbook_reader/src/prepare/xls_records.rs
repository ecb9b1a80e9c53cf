//! The records of an .xls ([MS-XLS] 2.1.4).

/// Kinds of records ([MS-XLS] 2.3).
pub(super) mod kind {
    pub const NONE: u16 = 0x0000;
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000a;
    pub const EXTERN_SHEET: u16 = 0x0017;
    pub const NAME: u16 = 0x0018;
    pub const FILE_PASS: u16 = 0x002f;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const MUL_RK: u16 = 0x00bd;
    pub const RICH_TEXT: u16 = 0x00d6;
    pub const XF: u16 = 0x00e0;
    pub const MERGED: u16 = 0x00e5;
    pub const SST: u16 = 0x00fc;
    pub const LABEL_SST: u16 = 0x00fd;
    pub const DIMENSIONS: u16 = 0x0200;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_ERR: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const RK: u16 = 0x027e;
    pub const FORMAT: u16 = 0x041e;
    pub const BOF: u16 = 0x0809;
}

/// A record: where it begins, its kind and what it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub at: usize,
    pub kind: u16,
    pub body: &'a [u8],
}

impl Record<'_> {
    pub fn short(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.body.get(at..at + 2)?.try_into().ok()?))
    }

    pub fn long(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.body.get(at..at + 4)?.try_into().ok()?))
    }

    /// Row and column of a cell's record.
    pub fn cell(&self) -> Option<(u32, u32)> {
        Some((u32::from(self.short(0)?), u32::from(self.short(2)?)))
    }
}

/// The records from `at` on, up to the first that is not whole.
pub(super) fn records(stream: &[u8], at: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = at;
    std::iter::from_fn(move || {
        let head = stream.get(at..at.checked_add(4)?)?;
        let (kind, length) = (u16::from_le_bytes([head[0], head[1]]), usize::from(u16::from_le_bytes([head[2], head[3]])));
        let body = stream.get(at + 4..at + 4 + length)?;
        let record = Record { at, kind, body };
        at += 4 + length;
        Some(record)
    })
}
