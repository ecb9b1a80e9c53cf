//! Areas that begin, end and take each other's place.

use super::{Area, AreaCode, Areas};
use crate::fault::Faults;
use crate::period::lies_within;
use jiff::civil::Date;
use std::collections::BTreeSet;

impl Area {
    /// Whether it is an area on `date`.
    pub fn is_on(&self, date: Date) -> bool {
        lies_within(date, self.from, self.until)
    }
}

impl Areas {
    /// The areas as they stand on `date`: what has ended or has not begun is no part of another and is not listed, and is still
    /// known by its name.
    pub fn on(mut self, date: Date) -> Self {
        let is_on: BTreeSet<AreaCode> =
            self.by_code.values().filter(|area| area.is_on(date)).map(|area| area.code.clone()).collect();
        let has_ended: BTreeSet<AreaCode> = self
            .by_code
            .values()
            .filter(|area| area.until.is_some_and(|until| until < date))
            .map(|area| area.code.clone())
            .collect();
        for area in self.by_code.values_mut() {
            area.former_parts = area.parts.iter().filter(|part| has_ended.contains(*part)).cloned().collect();
            area.parts.retain(|part| is_on.contains(part));
        }
        self.order.retain(|code| is_on.contains(code));
        self
    }

    /// Whether an area is one on `date`; one that is not known has no days.
    pub fn is_on(&self, code: &AreaCode, date: Date) -> bool {
        self.get(code).is_none_or(|area| area.is_on(date))
    }

    /// The areas whose figures are the past of this one, and the day before which; none where it has no such past.
    pub fn past_of(&self, code: &AreaCode) -> Option<(&[AreaCode], Date)> {
        let area = self.get(code).filter(|area| !area.continues.is_empty())?;
        Some((area.continues.as_slice(), area.from?))
    }

    /// Lets the figures of `before` be the past of an area from that day on, where nothing is said of its past.
    pub fn go_on(&mut self, code: &AreaCode, before: Vec<AreaCode>, from: Date) {
        let is_known = before.iter().all(|code| self.by_code.contains_key(code));
        if let Some(area) = self.by_code.get_mut(code).filter(|area| is_known && area.continues.is_empty()) {
            area.continues = before;
            area.from = area.from.or(Some(from));
        }
    }

    /// That its days are in order, and that what it names as before and after it ended and began at that time.
    pub(super) fn check_time_of(&self, area: &Area, place: &str, faults: &mut Faults) {
        let place = |key: &str| format!("{place}, area {}, {key}", area.code);
        if let (Some(from), Some(until)) = (area.from, area.until)
            && until < from
        {
            faults.push(place("until"), format!("is {until}, before from, {from}"), "correct one of the two");
        }
        if !area.replaced_by.is_empty() && area.until.is_none() {
            faults.push(place("replaced_by"), "is given without until", "give the last day on which it is an area");
        }
        if !area.continues.is_empty() && area.from.is_none() {
            faults.push(place("continues"), "is given without from", "give the first day on which it is an area");
        }
        let others = [("replaced_by", &area.replaced_by), ("continues", &area.continues)];
        for (key, code) in others.into_iter().flat_map(|(key, codes)| codes.iter().map(move |code| (key, code))) {
            let Some(other) = self.get(code) else {
                faults.push(place(key), format!("{code} is not an area of this file"), "add it, or correct the code");
                continue;
            };
            let (before, after) = if key == "continues" { (other, area) } else { (area, other) };
            match (before.until, after.from) {
                _ if code == &area.code => faults.push(place(key), "names the area itself", "name another area"),
                (Some(until), Some(from)) if until < from => {}
                (until, from) => {
                    let day = |day: Option<Date>| day.map_or("not given".to_owned(), |day| day.to_string());
                    let problem =
                        format!("{} ends (until) {} and {} begins (from) {}", before.code, day(until), after.code, day(from));
                    faults.push(place(key), problem, "give the one a last day before the other's first day");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const AREAS: &str = r#"
        area = [
            { code = "S", name = "System", kind = "system", parts = ["A", "B", "N"] },
            { code = "A", name = "Ashby", kind = "district", until = "2026-03-31", replaced_by = ["N"] },
            { code = "B", name = "Barton", kind = "district" },
            { code = "N", name = "New Ashby", kind = "district", from = "2026-04-01", continues = ["A"] },
        ]
    "#;

    fn code(code: &str) -> AreaCode {
        AreaCode::new(code).unwrap()
    }

    #[test]
    fn an_areas_parts_follow_the_day() {
        let parts = |day| {
            let areas = Areas::parse(AREAS, "areas.toml").unwrap().on(day);
            let listed: Vec<String> = areas.iter().map(|area| area.code.to_string()).collect();
            let system = areas.get(&code("S")).unwrap();
            let of = |codes: &[AreaCode]| codes.iter().map(|c| c.to_string()).collect::<Vec<_>>().join(" ");
            (of(&system.parts), of(&system.former_parts), listed.join(" "))
        };
        let of = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(parts(date(2026, 3, 31)), of("A B", "", "S A B"));
        assert_eq!(parts(date(2026, 4, 1)), of("B N", "A", "S B N"));
        let areas = Areas::parse(AREAS, "areas.toml").unwrap().on(date(2026, 6, 30));
        assert_eq!(areas.name(&code("A")), "Ashby", "its name stays");
    }

    #[test]
    fn a_successor_begins_after_its_predecessor() {
        for (from, to, expected) in [
            ("2026-04-01", "2026-03-31", "area A, replaced_by: A ends (until) 2026-03-31 and N begins (from) 2026-03-31"),
            (", until = \"2026-03-31\"", "", "area A, replaced_by: is given without until"),
            ("from = \"2026-04-01\", ", "", "area N, continues: is given without from"),
            ("continues = [\"A\"]", "continues = [\"N\"]", "area N, continues: names the area itself"),
            ("continues = [\"A\"]", "continues = [\"X\"]", "area N, continues: X is not an area of this file"),
        ] {
            let told = Areas::parse(&AREAS.replace(from, to), "areas.toml").unwrap_err().to_string();
            assert!(told.contains(expected), "{from}: {told}");
        }
    }
}
