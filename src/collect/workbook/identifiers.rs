//! Signs that a workbook is about persons one by one. A return holds counts; such a workbook is refused and not kept.

use super::names::{self, Kind};
use super::sheet::{one_line, squeeze};
use std::collections::{BTreeMap, BTreeSet};

/// Headings, squeezed, that stand over data about one person a row.
const HEADINGS: [&str; 46] = [
    "nhsnumber",
    "nhsno",
    "nhsnum",
    "nhsid",
    "newnhsno",
    "patient",
    "patientid",
    "patientname",
    "patientno",
    "patientnumber",
    "patientidentifier",
    "patientsname",
    "nameofpatient",
    "hospitalnumber",
    "hospitalno",
    "mrn",
    "dateofbirth",
    "dob",
    "birthdate",
    "patientdob",
    "patientdateofbirth",
    "surname",
    "forename",
    "forenames",
    "firstname",
    "firstnames",
    "givenname",
    "lastname",
    "familyname",
    "fullname",
    "middlename",
    "maidenname",
    "clientname",
    "nameofclient",
    "serviceusername",
    "serviceuser",
    "residentname",
    "childname",
    "childsname",
    "pupilname",
    "employeename",
    "staffname",
    "nameofemployee",
    "ninumber",
    "nationalinsurancenumber",
    "homeaddress",
];

/// How many numbers in one column must pass the NHS check digit: by chance one ten-digit number in eleven does.
const ENOUGH_NUMBERS: u32 = 3;

/// How many different names of people one column must hold; a contact or two are no list of persons.
const ENOUGH_NAMES: usize = 5;

/// The same of names as hospital systems write them, `SMITH, Jane (Mrs)`, or with a title before them.
const ENOUGH_FORMAL_NAMES: usize = 3;

/// Watches the cells of one worksheet go by.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Per column, how many cells hold a valid NHS number.
    numbers: BTreeMap<u32, u32>,
    /// Per column, the different names of people.
    names: BTreeMap<u32, BTreeSet<String>>,
    /// Per column, those of them that are written formally.
    formal_names: BTreeMap<u32, BTreeSet<String>>,
}

impl Watch {
    /// Says what gives a cell away, if anything does. The cell's own content is not repeated, but for a heading.
    pub fn text(&mut self, column: u32, text: &str) -> Option<String> {
        if text.len() > 40 {
            return None;
        }
        let squeezed = squeeze(text);
        if HEADINGS.contains(&squeezed.as_str()) {
            return Some(format!("a heading {:?}", one_line(text)));
        }
        let plain = text.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '-');
        if plain { self.count(column, &squeezed) } else { self.name(column, text) }
    }

    fn name(&mut self, column: u32, text: &str) -> Option<String> {
        let kind = names::kind(text)?;
        let name = one_line(text);
        if kind == Kind::Formal {
            self.formal_names.entry(column).or_default().insert(name.clone());
        }
        self.names.entry(column).or_default().insert(name);
        let count = |of: &BTreeMap<u32, BTreeSet<String>>| of.get(&column).map_or(0, BTreeSet::len);
        (count(&self.names) >= ENOUGH_NAMES || count(&self.formal_names) >= ENOUGH_FORMAL_NAMES)
            .then(|| "a column of names of people".to_owned())
    }

    pub fn number(&mut self, column: u32, number: f64) -> Option<String> {
        let ten_digits = number.fract() == 0.0 && (1e9..1e10).contains(&number);
        if ten_digits { self.count(column, &number.to_string()) } else { None }
    }

    fn count(&mut self, column: u32, digits: &str) -> Option<String> {
        if !is_nhs_number(digits) {
            return None;
        }
        let count = self.numbers.entry(column).or_default();
        *count += 1;
        (*count >= ENOUGH_NUMBERS).then(|| "a column of numbers that pass the check of NHS numbers".to_owned())
    }
}

/// Ten digits, the last of which is the modulus-11 check of the others (NHS Data Dictionary, NHS NUMBER).
fn is_nhs_number(digits: &str) -> bool {
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 10 {
        return false;
    }
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    // A remainder that gives 10 is given to nobody.
    (11 - sum % 11) % 11 == digits[9]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_personal_data_are_seen_and_words_about_patients_are_not() {
        for heading in [
            "NHS Number",
            "nhs_no.",
            "Patient",
            " Date of  Birth",
            "D.O.B.",
            "Surname",
            "First name",
            "Full Name:",
            "Name of patient",
        ] {
            assert!(Watch::default().text(0, heading).is_some(), "{heading}");
        }
        for text in [
            "Number of patients",
            "Patients discharged within a day",
            "Measure ID",
            "Births",
            "NHS trust",
            "Name",
            "Measure name",
        ] {
            assert_eq!(Watch::default().text(0, text), None, "{text}");
        }
    }

    #[test]
    fn a_column_of_names_is_seen_and_a_contact_or_a_column_of_places_is_not() {
        let seen = |texts: &[&str]| {
            let mut watch = Watch::default();
            texts.iter().map(|text| watch.text(2, text)).filter(Option::is_some).count()
        };
        assert_eq!(seen(&["Olivia Example", "Harry Sample-Jones", "Priya K Test", "Mohammed Specimen", "Grace O'Model"]), 1);
        assert_eq!(seen(&["SPECIMEN, Jane", "SAMPLE, Ravi (Mr)", "EXAMPLE, Ann"]), 1);
        assert_eq!(seen(&["Mrs A Sample", "Mr. Ravi Test", "Miss Jane Example"]), 1);
        assert_eq!(seen(&["Olivia Example"; 20]), 0, "one contact beside many figures");
        assert_eq!(seen(&["Olivia Example", "Harry Sample", "Grace Model", "Amelia Test"]), 0, "a few contacts");
        let places = ["Grace House", "Victoria Hospital", "Charlotte Street", "Newark and Sherwood", "Rushcliffe", "Daisy Hill"];
        assert_eq!(seen(&places), 0);
        let measures = ["Smoking at delivery", "Grace period", "Mark of quality", "Rose to target", "Will be done", "May 2026"];
        assert_eq!(seen(&measures), 0);
    }

    #[test]
    fn a_column_of_nhs_numbers_is_seen_without_a_heading() {
        // Numbers of the range that is kept for tests.
        let numbers = ["999 000 0026", "9990000034", "999-000-0042"];
        let mut watch = Watch::default();
        let seen: Vec<bool> = numbers.iter().map(|number| watch.text(3, number).is_some()).collect();
        assert_eq!(seen, [false, false, true]);
        let mut watch = Watch::default();
        assert!((0..1000).all(|amount| watch.number(3, f64::from(amount) * 1000.5).is_none()), "amounts of money are not");
        assert!(!is_nhs_number("9990000027") && !is_nhs_number("999000002"));
    }
}
