//! What a measure's latest figure says beside its last one, the comparator's and its trend.

use super::figures;
use super::sentences::{self, Difference, Said};
use crate::area::Areas;
use crate::evaluate::methods::comparison::double;
use crate::evaluate::{Assessment, Comparison, Point};
use crate::framework::{Measure, Statistic};

/// One to three sentences; empty where there is no figure.
pub fn story(measure: &Measure, head: &Assessment, elsewhere: bool, areas: &Areas, compared_with: &str) -> String {
    let Some(latest) = head.latest.as_ref() else { return String::new() };
    let mut said = Vec::new();
    let subject = if elsewhere { format!("In {} it", areas.name(&head.area)) } else { "It".to_owned() };
    if let Some(words) = head.previous.as_ref().and_then(|previous| since(measure, previous, latest)) {
        said.push(format!("{subject} {words}."));
    }
    let figure = latest.comparator.map(|value| figures::number(measure, value));
    // The reason has named the comparator already where the target is set against it.
    if !head.reason.contains(compared_with)
        && let Some(words) = sentences::beside(head.comparison, compared_with, figure.as_deref())
    {
        said.push(format!("It is {words}."));
    }
    said.extend(sentences::trend(head.trend).map(|words| format!("It {words}.")));
    said.join(" ")
}

fn since(measure: &Measure, previous: &Point, latest: &Point) -> Option<String> {
    let (was, is) = (previous.value.number()?, latest.value.number()?);
    let (was_words, is_words) = figures::apart(measure, was, is);
    let (then, now) = (previous.period.in_words(), latest.period.in_words());
    let difference = difference(measure, previous, latest, was, is);
    let was_said = Said { figure: &was_words, when: &then };
    Some(sentences::change(was_said, Said { figure: &is_words, when: &now }, is > was, difference))
}

fn difference(measure: &Measure, previous: &Point, latest: &Point, was: f64, is: f64) -> Difference {
    if !previous.period.is_apart_from(latest.period) {
        return Difference::Overlapping;
    }
    if measure.statistic == Statistic::Quantity {
        return Difference::Real;
    }
    match double(is, latest.limits, was, previous.limits, measure.polarity) {
        Comparison::NotCompared => Difference::NotTested,
        Comparison::Similar => Difference::WithinChance,
        Comparison::Better | Comparison::Worse | Comparison::Higher | Comparison::Lower => Difference::Real,
    }
}
