//! NHS numbers, told from other numbers of ten digits.

/// Ten digits, the last of which is the modulus-11 check of the others (NHS Data Dictionary, NHS NUMBER).
pub(super) fn is_nhs_number(digits: &str) -> bool {
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    // Of ten equal digits each passes the check, and none was ever given.
    if digits.len() != 10 || digits.iter().all(|digit| *digit == digits[0]) {
        return false;
    }
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    // A remainder that gives 10 is given to nobody.
    (11 - sum % 11) % 11 == digits[9]
}

/// By chance one number in eleven passes the check. True where `passing` of `all` different numbers of ten digits are more
/// than five standard deviations above that, and at least three.
pub(super) fn are_too_many(passing: u32, all: u32) -> bool {
    let all = f64::from(all);
    let (expected, variance) = (all / 11.0, all * 10.0 / 121.0);
    passing >= 3 && f64::from(passing) > expected + 5.0 * variance.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_checks_the_others() {
        // Of the range that is kept for tests.
        assert!(is_nhs_number("9990000026") && is_nhs_number("999 000 0034"));
        assert!(!is_nhs_number("9990000027") && !is_nhs_number("999000002") && !is_nhs_number("0000000000"));
    }

    #[test]
    fn chance_matches_are_no_nhs_numbers() {
        for (passing, all) in [(3, 3), (4, 4), (9, 10), (30, 100)] {
            assert!(are_too_many(passing, all), "{passing} of {all}");
        }
        for (passing, all) in [(2, 2), (3, 5), (4, 43), (20, 100), (100, 1000)] {
            assert!(!are_too_many(passing, all), "{passing} of {all}");
        }
    }
}
