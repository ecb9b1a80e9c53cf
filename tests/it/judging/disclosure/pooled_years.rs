//! Pooled years that share years, and single ones, in two packs between which a year may have been revised.

use super::attacker::cases::Dice;
use super::attacker::pairs::{second, with_second};
use super::attacker::system::{STANDARD, System, TREE, fewest};
use super::attacker::{Name, Reader, count_of, name};
use crate::support::small_framework::{counted, measure};
use boardpack::evaluate::MeasureAssessment;
use boardpack::figure::Observation;
use boardpack::period::Period;
use std::collections::BTreeMap;

const FIRST: u32 = 2010;

/// So many years from this one on.
#[derive(Debug, Clone, Copy)]
struct Window {
    first: u32,
    count: u32,
}

impl Window {
    fn of(period: Period) -> Self {
        let first = u32::try_from(period.start().year()).unwrap() - FIRST;
        Window { first, count: u32::try_from(period.count()).unwrap() }
    }

    fn label(self) -> String {
        let year = |of: u32| format!("{}/{}", FIRST + of, FIRST + of - 1999);
        match self.count {
            1 => year(self.first),
            count => format!("{} - {}", year(self.first), &year(self.first + count - 1)[2..]),
        }
    }

    fn years(self) -> std::ops::Range<u32> {
        self.first..self.first + self.count
    }

    /// The name of the figure, and of its years; of what is revised later as it was before.
    fn names(self, revised: Option<u32>) -> (Name, Vec<Name>) {
        let then = |is_revised: bool| if is_revised { " before" } else { "" };
        let is_revised = |year: u32| revised == Some(year);
        let whole = name(&format!("{}{}", self.label(), then(self.years().any(is_revised))));
        (whole, self.years().map(|year| name(&format!("year {year}{}", then(is_revised(year))))).collect())
    }
}

/// The system's figures of these windows; of single years as another measure of the same count.
fn figures(years: &[u32], windows: &[Window]) -> Vec<Observation> {
    let figure = |window: &Window| {
        let count: u32 = window.years().map(|year| years[year as usize]).sum();
        let figure = counted("SYS", &window.label(), f64::from(count), 3000.0);
        if window.count == 1 { second(figure) } else { figure }
    };
    windows.iter().map(figure).collect()
}

fn system() -> System {
    let of_people = format!("{STANDARD}\nnumerator = \"People harmed\"");
    with_second(System::new(TREE, measure(&of_people, "[\"SYS\"]")), &of_people, "[\"SYS\"]")
}

fn read(reader: &mut Reader, published: &[MeasureAssessment], system: &System, revised: Option<u32>) {
    reader.most = 4;
    for of in published {
        let measure = system.framework.measure(&of.headline.measure).unwrap();
        for point in &of.headline.series {
            let (whole, years) = Window::of(point.period).names(revised);
            reader.see(whole.clone(), count_of(measure, point));
            reader.add(whole, years);
        }
    }
}

/// What two packs tell together of years' counts, of which one may be revised between them.
struct TwoPacks {
    system: System,
    first: Reader,
    both: Reader,
    truth: BTreeMap<Name, u32>,
    /// What the second pack says to be known from the first, and is not.
    wrongly_given_away: Vec<String>,
    withheld: bool,
    /// All that there is of some years is hidden, and zeros may be among it.
    hides_zeros: bool,
}

fn two_packs(years: &mut [u32], windows: [&[Window]; 2], revision: Option<(u32, u32)>) -> TwoPacks {
    let mut system = system();
    let revised = revision.map(|(year, _)| year);
    // What a figure was that was hidden before it was revised is not protected.
    let mut truth = BTreeMap::new();
    let count = |years: &[u32], of: &Window| of.years().map(|year| years[year as usize]).sum::<u32>();
    let before = system.disclosed(&figures(years, windows[0]));
    let mut first = Reader::default();
    read(&mut first, &before.evaluation.measures, &system, revised);
    system.remember(&before);
    if let Some((year, count)) = revision {
        years[year as usize] = count;
    }
    let unrevised = windows[0].iter().filter(|of| revised.is_none_or(|year| !of.years().contains(&year)));
    truth.extend(windows[1].iter().chain(unrevised).map(|of| (of.names(None).0, count(years, of))));
    let now = system.disclosed(&figures(years, windows[1]));
    let mut both = first.clone();
    read(&mut both, &now.evaluation.measures, &system, None);
    let mut wrongly_given_away = Vec::new();
    for one in now.audit.measures.iter().flat_map(|of| &of.given_away) {
        let (whole, years) = Window::of(one.period).names(None);
        let mut alone = first.clone();
        alone.add(whole.clone(), years);
        if alone.possible(&whole).len() < 3 {
            truth.remove(&whole);
        } else {
            wrongly_given_away.push(whole.0);
        }
    }
    let withheld = [&before, &now].iter().any(|pack| pack.audit.reason_to_withhold().is_some());
    let hides_zeros = now.audit.measures.iter().any(|of| of.whole_periods > 0);
    TwoPacks { system, first, both, truth, wrongly_given_away, withheld, hides_zeros }
}

fn pools(all: std::ops::Range<u32>) -> Vec<Window> {
    all.map(|first| Window { first, count: 3 }).collect()
}

#[track_caller]
fn assert_nothing_is_told(packs: &TwoPacks) {
    assert!(!packs.withheld && packs.wrongly_given_away.is_empty(), "{:?}", packs.wrongly_given_away);
    let (fewest, of) = fewest(&packs.both, &packs.truth).unwrap();
    assert!(fewest >= 3, "{of:?} can be {:?} of {:?}", packs.both.possible(&of), packs.both.found);
}

#[test]
fn a_revised_year_tells_no_other_pool() {
    // All pools with the third year are 9 less than they were.
    let mut years = [8, 9, 10, 1, 1, 7, 9];
    let packs = two_packs(&mut years, [&pools(0..5), &pools(0..5)], Some((2, 1)));
    assert_nothing_is_told(&packs);
    assert!(packs.both.found.keys().any(|of| of.0.ends_with("before")) && !packs.first.found.is_empty());
}

#[test]
fn a_hidden_year_stays_hidden_in_its_pool() {
    let single: Vec<Window> = (0..3).map(|first| Window { first, count: 1 }).collect();
    let packs = two_packs(&mut [10, 3, 12], [&single, &pools(0..1)], None);
    assert_nothing_is_told(&packs);
    assert_eq!(packs.system.framework.measures.len(), 2);
}

/// How many of these cases hide something, those of which a pack is not sent, and what is told.
fn told_by_pools(seeds: std::ops::Range<u64>) -> (usize, usize, Vec<String>) {
    let (mut hidden, mut withheld, mut told) = (0, 0, Vec::new());
    for seed in seeds {
        let mut dice = Dice::of(seed);
        let count = 5 + dice.below(4);
        let mut years: Vec<u32> = (0..count).map(|_| if dice.one_in(4) { 0 } else { dice.below(9) }).collect();
        let single = (0..count).filter(|_| dice.one_in(4)).map(|first| Window { first, count: 1 });
        let all: Vec<Window> = pools(0..count - 2).into_iter().chain(single.collect::<Vec<_>>()).collect();
        let [before, now] = [(); 2].map(|()| all.iter().filter(|_| !dice.one_in(6)).copied().collect::<Vec<Window>>());
        let revision = (!dice.one_in(3)).then(|| (dice.below(count), dice.below(12)));
        let was = years.clone();
        let packs = two_packs(&mut years, [&before, &now], revision);
        if packs.withheld {
            withheld += 1;
            continue;
        }
        let Some((fewest, of)) = fewest(&packs.both, &packs.truth) else { continue };
        hidden += 1;
        let is_told = fewest < 3 && !(packs.hides_zeros && packs.both.possible_above(&of, 0.0).len() >= 3);
        if is_told || !packs.wrongly_given_away.is_empty() {
            told.push(format!(
                "case {seed}: {of:?} can be {:?} of {:?}; {was:?} are {years:?}; given away: {:?}",
                packs.both.possible(&of),
                packs.both.found,
                packs.wrongly_given_away
            ));
        }
    }
    (hidden, withheld, told)
}

#[test]
fn pools_in_two_packs_keep_three_values() {
    let (hidden, withheld, told) = told_by_pools(8000..8100);
    assert!(told.is_empty(), "{} are told:\n{}", told.len(), told[..told.len().min(4)].join("\n"));
    assert!(hidden > 50 && withheld < 5, "{hidden} {withheld}");
}

#[test]
#[ignore = "a thousand cases; a hundred of them always run"]
fn heavy_thousand_pools_keep_three_values() {
    let (hidden, withheld, told) = told_by_pools(8000..9000);
    // One is: which years were revised is not known when packs are made, but which pools.
    assert!(told.len() <= 1, "{} are told:\n{}", told.len(), told.join("\n"));
    assert!(hidden > 500 && withheld < 20, "{hidden} {withheld}");
}

/// What a row of packs tells, between which a year may be revised.
#[derive(Debug, Default)]
struct RowOfPacks {
    reader: Reader,
    truth: BTreeMap<Name, u32>,
    withheld: bool,
    hides_zeros: bool,
    given_away: usize,
}

/// The name of a window's figure and of its years, each year by how often it was revised before.
fn names_by_versions(window: Window, versions: &[u32]) -> (Name, Vec<Name>) {
    let of_year = |year: u32| name(&format!("year {year}, version {}", versions[year as usize]));
    let of_years: Vec<u32> = window.years().map(|year| versions[year as usize]).collect();
    (name(&format!("{}, versions {of_years:?}", window.label())), window.years().map(of_year).collect())
}

/// `packs` is the windows of each; `revisions` what changes before each but the first.
fn row_of_packs(years: &mut [u32], packs: &[Vec<Window>], revisions: &[Option<(u32, u32)>]) -> RowOfPacks {
    let mut system = system();
    let mut row = RowOfPacks::default();
    let mut versions = vec![0; years.len()];
    let mut given_away = Vec::new();
    for (pack, windows) in packs.iter().enumerate() {
        for (year, count) in revisions.get(pack.wrapping_sub(1)).into_iter().flatten() {
            versions[*year as usize] += u32::from(years[*year as usize] != *count);
            years[*year as usize] = *count;
        }
        let disclosed = system.disclosed(&figures(years, windows));
        row.withheld |= disclosed.audit.reason_to_withhold().is_some();
        row.hides_zeros = disclosed.audit.measures.iter().any(|of| of.whole_periods > 0);
        let all_given_away = disclosed.audit.measures.iter().flat_map(|of| &of.given_away);
        given_away.extend(all_given_away.map(|one| names_by_versions(Window::of(one.period), &versions).0));
        row.reader.most = 4;
        for of in &disclosed.evaluation.measures {
            let measure = system.framework.measure(&of.headline.measure).unwrap();
            for point in &of.headline.series {
                let (whole, years) = names_by_versions(Window::of(point.period), &versions);
                row.reader.see(whole.clone(), count_of(measure, point));
                row.reader.add(whole, years);
            }
        }
        system.remember(&disclosed);
    }
    for window in packs.iter().flatten() {
        let count = window.years().map(|year| years[year as usize]).sum();
        row.truth.insert(names_by_versions(*window, &versions).0, count);
    }
    let before = row.truth.len();
    row.truth.retain(|of, _| !given_away.contains(of));
    row.given_away = before - row.truth.len();
    row
}

fn told_by_rows_of_pools(seeds: std::ops::Range<u64>) -> (usize, usize, Vec<String>) {
    let (mut hidden, mut given_away, mut told) = (0, 0, Vec::new());
    for seed in seeds {
        let mut dice = Dice::of(seed + 5);
        let count = 5 + dice.below(4);
        let mut years: Vec<u32> = (0..count).map(|_| if dice.one_in(4) { 0 } else { dice.below(9) }).collect();
        let single = (0..count).filter(|_| dice.one_in(4)).map(|first| Window { first, count: 1 });
        let all: Vec<Window> = pools(0..count - 2).into_iter().chain(single.collect::<Vec<_>>()).collect();
        let packs: Vec<Vec<Window>> =
            (0..2 + dice.below(3)).map(|_| all.iter().filter(|_| !dice.one_in(6)).copied().collect()).collect();
        let mut revision = || (!dice.one_in(3)).then(|| (dice.below(count), dice.below(12)));
        let revisions: Vec<Option<(u32, u32)>> = packs[1..].iter().map(|_| revision()).collect();
        let was = years.clone();
        let row = row_of_packs(&mut years, &packs, &revisions);
        if row.withheld {
            continue;
        }
        given_away += row.given_away;
        let Some((fewest, of)) = fewest(&row.reader, &row.truth) else { continue };
        hidden += 1;
        if fewest < 3 && !(row.hides_zeros && row.reader.possible_above(&of, 0.0).len() >= 3) {
            let (possible, found) = (row.reader.possible(&of), &row.reader.found);
            told.push(format!("case {seed}: {of:?} can be {possible:?} of {found:?}; {was:?}, then {revisions:?}"));
        }
    }
    (hidden, given_away, told)
}

#[test]
fn rows_of_pools_keep_three_values() {
    let (hidden, given_away, told) = told_by_rows_of_pools(8000..8040);
    assert!(told.is_empty(), "{} are told:\n{}", told.len(), told[..told.len().min(4)].join("\n"));
    assert!(hidden > 20 && given_away < hidden, "{given_away} of {hidden}");
}

#[test]
#[ignore = "a thousand cases; forty of them always run"]
fn heavy_thousand_rows_of_pools_keep_three_values() {
    let (hidden, given_away, told) = told_by_rows_of_pools(8000..9000);
    eprintln!("{hidden} hide something; {given_away} counts are given away");
    eprintln!("{} are told", told.len());
    // Which years were revised is not known when packs are made, but which pools.
    assert!(told.len() <= 6, "{} are told:\n{}", told.len(), told.join("\n"));
}
