//! Where a figure came from that was made from many: cells that lie together named as one range, lines as one run.

use crate::figure::Provenance;
use std::collections::BTreeSet;
use workbook_reader::cell_name;

/// The same places in few words: one entry for each sheet of a file and each answer, in the order in which they came.
pub fn merged(sources: &[Provenance]) -> Vec<Provenance> {
    let mut files: Vec<(Provenance, Vec<&Provenance>)> = Vec::new();
    for source in sources {
        match files.iter_mut().find(|(first, _)| is_of_one_file(first, source)) {
            Some((_, of_file)) => of_file.push(source),
            None => files.push((source.clone(), vec![source])),
        }
    }
    files.into_iter().map(|(first, of_file)| together(first, &of_file)).collect()
}

impl Provenance {
    /// True where `other` is, or is among, the cells or lines that this names.
    pub fn includes(&self, other: &Provenance) -> bool {
        if self == other {
            return true;
        }
        if !is_of_one_file(self, other) {
            return false;
        }
        match (self, other) {
            (Provenance::Cell { cell: whole, .. }, Provenance::Cell { cell: part, .. }) => {
                let blocks: Vec<Block> = whole.split(", ").filter_map(Block::parse).collect();
                let is_within = |part| Block::parse(part).is_some_and(|part| blocks.iter().any(|block| block.holds(part)));
                part.split(", ").all(is_within)
            }
            (Provenance::Answer { place, .. }, Provenance::Answer { line, place: own, .. }) if own.is_empty() => {
                runs(place).iter().any(|(from, to)| (*from..=*to).contains(line))
            }
            (Provenance::Answer { place, .. }, Provenance::Answer { place: own, .. }) => place.split(", ").any(|one| one == own),
            _ => false,
        }
    }
}

/// The same sheet of the same file, or the same answer.
fn is_of_one_file(one: &Provenance, other: &Provenance) -> bool {
    match (one, other) {
        (
            Provenance::Cell { partner, file, sha256, sheet, .. },
            Provenance::Cell { partner: other_partner, file: other_file, sha256: other_sha256, sheet: other_sheet, .. },
        ) => (partner, file, sha256, sheet) == (other_partner, other_file, other_sha256, other_sheet),
        (
            Provenance::Answer { url, sha256, indicator, .. },
            Provenance::Answer { url: other_url, sha256: other_sha256, indicator: other_indicator, .. },
        ) => (url, sha256, indicator) == (other_url, other_sha256, other_indicator),
        _ => false,
    }
}

fn together(first: Provenance, of_file: &[&Provenance]) -> Provenance {
    if of_file.iter().all(|one| **one == first) {
        return first;
    }
    match first {
        Provenance::Cell { partner, file, sha256, sheet, by, .. } => {
            let cells = of_file.iter().filter_map(|one| match one {
                Provenance::Cell { cell, .. } => Some(cell.as_str()),
                Provenance::Answer { .. } => None,
            });
            Provenance::Cell { partner, file, sha256, sheet, cell: ranges(cells), by }
        }
        Provenance::Answer { publisher, indicator, url, retrieved, sha256, .. } => {
            let (mut lines, mut places) = (BTreeSet::new(), BTreeSet::new());
            for one in of_file {
                match one {
                    Provenance::Answer { line, place, .. } if place.is_empty() => drop(lines.insert(*line)),
                    Provenance::Answer { place, .. } => drop(places.insert(place.clone())),
                    Provenance::Cell { .. } => {}
                }
            }
            let line = lines.first().copied().unwrap_or_default();
            let places: Vec<String> = places.into_iter().chain((!lines.is_empty()).then(|| in_runs(&lines))).collect();
            Provenance::Answer { publisher, indicator, url, retrieved, sha256, line, place: places.join(", ") }
        }
    }
}

/// Cells as ranges: `J4:K22, M4`.
fn ranges<'c>(cells: impl Iterator<Item = &'c str>) -> String {
    let (mut blocks, mut others) = (Vec::new(), Vec::new());
    for cell in cells.flat_map(|cells| cells.split(", ")) {
        match Block::parse(cell) {
            Some(block) => blocks.push(block),
            None => others.push(cell.to_owned()),
        }
    }
    blocks.sort_unstable();
    let mut joined: Vec<Block> = Vec::new();
    for block in blocks {
        match joined.last_mut().filter(|last| last.columns == block.columns && block.rows.0 <= last.rows.1.saturating_add(1)) {
            Some(last) => last.rows.1 = last.rows.1.max(block.rows.1),
            None => joined.push(block),
        }
    }
    joined.iter().map(Block::written).chain(others).collect::<Vec<_>>().join(", ")
}

/// Cells of neighbouring columns and rows, counted from 0; both ends are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    columns: (u32, u32),
    rows: (u32, u32),
}

impl Block {
    /// Reads `J4` or `J4:K22`.
    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let ((first_column, first_row), (last_column, last_row)) = (cell(from)?, cell(to)?);
        Some(Block { columns: (first_column, last_column), rows: (first_row, last_row) })
    }

    fn written(&self) -> String {
        let (from, to) = (cell_name(self.rows.0, self.columns.0), cell_name(self.rows.1, self.columns.1));
        if from == to { from } else { format!("{from}:{to}") }
    }

    fn holds(&self, other: Block) -> bool {
        let within = |whole: (u32, u32), part: (u32, u32)| whole.0 <= part.0 && part.1 <= whole.1;
        within(self.columns, other.columns) && within(self.rows, other.rows)
    }
}

/// Column and row of `J4`, counted from 0.
fn cell(text: &str) -> Option<(u32, u32)> {
    let letters = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(letters);
    let column = letters.chars().try_fold(0_u32, |column, letter| {
        let place = letter.is_ascii_uppercase().then(|| u32::from(letter) - u32::from('A') + 1)?;
        column.checked_mul(26)?.checked_add(place)
    })?;
    Some((column.checked_sub(1)?, digits.parse::<u32>().ok()?.checked_sub(1)?))
}

/// `lines 2 to 21, 25`.
fn in_runs(lines: &BTreeSet<u64>) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for line in lines {
        match runs.last_mut().filter(|(_, to)| to.checked_add(1) == Some(*line)) {
            Some((_, to)) => *to = *line,
            None => runs.push((*line, *line)),
        }
    }
    let one = |(from, to): &(u64, u64)| if from == to { from.to_string() } else { format!("{from} to {to}") };
    format!("lines {}", runs.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// What [`in_runs`] wrote, read back.
fn runs(place: &str) -> Vec<(u64, u64)> {
    let Some((_, lines)) = place.rsplit_once("lines ") else { return Vec::new() };
    let run = |run: &str| {
        let (from, to) = run.split_once(" to ").unwrap_or((run, run));
        Some((from.parse().ok()?, to.parse().ok()?))
    };
    lines.split(", ").filter_map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell_of(sheet: &str, cell: &str) -> Provenance {
        let [partner, file, sha256] = ["p", "f.xlsx", "00"].map(str::to_owned);
        Provenance::Cell { partner, file, sha256, sheet: sheet.into(), cell: cell.into(), by: String::new() }
    }

    fn line_of(url: &str, line: u64) -> Provenance {
        let [publisher, indicator, sha256] = ["ONS", "Deaths", "00"].map(str::to_owned);
        let retrieved = "2026-01-01T00:00:00Z".parse().unwrap();
        Provenance::Answer { publisher, indicator, url: url.into(), retrieved, sha256, line, place: String::new() }
    }

    #[test]
    fn adjacent_cells_form_one_range() {
        let cells: Vec<Provenance> =
            ["J5:K5", "J4:K4", "L4", "J7:K7", "L5", "AA9"].iter().map(|cell| cell_of("Age bands", cell)).collect();
        let all = [cells.as_slice(), &[cell_of("Figures", "J4")]].concat();
        let few = merged(&all);
        assert_eq!(few, [cell_of("Age bands", "J4:K5, J7:K7, L4:L5, AA9"), cell_of("Figures", "J4")]);
        assert!(all.iter().all(|one| few.iter().any(|range| range.includes(one))));
        for other in [cell_of("Age bands", "J6:K6"), cell_of("Figures", "J5"), cell_of("Age bands", "A1")] {
            assert!(few.iter().all(|range| !range.includes(&other)), "{other:?}");
        }
        assert_eq!(merged(&few), few);
        assert_eq!(merged(&all[..1]), all[..1]);
    }

    #[test]
    fn adjacent_lines_form_one_range() {
        let lines: Vec<Provenance> = [4, 2, 3, 9].map(|line| line_of("a", line)).to_vec();
        let all = [lines.as_slice(), &[line_of("b", 5)]].concat();
        let few = merged(&all);
        assert_eq!(few.iter().map(Provenance::place).collect::<Vec<_>>(), ["lines 2 to 4, 9", "line 5"]);
        assert!(all.iter().all(|one| few.iter().any(|run| run.includes(one))));
        assert!(few.iter().all(|run| !run.includes(&line_of("a", 5)) && !run.includes(&line_of("b", 2))));
    }
}
