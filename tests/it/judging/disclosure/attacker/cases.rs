//! Systems with figures by chance: trees, absent areas, marks, rates, schemes.

use super::system::{System, YEAR, marked, of};
use super::{Name, name};
use crate::support::small_framework::{self, given};
use boardpack::figure::Observation;
use std::collections::BTreeMap;

/// Numbers by the minimal standard generator.
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self(seed * 7_919 + 17)
    }

    pub fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0 * 48_271 % 0x7fff_ffff;
        (self.0 % u64::from(end)) as u32
    }

    pub fn one_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }
}

/// A system with its figures and the true counts behind them.
pub struct Case {
    pub system: System,
    /// `areas.toml`, and the measure but for its source.
    pub areas: String,
    pub measure: String,
    pub figures: Vec<Observation>,
    pub truth: BTreeMap<Name, u32>,
}

pub fn case(seed: u64) -> Case {
    let mut dice = Dice::of(seed);
    let authorities = 2 + dice.below(2);
    let (mut text, mut leaves, mut members) = (String::new(), Vec::new(), BTreeMap::<String, Vec<String>>::new());
    for authority in 0..authorities {
        let code = format!("A{authority}");
        let districts: Vec<String> = match dice.below(4) {
            0 => Vec::new(),
            more => (0..1 + more).map(|district| format!("{code}D{district}")).collect(),
        };
        leaves.extend(if districts.is_empty() { vec![code.clone()] } else { districts.clone() });
        members.insert("SYS".to_owned(), leaves.clone());
        members.insert(code, districts);
    }
    let places = 2 + dice.below(2);
    for leaf in &leaves {
        members.entry(format!("P{}", dice.below(places))).or_default().push(leaf.clone());
    }
    let quoted = |codes: &[String]| codes.iter().map(|code| format!("{code:?}")).collect::<Vec<_>>().join(", ");
    for (code, parts) in &members {
        let parts = match code.as_str() {
            "SYS" => (0..authorities).map(|authority| format!("A{authority}")).collect(),
            _ => parts.clone(),
        };
        let kind = if code == "SYS" {
            "system"
        } else if code.starts_with('A') {
            "authority"
        } else {
            "place"
        };
        text.push_str(&format!("[[area]]\ncode = {code:?}\nname = {code:?}\nkind = {kind:?}\nparts = [{}]\n", quoted(&parts)));
    }
    for leaf in leaves.iter().filter(|leaf| !members.contains_key(*leaf)) {
        text.push_str(&format!("[[area]]\ncode = {leaf:?}\nname = {leaf:?}\nkind = \"district\"\n"));
    }
    let (disclosure, most) = if dice.one_in(3) { ("hospital-episodes", 7) } else { ("standard", 4) };
    let kind = match dice.below(3) {
        0 => "statistic = \"count\"\nunit = \"count\"\ndecimals = 0",
        1 => "statistic = \"crude-rate\"\nunit = \"per100k\"\nmultiplier = 100000.0",
        _ => "statistic = \"proportion\"",
    };
    let extra = format!("disclosure = \"{disclosure}\"\n{kind}");
    let parts = format!("[{}]", quoted(&leaves));
    let system = System::new(&text, small_framework::measure(&extra, &parts));
    let measure = format!("{extra}\nparts = {parts}");
    let (is_count, multiplier) = (kind.contains("\"count\""), system.framework.measures[0].multiplier);
    let mut truth = BTreeMap::new();
    let mut figures = Vec::new();
    let figure = |area: &str, count: u32, people: u32, dice: &mut Dice| {
        let (count, people) = (f64::from(count), f64::from(people));
        let value = if is_count { count } else { multiplier * count / people };
        let counts = if is_count { (None, None) } else { (Some(count).filter(|_| !dice.one_in(4)), Some(people)) };
        Observation { numerator: counts.0, denominator: counts.1, ..given(area, YEAR, value) }
    };
    for leaf in &leaves {
        let count = match dice.below(10) {
            0..=2 => 0,
            3..=6 => 1 + dice.below(most),
            _ => most + 1 + dice.below(40),
        };
        truth.insert(name(leaf), count);
        match dice.below(12) {
            0 => {}
            1 => figures.push(marked(leaf)),
            _ => figures.push(figure(leaf, count, 1000, &mut dice)),
        }
    }
    for (code, leaves) in members.iter().filter(|(_, leaves)| leaves.len() > 1) {
        let count = leaves.iter().map(|leaf| truth[&name(leaf)]).sum();
        truth.insert(name(code), count);
        if dice.one_in(3) {
            figures.push(figure(code, count, 1000 * u32::try_from(leaves.len()).unwrap(), &mut dice));
        }
    }
    if dice.one_in(3) {
        let mut tenths = [0; 10];
        (0..truth[&name("SYS")]).for_each(|_| tenths[dice.below(10) as usize] += 1);
        let schemes: [(&str, Vec<u32>); 3] = [
            ("Deprivation deciles", tenths.into()),
            ("Deprivation quintiles", tenths.chunks(2).map(|pair| pair.iter().sum()).collect()),
            ("Deprivation: core20", vec![tenths[..2].iter().sum(), tenths[2..].iter().sum()]),
        ];
        for (scheme, counts) in schemes {
            if scheme.contains("deciles") || dice.one_in(2) {
                for (at, count) in (1..).zip(&counts) {
                    let label =
                        if counts.len() == 2 { format!("{at} of most deprived 20% and rest") } else { format!("Group {at}") };
                    truth.insert(("SYS".to_owned(), scheme.to_owned(), label.clone()), *count);
                    figures.push(of(scheme, &label, figure("SYS", *count, 500, &mut dice)));
                }
            }
        }
    }
    Case { system, areas: text, measure, figures, truth }
}
