//! What a chart found, in words: its title, and the first of what stands for it where it cannot be seen. Nothing is said to have
//! changed, or to differ, beyond what a test found; where nothing was tested, both figures stand with their periods.

use super::drawn::{last as latest_of, spoken};
use crate::counted::counted;
use crate::evaluate::change::Tested;
use crate::evaluate::{Assessment, ChangeSince, Comparison, SeriesPoint, Trend};
use crate::framework::{Measure, PartsAre};
use crate::report::alternatives::{shortened, with_whom};
use crate::report::content::{figures, sentences};

/// `Significantly worse than in 2019/20: 17.4% in 2025/26, 14.0% then`: how the latest figure of a series stands beside earlier
/// ones.
pub(super) fn over_time(measure: &Measure, of: &Assessment) -> String {
    let numbers = |point: &&SeriesPoint| point.value.number().is_some();
    let Some((latest, value)) = latest_of(&of.series).and_then(|point| Some((point, point.value.number()?))) else {
        return "No figure is shown".to_owned();
    };
    let now = figure_of(measure, latest, value);
    // Tests speak of the latest figure that was given.
    let is_tested = of.latest.as_ref().is_some_and(|given| given.period == latest.period);
    let significant = sentences::trend_in_short(of.trend).filter(|_| of.trend != Trend::NoSignificantChange);
    if let Some(words) = significant.filter(|_| is_tested && !of.is_too_old()) {
        return format!("{} over five years: {now}", sentences::capitalised(words));
    }
    let changes = [(&of.since_baseline, &of.baseline), (&of.since_previous, &of.previous)];
    let changes = || {
        let given = changes.into_iter().filter_map(|(since, earlier)| since.as_ref().zip(earlier.as_ref()));
        given.filter(|(_, earlier)| is_tested && earlier.value.number().is_some())
    };
    let tested = |wanted: bool| changes().find(|(since, _)| since.change.is_significant() == Some(wanted));
    let whole = || changes().find(|(since, _)| since.change.tested == Tested::Whole);
    if let Some((since, earlier)) = tested(true).or_else(|| tested(false)).or_else(whole) {
        return changed(measure, since, (earlier, latest));
    }
    match of.series.iter().find(numbers).filter(|first| first.period < latest.period) {
        Some(first) if first.value == latest.value => format!("{now}, as in {}", figures::period(first.period)),
        Some(first) => format!("From {} to {now}", figure_of(measure, first, first.value.number().unwrap_or(value))),
        None => now,
    }
}

/// By the test of the change; of a whole count the difference is a difference.
fn changed(measure: &Measure, since: &ChangeSince, (earlier, latest): (&SeriesPoint, &SeriesPoint)) -> String {
    let [was, is] = [earlier, latest].map(|point| point.value.number().unwrap_or_default());
    let by = figures::alike(measure, was, is).map_or(String::new(), |by| format!(", apart {by}"));
    let [was, is] = [was, is].map(|value| spoken(measure, value));
    let (then, now) = (figures::period(earlier.period), figures::period(latest.period));
    let difference = since.change.difference;
    let way = || match since.is_better {
        Some(true) => "better",
        Some(false) => "worse",
        None if difference > 0.0 => "higher",
        None => "lower",
    };
    match since.change.is_significant() {
        Some(true) => format!("Significantly {} than in {then}: {is} in {now}, {was} then{by}", way()),
        Some(false) => format!("No significant change since {then}: {is} in {now}, {was} then{by}"),
        None if difference == 0.0 => format!("The same as in {then}: {is} in {now}"),
        None => format!("{} than in {then}: {is} in {now}, {was} then{by}", if difference > 0.0 { "Higher" } else { "Lower" }),
    }
}

fn figure_of(measure: &Measure, point: &SeriesPoint, value: f64) -> String {
    format!("{} in {}", spoken(measure, value), figures::period(point.period))
}

/// `Nottingham is highest at 18.2% in 2024/25, Rushcliffe lowest at 7.9%`, with so much room for each name. Figures of several
/// periods are not ranked.
pub(super) fn among_areas(measure: &Measure, of: &[(String, &SeriesPoint)], room: usize) -> String {
    let mut numbers: Vec<(&str, &SeriesPoint, f64)> =
        of.iter().filter_map(|(name, point)| Some((name.as_str(), *point, point.value.number()?))).collect();
    numbers.sort_by(|a, b| a.2.total_cmp(&b.2));
    let (Some(least), Some(most)) = (numbers.first(), numbers.last()) else { return "No figure is shown".to_owned() };
    let is_same_period = numbers.iter().all(|(_, point, _)| point.period == least.1.period);
    let when =
        if is_same_period { format!("in {}", figures::period(least.1.period)) } else { "in the latest of each".to_owned() };
    let [low, high] = [least.2, most.2].map(|value| spoken(measure, value));
    if low == high {
        return format!("{high} in each, {when}");
    }
    // Where several have the figure it is nobody's.
    let name = |(name, _, value): &(&'_ str, &SeriesPoint, f64)| {
        let is_alone = numbers.iter().filter(|(_, _, other)| other == value).count() == 1;
        if is_alone { shortened(name, room) } else { String::new() }
    };
    let (lowest, highest) = (name(least), name(most));
    if numbers.len() > 2 && is_same_period && !lowest.is_empty() && !highest.is_empty() {
        return format!("{highest} is highest at {high} {when}, {lowest} lowest at {low}");
    }
    format!("From {} to {} {when}", with_whom(&low, &lowest, room), with_whom(&high, &highest, room))
}

/// `2 of 8 areas are significantly worse than England (11.0%)`; none where no area was compared.
pub(super) fn beside_comparator(measure: &Measure, areas: &[&Assessment], with: &str) -> Option<String> {
    let given = areas.iter().filter(|area| area.latest.as_ref().is_some_and(|point| point.value.number().is_some())).count();
    let count = |wanted: &[Comparison]| areas.iter().filter(|area| wanted.contains(&area.comparison)).count();
    let compared = areas.len() - count(&[Comparison::NotCompared]);
    let (found, how) = match count(&[Comparison::Higher, Comparison::Lower]) {
        0 => (count(&[Comparison::Worse]), "worse"),
        neutral => (neutral, "higher or lower"),
    };
    let (one, several) = match measure.parts_are {
        PartsAre::Areas => ("area", "areas"),
        PartsAre::Organisations => ("organisation", "organisations"),
    };
    let all = counted(compared, one, several);
    let of = if compared < given { format!("the {all} that were compared") } else { all };
    let verb = if found <= 1 { "is" } else { "are" };
    let tested = areas.iter().filter(|area| area.is_tested_beside_comparator()).count();
    let significantly = if tested == compared { "significantly " } else { "" };
    let found = if found == 0 { "none".to_owned() } else { found.to_string() };
    (compared > 0).then(|| format!("{found} of {of} {verb} {significantly}{how} than {with}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::AreaCode;
    use crate::evaluate::change::Change;
    use crate::framework::MeasureId;
    use crate::period::{Period, YearKind};
    use crate::value::Value;
    use indicator_stats::Confidence;
    use indicator_stats::change as test;

    fn measure() -> Measure {
        toml::from_str(
            "id = \"m\"\ntitle = \"M\"\ndefinition = \"\"\nunit = \"percent\"\nstatistic = \"proportion\"\npolarity = \"low\"\n\
             year = \"financial\"\ncadence_months = 12\npublication_lag_months = 12\nsource = { kind = \"none\" }",
        )
        .unwrap()
    }

    fn point(period: &str, value: f64) -> SeriesPoint {
        SeriesPoint::alone(Period::parse(period, YearKind::Financial).unwrap(), Value::Number(value))
    }

    fn assessment(tested: Option<Tested>) -> Assessment {
        let series = vec![point("2022/23", 14.0), point("2024/25", 17.4)];
        let since = tested.map(|tested| ChangeSince {
            period: series[0].period,
            change: Change { difference: 3.4, tested },
            is_significant_998: None,
            is_better: Some(false),
        });
        Assessment {
            latest: series.last().cloned(),
            previous: series.first().cloned(),
            since_previous: since,
            series,
            ..Assessment::without_figure(MeasureId("m".into()), AreaCode::new("A1").unwrap())
        }
    }

    #[test]
    fn a_title_says_no_more_than_its_test() {
        let by = |events: f64| {
            Tested::By(test::Change::Proportions(test::proportions(140.0, 1000.0, events, 1000.0, Confidence::P95).unwrap()))
        };
        let said = |tested| over_time(&measure(), &assessment(tested));
        assert_eq!(said(Some(by(274.0))), "Significantly worse than in 2022/23: 17.4% in 2024/25, 14.0% then");
        assert_eq!(said(Some(by(145.0))), "No significant change since 2022/23: 17.4% in 2024/25, 14.0% then");
        assert_eq!(said(Some(Tested::Whole)), "Higher than in 2022/23: 17.4% in 2024/25, 14.0% then");
        let untested = "From 14.0% in 2022/23 to 17.4% in 2024/25";
        assert_eq!(said(Some(Tested::Not("there are no limits".into()))), untested);
        assert_eq!(said(None), untested);
        let mut trending = assessment(None);
        trending.trend = Trend::IncreasingWorse;
        assert_eq!(over_time(&measure(), &trending), "Significantly worse over five years: 17.4% in 2024/25");
        let mut level = assessment(None);
        level.series[0].value = level.series[1].value;
        assert_eq!(over_time(&measure(), &level), "17.4% in 2024/25, as in 2022/23");
        // What was tested is not what is drawn last.
        trending.latest = None;
        assert_eq!(over_time(&measure(), &trending), untested);
        trending.series.truncate(1);
        assert_eq!(over_time(&measure(), &trending), "14.0% in 2022/23");
    }

    #[test]
    fn areas_are_ranked_only_within_a_period() {
        let (a, b, c) = (point("2024/25", 18.2), point("2024/25", 7.9), point("2024/25", 9.0));
        let all = [("Ashby".to_owned(), &a), ("Barton".to_owned(), &b), ("Corby".to_owned(), &c)];
        let said = |of: &[(String, &SeriesPoint)], room| among_areas(&measure(), of, room);
        assert_eq!(said(&all, usize::MAX), "Ashby is highest at 18.2% in 2024/25, Barton lowest at 7.9%");
        assert_eq!(said(&all, 0), "From 7.9% to 18.2% in 2024/25");
        assert_eq!(said(&all[..2], usize::MAX), "From 7.9% (Barton) to 18.2% (Ashby) in 2024/25");
        let older = point("2023/24", 30.0);
        let mixed = [all[0].clone(), all[1].clone(), ("Derby".to_owned(), &older)];
        assert_eq!(said(&mixed, usize::MAX), "From 7.9% (Barton) to 30.0% (Derby) in the latest of each");
        assert_eq!(said(&[], usize::MAX), "No figure is shown");
    }

    #[test]
    fn areas_beside_the_comparator_are_counted_by_their_test() {
        let limits = Some(crate::value::Limits { lower: 1.0, upper: 2.0 });
        let area = |comparison| {
            let latest = SeriesPoint { limits, ..point("2024/25", 17.4) };
            Assessment { comparison, latest: Some(latest), ..assessment(None) }
        };
        let said = |of: &[Comparison]| {
            let areas: Vec<Assessment> = of.iter().map(|comparison| area(*comparison)).collect();
            beside_comparator(&measure(), &areas.iter().collect::<Vec<_>>(), "England")
        };
        let (worse, similar, none) = (Comparison::Worse, Comparison::Similar, Comparison::NotCompared);
        assert_eq!(said(&[none, none]), None);
        assert_eq!(said(&[worse, similar]).unwrap(), "1 of 2 areas is significantly worse than England");
        assert_eq!(said(&[similar, similar]).unwrap(), "none of 2 areas is significantly worse than England");
        let of_some = said(&[worse, worse, similar, none]).unwrap();
        assert_eq!(of_some, "2 of the 3 areas that were compared are significantly worse than England");
        let neutral = said(&[Comparison::Higher, similar]).unwrap();
        assert_eq!(neutral, "1 of 2 areas is significantly higher or lower than England");
        let without_limits = Assessment { comparison: worse, ..assessment(None) };
        let said = beside_comparator(&measure(), &[&without_limits], "England").unwrap();
        assert_eq!(said, "1 of 1 area is worse than England");
    }
}
