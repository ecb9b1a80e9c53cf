//! What a heading says of the cells beneath it.

/// What is beneath it, by its words alone: whether it is, the cells must show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PersonHeading {
    NhsNumber,
    /// Another number of one person: of a hospital, of the National Insurance.
    Identifier,
    BirthDate,
    /// A part of a name that only persons have: `Surname`.
    PartOfName,
    /// `Patient`, `Name of client`: a name, or a word about people.
    Person,
    /// Where one lives.
    Address,
    /// Staff by what they do: `Executive lead`, `Ward manager`.
    Role,
    /// `Ward`, `Site`: places are called after people.
    Place,
    /// `Allocation (£)`: numbers of ten digits are amounts.
    Money,
}

const PART_OF_NAME: [&str; 12] = [
    "surname",
    "surnames",
    "forename",
    "forenames",
    "firstname",
    "first name",
    "given name",
    "last name",
    "lastname",
    "family name",
    "middle name",
    "maiden name",
];
const PERSONS: [&str; 20] = [
    "patient",
    "patients",
    "client",
    "clients",
    "service user",
    "resident",
    "residents",
    "child",
    "pupil",
    "student",
    "tenant",
    "employee",
    "staff member",
    "carer",
    "mother",
    "baby",
    "person",
    "deceased",
    "inpatient",
    "full name",
];
const IDENTIFIERS: [&str; 28] = [
    "hospital number",
    "hospital no",
    "mrn",
    "patient id",
    "patient no",
    "patient number",
    "patient identifier",
    "ni number",
    "national insurance number",
    "national insurance no",
    "nino",
    "client id",
    "service user id",
    "pas number",
    "pas id",
    "rio number",
    "local patient identifier",
    "hospital id",
    "hosp number",
    "hosp no",
    "district number",
    "district no",
    "case number",
    "case no",
    "casenote number",
    "casenote no",
    "client number",
    "client no",
];
const ROLES: [&str; 32] = [
    "lead",
    "leads",
    "owner",
    "owners",
    "manager",
    "managers",
    "sponsor",
    "officer",
    "contact",
    "author",
    "director",
    "consultant",
    "surgeon",
    "doctor",
    "clinician",
    "nurse",
    "matron",
    "gp",
    "approver",
    "chair",
    "executive",
    "responsible",
    "completed by",
    "prepared by",
    "said by",
    "sro",
    "councillor",
    "board member",
    "committee member",
    "governor",
    "trustee",
    "coordinator",
];
const PLACES: [&str; 44] = [
    "ward",
    "wards",
    "unit",
    "units",
    "site",
    "sites",
    "hospital",
    "hospitals",
    "location",
    "department",
    "dept",
    "team",
    "teams",
    "area",
    "areas",
    "clinic",
    "practice",
    "provider",
    "providers",
    "trust",
    "school",
    "home",
    "homes",
    "building",
    "theatre",
    "place",
    "division",
    "directorate",
    "service",
    "services",
    "specialty",
    "organisation",
    "council",
    "authority",
    "street",
    "surgery",
    "locality",
    "room",
    "bay",
    "pcn",
    "measure",
    "indicator",
    "constituency",
    "project",
];
const MONEY: [&str; 12] =
    ["£", "$", "€", "gbp", "cost", "costs", "budget", "spend", "expenditure", "allocation", "allocations", "income"];

impl PersonHeading {
    /// None for a text that tells nothing of the kind.
    pub fn of(text: &str) -> Option<Self> {
        let words = words(text);
        let has = |phrase: &str| contains(&words, phrase);
        let any = |phrases: &[&str]| phrases.iter().any(|phrase| has(phrase));
        let is_number = any(&["number", "no", "num", "id", "nos", "numbers"]);
        if any(&["nhs"]) && is_number || any(&["nhsnumber", "nhsno", "nhsid"]) {
            return Some(PersonHeading::NhsNumber);
        }
        if any(&["dob", "d o b", "date of birth", "birth date", "birthdate", "dateofbirth"]) {
            return Some(PersonHeading::BirthDate);
        }
        if any(&IDENTIFIERS) {
            return Some(PersonHeading::Identifier);
        }
        if any(&PART_OF_NAME) {
            return Some(PersonHeading::PartOfName);
        }
        if any(&["home address", "address", "postcode", "post code"]) {
            return Some(PersonHeading::Address);
        }
        if any(&ROLES) {
            return Some(PersonHeading::Role);
        }
        if MONEY.iter().any(|sign| text.contains(sign) && sign.chars().all(|c| !c.is_alphabetic())) || any(&MONEY) {
            return Some(PersonHeading::Money);
        }
        if any(&PLACES) {
            return Some(PersonHeading::Place);
        }
        any(&PERSONS).then_some(PersonHeading::Person)
    }
}

/// In lower case, without signs.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// True where the words of the phrase follow each other in `words`.
fn contains(words: &[String], phrase: &str) -> bool {
    if !phrase.contains(' ') {
        return words.iter().any(|word| word == phrase);
    }
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words.windows(phrase.len()).any(|window| window.iter().zip(&phrase).all(|(word, other)| word == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_told_by_its_words() {
        for (text, heading) in [
            ("NHS Number", Some(PersonHeading::NhsNumber)),
            ("nhs_no.", Some(PersonHeading::NhsNumber)),
            ("Patient NHS No (10 digits)", Some(PersonHeading::NhsNumber)),
            ("NHS Nottingham", None),
            ("D.O.B.", Some(PersonHeading::BirthDate)),
            (" Date of  Birth", Some(PersonHeading::BirthDate)),
            ("Births", None),
            ("First name", Some(PersonHeading::PartOfName)),
            ("Patient's surname", Some(PersonHeading::PartOfName)),
            ("Hospital No", Some(PersonHeading::Identifier)),
            ("Hosp. no", Some(PersonHeading::Identifier)),
            ("District number", Some(PersonHeading::Identifier)),
            ("Number of cases", None),
            ("Committee member", Some(PersonHeading::Role)),
            ("Name of patient", Some(PersonHeading::Person)),
            ("Patient", Some(PersonHeading::Person)),
            ("Ward manager", Some(PersonHeading::Role)),
            ("Said by (role or name)", Some(PersonHeading::Role)),
            ("Ward / dept", Some(PersonHeading::Place)),
            ("Allocation 2026/27 (£)", Some(PersonHeading::Money)),
            ("Measure name", Some(PersonHeading::Place)),
            ("Name", None),
            ("Value", None),
        ] {
            assert_eq!(PersonHeading::of(text), heading, "{text}");
        }
    }
}
