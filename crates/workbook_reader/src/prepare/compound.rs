//! The streams of a compound file, the container of .xls ([MS-CFB]), and a container with one stream.
//!
//! A container is a table of which sector follows which. Chains are held to the sectors that there are and are followed once
//! through each: one that turns back on itself is told, and takes no memory.

use std::fmt;

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
const FAT_SECTOR: u32 = 0xffff_fffd;
const END_OF_CHAIN: u32 = 0xffff_fffe;
const NO_SECTOR: u32 = 0xffff_ffff;
/// Kinds of directory entries.
const STORAGE: u8 = 1;
const STREAM: u8 = 2;
const ROOT: u8 = 5;

/// Why the streams of a file cannot be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Senseless {
    /// A chain of sectors leads back to where it was.
    Circle,
    /// A chain leads out of the file or ends before what it is to hold, or the header is none.
    Astray,
}

impl fmt::Display for Senseless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Senseless::Circle => "its table of sectors leads round in a circle",
            Senseless::Astray => "its table of sectors leads nowhere",
        })
    }
}

/// A compound file of which the tables have been read.
#[derive(Debug)]
pub(super) struct Compound<'a> {
    sectors: Sectors<'a>,
    fat: Vec<u32>,
    /// Shorter streams lie in the pieces of one that is the root's.
    cutoff: usize,
    mini_fat: Vec<u32>,
    minis: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    kind: u8,
    first: u32,
    size: usize,
}

impl<'a> Compound<'a> {
    /// # Errors
    /// A header or tables that make no sense.
    pub fn open(file: &'a [u8]) -> Result<Self, Senseless> {
        let shift = short(file, SECTOR_SHIFT).filter(|shift| (7..=16).contains(shift)).ok_or(Senseless::Astray)?;
        let sectors = Sectors { file, size: 1 << shift };
        let header = |at| long(file, at).ok_or(Senseless::Astray);
        let fat = sectors.fat()?;
        let directory = sectors.joined(&fat, header(FIRST_DIRECTORY)?, None)?;
        let entries: Vec<Entry> = directory.chunks_exact(ENTRY).filter_map(entry_of).collect();
        let root = entries.first().filter(|entry| entry.kind == ROOT).ok_or(Senseless::Astray)?;
        let cutoff = usize::try_from(header(CUTOFF)?).map_err(|_| Senseless::Astray)?;
        let has_minis = entries.iter().any(|entry| entry.kind == STREAM && (1..cutoff).contains(&entry.size));
        let (mini_fat, minis) = if has_minis {
            let mini_fat = sectors.joined(&fat, header(FIRST_MINI_FAT)?, None)?;
            (numbers(&mini_fat), sectors.joined(&fat, root.first, Some(root.size))?)
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(Self { sectors, fat, cutoff, mini_fat, minis, entries })
    }

    /// The first stream with this name; none where there is none.
    ///
    /// # Errors
    /// A chain that makes no sense.
    pub fn stream(&self, name: &str) -> Option<Result<Vec<u8>, Senseless>> {
        let is_it = |entry: &&Entry| entry.kind == STREAM && entry.name.eq_ignore_ascii_case(name);
        self.entries.iter().find(is_it).map(|entry| self.bytes(entry))
    }

    /// The streams whose names `takes`, as far as they can be read.
    pub fn streams(&self, takes: impl Fn(&str) -> bool) -> impl Iterator<Item = Vec<u8>> {
        let taken = self.entries.iter().filter(move |entry| entry.kind == STREAM && takes(&entry.name));
        taken.filter_map(|entry| self.bytes(entry).ok())
    }

    /// Whether there is a folder whose name `is` true of.
    pub fn has_storage(&self, is: impl Fn(&str) -> bool) -> bool {
        self.entries.iter().any(|entry| entry.kind == STORAGE && is(&entry.name))
    }

    fn bytes(&self, entry: &Entry) -> Result<Vec<u8>, Senseless> {
        if entry.size >= self.cutoff {
            return self.sectors.joined(&self.fat, entry.first, Some(entry.size));
        }
        let mut bytes = Vec::with_capacity(entry.size.min(self.minis.len()));
        for mini in chain(&self.mini_fat, entry.first, Some(entry.size.div_ceil(MINI_SECTOR)))? {
            let from = usize::try_from(mini).map_err(|_| Senseless::Astray)?.saturating_mul(MINI_SECTOR);
            let to = self.minis.len().min(from.saturating_add(MINI_SECTOR));
            bytes.extend(self.minis.get(from..to).ok_or(Senseless::Astray)?);
        }
        bytes.truncate(entry.size);
        Ok(bytes)
    }
}

#[derive(Debug)]
struct Sectors<'a> {
    file: &'a [u8],
    size: usize,
}

impl Sectors<'_> {
    /// None beyond the end of the file, where the last sector may be cut short.
    fn get(&self, sector: u32) -> Option<&[u8]> {
        let at = usize::try_from(sector).ok()?.checked_add(1)?.checked_mul(self.size)?;
        let end = self.file.len().min(at.checked_add(self.size)?);
        self.file.get(at..end).filter(|bytes| sector < LAST_SECTOR && !bytes.is_empty())
    }

    /// Which sector follows each; said in sectors of its own, of which the header lists the first and further sectors the rest.
    fn fat(&self) -> Result<Vec<u32>, Senseless> {
        let mut listed = numbers(self.file.get(DIFAT..HEADER).ok_or(Senseless::Astray)?);
        let mut more = long(self.file, FIRST_DIFAT).ok_or(Senseless::Astray)?;
        let mut passed = Passed::default();
        while let Some(sector) = self.get(more) {
            passed.by(more)?;
            let mut of_sector = numbers(sector);
            more = of_sector.pop().ok_or(Senseless::Astray)?;
            listed.extend(of_sector);
        }
        let (mut fat, mut passed) = (Vec::new(), Passed::default());
        for sector in listed.into_iter().filter(|sector| *sector < LAST_SECTOR) {
            let Some(bytes) = self.get(sector) else { break };
            passed.by(sector)?;
            fat.extend(numbers(bytes));
        }
        Ok(fat)
    }

    /// The bytes of a chain: so many, or all.
    fn joined(&self, fat: &[u32], first: u32, size: Option<usize>) -> Result<Vec<u8>, Senseless> {
        let mut bytes = Vec::new();
        for sector in chain(fat, first, size.map(|size| size.div_ceil(self.size)))? {
            bytes.extend(self.get(sector).ok_or(Senseless::Astray)?);
        }
        bytes.truncate(size.unwrap_or(bytes.len()));
        Ok(bytes)
    }
}

/// The sectors of a chain: so many, or all up to its end.
fn chain(follows: &[u32], first: u32, count: Option<usize>) -> Result<Vec<u32>, Senseless> {
    let (mut sectors, mut passed, mut next) = (Vec::new(), Passed::default(), first);
    while count.is_none_or(|count| sectors.len() < count) {
        if next >= LAST_SECTOR {
            return if count.is_none() { Ok(sectors) } else { Err(Senseless::Astray) };
        }
        let following = usize::try_from(next).ok().and_then(|at| follows.get(at)).ok_or(Senseless::Astray)?;
        passed.by(next)?;
        sectors.push(next);
        next = *following;
    }
    Ok(sectors)
}

/// The sectors that a chain has passed, a bit each; only such are asked about as are in the file or its table.
#[derive(Debug, Default)]
struct Passed(Vec<u64>);

impl Passed {
    fn by(&mut self, sector: u32) -> Result<(), Senseless> {
        let (word, bit) = (usize::try_from(sector / 64).map_err(|_| Senseless::Astray)?, 1 << (sector % 64));
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        if self.0[word] & bit != 0 {
            return Err(Senseless::Circle);
        }
        self.0[word] |= bit;
        Ok(())
    }
}

/// None for an entry that stands for nothing.
fn entry_of(entry: &[u8]) -> Option<Entry> {
    let length = short(entry, 64).map_or(0, usize::from).min(64).saturating_sub(2);
    let units: Vec<u16> = entry[..length].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let (first, size) = (long(entry, 116)?, usize::try_from(long(entry, 120)?).ok()?);
    (entry[66] != 0).then(|| Entry { name: String::from_utf16_lossy(&units), kind: entry[66], first, size })
}

/// Sectors of the container that is written, and how many of its table the header can list.
const WRITTEN_SECTOR: usize = 4096;
const LISTED: usize = (HEADER - DIFAT) / 4;
/// A shorter stream would be looked for elsewhere.
const SHORTEST: usize = 4096;

/// A container with this stream and nothing else; none where the stream is too large for one (over 400 MB).
pub(super) fn container(name: &str, stream: &[u8]) -> Option<Vec<u8>> {
    let size = stream.len().max(SHORTEST);
    let data = size.div_ceil(WRITTEN_SECTOR);
    let a_sector = WRITTEN_SECTOR / 4;
    // The table has an entry for each of its own sectors too.
    let tables = (data + 1).div_ceil(a_sector - 1);
    if tables > LISTED {
        return None;
    }
    let sector = |number: usize| u32::try_from(number).ok();
    let mut file = vec![0; WRITTEN_SECTOR];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    put(0x18, &[0x3e, 0, 3, 0, 0xfe, 0xff, 12, 0, 6, 0]);
    put(0x2c, &sector(tables)?.to_le_bytes());
    put(FIRST_DIRECTORY, &sector(tables)?.to_le_bytes());
    put(CUTOFF, &sector(SHORTEST)?.to_le_bytes());
    for at in [FIRST_MINI_FAT, FIRST_DIFAT] {
        put(at, &END_OF_CHAIN.to_le_bytes());
    }
    for table in 0..LISTED {
        let listed = if table < tables { sector(table)? } else { NO_SECTOR };
        put(DIFAT + 4 * table, &listed.to_le_bytes());
    }
    let first = tables + 1;
    let mut fat = vec![FAT_SECTOR; tables];
    fat.push(END_OF_CHAIN);
    fat.extend((first + 1..first + data).map_while(sector));
    fat.push(END_OF_CHAIN);
    fat.resize(tables * a_sector, NO_SECTOR);
    file.extend(fat.iter().flat_map(|next| next.to_le_bytes()));
    let mut directory = written_entry("Root Entry", ROOT, END_OF_CHAIN, 0);
    directory.extend(written_entry(name, STREAM, sector(first)?, sector(size)?));
    directory.resize(WRITTEN_SECTOR, 0);
    file.extend(directory);
    file.extend(stream);
    file.resize((first + data + 1) * WRITTEN_SECTOR, 0);
    Some(file)
}

fn written_entry(name: &str, kind: u8, first: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u8::try_from(entry.len() + 2).unwrap_or(64);
    entry.resize(ENTRY, 0);
    (entry[64], entry[66]) = (length, kind);
    // It has no neighbours.
    entry[68..80].fill(0xff);
    entry[116..120].copy_from_slice(&first.to_le_bytes());
    entry[120..124].copy_from_slice(&size.to_le_bytes());
    entry
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

    fn saved() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/saved.xls")).unwrap()
    }

    fn workbook(file: &[u8]) -> Result<Vec<u8>, Senseless> {
        Compound::open(file)?.stream("Workbook").unwrap_or(Err(Senseless::Astray))
    }

    #[test]
    fn a_stream_survives_its_own_container() {
        let file = saved();
        let stream = workbook(&file).unwrap();
        assert_eq!(stream[..2], [0x09, 0x08], "the record that begins a workbook");
        assert!(Compound::open(&file).unwrap().stream("WordDocument").is_none());
        for length in [1, 4096, 4097, 5_000_000] {
            let stream: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let written = workbook(&container("Workbook", &stream).unwrap()).unwrap();
            assert!(written.starts_with(&stream) && written[length..].iter().all(|byte| *byte == 0), "{length}");
        }
    }

    #[test]
    fn a_file_that_breaks_off_has_no_stream() {
        let file = saved();
        for end in (0..file.len()).step_by(997) {
            drop(workbook(&file[..end]));
        }
        assert_eq!(workbook(&file[..600]), Err(Senseless::Astray));
    }

    #[test]
    fn circular_sectors_are_found_anywhere() {
        let put = |file: &mut Vec<u8>, at: usize, number: u32| file[at..at + 4].copy_from_slice(&number.to_le_bytes());
        let stream = vec![7; 5_000_000];
        let whole = container("Workbook", &stream).unwrap();
        let place = |sector: u32| (usize::try_from(sector).unwrap() + 1) * WRITTEN_SECTOR;
        let directory = long(&whole, FIRST_DIRECTORY).unwrap();
        let follows = |sector: u32| place(0) + 4 * usize::try_from(sector).unwrap();
        // Directory, the stream, and the lists of the tables of sectors.
        let mut file = whole.clone();
        put(&mut file, follows(directory), directory);
        assert_eq!(workbook(&file), Err(Senseless::Circle));
        let mut file = whole.clone();
        put(&mut file, follows(directory + 9), directory + 2);
        assert_eq!(workbook(&file), Err(Senseless::Circle));
        let mut file = whole.clone();
        put(&mut file, DIFAT + 4, 0);
        assert_eq!(workbook(&file), Err(Senseless::Circle));
        let mut file = whole.clone();
        let last = directory + 20;
        put(&mut file, FIRST_DIFAT, last);
        file[place(last)..place(last) + WRITTEN_SECTOR].fill(0xff);
        put(&mut file, place(last) + WRITTEN_SECTOR - 4, last);
        assert_eq!(workbook(&file), Err(Senseless::Circle));
        // Short streams: their table, what holds them, and one of them.
        let file = saved();
        let sector = 1 << short(&file, SECTOR_SHIFT).unwrap();
        let at = |number: u32| (usize::try_from(number).unwrap() + 1) * sector;
        let fat = at(long(&file, DIFAT).unwrap());
        let root = at(long(&file, FIRST_DIRECTORY).unwrap());
        let mini_fat = long(&file, FIRST_MINI_FAT).unwrap();
        assert!(mini_fat < LAST_SECTOR, "the file has short streams");
        let mut in_a_circle = file.clone();
        put(&mut in_a_circle, fat + 4 * usize::try_from(mini_fat).unwrap(), mini_fat);
        assert_eq!(workbook(&in_a_circle), Err(Senseless::Circle));
        let holder = long(&file, root + 116).unwrap();
        let mut in_a_circle = file.clone();
        put(&mut in_a_circle, fat + 4 * usize::try_from(holder).unwrap(), holder);
        put(&mut in_a_circle, root + 120, 1 << 30);
        assert_eq!(workbook(&in_a_circle), Err(Senseless::Circle));
    }
}
