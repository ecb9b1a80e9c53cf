//! Areas put into as many groups of nearly equal size as wanted, by their value.

use crate::Withheld;

/// The group of each value, 1 to `groups`, or none where there is no value.
///
/// With rank r among N values (ties share the lowest rank) the group is ⌊(k + 1) − ⌈(N + 1 − r) ÷ (N/k)⌉⌋, at
/// least 1. `inverted` ranks from the highest value, so that group 1 holds the highest: the field's default.
///
/// # Errors
/// Fewer values than groups, or no groups at all.
pub fn quantile_groups(values: &[Option<f64>], groups: u32, inverted: bool) -> Result<Vec<Option<u32>>, Withheld> {
    if values.iter().flatten().any(|x| !x.is_finite()) {
        return Err(Withheld::NotFinite);
    }
    let ranked = |x: f64| if inverted { -x } else { x };
    let mut sorted: Vec<f64> = values.iter().flatten().map(|x| ranked(*x)).collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    if groups == 0 || n < groups as usize {
        return Err(Withheld::TooFewValues(groups.max(1)));
    }
    let k = f64::from(groups);
    let group_of = |x: f64| {
        let rank = sorted.partition_point(|other| *other < ranked(x)) + 1;
        let from_top = (n + 1 - rank) as f64;
        let group = (k + 1.0 - (from_top / (n as f64 / k)).ceil()).floor();
        group.max(1.0) as u32
    };
    Ok(values.iter().map(|value| value.map(group_of)).collect())
}
