//! The accessibility statement: `accessibility.toml`, and the page that it makes.

use super::templates::ReportTemplates;
use crate::document::{Places, TomlDocument};
use crate::fault::Faults;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use tagged_document::model::{Block, Document, Heading, Item, Link, List, Paragraph, ParagraphKind, Run, Section, SectionLayout};

/// The file of the configuration.
pub const STATEMENT: &str = "accessibility.toml";

/// `accessibility.toml`: how accessible the packs are, as their publisher says.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// True marks the page as a demonstration: it is not the publisher's own yet.
    #[serde(default)]
    pub demonstration: bool,
    /// What the statement is about, in a sentence.
    about: String,
    /// The day on which all of it was last looked over.
    pub checked: Date,
    /// How it was found out, a sentence each.
    how: Vec<String>,
    /// Which standards are met.
    standard: Vec<MetStandard>,
    /// What is known not to be accessible.
    #[serde(default)]
    not_met: Vec<Barrier>,
    /// Whom to ask for another format of a document, and to tell of what is not accessible.
    contact: Contact,
    /// Where to complain.
    complaint: Complaint,
}

/// A standard, and how far it is met.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MetStandard {
    /// Of what, in the plural: `The PDFs`.
    of: String,
    /// The standard's name, with its level.
    name: String,
    /// How far it is met.
    met: Met,
}

/// How far a standard is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Met {
    /// In full.
    Full,
    /// In part: `not_met` says what is not.
    Part,
    /// Not.
    No,
}

/// Something that is not accessible.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Barrier {
    /// What is not accessible, with the criterion that it fails.
    what: String,
    /// What a reader can do instead.
    instead: String,
}

/// Whom to ask.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Contact {
    /// The team or the person.
    name: String,
    /// Where to write.
    email: String,
    /// Where to call.
    #[serde(default)]
    telephone: Option<String>,
    /// Formats that can be asked for, in words that follow "such as".
    formats: String,
    /// Working days in which an answer comes.
    days: u16,
}

/// Where to complain where an answer is not enough.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Complaint {
    /// Who sees to the law, and what to do.
    text: String,
    /// Their web page.
    address: String,
}

impl Statement {
    /// The page beside the packs.
    pub const PAGE: &str = "accessibility.html";
    /// What links to it are called.
    pub const TITLE: &str = "Accessibility statement";

    /// Reads the file; `place` names it in any fault.
    pub(crate) fn read(text: &str, place: &str, faults: &mut Faults) -> (Option<Self>, Places) {
        let (statement, places) = TomlDocument::parse(text, place, faults).whole::<Self>(faults);
        let mut found = Faults::default();
        if let Some(statement) = &statement {
            statement.check(place, &mut found);
        }
        faults.0.extend(places.point_all(found.0));
        (statement, places)
    }

    fn check(&self, place: &str, faults: &mut Faults) {
        let contact = &self.contact;
        let named = [
            ("about".to_owned(), &self.about),
            ("contact.name".to_owned(), &contact.name),
            ("contact.formats".to_owned(), &contact.formats),
            ("complaint.text".to_owned(), &self.complaint.text),
        ];
        let standards = (1..).zip(&self.standard);
        let of_standards =
            standards.flat_map(|(i, s)| [(format!("standard {i}, of"), &s.of), (format!("standard {i}, name"), &s.name)]);
        let barriers = (1..).zip(&self.not_met);
        let of_barriers =
            barriers.flat_map(|(i, b)| [(format!("not_met {i}, what"), &b.what), (format!("not_met {i}, instead"), &b.instead)]);
        let how = (1..).zip(&self.how).map(|(i, said)| (format!("how {i}"), said));
        for (key, text) in named.into_iter().chain(of_standards).chain(of_barriers).chain(how) {
            if text.trim().is_empty() {
                faults.push(format!("{place}, {key}"), "is empty", "say it, for readers need it");
            }
        }
        if self.standard.is_empty() {
            faults.push(format!("{place}, standard"), "names no standard", "name at least one, and how far it is met");
        }
        if self.how.is_empty() {
            faults.push(format!("{place}, how"), "says nothing", "say how it was tested: nothing may be claimed that was not");
        }
        let in_part = self.standard.iter().any(|standard| standard.met != Met::Full);
        if in_part && self.not_met.is_empty() {
            let problem = "says nothing, and some standard is not met in full";
            faults.push(format!("{place}, not_met"), problem, "say what is not accessible, and what a reader can do instead");
        }
        let is_address = contact.email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !contact.email.contains(|c: char| c.is_whitespace() || "<>\",;".contains(c))
        });
        if !is_address {
            faults.push(
                format!("{place}, contact.email"),
                format!("{:?} is not an address of mail", contact.email),
                "give one, such as \"access@example.org\"",
            );
        }
        if !self.complaint.address.starts_with("https://") {
            let problem = format!("{:?} is not the address of a web page", self.complaint.address);
            faults.push(format!("{place}, complaint.address"), problem, "give one that begins with https://");
        }
    }

    /// The page, as web pages of these templates look.
    pub fn page(&self, templates: &ReportTemplates, publisher: &str) -> String {
        tagged_document::html(&self.document(publisher), &templates.look, &templates.fonts)
    }

    fn document(&self, publisher: &str) -> Document {
        let mut blocks = vec![heading(1, Self::TITLE)];
        let paragraph = |runs: Vec<Run>, kind| Block::Paragraph(Paragraph { kind, runs, keep_next: false, illustrative: false });
        let words = |said: &str| paragraph(vec![Run::text(said)], ParagraphKind::Body);
        blocks.push(words(&format!("{publisher} publishes these documents. {}", self.about)));
        blocks.push(heading(2, "How accessible they are"));
        blocks.push(list(self.standard.iter().map(|standard| {
            let said = match standard.met {
                Met::Full => format!("{} meet {}.", standard.of, standard.name),
                Met::Part => format!("{} meet {} in part.", standard.of, standard.name),
                Met::No => format!("{} do not meet {}.", standard.of, standard.name),
            };
            vec![Run::text(said)]
        })));
        if !self.not_met.is_empty() {
            blocks.push(heading(2, "What is not accessible"));
            blocks.push(list(self.not_met.iter().map(|of| vec![Run::text(format!("{} {}", of.what, of.instead))])));
        }
        let contact = &self.contact;
        blocks.push(heading(2, "Other formats, and what does not work for you"));
        let ask = format!(
            "Ask for any of these documents in another format, such as {}, or tell us what does not work for you: {}, ",
            contact.formats, contact.name
        );
        let mail = Run { link: Some(Link::Url(format!("mailto:{}", contact.email))), ..Run::text(contact.email.clone()) };
        let call = contact.telephone.as_ref().map(|number| format!(", telephone {number}")).unwrap_or_default();
        let days = format!(
            "{call}. You get an answer within {} working {}.",
            contact.days,
            if contact.days == 1 { "day" } else { "days" }
        );
        blocks.push(paragraph(vec![Run::text(ask), mail, Run::text(days)], ParagraphKind::Body));
        blocks.push(heading(2, "If you are not happy with our answer"));
        let link = Run { link: Some(Link::Url(self.complaint.address.clone())), ..Run::text(self.complaint.address.clone()) };
        blocks.push(paragraph(vec![Run::text(format!("{} ", self.complaint.text)), link], ParagraphKind::Body));
        blocks.push(heading(2, "How we tested"));
        blocks.push(list(self.how.iter().map(|said| vec![Run::text(said.clone())])));
        blocks.push(words(&format!("This statement was last checked on {}.", self.checked.strftime("%-d %B %Y"))));
        let section = Section { place: STATEMENT.to_owned(), layout: SectionLayout::Continue, landscape: false, blocks };
        Document {
            title: Self::TITLE.to_owned(),
            author: publisher.to_owned(),
            subject: self.about.clone(),
            producer: concat!("boardpack ", env!("CARGO_PKG_VERSION")).to_owned(),
            language: "en-GB".to_owned(),
            head: (publisher.to_owned(), String::new()),
            foot: publisher.to_owned(),
            abbreviations: Vec::new(),
            marks: if self.demonstration { vec!["Demonstration text".to_owned()] } else { Vec::new() },
            illustrative: String::new(),
            standard: tagged_document::Standard::default(),
            attachments: Vec::new(),
            links: vec![(Self::TITLE.to_owned(), Self::PAGE.to_owned())],
            sections: vec![section],
        }
    }
}

fn heading(level: u8, words: &str) -> Block {
    Block::Heading(Heading { level, runs: vec![Run::text(words)], anchor: None })
}

fn list(items: impl Iterator<Item = Vec<Run>>) -> Block {
    Block::List(List { ordered: false, items: items.map(|runs| Item { runs, inner: None }).collect() })
}
