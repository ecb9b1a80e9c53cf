//! Whether a figure can be, by its own numbers and by the last one: one set of rules for returns by template, layouts read by
//! a mapping and public sources.
//!
//! Each check is a function of numbers and says what is wrong in which of them; whoever read the numbers knows where they
//! stand and what becomes of the figure. What a whole return is held against beside that is in `returns/checks`.

mod amounts;
mod change;
mod period;
mod scale;

pub(super) use amounts::{
    CheckedCounts, FigurePart, NumberFault, agreement, agreement_within, agrees_to, computed, first_below_zero, half_a_step,
    limits, one_count_alone, range, trimmed, used_without,
};
pub(super) use change::{Numbers, slip, unusual};
pub(super) use period::{odd_length, period_to_come};
pub(super) use scale::{example_of_money, in_another_unit, is_money_elsewhere, jump, money};
