//! Small counts stay hidden: each way in which one was told, and a reader who tries everything on thousands of tables.

mod attacker;
#[allow(dead_code)]
mod small_framework;

use attacker::cases::{Case, case};
use attacker::system::{STANDARD, System, YEAR, fewest, marked, of, value};
use attacker::{Found, Reader, name};
use boardpack::collect::Observation;
use boardpack::evaluate::Status;
use boardpack::value::{Limits, Value};
use small_framework::{counted, given};
use std::collections::BTreeMap;

mod ways {
    use super::*;

    #[test]
    fn a_count_of_value_and_denominator_is_worked_out() {
        let crude = format!("{STANDARD}\nstatistic = \"crude-rate\"\nunit = \"per100k\"\nmultiplier = 100000.0");
        for (extra, rate, people) in [(STANDARD, 1.25, 320.0), (crude.as_str(), 250.0, 1200.0)] {
            let figure = Observation { denominator: Some(people), ..given("SYS", YEAR, rate) };
            let shown = System::of_districts(extra).published(&[figure]).headline.latest.unwrap();
            assert_eq!((shown.value, shown.denominator, shown.limits), (Value::Suppressed, None, None), "{extra}");
        }
    }

    #[test]
    fn a_count_is_worked_out_by_the_denominator_of_another_period() {
        let before = counted("SYS", "2024/25", 100.0, 320.0);
        let shown = System::of_districts(STANDARD).published(&[before.clone(), given("SYS", YEAR, 1.25)]);
        assert_eq!(value(&shown, "SYS"), Value::Suppressed);
        let shown = System::of_districts(STANDARD).published(&[before, given("SYS", YEAR, 12.5)]);
        assert_eq!(value(&shown, "SYS"), Value::Number(12.5));
    }

    #[test]
    fn districts_that_are_absent_do_not_open_the_sums() {
        // 48 less 13 less 32 is 3.
        let figures: Vec<_> = [("SYS", 48.0), ("CITY", 13.0), ("D1", 3.0), ("D2", 29.0), ("D3", 1.0), ("D4", 2.0)]
            .map(|(a, n)| counted(a, YEAR, n, 1000.0))
            .into();
        let truth = BTreeMap::from([(name("D1"), 3), (name("D3"), 1), (name("D4"), 2), (name("SOUTH"), 3)]);
        for absent in ["", "D2", "CITY"] {
            let given: Vec<_> = figures.iter().filter(|figure| figure.area.as_str() != absent).cloned().collect();
            let reader = System::of_districts(STANDARD).reader(&given);
            let (fewest, of) = fewest(&reader, &truth).unwrap();
            assert!(fewest >= 3, "{of:?} without {absent}: {reader:?}");
        }
    }

    #[test]
    fn two_schemes_of_one_figure_are_protected_together() {
        let tenths = [3.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0];
        let mut figures = vec![counted("SYS", YEAR, 120.0, 5000.0)];
        let mut truth = BTreeMap::new();
        for (at, count) in (1..).zip(tenths) {
            figures.push(of("Deprivation deciles", &format!("Decile {at}"), counted("SYS", YEAR, count, 500.0)));
            truth.insert(("SYS".to_owned(), "Deprivation deciles".to_owned(), format!("Decile {at}")), count as u32);
        }
        for (at, pair) in (1..).zip(tenths.chunks(2)) {
            figures.push(of("Deprivation quintiles", &format!("Quintile {at}"), counted("SYS", YEAR, pair[0] + pair[1], 1000.0)));
        }
        let reader = System::of_districts(STANDARD).reader(&figures);
        assert!(fewest(&reader, &truth).unwrap().0 >= 3, "{reader:?}");
        assert!(reader.found.values().filter(|found| **found != Found::Hidden).count() > 8, "{reader:?}");
    }

    #[test]
    fn limits_of_a_rate_do_not_tell_its_count() {
        let rate = |disclosure: &str| {
            format!("disclosure = \"{disclosure}\"\nstatistic = \"standardised-rate\"\nunit = \"per100k\"\nmultiplier = 100000.0")
        };
        let with = |value: f64, lower: f64, upper: f64| Observation {
            limits: Some(Limits { lower, upper }),
            ..given("SYS", YEAR, value)
        };
        let shown = |disclosure: &str, figure: Observation| {
            System::of_districts(&rate(disclosure)).published(&[figure]).headline.latest.unwrap()
        };
        let small = shown("standard", with(6.42, 0.57, 20.49));
        assert_eq!((small.value, small.limits), (Value::Suppressed, None));
        let large = shown("standard", with(49.22, 28.66, 77.31));
        assert!(large.value == Value::Number(49.22) && large.limits.is_some());
        let rounded = shown("hospital-episodes", Observation { numerator: Some(23.0), ..with(49.22, 28.66, 77.31) });
        assert_eq!((rounded.value, rounded.numerator, rounded.limits), (Value::Number(49.22), Some(25.0), None));
    }

    #[test]
    fn a_rate_of_hospital_episodes_without_its_count_is_rounded_or_not_shown() {
        let hospital =
            "disclosure = \"hospital-episodes\"\nstatistic = \"crude-rate\"\nunit = \"per100k\"\nmultiplier = 100000.0";
        let system = System::of_districts(hospital);
        let of = |denominator| Observation { denominator, ..given("SYS", YEAR, 2300.0) };
        assert_eq!(value(&system.published(&[of(Some(1000.0))]), "SYS"), Value::Number(2500.0));
        assert_eq!(value(&system.published(&[of(None)]), "SYS"), Value::Suppressed);
        assert_eq!(value(&system.published(&[of(Some(300.0))]), "SYS"), Value::Suppressed, "7 of 300");
        let standardised = System::of_districts(&hospital.replace("crude-rate", "standardised-rate"));
        let shown = standardised.published(&[given("SYS", YEAR, 461.3)]).headline;
        assert_eq!(shown.latest.unwrap().value, Value::Number(460.0));
        assert!(shown.reason.starts_with("460.0 per 100,000 in 2025/26, rounded"), "{}", shown.reason);
    }

    #[test]
    fn a_mark_of_a_partner_is_not_worked_out_of_a_sum() {
        let figures = [
            counted("SYS", YEAR, 48.0, 5000.0),
            counted("CITY", YEAR, 13.0, 1000.0),
            counted("D1", YEAR, 20.0, 1000.0),
            marked("D2"),
            counted("D3", YEAR, 6.0, 1000.0),
            counted("D4", YEAR, 6.0, 1000.0),
        ];
        let reader = System::of_districts(STANDARD).reader(&figures);
        assert!(fewest(&reader, &BTreeMap::from([(name("D2"), 3)])).unwrap().0 >= 3, "{reader:?}");
    }

    #[test]
    fn a_status_leaves_three_counts() {
        let level = "id = \"a\"\npriority = \"p\"\nstatement = \"Less\"\n[[measure]]\nid = \"m\"\n\
                     target = { kind = \"level\", value = 2.0, baseline = { period = \"2022/23\", value = 9.0 } }";
        let counts = format!("{STANDARD}\nstatistic = \"count\"\nunit = \"count\"\ndecimals = 0\npolarity = \"low\"");
        let mut system = System::of_districts(&counts);
        system.framework.ambitions = vec![toml::from_str(level).unwrap()];
        for (count, status) in
            [(1.0, Status::NoFigure), (2.0, Status::NoFigure), (3.0, Status::NoFigure), (30.0, Status::OffTrack)]
        {
            let judged = system.published(&[given("SYS", YEAR, count)]).headline.status;
            assert_eq!(judged, status, "{count}");
        }
    }

    #[test]
    fn what_an_earlier_pack_showed_is_known() {
        // The last pack showed the system, the city and two districts; the county came later, and tells the fourth.
        let mut system = System::of_districts(STANDARD);
        let mut figures: Vec<_> =
            [("SYS", 75.0), ("CITY", 13.0), ("D1", 20.0), ("D2", 21.0)].map(|(area, n)| counted(area, YEAR, n, 1000.0)).into();
        let before = system.published(&figures);
        system.earlier.add(std::slice::from_ref(&before), &system.framework);
        figures.extend([counted("D3", YEAR, 18.0, 1000.0), counted("D4", YEAR, 3.0, 1000.0)]);
        let now = system.disclosed(&figures);
        let mut reader = Reader::default();
        system.read(&mut reader, &before);
        system.read(&mut reader, &now.evaluation.measures[0]);
        assert!(fewest(&reader, &BTreeMap::from([(name("D4"), 3)])).unwrap().0 >= 3, "{reader:?}");
        assert_eq!(value(&now.evaluation.measures[0], "D3"), Value::Suppressed, "the one that is not known yet");
    }

    #[test]
    fn what_earlier_packs_give_away_by_themselves_is_told_and_stops_nothing() {
        let mut system = System::of_districts(STANDARD);
        let figures = [counted("SYS", YEAR, 3.0, 1000.0)];
        let before = system.judged(&figures).measures;
        system.earlier.add(&before, &system.framework);
        let now = system.disclosed(&figures);
        assert_eq!(value(&now.evaluation.measures[0], "SYS"), Value::Suppressed);
        assert_eq!((now.audit.measures[0].given_away.len(), now.audit.reason_to_withhold()), (1, None));
    }
}

/// No hidden count of these cases has fewer than three possible values; how many figures are hidden, and how many there are.
fn attack(seeds: std::ops::Range<u64>) -> (usize, usize) {
    let (mut hidden, mut all, mut told) = (0, 0, Vec::new());
    for seed in seeds {
        let Case { system, figures, truth } = case(seed);
        let reader = system.reader(&figures);
        if let Some((fewest, of)) = fewest(&reader, &truth)
            && fewest < 3
        {
            told.push(format!("case {seed}: {of:?} can be {:?} of {:?}; it is {truth:?}", reader.possible(&of), reader.found));
        }
        hidden += reader.found.values().filter(|found| **found == Found::Hidden).count();
        all += reader.found.len();
    }
    assert!(told.is_empty(), "{} are told:\n{}", told.len(), told[..told.len().min(3)].join("\n"));
    (hidden, all)
}

#[test]
fn no_hidden_count_of_a_thousand_tables_has_fewer_than_three_values() {
    let (hidden, all) = attack(0..1000);
    eprintln!("{hidden} of {all} figures hidden");
    assert!(hidden < all / 2 && hidden > all / 5, "{hidden} of {all}");
}

#[test]
fn nor_of_a_second_thousand() {
    attack(1000..2000);
}

#[test]
fn nor_of_a_third() {
    attack(2000..3000);
}

/// What is said beside figures: a reader who knows the rules tries each count that a hidden figure could have, and sees with
/// which of them the pack would read as it does.
mod said {
    use super::*;
    use boardpack::framework::Ambition;

    /// A system with another target.
    fn with_target(mut system: System, target: &str) -> System {
        let ambition =
            format!("id = \"a\"\npriority = \"p\"\nstatement = \"Less\"\n[[measure]]\nid = \"m\"\ntarget = {{ {target} }}");
        system.framework.ambitions = vec![toml::from_str::<Ambition>(&ambition).unwrap()];
        system
    }

    /// The pack reads alike with three or more of the counts from 1 to `most`, whichever of them is the hidden one.
    #[track_caller]
    fn assert_alike(system: &System, most: u32, figures: impl Fn(f64) -> Vec<Observation>) {
        let mut packs: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for count in 1..=most {
            let mut published = system.published(&figures(f64::from(count)));
            // The tests' own figures say where they came from.
            published.each().for_each(|of| assert!(of.working.is_none()));
            published.areas.sort_by(|a, b| a.area.cmp(&b.area));
            packs.entry(format!("{published:?}")).or_default().push(count);
        }
        let told: Vec<_> = packs.iter().filter(|(_, counts)| counts.len() < 3).collect();
        if let Some((pack, counts)) = told.first() {
            let (other, others) = packs.iter().find(|(_, others)| others != counts).unwrap();
            let at = pack.bytes().zip(other.bytes()).position(|(a, b)| a != b).unwrap();
            let around = |text: &str| String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(200)..at + 300]).into_owned();
            panic!("{counts:?}: {}\n{others:?}: {}", around(pack), around(other));
        }
    }

    const TARGETS: [&str; 9] = [
        "kind = \"direction\", baseline = { period = \"2022/23\" }",
        "kind = \"level\", value = 0.2, due = \"2028-03-31\", baseline = { period = \"2022/23\" }",
        "kind = \"level\", value = 0.2, strict = true, due = \"2024-12-31\"",
        "kind = \"percent_change\", percent = -30.0, baseline = { period = \"2022/23\" }",
        "kind = \"sustained_reduction\", baseline = { period = \"2022/23\" }",
        "kind = \"stabilise\", baseline = { period = \"2022/23\" }",
        "kind = \"better_than_comparator\"",
        "kind = \"similar_or_better\"",
        "kind = \"standing\", full = 0.0, from = \"2023-04-01\"",
    ];

    const YEARS: [&str; 7] = ["2019/20", "2020/21", "2021/22", "2022/23", "2023/24", "2024/25", "2025/26"];

    #[test]
    fn no_status_trend_or_flag_tells_a_hidden_figure_of_the_series() {
        for target in TARGETS {
            for polarity in ["low", "high"] {
                for disclosure in ["standard", "hospital-episodes"] {
                    let extra = format!("disclosure = \"{disclosure}\"\npolarity = \"{polarity}\"\nparts_are = \"areas\"");
                    let system = with_target(System::of_districts(&extra), target);
                    let most = if disclosure == "standard" { 4 } else { 7 };
                    for hidden in [3, 5, 6] {
                        assert_alike(&system, most, |count| {
                            let of_year = |(i, year): (usize, &&str)| {
                                let count = if i == hidden { count } else { 9.0 + 2.0 * i as f64 };
                                counted("SYS", year, count, 1000.0)
                            };
                            let own = YEARS.iter().enumerate().map(of_year);
                            own.chain(YEARS.iter().map(|year| counted("ENG", year, 250.0, 100_000.0))).collect()
                        });
                    }
                }
            }
        }
    }

    #[test]
    fn no_status_made_from_areas_tells_a_hidden_figure() {
        // Rates that are not added up: the system stands as its areas do.
        let rates = "statistic = \"standardised-rate\"\nunit = \"per100k\"\nmultiplier = 100000.0\npolarity = \"low\"\n\
                     disclosure = \"standard\"\nparts_are = \"areas\"";
        for target in TARGETS {
            let target = target.replace("0.2", "200.0");
            let system = with_target(System::of_districts(rates), &target);
            for hidden in ["CITY", "D2"] {
                assert_alike(&system, 4, |count| {
                    let rate = |area: &str, year: &str, count: f64| Observation {
                        numerator: Some(count),
                        ..given(area, year, 100_000.0 * count / 1000.0)
                    };
                    let mut figures = vec![rate("ENG", YEAR, 3.0), rate("ENG", "2022/23", 3.0)];
                    for (area, others) in [("CITY", 5.0), ("D1", 6.0), ("D2", 11.0), ("D3", 7.0), ("D4", 8.0)] {
                        figures.push(rate(area, "2022/23", 9.0));
                        figures.push(rate(area, YEAR, if area == hidden { count } else { others }));
                    }
                    figures
                });
            }
        }
    }

    #[test]
    fn no_figure_beside_another_tells_a_hidden_one() {
        let extra = format!("{STANDARD}\nstatistic = \"count\"\nunit = \"count\"\ndecimals = 0\npolarity = \"low\"");
        let mut system = System::of_districts(&extra);
        system.framework.edition.beside = vec![boardpack::area::AreaCode::new("D2").unwrap()];
        assert_alike(&system, 4, |count| vec![given("D2", YEAR, count), given("D3", YEAR, 20.0)]);
    }
}

/// What was revised or corrected is told as readers have it.
mod changes {
    use super::*;
    use boardpack::evaluate::{EarlierFigures, Revision, Vintages, disclose_revisions};

    /// The revision of one district's figure, the last pack having shown the first of these, as it is told beside the last of
    /// them; what came in between was never published.
    fn told(disclosure: &str, figures: [f64; 3]) -> Vec<(Value, Value)> {
        let extra =
            format!("disclosure = \"{disclosure}\"\nstatistic = \"count\"\nunit = \"count\"\ndecimals = 0\npolarity = \"low\"");
        let system = System::of_districts(&extra);
        let of = |figure: f64| vec![given("D1", YEAR, figure)];
        let [first, before, last] = figures;
        let mut earlier = EarlierFigures::default();
        earlier.add(&[system.published(&of(first))], &system.framework);
        let now = of(last);
        let revised = Vintages::of(&now).replacing(&of(before)).revisions();
        assert_eq!(revised.len(), 1);
        let published = system.disclosed(&now).evaluation;
        let told: Vec<Revision> = disclose_revisions(&revised, &published, &earlier, &system.framework);
        told.iter().map(|of| (of.old, of.new)).collect()
    }

    #[test]
    fn a_revised_figure_is_told_as_packs_showed_it() {
        let number = Value::Number;
        assert_eq!(told("standard", [20.0, 20.0, 24.0]), [(number(20.0), number(24.0))]);
        assert_eq!(told("standard", [20.0, 22.0, 24.0]), [(Value::Suppressed, number(24.0))], "22 was in no pack");
        assert_eq!(told("standard", [20.0, 20.0, 3.0]), [(Value::Suppressed, Value::Suppressed)]);
        assert_eq!(told("standard", [3.0, 3.0, 24.0]), [(Value::Suppressed, number(24.0))]);
        assert_eq!(told("hospital-episodes", [21.0, 21.0, 31.0]), [(number(20.0), number(30.0))]);
        assert_eq!(told("hospital-episodes", [21.0, 21.0, 22.0]), [], "both are shown as 20");
        assert_eq!(told("none", [3.0, 3.0, 2.0]), [(number(3.0), number(2.0))]);
    }
}
