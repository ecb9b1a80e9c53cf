//! How figures are hidden, on tables put together by hand.

use super::count::Truth;
use super::hide::{LEAST_POSSIBLE, Outcome, protect};
use super::rule::Rule;
use super::secret::Secret;
use super::table::{Cell, Sum, Table};
use crate::area::AreaCode;
use crate::figure::FigureKey;
use crate::framework::{Disclosure, MeasureId};
use crate::period::Period;
use std::time::Instant;

const MARK: f64 = -1.0;
const ABSENT: f64 = -2.0;

/// A table of these counts, of which sums are given by place: the whole, then its parts.
fn table(disclosure: Disclosure, counts: &[f64], sums: &[(usize, &[usize])]) -> Table {
    let cell = |(at, count): (usize, &f64)| {
        let area = AreaCode::new(format!("A{at}")).unwrap();
        let key = FigureKey::new(MeasureId("m".to_owned()), area, Period::financial_quarter(2026, 1), None);
        let truth = match *count {
            MARK => Truth::Marked,
            ABSENT => Truth::Absent,
            count => Truth::Count(count),
        };
        let least = if *count == ABSENT { 0.0 } else { 1.0 };
        let level = u8::from(sums.iter().any(|(whole, _)| *whole == at));
        Cell { truth, least, level, ..Cell::unknown(key, Rule::of(disclosure)) }
    };
    let sums = sums.iter().map(|(whole, parts)| Sum { whole: *whole, parts: parts.to_vec(), rest: false, off: 0.0, pack: 0 });
    Table { cells: counts.iter().enumerate().map(cell).collect(), sums: sums.collect() }
}

fn protected(table: &Table) -> Outcome {
    protect(table, &Secret::new(b"for these tests".to_vec()))
}

fn hidden(table: &Table, outcome: &Outcome) -> Vec<usize> {
    (0..table.cells.len()).filter(|at| outcome.hidden.contains_key(&table.cells[*at].key)).collect()
}

fn is_protected(outcome: &Outcome) -> bool {
    outcome.unprotected.is_empty() && outcome.possible.values().all(|possible| possible.len() >= LEAST_POSSIBLE)
}

#[test]
fn counts_told_by_a_sum_are_hidden() {
    let table = table(Disclosure::Standard, &[48.0, 13.0, 32.0, 3.0], &[(0, &[1, 2, 3])]);
    let outcome = protected(&table);
    let hidden = hidden(&table, &outcome);
    assert!(is_protected(&outcome) && hidden.len() < 4 && hidden.contains(&3), "{hidden:?}");
}

#[test]
fn two_small_counts_need_a_third() {
    // 18 = [c] + [c] + 7 + 9 leaves 2 for two counts of at least one.
    let table = table(Disclosure::Standard, &[18.0, 1.0, 1.0, 7.0, 9.0], &[(0, &[1, 2, 3, 4])]);
    let outcome = protected(&table);
    assert!(is_protected(&outcome) && hidden(&table, &outcome).len() >= 3);
}

#[test]
fn zero_stays_where_it_can() {
    let table = table(Disclosure::Standard, &[4.0, 4.0, 0.0, 0.0], &[(0, &[1, 2, 3])]);
    let outcome = protected(&table);
    assert_eq!(hidden(&table, &outcome), [0, 1]);
    assert!(is_protected(&outcome));
}

#[test]
fn complete_parts_do_not_tell_the_least() {
    // Three hidden parts of at least one each would leave 3 and 4 for the place.
    let table = table(Disclosure::Standard, &[50.0, 3.0, 47.0, 1.0, 1.0, 1.0, 0.0], &[(0, &[1, 2]), (1, &[3, 4, 5, 6])]);
    let outcome = protected(&table);
    assert!(is_protected(&outcome) && !outcome.is_whole_table, "{outcome:?}");
    assert_eq!(hidden(&table, &outcome).iter().filter(|at| **at >= 3).count(), 4, "the zero goes with them");
}

#[test]
fn a_mark_of_the_source_is_kept_too() {
    let table = table(Disclosure::Standard, &[48.0, 13.0, 32.0, MARK], &[(0, &[1, 2, 3])]);
    let outcome = protected(&table);
    assert!(is_protected(&outcome) && hidden(&table, &outcome).len() < 4, "{outcome:?}");
}

#[test]
fn sums_over_absent_areas_are_looked_through() {
    // The system less one place, less the other, is what the absent county and the hidden district are together.
    let sums: [(usize, &[usize]); 3] = [(0, &[1, 2, 3]), (4, &[1, 5]), (0, &[4, 6])];
    let table = table(Disclosure::Standard, &[60.0, 3.0, 20.0, 37.0, 23.0, ABSENT, 37.0], &sums);
    assert!(is_protected(&protected(&table)));
}

#[test]
fn what_cannot_have_been_gives_nothing_away() {
    // An earlier pack showed 45 for the whole, of which the mark and 11 leave 34; now they leave 4.
    let mut table = table(Disclosure::Standard, &[15.0, MARK, 11.0, ABSENT], &[(0, &[1, 2]), (3, &[1, 2])]);
    table.cells[3].before = Some((45.0, 45.0));
    table.sums[1].pack = 1;
    let outcome = protected(&table);
    assert!(is_protected(&outcome) && outcome.given_away.is_empty(), "{outcome:?}");
    assert!(hidden(&table, &outcome).contains(&1) && !outcome.is_whole_table, "{outcome:?}");
}

#[test]
fn a_count_that_is_awaited_is_not_told() {
    let counts = |whole| [whole, 25.0, 20.0, ABSENT];
    let hidden_beside = |whole: f64, is_awaited| {
        let mut table = table(Disclosure::Standard, &counts(whole), &[(0, &[1, 2, 3])]);
        table.cells[3].is_awaited = is_awaited;
        let outcome = protected(&table);
        assert!(is_protected(&outcome) && outcome.given_away.is_empty(), "{outcome:?}");
        hidden(&table, &outcome).len()
    };
    assert_eq!((hidden_beside(46.0, true), hidden_beside(46.0, false)), (1, 0));
    assert_eq!((hidden_beside(45.0, true), hidden_beside(50.0, true)), (0, 0), "none, and not small");
    assert_eq!(hidden_beside(49.0, true), 1);
}

#[test]
fn rounded_counts_hide_seven_and_less() {
    let table = table(Disclosure::HospitalEpisodes, &[48.0, 13.0, 30.0, 5.0], &[(0, &[1, 2, 3])]);
    let outcome = protected(&table);
    assert!(is_protected(&outcome) && hidden(&table, &outcome).contains(&3));
}

#[test]
fn another_secret_hides_others() {
    let counts = [600.0, 3.0, 70.0, 80.0, 90.0, 100.0, 110.0, 147.0];
    let table = table(Disclosure::Standard, &counts, &[(0, &[1, 2, 3, 4, 5, 6, 7])]);
    let chosen: std::collections::BTreeSet<Vec<usize>> =
        (0..20_u8).map(|i| hidden(&table, &protect(&table, &Secret::new(vec![i; 32])))).collect();
    assert!(chosen.len() > 4, "{chosen:?}");
    assert_eq!(hidden(&table, &protected(&table)), hidden(&table, &protected(&table)));
}

#[test]
fn a_large_table_takes_no_time() {
    // Eight districts in two authorities and three places, of each the tenths, the fifths, and both of the system.
    let areas = 1 + 2 + 3 + 8;
    let groups = 1 + 10 + 5;
    let mut counts = vec![0.0; areas * groups];
    let mut state = 7_u32;
    for district in 6..areas {
        for tenth in 1..=10 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let count = f64::from(state >> 24) % 9.0;
            let members = [district, 1 + (district - 6) / 4, 3 + (district - 6) % 3, 0];
            for area in members {
                counts[area * groups] += count;
                counts[area * groups + tenth] += count;
                counts[area * groups + 11 + (tenth - 1) / 2] += count;
            }
        }
    }
    let mut sums: Vec<(usize, Vec<usize>)> = Vec::new();
    for group in 0..groups {
        let at = |area: usize| area * groups + group;
        sums.push((at(0), vec![at(1), at(2)]));
        sums.push((at(0), vec![at(3), at(4), at(5)]));
        for authority in 0..2 {
            sums.push((at(1 + authority), (6..areas).filter(|d| (d - 6) / 4 == authority).map(at).collect()));
        }
        for place in 0..3 {
            sums.push((at(3 + place), (6..areas).filter(|d| (d - 6) % 3 == place).map(at).collect()));
        }
    }
    for area in 0..areas {
        sums.push((area * groups, (1..=10).map(|tenth| area * groups + tenth).collect()));
        sums.push((area * groups, (11..=15).map(|fifth| area * groups + fifth).collect()));
        for fifth in 0..5 {
            sums.push((area * groups + 11 + fifth, vec![area * groups + 1 + 2 * fifth, area * groups + 2 + 2 * fifth]));
        }
    }
    let borrowed: Vec<(usize, &[usize])> = sums.iter().map(|(whole, parts)| (*whole, parts.as_slice())).collect();
    let table = table(Disclosure::Standard, &counts, &borrowed);
    let start = Instant::now();
    let outcome = protected(&table);
    let took = start.elapsed();
    eprintln!("{} of {} hidden in {took:?}", outcome.hidden.len(), counts.len());
    assert!(is_protected(&outcome) && !outcome.is_whole_table);
}
