//! The figures of a measure's parts in a funnel: which of them differ by more than chance.

use super::drawn::{BELOW, Drawn, Said, TwinTable, spoken};
use crate::framework::{Disclosure, Measure, Statistic, Uncertainty};
use crate::period::Period;
use crate::report::charts::{Chart, FunnelBand, FunnelBeyond, FunnelChart, FunnelDot};
use crate::report::content::figures;
use crate::report::content::parts_source::{FEWEST_PARTS, PartPoint, PartsSource};
use crate::report::content::sentences::{capitalised, joined};
use crate::value::{Limits, format_number};
use indicator_stats::Confidence;
use indicator_stats::funnel::{FunnelStatistic, Significance, beside, proportion_limits, rate_limits_at};
use tagged_document::model::Figure;

/// Places at which the limits are worked out: enough for a smooth line.
const STEPS: i32 = 24;
/// How far the limits are drawn beyond the least and the greatest denominator.
const BEFORE: f64 = 0.8;
const BEYOND: f64 = 1.05;

/// One part with its counts, and how it stands.
struct Placed<'a> {
    name: &'a str,
    point: PartPoint,
    value: f64,
    denominator: f64,
    significance: Significance,
}

/// What all parts are set beside.
struct Middle<'a> {
    measure: &'a Measure,
    kind: FunnelStatistic,
    /// In the measure's unit.
    value: f64,
    /// Whose figure it is, in a sentence.
    whose: &'a str,
}

/// Of proportions and crude rates in which chance has a part, where at least [`FEWEST_PARTS`] have a figure of the last period with
/// its counts. None where one of that period is hidden: those that are shown beside the figure of all might tell it; nor of
/// counts that are rounded.
pub fn funnel(of: &PartsSource) -> Option<Figure> {
    let measure = &of.measure;
    let kind = kind(measure)?;
    let period = of.parts.iter().filter_map(|part| part.last()).map(|(point, _)| point.period).max()?;
    if of.hidden.contains(&period) {
        return None;
    }
    let middle = middle(of, kind, period)?;
    let placed: Vec<Placed<'_>> = given(of, period)
        .map(|(name, (point, value), counts)| {
            let significance = beside(kind, counts, middle.average()).ok()?;
            Some(Placed { name, point, value, denominator: counts.1, significance })
        })
        .collect::<Option<_>>()?;
    let (finding, more) = said(of, &middle, &placed);
    let chart = FunnelChart {
        dots: placed.iter().map(dot).collect(),
        middle: (format!("{} {}", capitalised(middle.whose), figures::plain(measure, middle.value)), middle.value),
        bands: denominators(&placed).filter_map(|n| middle.band(n)).collect(),
        across: capitalised(&measure.denominator_in_words()),
    };
    let drawn = Drawn {
        chart: Chart::Funnel(chart),
        when: format!("by {}, {}", of.noun().to_lowercase(), figures::period(period)),
        said: Said {
            finding: &|_| finding.clone(),
            beside: Vec::new(),
            more,
            pointer: BELOW,
            table: Some(table(of, &middle, &placed)),
        },
        notes: vec![note(&placed)],
        illustrative: placed.iter().any(|part| part.point.illustrative),
    };
    Some(drawn.figure(measure))
}

/// How the measure's figures spread by chance; none where that is not known.
fn kind(measure: &Measure) -> Option<FunnelStatistic> {
    let has_chance = matches!(measure.uncertainty(), Uncertainty::Binomial | Uncertainty::Poisson);
    match measure.statistic {
        _ if !has_chance || measure.disclosure == Disclosure::HospitalEpisodes => None,
        Statistic::Proportion => Some(FunnelStatistic::Proportion),
        Statistic::CrudeRate => Some(FunnelStatistic::Rate),
        Statistic::StandardisedRate | Statistic::Estimate | Statistic::Count | Statistic::Quantity => None,
    }
}

/// Each part with a figure of the period and its counts: numerator and denominator.
fn given(of: &PartsSource, period: Period) -> impl Iterator<Item = (&str, (PartPoint, f64), (f64, f64))> {
    of.parts.iter().filter_map(move |part| {
        let (point, value) = part.points.iter().find(|point| point.period == period)?.number()?;
        let counts = (point.numerator?, point.denominator.filter(|n| *n > 0.0)?);
        Some((part.name.as_str(), (point, value), counts))
    })
}

/// The comparator's figure, or else that of all parts together; none where they are too few.
fn middle(of: &PartsSource, kind: FunnelStatistic, period: Period) -> Option<Middle<'_>> {
    let measure = &of.measure;
    if given(of, period).count() < FEWEST_PARTS {
        return None;
    }
    let comparator = given(of, period).find_map(|(_, (point, _), _)| point.comparator);
    let (events, people) = given(of, period).fold((0.0, 0.0), |(o, n), (.., counts)| (o + counts.0, n + counts.1));
    let together = measure.multiplier * events / people;
    let whose = if comparator.is_some() { of.compared_with.as_str() } else { "all of them together" };
    Some(Middle { measure, kind, value: comparator.unwrap_or(together), whose })
}

impl Middle<'_> {
    /// As a share, or as events to one.
    fn average(&self) -> f64 {
        self.value / self.measure.multiplier
    }

    /// The limits at a denominator.
    fn band(&self, denominator: f64) -> Option<FunnelBand> {
        let limits_at = match self.kind {
            FunnelStatistic::Proportion => proportion_limits,
            FunnelStatistic::Rate | FunnelStatistic::Ratio => rate_limits_at,
        };
        let limits = |confidence| limits_at(self.average(), denominator, self.measure.multiplier, confidence).ok();
        Some(FunnelBand { denominator, limits: limits(Confidence::P95)?, limits_998: limits(Confidence::P998)? })
    }
}

/// The finding, without its stop, and what there is to say beside it.
fn said(of: &PartsSource, middle: &Middle<'_>, placed: &[Placed<'_>]) -> (String, Vec<String>) {
    let names = |wanted: Significance| -> Vec<&str> {
        placed.iter().filter(|part| part.significance == wanted).map(|part| part.name).collect()
    };
    let (high, low) = (names(Significance::High001), names(Significance::Low001));
    let count = match high.len() + low.len() {
        0 => "None".to_owned(),
        outside => outside.to_string(),
    };
    let verb = if high.len() + low.len() > 1 { "differ" } else { "differs" };
    let (all, whose) = (of.counted(placed.len()), middle.whose);
    let named = [("Higher", high), ("Lower", low)].into_iter().filter(|(_, names)| !names.is_empty());
    let mut more: Vec<String> = named.map(|(way, names)| format!("{way}: {}.", joined(&names))).collect();
    more.push(format!("{}: {}.", capitalised(whose), spoken(middle.measure, middle.value)));
    (format!("{count} of {all} {verb} from {whose} by more than chance (99.8%)"), more)
}

fn beyond(significance: Significance) -> FunnelBeyond {
    match significance {
        Significance::High001 | Significance::Low001 => FunnelBeyond::P998,
        Significance::High025 | Significance::Low025 => FunnelBeyond::P95,
        Significance::NotSignificant => FunnelBeyond::Neither,
    }
}

fn dot(of: &Placed<'_>) -> FunnelDot {
    FunnelDot { name: of.name.to_owned(), denominator: of.denominator, value: of.value, beyond: beyond(of.significance) }
}

/// From below the least to beyond the greatest, each so many times the one before it: the limits bend most on the left.
fn denominators(placed: &[Placed<'_>]) -> impl Iterator<Item = f64> {
    let all = placed.iter().map(|part| part.denominator);
    let (least, most) = all.fold((f64::MAX, 0.0_f64), |(least, most), n| (least.min(n), most.max(n)));
    let (from, times) = (least * BEFORE, most * BEYOND / (least * BEFORE));
    (0..=STEPS).map(move |i| from * times.powf(f64::from(i) / f64::from(STEPS)))
}

/// What the marks that are there mean.
fn note(placed: &[Placed<'_>]) -> String {
    let marks = [
        (FunnelBeyond::P998, "diamonds are outside the 99.8% limits"),
        (FunnelBeyond::P95, "discs are outside those of 95% only"),
        (FunnelBeyond::Neither, "rings are within them"),
    ];
    let is_there = |wanted: &FunnelBeyond| placed.iter().any(|part| beyond(part.significance) == *wanted);
    let marks: Vec<&str> = marks.into_iter().filter(|(beyond, _)| is_there(beyond)).map(|(_, words)| words).collect();
    let limits = "The limits are those within which chance alone would leave 95% and 99.8% of figures.";
    format!("{}. {limits}", capitalised(&marks.join("; ")))
}

fn table(of: &PartsSource, middle: &Middle<'_>, placed: &[Placed<'_>]) -> TwinTable {
    let measure = &of.measure;
    let row = |part: &Placed<'_>| {
        let band = middle.band(part.denominator);
        let limits = |pick: fn(FunnelBand) -> Limits| figures::limits(measure, band.map(pick));
        let stands = match part.significance {
            Significance::High001 => "above the 99.8% limits",
            Significance::High025 => "above the 95% limits",
            Significance::NotSignificant => "within the limits",
            Significance::Low025 => "below the 95% limits",
            Significance::Low001 => "below the 99.8% limits",
        };
        vec![
            part.name.to_owned(),
            format_number(part.denominator, 0),
            figures::plain(measure, part.value),
            limits(|band| band.limits),
            limits(|band| band.limits_998),
            stands.to_owned(),
        ]
    };
    let across = capitalised(&measure.denominator_in_words());
    let head = [of.noun(), &across, "Figure", "95% limits of the funnel", "99.8% limits of the funnel", "Stands"];
    TwinTable { head: head.map(str::to_owned).to_vec(), rows: placed.iter().map(row).collect(), lines: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five areas of 400 people each but the last, of which 100 (25%) and more or fewer were counted.
    fn source(comparator: Option<f64>) -> PartsSource {
        let counts: [&[Option<(f64, f64)>]; 5] = [
            &[Some((100.0, 400.0))],
            &[Some((117.0, 400.0))],
            &[Some((140.0, 400.0))],
            &[Some((60.0, 400.0))],
            &[Some((500.0, 2000.0))],
        ];
        PartsSource::sample("proportion", "low", comparator, &counts)
    }

    #[test]
    fn those_beyond_chance_are_counted_and_named() {
        let figure = funnel(&source(Some(25.0))).unwrap();
        assert_eq!(figure.caption, "2 of 5 areas differ from England by more than chance (99.8%)");
        let said =
            "Asked for. 2 of 5 areas differ from England by more than chance (99.8%). Higher: C. Lower: D. England: 25.0%. ";
        assert_eq!(figure.alternative, format!("{said}{BELOW}"));
        assert!(figure.alternative.chars().count() <= crate::report::alternatives::MOST);
        let twin = figure.twin.unwrap().table;
        let stands: Vec<String> = twin.rows.iter().map(|row| tagged_document::model::plain_text(&row.cells[5].runs)).collect();
        let expected = [
            "within the limits",
            "above the 95% limits",
            "above the 99.8% limits",
            "below the 99.8% limits",
            "within the limits",
        ];
        assert_eq!(stands, expected);
        // By hand: 25 ± 1.96·√(25 × 75 ÷ 400).
        assert_eq!(tagged_document::model::plain_text(&twin.rows[0].cells[3].runs), "20.8 to 29.2");
    }

    #[test]
    fn without_a_comparator_all_together_are_the_middle() {
        let figure = funnel(&source(None)).unwrap();
        assert!(figure.caption.contains(" from all of them together by more than chance"), "{}", figure.caption);
        // 917 of 3,600 are 25.5%: 25.47 ± 1.96·√(25.47 × 74.53 ÷ 400).
        assert_eq!(tagged_document::model::plain_text(&figure.twin.unwrap().table.rows[0].cells[3].runs), "21.2 to 29.7");
    }

    #[test]
    fn where_a_figure_is_hidden_there_is_no_funnel() {
        let mut of = source(Some(25.0));
        of.hidden.insert(of.parts[0].points[0].period);
        assert_eq!(funnel(&of), None);
        let mut of = source(Some(25.0));
        of.measure.disclosure = Disclosure::HospitalEpisodes;
        assert_eq!(funnel(&of), None, "counts that are rounded");
    }

    #[test]
    fn too_few_and_what_has_no_chance_in_it_have_no_funnel() {
        let mut of = source(Some(25.0));
        of.parts[0].points[0].denominator = None;
        assert_eq!(funnel(&of), None, "four with counts");
        let mut of = source(Some(25.0));
        of.measure.uncertainty = Some(Uncertainty::None);
        assert_eq!(funnel(&of), None);
        let of = PartsSource::sample("estimate", "low", Some(25.0), &[&[Some((1.0, 4.0))][..]; 5]);
        assert_eq!(funnel(&of), None);
    }
}
