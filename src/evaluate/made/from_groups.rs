//! A slope index of inequality from the figures of groups, the most deprived first.

use super::NotMade;
use crate::evaluate::deprivation;
use crate::framework::{GroupValues, Index};
use crate::value::{Limits, Unit};
use indicator_stats::slope_index::{Error, Group, Inequality, Options, ScaleKind, slope_index};
use indicator_stats::{Confidence, Estimate, proportion::wilson, rate::crude_rate};

/// What is known of one group.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::evaluate) struct GroupFigure<'a> {
    pub label: &'a str,
    pub value: Result<f64, NotMade>,
    pub limits: Option<Limits>,
    pub numerator: Option<f64>,
    pub population: Option<f64>,
}

/// What the groups' figures are by the unit in which they are given; none for counts and quantities.
pub(in crate::evaluate) fn values_by_unit(unit: &Unit) -> Option<GroupValues> {
    match unit {
        Unit::Percent => Some(GroupValues::Proportion),
        Unit::Per1000 | Unit::Per100k => Some(GroupValues::Rate),
        Unit::Years | Unit::Days | Unit::Score => Some(GroupValues::Mean),
        Unit::Ratio | Unit::Count | Unit::Pounds | Unit::TonnesCo2e | Unit::Own(_) => None,
    }
}

/// How many of a page's units are one of the method's: it has shares between 0 and 1.
pub(in crate::evaluate) fn scale(values: GroupValues) -> f64 {
    if values == GroupValues::Proportion { 100.0 } else { 1.0 }
}

/// The index of a scheme that has `expected` groups, where that is known, with 95% limits. Fitted to the figures as they are,
/// so that the line on a chart is straight.
///
/// # Errors
/// Groups whose order is not known, a group that is not there or without a figure, its limits or its population; what the
/// method says.
pub(in crate::evaluate) fn index(
    groups: &[GroupFigure<'_>],
    expected: Option<usize>,
    values: GroupValues,
    multiplier: f64,
    index: Index,
) -> Result<Estimate, NotMade> {
    let places = deprivation::in_order(groups.iter().map(|group| group.label)).ok_or(NotMade::OrderUnknown)?;
    let in_order: Vec<&GroupFigure<'_>> = places.iter().filter_map(|place| groups.get(*place)).collect();
    if let Some(expected) = expected.filter(|expected| *expected != in_order.len()) {
        return Err(NotMade::GroupsLacking { given: in_order.len(), of: expected });
    }
    let of_groups: Vec<Group> = in_order.into_iter().map(|group| of(group, values, multiplier)).collect::<Result<_, _>>()?;
    let found = fit(&of_groups, values)?;
    Ok(match index {
        Index::Slope => {
            let scale = scale(values);
            let limits = Limits { lower: found.sii.limits.lower * scale, upper: found.sii.limits.upper * scale };
            Estimate { value: found.sii.value * scale, limits }
        }
        Index::Relative => found.rii,
    })
}

/// The line through groups in order, in the method's own scale.
pub(in crate::evaluate) fn fit(groups: &[Group], values: GroupValues) -> Result<Inequality, NotMade> {
    let kind = match values {
        GroupValues::Mean => ScaleKind::Normal,
        GroupValues::Rate => ScaleKind::Rate,
        GroupValues::Proportion => ScaleKind::Proportion,
    };
    let options = Options { kind, transform: false, multiplier: 1.0, confidence: Confidence::P95 };
    Ok(slope_index(groups, &options)?)
}

fn of(group: &GroupFigure<'_>, values: GroupValues, multiplier: f64) -> Result<Group, NotMade> {
    let label = || group.label.to_owned();
    let value = group.value.clone().map_err(|why| NotMade::Group { label: label(), why: Box::new(why) })?;
    let population = group.population.ok_or_else(|| NotMade::GroupWithout { label: label(), what: "population" })?;
    let counted = || {
        let (count, of) = (group.numerator?, group.population?);
        match values {
            GroupValues::Proportion => wilson(count, of, scale(values), Confidence::P95).ok(),
            GroupValues::Rate => crude_rate(count, of, multiplier, Confidence::P95).ok(),
            GroupValues::Mean => None,
        }
    };
    let limits = group.limits.or_else(|| Some(counted()?.limits));
    let limits = limits.ok_or_else(|| NotMade::GroupWithout { label: label(), what: "confidence limits" })?;
    let scale = scale(values);
    let limits = Limits { lower: limits.lower / scale, upper: limits.upper / scale };
    Ok(Group { population, value: value / scale, error: Error::Limits(limits) })
}
