//! Shares, days and lists in words.

use jiff::civil::Date;

/// A share between 0 and 1 in percent: never 0% or 100% but for none and all.
pub(crate) fn format_share(share: f64) -> String {
    let percent = share * 100.0;
    if share > 0.0 && percent < 1.0 {
        "under 1%".to_owned()
    } else if share < 1.0 && percent > 99.0 {
        "over 99%".to_owned()
    } else {
        format!("{percent:.0}%")
    }
}

/// `March 2028`.
pub(super) fn format_month(date: Date) -> String {
    date.strftime("%B %Y").to_string()
}

/// `31 March 2028`.
pub(super) fn format_day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `a, b and c`.
pub(super) fn format_list<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

pub(super) fn has_or_have<T>(of: &[T]) -> &'static str {
    if of.len() == 1 { "has" } else { "have" }
}
