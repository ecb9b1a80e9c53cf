//! One stream of a compound file, the container of .xls ([MS-CFB]): its bytes, and where each of them lies in the file.

/// Lengths and places in the header and in a directory entry.
const HEADER: usize = 512;
const SECTOR_SHIFT: usize = 0x1e;
const FIRST_DIRECTORY: usize = 0x30;
const CUTOFF: usize = 0x38;
const FIRST_MINI_FAT: usize = 0x3c;
const FIRST_DIFAT: usize = 0x44;
const DIFAT: usize = 0x4c;
const ENTRY: usize = 128;
const MINI_SECTOR: usize = 64;
/// Sectors with higher numbers stand for the end of a chain, or for none.
const LAST_SECTOR: u32 = 0xffff_fffa;

#[derive(Debug)]
pub(super) struct Stream {
    pub bytes: Vec<u8>,
    /// Where each piece of it begins in the file.
    pieces: Vec<usize>,
    piece: usize,
}

impl Stream {
    /// The first stream with one of these names; none where there is none, or where the file is not as it should be.
    pub fn find(file: &[u8], names: &[&str]) -> Option<Self> {
        let shift = short(file, SECTOR_SHIFT).filter(|shift| (7..=16).contains(shift))?;
        let sectors = Sectors { file, size: 1 << shift };
        let fat = sectors.fat()?;
        let directory = sectors.joined(&sectors.chain(&fat, long(file, FIRST_DIRECTORY)?));
        let entries = || directory.chunks_exact(ENTRY);
        let root = entries().next()?;
        let entry = names.iter().find_map(|name| entries().find(|entry| name_of(entry) == *name))?;
        let (first, size) = (long(entry, 116)?, usize::try_from(long(entry, 120)?).ok()?);
        let (pieces, piece) = if size >= usize::try_from(long(file, CUTOFF)?).ok()? {
            (sectors.chain(&fat, first), sectors.size)
        } else {
            // Short streams lie in pieces of a stream of their own, which is the root's.
            let holder = sectors.chain(&fat, long(root, 116)?);
            let mini_fat = numbers(&sectors.joined(&sectors.chain(&fat, long(file, FIRST_MINI_FAT)?)));
            let places = chain(&mini_fat, first).into_iter().map_while(|mini| {
                let at = usize::try_from(mini).ok()?.checked_mul(MINI_SECTOR)?;
                Some(holder.get(at / sectors.size)? + at % sectors.size)
            });
            (places.collect(), MINI_SECTOR)
        };
        let mut bytes: Vec<u8> = Vec::new();
        for at in &pieces {
            bytes.extend(file.get(*at..)?.iter().take(piece));
        }
        bytes.truncate(size);
        Some(Self { bytes, pieces, piece })
    }

    /// Where the byte `at` of the stream lies in the file.
    pub fn place(&self, at: usize) -> Option<usize> {
        Some(self.pieces.get(at / self.piece)? + at % self.piece)
    }
}

struct Sectors<'a> {
    file: &'a [u8],
    size: usize,
}

impl Sectors<'_> {
    fn place(&self, sector: u32) -> Option<usize> {
        let at = (usize::try_from(sector).ok()?.checked_add(1)?).checked_mul(self.size)?;
        (sector < LAST_SECTOR && at < self.file.len()).then_some(at)
    }

    fn bytes(&self, at: usize) -> &[u8] {
        &self.file[at..self.file.len().min(at + self.size)]
    }

    /// Which sector follows each; said in sectors of its own, of which the header lists the first and further sectors the rest.
    fn fat(&self) -> Option<Vec<u32>> {
        let mut listed = numbers(self.file.get(DIFAT..HEADER)?);
        let mut more = long(self.file, FIRST_DIFAT)?;
        for _ in 0..=self.file.len() / self.size {
            let Some(at) = self.place(more) else { break };
            let mut of_sector = numbers(self.bytes(at));
            more = of_sector.pop()?;
            listed.extend(of_sector);
        }
        Some(listed.into_iter().map_while(|sector| self.place(sector)).flat_map(|at| numbers(self.bytes(at))).collect())
    }

    /// Where the sectors of a chain begin in the file.
    fn chain(&self, fat: &[u32], first: u32) -> Vec<usize> {
        chain(fat, first).into_iter().map_while(|sector| self.place(sector)).collect()
    }

    fn joined(&self, places: &[usize]) -> Vec<u8> {
        places.iter().flat_map(|at| self.bytes(*at)).copied().collect()
    }
}

/// The numbers of a chain, up to its end; one that turns back on itself ends when it has been everywhere.
fn chain(follows: &[u32], first: u32) -> Vec<u32> {
    let next = |at: &u32| usize::try_from(*at).ok().and_then(|at| follows.get(at)).copied().filter(|next| *next < LAST_SECTOR);
    std::iter::successors(Some(first).filter(|first| *first < LAST_SECTOR), next).take(follows.len()).collect()
}

fn name_of(entry: &[u8]) -> String {
    let length = short(entry, 64).map_or(0, usize::from).min(64).saturating_sub(2);
    let units: Vec<u16> = entry[..length].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_found_byte_by_byte() {
        let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/workbooks/saved.xls")).unwrap();
        let stream = Stream::find(&file, &["Workbook", "Book"]).unwrap();
        assert_eq!(stream.bytes[..2], [0x09, 0x08], "the record that begins a workbook");
        assert!((0..stream.bytes.len()).all(|at| file[stream.place(at).unwrap()] == stream.bytes[at]));
        assert!(Stream::find(&file, &["WordDocument"]).is_none());
    }

    #[test]
    fn a_file_that_leads_nowhere_has_no_stream() {
        let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/workbooks/saved.xls")).unwrap();
        for end in (0..file.len()).step_by(997) {
            drop(Stream::find(&file[..end], &["Workbook"]));
        }
        assert!(Stream::find(&file[..600], &["Workbook"]).is_none());
    }
}
