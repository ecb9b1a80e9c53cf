//! Lists of recipients, read from `recipients.toml`.

use crate::area::AreaCode;
use crate::assets::Assets;
use crate::document::{Entries, Places, TomlDocument};
use crate::fault::Faults;
use lettre::Address;
use lettre::message::Mailbox;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "recipients.toml";

/// What SMTP allows a path to be (RFC 5321, 4.5.3.1.3), less its angle brackets.
const LONGEST_ADDRESS: usize = 254;

/// Somebody who is sent messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Recipient {
    /// How they are addressed; empty where only the address is known.
    pub name: String,
    pub address: Address,
}

/// A recipient as the ledger has it.
#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    address: String,
}

impl From<Recipient> for Written {
    fn from(Recipient { name, address }: Recipient) -> Self {
        Self { name, address: address.to_string() }
    }
}

impl TryFrom<Written> for Recipient {
    type Error = String;

    fn try_from(Written { name, address }: Written) -> Result<Self, String> {
        Self::new(&name, &address)
    }
}

/// A named list; its recipients differ in address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientList {
    pub name: String,
    /// The part of the system whose pack they get; none where they get that of the whole.
    pub pack_of: Option<AreaCode>,
    pub recipients: Vec<Recipient>,
}

/// Every list, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecipientLists(Vec<RecipientList>);

/// A list of recipients. The list `operators` is told what goes wrong.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawList {
    /// What schedules, settings and commands call it.
    name: String,
    /// The part of the system whose pack they get; that of the whole where it is left out.
    #[serde(default)]
    pack_of: Option<AreaCode>,
    /// Who is on it.
    #[serde(default, rename = "recipient")]
    recipients: Vec<RawRecipient>,
}

/// Somebody who is sent messages: each gets one of their own and sees no other's address.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawRecipient {
    /// How they are addressed.
    #[serde(default)]
    name: String,
    /// The e-mail address.
    address: String,
}

impl Recipient {
    /// # Errors
    /// What is wrong with the name or the address, without its place.
    pub fn new(name: &str, address: &str) -> Result<Self, String> {
        let name = name.trim();
        if let Some(found) = name.chars().find(|c| c.is_control()) {
            return Err(format!("the name {name:?} has the control character {found:?} in it"));
        }
        Ok(Self { name: name.to_owned(), address: parse_address(address)? })
    }

    /// Reads `avery@example.org` or `Avery Example <avery@example.org>`, as the command line gives it.
    ///
    /// # Errors
    /// As [`Recipient::new`].
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => Self::new(name.trim().trim_matches('"'), address),
            None => Self::new("", text),
        }
    }

    pub fn mailbox(&self) -> Mailbox {
        Mailbox::new((!self.name.is_empty()).then(|| self.name.clone()), self.address.clone())
    }
}

fn parse_address(text: &str) -> Result<Address, String> {
    let text = text.trim();
    let expected = "such as avery@example.org";
    if !text.is_ascii() {
        return Err(format!(
            "{text:?} has letters that are not ASCII, which many servers refuse; an address {expected} was expected"
        ));
    }
    let address: Address = text.parse().map_err(|e| format!("{text:?} is not an address ({e}); one {expected} was expected"))?;
    if text.len() > LONGEST_ADDRESS || text.chars().any(|c| c.is_control() || matches!(c, ' ' | '"' | '\\')) {
        return Err(format!(
            "{text:?} is too long, or has a space or a quotation mark in it; an address {expected} was expected"
        ));
    }
    Ok(address)
}

impl RecipientLists {
    /// Reads `recipients.toml`.
    ///
    /// # Errors
    /// Everything wrong in it: syntax, unknown keys, addresses, two lists of one name, an address twice in a list.
    pub fn load(config: &Assets) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (lists, _) = Self::read(config, &mut faults);
        faults.into_result()?;
        lists.ok_or_else(Faults::default)
    }

    /// The lists with those of their recipients that can be read, and where they stand. None where some list is not known at
    /// all.
    pub(crate) fn read(config: &Assets, faults: &mut Faults) -> (Option<Self>, Places) {
        match config.read_text(FILE) {
            Ok(text) => Self::read_text(&text, &config.place(FILE), faults),
            Err(fault) => {
                faults.0.push(fault);
                (None, Places::default())
            }
        }
    }

    fn read_text(text: &str, file: &str, faults: &mut Faults) -> (Option<Self>, Places) {
        let mut document = TomlDocument::parse(text, file, faults);
        let entries: Entries<RawList> = document.entries("list", faults);
        let places = document.finish(faults);
        let mut found = Faults::default();
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        let mut lists = Vec::new();
        for (place, raw) in entries.all() {
            match first.insert(raw.name.trim(), place) {
                Some(earlier) => {
                    let problem = format!("the name {:?} is given already by {earlier}", raw.name);
                    found.push(format!("{place}, name"), problem, "give each its own name");
                }
                None => lists.push(read_list(raw, place, &mut found)),
            }
        }
        faults.0.extend(places.point_all(found.0));
        let is_known = |name: &String| lists.iter().any(|list| list.name == *name);
        let is_whole = !entries.is_incomplete && entries.broken.iter().all(is_known);
        (is_whole.then_some(Self(lists)), places)
    }

    pub fn iter(&self) -> impl Iterator<Item = &RecipientList> {
        self.0.iter()
    }

    pub fn get(&self, name: &str) -> Option<&RecipientList> {
        self.0.iter().find(|list| list.name == name)
    }

    /// The lists there are, for a message that says so.
    pub fn names(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        self.0.iter().map(|list| list.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

fn read_list(raw: &RawList, place: &str, faults: &mut Faults) -> RecipientList {
    let name = raw.name.trim().to_owned();
    if name.is_empty() {
        faults.push(format!("{place}, name"), "is empty", "give it one, such as \"board\"");
    }
    if raw.recipients.is_empty() {
        let problem = format!("the list {name:?} has no recipients");
        faults.push(format!("{place}, recipient"), problem, "add a [[list.recipient]], or remove the list");
    }
    let mut recipients = Vec::new();
    let mut seen = BTreeSet::new();
    for (i, raw) in (1..).zip(&raw.recipients) {
        let place = |key: &str| format!("{place}, recipient {i}, {key}");
        match Recipient::new(&raw.name, &raw.address) {
            Ok(recipient) if !seen.insert(recipient.address.to_string().to_lowercase()) => {
                faults.push(place("address"), format!("{} is in the list twice", recipient.address), "remove one");
            }
            Ok(recipient) => recipients.push(recipient),
            Err(problem) => {
                let key = if problem.starts_with("the name") { "name" } else { "address" };
                faults.push(place(key), problem, "correct it");
            }
        }
    }
    RecipientList { name, pack_of: raw.pack_of.clone(), recipients }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [[list]]
        name = "board"
        [[list.recipient]]
        name = "Zoë Ó Briain"
        address = "zoe@example.org"
        [[list.recipient]]
        address = "secretary@example.org"
    "#;

    #[test]
    fn the_built_in_file_mails_nobody() {
        assert_eq!(RecipientLists::load(&Assets::config(None)).unwrap(), RecipientLists::default());
    }

    #[test]
    fn lists_are_found_by_name() {
        let lists = RecipientLists::read_text(GOOD, "recipients.toml", &mut Faults::default()).0.unwrap();
        let board = lists.get("board").unwrap();
        assert_eq!(board.recipients[0].name, "Zoë Ó Briain");
        assert_eq!(board.recipients[1].address.to_string(), "secretary@example.org");
        assert_eq!(lists.get("bored"), None);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let text = r#"
            nonsense = 1
            [[list]]
            name = "board"
            [[list.recipient]]
            address = "no at sign"
            [[list.recipient]]
            address = "a@example.org"
            [[list.recipient]]
            address = "A@EXAMPLE.org"
            [[list.recipient]]
            adress = "b@example.org"
            [[list.recipient]]
            name = "Two\nlines"
            address = "c@example.org"
            [[list.recipient]]
            address = "josé@example.org"
            [[list]]
            name = "board"
        "#;
        let mut faults = Faults::default();
        let lists = RecipientLists::read_text(text, "R", &mut faults).0.unwrap();
        assert_eq!(lists.names(), "board", "a list with faults is a list");
        let found = faults.to_string();
        for part in [
            "R, line 2, nonsense: is not a known key here; list was expected",
            "R, line 6, [[list]] board, recipient 1, address: \"no at sign\" is not an address",
            "R, line 10, [[list]] board, recipient 3, address: A@EXAMPLE.org is in the list twice",
            "R, line 12, [[list]] board, recipient 4, adress: is not a known key here; one of name, address was expected (did you mean address?)",
            "R, line 14, [[list]] board, recipient 5, name: the name \"Two\\nlines\" has the control character",
            "R, line 17, [[list]] board, recipient 6, address: \"josé@example.org\" has letters that are not ASCII",
            "R, line 19, [[list]] board, name: the name \"board\" is given already by R, line 3, [[list]] board",
        ] {
            assert!(found.contains(part), "{part} is not in:\n{found}");
        }
        assert_eq!(found.lines().count(), 7, "{found}");
        let none = "[[list]]\nname = \"board\"\n";
        let mut faults = Faults::default();
        RecipientLists::read_text(none, "R", &mut faults);
        assert!(faults.to_string().starts_with("R, line 1, [[list]] board, recipient: the list \"board\" has no recipients"));
    }

    #[test]
    fn command_line_recipients_may_have_a_name() {
        let named = Recipient::parse("\"Example, Avery\" <avery@example.org>").unwrap();
        assert_eq!((named.name.as_str(), named.address.to_string().as_str()), ("Example, Avery", "avery@example.org"));
        assert_eq!(Recipient::parse(" avery@example.org ").unwrap().name, "");
        for refused in ["avery@example.org\r\nBcc: all@example.org", "\"../x\"@example.org", "<>", ""] {
            assert!(Recipient::parse(refused).is_err(), "{refused}");
        }
    }
}
