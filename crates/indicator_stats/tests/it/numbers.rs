//! Numbers held against wanted ones, and numbers of every size.

use crate::cases::{Row, number};
use proptest::prelude::*;

pub fn close(found: f64, wanted: f64, relative: f64) {
    assert!((found - wanted).abs() <= relative * wanted.abs() + 1e-12, "{found} is not {wanted}");
}

/// Both there and alike to ten digits, or neither.
pub fn close_where_given(found: Option<f64>, wanted: Option<f64>) {
    assert_eq!(found.is_some(), wanted.is_some(), "{found:?} is not {wanted:?}");
    if let Some((found, wanted)) = found.zip(wanted) {
        close(found, wanted, 1e-10);
    }
}

/// Counts, populations and values of every size, whole and not.
pub fn any_size() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        0.0..20.0_f64,
        (0_u32..100_000).prop_map(f64::from),
        (-320.0..308.0_f64).prop_map(|e| 10.0_f64.powf(e))
    ]
}

/// The numbers in these columns.
pub fn numbers<const N: usize>(row: &Row, keys: [&str; N]) -> [f64; N] {
    keys.map(|key| number(row, key))
}
