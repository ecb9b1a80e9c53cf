//! The tables of an evaluation: its counts with the sums that tie them, up and down the tree of areas, over the groups of each
//! breakdown, between breakdowns of one figure, over the measures that a measure is the sum of, and between measures of one count.

use super::asked::AskedAreas;
use super::before_revisions::Past;
use super::count::Truth;
use super::earlier::EarlierFigures;
use super::figures::{aspiration, counts, is_of_all_people, is_stated, pooled_of, pooled_organisations};
use super::groups::GroupNames;
use super::over_time;
use super::rule::Rules;
use super::same::{SameCounts, is_near, join};
use super::secret::Secret;
use super::table::{Cell, Sum, Table};
use super::terms::DisclosureTerms;
use crate::area::{AreaCode, Areas};
use crate::evaluate::{Breakdown, Evaluation, MeasureAssessment};
use crate::figure::{Category, FigureKey};
use crate::framework::{Aspiration, Framework, Measure, MeasureId, MeasureSource, PartsAre};
use crate::period::Period;
use crate::value::Sex;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Deeper than any tree of areas.
const DEEPEST: usize = 12;

/// A table for each period of each measure that is protected; measures that are sums of others are in one with them, and so are
/// measures of one count, and periods that share days. None where nothing is to be protected: no small count, and none that may come.
pub(super) fn tables(evaluation: &Evaluation, terms: &DisclosureTerms<'_>, rules: &Rules, same: &SameCounts<'_>) -> Vec<Table> {
    let &DisclosureTerms { framework, areas, partners, secret, earlier } = terms;
    let mut tables = Vec::new();
    for measures in sets(framework, rules, same) {
        let assessed: Vec<(&MeasureAssessment, &Measure, &Aspiration)> = evaluation
            .measures
            .iter()
            .filter(|of| measures.contains(&of.headline.measure))
            .filter_map(|of| Some((of, framework.measure(&of.headline.measure)?, aspiration(framework, &of.headline.measure)?)))
            .collect();
        let asked = AskedAreas::of(assessed.iter().map(|(of, measure, _)| (*of, *measure)), areas, partners, evaluation.as_at);
        let mut given: BTreeMap<Period, BTreeMap<FigureKey, Truth>> = BTreeMap::new();
        for (of, measure, aspiration) in &assessed {
            for (key, truth) in counts(of, measure, |point| is_stated(aspiration, point)) {
                given.entry(key.period).or_default().entry(key).or_insert(truth);
            }
        }
        let (shown, hidden) = (earlier.shown_by_period(&measures), earlier.hidden_by_period(&measures));
        let packed = || shown.values().chain(hidden.values()).flatten();
        let had: BTreeSet<(&MeasureId, Period)> = packed().map(|key| (&key.measure, key.period)).collect();
        let all: BTreeSet<Period> = given.keys().chain(shown.keys()).chain(hidden.keys()).copied().collect();
        for periods in over_time::groups(all.into_iter()) {
            if !periods.iter().any(|period| given.contains_key(period)) {
                continue;
            }
            let mut gone: BTreeSet<&FigureKey> = BTreeSet::new();
            for key in periods.iter().filter_map(|period| hidden.get(period)).flatten() {
                if !given.get(&key.period).is_some_and(|now| now.contains_key(key)) {
                    given.entry(key.period).or_default().insert((*key).clone(), Truth::Marked);
                    gone.insert(key);
                }
            }
            let is_awaited = |key: &FigureKey| asked.may_be_small(key, rules.get(&key.measure).copied());
            let is_at_risk = |(key, truth): (&FigureKey, &Truth)| match (truth, rules.get(&key.measure)) {
                (Truth::Count(count), Some(rule)) => {
                    rule.is_small(*count)
                        || earlier.hid_another(key, *truth, Some(*rule), secret)
                        // What came after a pack may have been another, and small, when that was made.
                        || earlier.first(key).is_none() && had.contains(&(&key.measure, key.period)) && is_awaited(key)
                }
                (Truth::Marked, Some(_)) => true,
                _ => false,
            };
            let lacks_one = |(period, now): (&Period, &BTreeMap<FigureKey, Truth>)| {
                let measures: BTreeSet<&MeasureId> = now.keys().map(|key| &key.measure).collect();
                let keys = measures.into_iter().flat_map(|measure| {
                    asked.areas(measure).map(|area| FigureKey::new(measure.clone(), area.clone(), *period, None))
                });
                keys.into_iter().any(|key| !now.contains_key(&key) && is_awaited(&key))
            };
            let mut now = periods.iter().filter_map(|period| given.get_key_value(period));
            // Where nothing is, nothing is hidden.
            if !now.clone().flat_map(|(_, now)| now).any(is_at_risk) && !now.any(lacks_one) {
                continue;
            }
            let mut builder = Builder {
                framework,
                areas,
                earlier,
                secret,
                rules,
                same,
                asked: &asked,
                gone: &gone,
                period: periods[0],
                table: Table::default(),
                index: BTreeMap::new(),
            };
            for period in &periods {
                let now = given.get(period).into_iter().flatten().map(|(key, truth)| (key.clone(), *truth));
                let shown_once = shown.get(period).into_iter().flatten().filter(|_| periods.len() > 1);
                builder.add_period(*period, now.collect(), shown_once.copied(), &assessed);
            }
            tables.push(builder.finish(periods.len() > 1));
        }
    }
    tables
}

/// The protected measures, those that are parts of one sum or have the same count together.
fn sets<'f>(framework: &'f Framework, rules: &Rules, same: &SameCounts<'f>) -> Vec<BTreeSet<&'f MeasureId>> {
    let mut sets: Vec<BTreeSet<&MeasureId>> = Vec::new();
    for measure in &framework.measures {
        join(&mut sets, summed(framework, measure).into_iter().chain([&measure.id]).collect());
    }
    same.sets().iter().for_each(|set| join(&mut sets, set.clone()));
    sets.retain(|set| set.iter().any(|id| rules.contains_key(*id)));
    sets
}

/// The measures that one is the sum of: those that it names, or of an indicator of persons the same of women and of men.
fn summed<'f>(framework: &'f Framework, measure: &'f Measure) -> Vec<&'f MeasureId> {
    let MeasureSource::Indicator { sex: Sex::Persons, .. } = &measure.source else { return measure.summed().iter().collect() };
    let of_sex = |of: Sex| framework.measures.iter().find(|other| other.is_of_sex(of, measure)).map(|other| &other.id);
    [Sex::Female, Sex::Male].into_iter().map(of_sex).collect::<Option<_>>().unwrap_or_default()
}

struct Builder<'a> {
    framework: &'a Framework,
    areas: &'a Areas,
    earlier: &'a EarlierFigures,
    secret: &'a Secret,
    rules: &'a Rules,
    same: &'a SameCounts<'a>,
    asked: &'a AskedAreas<'a>,
    /// Figures that earlier packs hid, and that there are none of now.
    gone: &'a BTreeSet<&'a FigureKey>,
    period: Period,
    table: Table,
    index: BTreeMap<FigureKey, usize>,
}

impl Builder<'_> {
    /// The figures of a period, and `shown_once`, those that earlier packs showed of it.
    fn add_period<'k>(
        &mut self,
        period: Period,
        given: BTreeMap<FigureKey, Truth>,
        shown_once: impl Iterator<Item = &'k FigureKey>,
        assessed: &[(&MeasureAssessment, &Measure, &Aspiration)],
    ) {
        self.period = period;
        let is_given = !given.is_empty();
        for (key, truth) in given {
            self.add(key, truth);
        }
        shown_once.for_each(|key| _ = self.cell(key.clone()));
        let mut done: BTreeSet<&MeasureId> = BTreeSet::new();
        for (of, measure, _) in assessed.iter().filter(|(of, ..)| is_given && done.insert(&of.headline.measure)) {
            self.up_the_tree(measure, None);
            self.parts_of_the_system(measure);
            self.over_measures(measure);
            self.over_groups(of, measure);
        }
        self.between_measures();
    }

    /// The place of a cell; one that is not given yet is there as an unknown.
    fn cell(&mut self, key: FigureKey) -> usize {
        match self.index.get(&key) {
            Some(at) => *at,
            None => self.add(key, Truth::Absent),
        }
    }

    fn add(&mut self, key: FigureKey, truth: Truth) -> usize {
        let rule = self.rules.get(&key.measure).copied();
        let at = self.table.cells.len();
        let before = self.earlier.of(&key, truth, rule, self.secret);
        let least = if truth == Truth::Absent { 0.0 } else { 1.0 };
        self.index.insert(key.clone(), at);
        let is_gone = self.gone.contains(&key);
        let is_awaited = truth == Truth::Absent && before.is_none() && self.asked.may_be_small(&key, rule);
        self.table.cells.push(Cell { truth, before, least, is_gone, is_awaited, ..Cell::unknown(key, rule) });
        at
    }

    fn key(&self, measure: &Measure, area: &AreaCode, group: Option<&Category>) -> FigureKey {
        FigureKey::new(measure.id.clone(), area.clone(), self.period, group.cloned())
    }

    fn sum(&mut self, whole: FigureKey, parts: Vec<FigureKey>, rest: bool) {
        let whole = self.cell(whole);
        let mut parts: Vec<usize> = parts.into_iter().map(|part| self.cell(part)).collect();
        parts.sort_unstable();
        parts.dedup();
        let sum = Sum { whole, parts, rest, off: 0.0, pack: 0 };
        if !sum.parts.is_empty() && !sum.parts.contains(&whole) && !self.table.sums.contains(&sum) {
            self.table.sums.push(sum);
        }
    }

    fn is_on(from: Option<Date>, until: Option<Date>, period: Period) -> bool {
        from.is_none_or(|from| from <= period.end()) && until.is_none_or(|until| period.end() <= until)
    }

    /// The parts of an area when the period ended.
    fn parts(&self, area: &AreaCode) -> Vec<AreaCode> {
        let Some(area) = self.areas.get(area) else { return Vec::new() };
        let was_one = |part: &&AreaCode| self.areas.get(part).is_none_or(|p| Self::is_on(p.from, p.until, self.period));
        area.parts.iter().chain(&area.former_parts).filter(was_one).cloned().collect()
    }

    fn has_count_within(&self, measure: &Measure, area: &AreaCode, group: Option<&Category>, depth: usize) -> bool {
        self.index.contains_key(&self.key(measure, area, group))
            || depth < DEEPEST && self.parts(area).iter().any(|part| self.has_count_within(measure, part, group, depth + 1))
    }

    /// Each area is the sum of its parts, those without a figure among them; what organisations give is about them, and they make
    /// up no area.
    fn up_the_tree(&mut self, measure: &Measure, group: Option<&Category>) {
        if measure.parts_are == PartsAre::Organisations {
            return;
        }
        let areas = self.areas;
        for area in areas.iter().filter(|area| !area.parts.is_empty() || !area.former_parts.is_empty()) {
            let parts = self.parts(&area.code);
            let whole = self.key(measure, &area.code, group);
            // Two wholes of the same parts are the same also where no part has a figure.
            let has_count = self.index.contains_key(&whole) || self.earlier.has(&whole);
            if has_count || parts.iter().any(|part| self.has_count_within(measure, part, group, 0)) {
                let parts = parts.iter().map(|part| self.key(measure, part, group)).collect();
                self.sum(whole, parts, false);
            }
        }
    }

    /// The system is the sum of the measure's own parts; a figure that is, or was, pooled from some of them is the sum of those.
    fn parts_of_the_system(&mut self, measure: &Measure) {
        let former = measure.parts_in_time.iter().filter(|part| Self::is_on(part.from, part.until, self.period));
        let former: Vec<&AreaCode> = former.map(|part| &part.area).filter(|area| !measure.parts.contains(area)).collect();
        let with_former = |parts: &[AreaCode]| -> Vec<FigureKey> {
            parts.iter().chain(former.iter().copied()).map(|part| self.key(measure, part, None)).collect()
        };
        let parts = with_former(&measure.parts);
        let system = self.key(measure, &self.framework.edition.system, None);
        let pooled = pooled_of(&system, &self.index).chain(self.earlier.pooled(&system));
        let pooled: Vec<_> = pooled.filter_map(|key| Some((key.clone(), with_former(&pooled_organisations(key)?)))).collect();
        for (whole, parts) in pooled {
            self.sum(whole, parts, false);
        }
        if parts.len() > 1 || parts.first().is_some_and(|only| *only != system) {
            self.sum(system, parts, false);
        }
    }

    /// A measure that is the sum of others is it in every area.
    fn over_measures(&mut self, measure: &Measure) {
        let of_measure = |cell: &&Cell| cell.key.measure == measure.id && is_of_all_people(&cell.key);
        let summed = summed(self.framework, measure);
        let wholes: Vec<FigureKey> = match summed.as_slice() {
            [] => return,
            _ => self.table.cells.iter().filter(of_measure).map(|cell| cell.key.clone()).collect(),
        };
        for whole in wholes {
            let part = |id: &&MeasureId| FigureKey { measure: (*id).clone(), ..whole.clone() };
            let parts = summed.iter().map(part).collect();
            self.sum(whole, parts, false);
        }
    }

    /// Of measures that have the same count, each figure of one is that of the others.
    fn between_measures(&mut self) {
        let mut seen: BTreeMap<FigureKey, usize> = BTreeMap::new();
        for (at, cell) in self.table.cells.iter().enumerate().filter(|(_, cell)| cell.key.period == self.period) {
            if !self.same.is_shared(&cell.key.measure) {
                continue;
            }
            let place = FigureKey { measure: self.same.first(&cell.key.measure).clone(), ..cell.key.clone() };
            let Some(other) = seen.insert(place, at) else { continue };
            // Of a zero and a count that is none, readers do not take the one for the other: what is hidden is not zero.
            let is_zero = |at: usize| self.table.cells[at].known().map(|count| count == 0.0);
            let differ = is_zero(at).zip(is_zero(other)).is_some_and(|(one, other)| one != other);
            if !differ {
                self.table.sums.push(Sum { whole: other, parts: vec![at], rest: false, off: 0.0, pack: 0 });
            }
        }
    }

    fn over_groups(&mut self, of: &MeasureAssessment, measure: &Measure) {
        let is_now = |breakdown: &&Breakdown| breakdown.groups.iter().any(|(_, point)| point.period == self.period);
        let mut breakdowns: Vec<GroupNames> = of.breakdowns.iter().filter(is_now).map(GroupNames::of).collect();
        for before in self.earlier.breakdowns(&measure.id, self.period) {
            before.clone().join(&mut breakdowns);
        }
        let mut breakdowns: Vec<GroupNames> = breakdowns.into_iter().map(GroupNames::with_missing).collect();
        for breakdown in &breakdowns {
            let parts: Vec<FigureKey> = self.group_keys(measure, breakdown, 0..breakdown.labels.len());
            let groups: Vec<Category> = parts.iter().filter_map(|key| key.category.clone()).collect();
            self.sum(self.key(measure, &breakdown.area, None), parts, breakdown.is_short());
            for group in &groups {
                self.up_the_tree(measure, Some(group));
            }
        }
        // Of one that lacks groups it is not known where the others cut.
        breakdowns.retain(|breakdown| !breakdown.is_short());
        for (i, one) in breakdowns.iter().enumerate() {
            for other in breakdowns[i + 1..].iter().filter(|other| other.area == one.area) {
                self.between(measure, one, other);
            }
        }
    }

    fn group_keys(&self, measure: &Measure, of: &GroupNames, at: std::ops::Range<usize>) -> Vec<FigureKey> {
        let group = |label: &String| Category { scheme: of.scheme.clone(), group: label.clone() };
        of.labels[at].iter().map(|label| self.key(measure, &of.area, Some(&group(label)))).collect()
    }

    /// Two breakdowns of one figure that cut it at the same places add up alike between them: two tenths are a fifth.
    fn between(&mut self, measure: &Measure, one: &GroupNames, other: &GroupNames) {
        let (cuts, other_cuts) = (one.cuts(), other.cuts());
        let is_same = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let common: Vec<(usize, usize)> =
            (0..cuts.len()).filter_map(|i| Some((i, other_cuts.iter().position(|cut| is_same(cuts[i], *cut))?))).collect();
        let mut pairs: Vec<(Vec<FigureKey>, Vec<FigureKey>)> = Vec::new();
        for pair in common.windows(2) {
            let ((a, b), (to_a, to_b)) = (pair[0], pair[1]);
            pairs.push((self.group_keys(measure, one, a..to_a), self.group_keys(measure, other, b..to_b)));
        }
        for (a, b) in pairs {
            match (a.as_slice(), b.as_slice()) {
                ([whole], _) => self.sum(whole.clone(), b, false),
                (_, [whole]) => self.sum(whole.clone(), a, false),
                ([first, ..], _) => {
                    // What neither of the two publishes as one figure is an unknown that both add up to.
                    let scheme = format!("{} and {}", one.scheme, other.scheme);
                    let group = first.category.as_ref().map_or(String::new(), |of| of.group.clone());
                    let shared = FigureKey { category: Some(Category { scheme, group }), ..first.clone() };
                    self.sum(shared.clone(), a, false);
                    self.sum(shared, b, false);
                }
                ([], _) => {}
            }
        }
    }

    /// Keeps the sums that the figures keep to, and that say something.
    fn finish(mut self, over_time: bool) -> Table {
        let within_periods = self.table.sums.len();
        let add = |table: &mut Table, key: FigureKey| {
            let rule = self.rules.get(&key.measure).copied();
            table.cells.push(Cell::unknown(key, rule));
            table.cells.len() - 1
        };
        let is_revised_since =
            |remembered: &Cell, given: &Cell| self.earlier.is_revised_since(&remembered.key, given, self.secret);
        let families = match over_time {
            true => over_time::tie(&mut self.table, self.same, is_revised_since, add),
            false => Vec::new(),
        };
        let Table { mut cells, mut sums } = self.table;
        for sum in &sums[..within_periods] {
            forget_with_others(sum, &mut cells, is_revised_since, |remembered, other| {
                self.earlier.knew_beside(&remembered.key, &other.key)
            });
        }
        sums.iter().for_each(|sum| forget_what_does_not_fit(sum, &mut cells));
        let mut past = Past::of(&mut cells, (self.earlier, self.asked), self.secret);
        let mut earlier = past.sums(&sums[..within_periods]);
        earlier.extend(families.into_iter().flat_map(|family| family.before_revisions(&mut past)).collect::<Vec<_>>());
        sums.extend(earlier);
        sums.retain_mut(|sum| agrees(sum, &cells));
        // An unknown that is the whole of one sum, and no more, takes whatever its parts come to; one that an earlier pack showed
        // is none.
        let is_unknown = |cell: &Cell| cell.truth == Truth::Absent && cell.before.is_none() && cell.least == 0.0;
        loop {
            let mut uses: Vec<usize> = vec![0; cells.len()];
            sums.iter().flat_map(|sum| sum.parts.iter().chain([&sum.whole])).for_each(|at| uses[*at] += 1);
            let before = sums.len();
            sums.retain(|sum| !is_unknown(&cells[sum.whole]) || uses[sum.whole] > 1);
            if sums.len() == before {
                break;
            }
        }
        let of_more = sums.iter().filter(|sum| !sum.is_same_count(&cells)).map(|sum| sum.whole);
        for whole in of_more.collect::<Vec<_>>() {
            cells[whole].level = 1;
        }
        let system = &self.framework.edition.system;
        let is_system = |cell: &Cell| cell.key.area == *system && is_of_all_people(&cell.key);
        cells.iter_mut().filter(|cell| is_system(cell)).for_each(|cell| cell.level = 2);
        Table { cells, sums }
    }
}

/// A figure that there is no more is another now where a part of it was revised since, or of all others of its sum a single one. What
/// was not known yet beside it may have made up for that one.
fn forget_with_others(
    sum: &Sum,
    cells: &mut [Cell],
    is_revised_since: impl Fn(&Cell, &Cell) -> bool,
    was_known_beside: impl Fn(&Cell, &Cell) -> bool,
) {
    let members: Vec<usize> = sum.parts.iter().chain([&sum.whole]).copied().collect();
    for at in members.iter().filter(|at| cells[**at].is_remembered()).copied().collect::<Vec<usize>>() {
        let revised = members.iter().filter(|other| is_revised_since(&cells[at], &cells[**other])).count();
        let is_known = |other: usize| cells[other].is_given() && was_known_beside(&cells[at], &cells[other]);
        let others_are_known = members.iter().all(|other| *other == at || is_known(*other));
        if revised > 0 && (at == sum.whole || revised == 1 && others_are_known) {
            cells[at].before = None;
        }
    }
}

/// A figure that there is no more, and that does not fit what is given now, was revised since.
fn forget_what_does_not_fit(sum: &Sum, cells: &mut [Cell]) {
    let members = || sum.parts.iter().chain([&sum.whole]).copied();
    let is_remembered = |cell: &Cell| cell.truth == Truth::Absent && cell.before.is_some();
    if !members().any(|at| is_remembered(&cells[at])) {
        return;
    }
    let mut tried = sum.clone();
    if !agrees(&mut tried, cells) || tried.rest != sum.rest || tried.off != sum.off {
        for at in members() {
            if is_remembered(&cells[at]) {
                cells[at].before = None;
            }
        }
    }
}

/// Whether the counts keep to the sum, as far as they are known. A whole of which something is left has a rest.
fn agrees(sum: &mut Sum, cells: &[Cell]) -> bool {
    let Some(whole) = cells[sum.whole].known() else { return true };
    let (known, unknown): (Vec<usize>, Vec<usize>) = sum.parts.iter().partition(|at| cells[**at].known().is_some());
    let left = whole - known.iter().filter_map(|at| cells[*at].known()).sum::<f64>();
    let nothing = 1e-6 * whole.abs().max(1.0);
    if unknown.is_empty() && !sum.rest && left.abs() > nothing && is_near(whole, whole - left) {
        sum.off = left;
        return true;
    }
    if left < -nothing {
        return false;
    }
    if unknown.is_empty() {
        // A count has no rest beside itself.
        if left > nothing && sum.is_same_count(cells) {
            return false;
        }
        sum.rest |= left > nothing;
    }
    true
}
