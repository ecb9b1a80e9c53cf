//! What versions of one look may give differently: a figure, a report on a key action, or a comment on an ambition.

use super::checks::named;
use super::returned_figure::ReturnedFigure;
use super::version::VersionContents;
use crate::archive::short_sha256;
use crate::area::Areas;
use crate::collect::{ActionReport, AmbitionComment, Finding, Grade, RunScope};
use crate::fault::Fault;
use crate::figure::{Category, FigureKey, Observation, Provenance, ReportKey};
use std::collections::{BTreeMap, BTreeSet};

/// A figure, a report on a key action or a comment that versions of one look give differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Differing {
    /// The partner's id.
    pub partner: String,
    pub subject: ReturnedItem,
    /// What each version gives, in their order: of a figure that is made from counts, the first count that differs.
    pub given: Vec<ReturnedAnswer>,
    pub settled: Option<Settled>,
}

/// How it was settled which of them stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Somebody said that the version of this SHA-256 stands.
    ByWord { sha256: String, by: String },
    /// A later version gives it.
    ByLater,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReturnedItem {
    Figure(FigureKey),
    Report(ReportKey),
    /// On the ambition of this id.
    Comment(String),
}

#[derive(Debug, Clone, PartialEq)]
pub enum ReturnedAnswer {
    Figure(Observation),
    Report(ActionReport),
    Comment(AmbitionComment),
}

impl ReturnedAnswer {
    /// Where it stands.
    pub(super) fn provenance(&self) -> &Provenance {
        match self {
            ReturnedAnswer::Figure(observation) => &observation.provenance,
            ReturnedAnswer::Report(report) => &report.provenance,
            ReturnedAnswer::Comment(comment) => &comment.provenance,
        }
    }

    fn file(&self) -> &str {
        match self.provenance() {
            Provenance::Cell { file, .. } => file,
            Provenance::Answer { url, .. } => url,
        }
    }

    /// The file's name and, where another of the same name gives something else, how its SHA-256 begins.
    pub(super) fn file_among(&self, all: &[ReturnedAnswer]) -> String {
        let same_name = |other: &&ReturnedAnswer| other.file() == self.file() && other.sha256() != self.sha256();
        match self.sha256().filter(|_| all.iter().any(|other| same_name(&other))) {
            Some(sha256) => format!("{} ({})", self.file(), short_sha256(sha256)),
            None => self.file().to_owned(),
        }
    }

    pub(super) fn sha256(&self) -> Option<&str> {
        match self.provenance() {
            Provenance::Cell { sha256, .. } => Some(sha256),
            Provenance::Answer { .. } => None,
        }
    }

    fn says_the_same(&self, other: &ReturnedAnswer) -> bool {
        match (self, other) {
            (ReturnedAnswer::Figure(one), ReturnedAnswer::Figure(other)) => {
                let amounts = |of: &Observation| (of.value, of.numerator, of.denominator, of.limits);
                amounts(one) == amounts(other)
            }
            (ReturnedAnswer::Report(one), ReturnedAnswer::Report(other)) => {
                let said = |of: &ActionReport| (of.progress, of.forecast, of.completed, of.commentary.clone());
                said(one) == said(other)
            }
            (ReturnedAnswer::Comment(one), ReturnedAnswer::Comment(other)) => one.words == other.words,
            _ => false,
        }
    }
}

impl ReturnedItem {
    /// The figure itself or, of a count that it is made from, the figure.
    pub(super) fn of_figure(key: FigureKey) -> Self {
        let made = key.category.as_ref().and_then(Category::component).map(Category::of_group);
        ReturnedItem::Figure(match made {
            Some(category) => FigureKey { category, ..key },
            None => key,
        })
    }

    pub(super) fn of(figure: &ReturnedFigure) -> Self {
        Self::of_observation(&figure.observation)
    }

    pub(super) fn of_observation(observation: &Observation) -> Self {
        Self::of_figure(FigureKey::of(observation))
    }

    pub(super) fn of_report(report: &ActionReport) -> Self {
        ReturnedItem::Report(report.key())
    }

    pub(super) fn of_comment(comment: &AmbitionComment) -> Self {
        ReturnedItem::Comment(comment.ambition.clone())
    }

    /// What is given by figures that were not left blank, by reports and by comments.
    pub(super) fn given(
        figures: &[ReturnedFigure],
        reports: &[ActionReport],
        comments: &[AmbitionComment],
    ) -> impl Iterator<Item = Self> {
        let figures = figures.iter().filter(|figure| !figure.blank).map(Self::of);
        figures.chain(reports.iter().map(Self::of_report)).chain(comments.iter().map(Self::of_comment))
    }
}

/// What is given differently.
pub(super) fn differ<'c>(contents: impl Iterator<Item = &'c VersionContents>) -> BTreeSet<ReturnedItem> {
    given_differently(contents).into_keys().collect()
}

/// What is given differently and how; of a figure that is made from counts, the first count that differs.
pub(super) fn given_differently<'c>(
    contents: impl Iterator<Item = &'c VersionContents>,
) -> BTreeMap<ReturnedItem, Vec<ReturnedAnswer>> {
    let mut given: BTreeMap<(ReturnedItem, Option<Category>), Vec<ReturnedAnswer>> = BTreeMap::new();
    for VersionContents { figures, action_reports, comments, .. } in contents {
        for figure in figures {
            let key = (ReturnedItem::of_observation(figure), figure.category.clone());
            given.entry(key).or_default().push(ReturnedAnswer::Figure(figure.clone()));
        }
        for report in action_reports {
            given.entry((ReturnedItem::of_report(report), None)).or_default().push(ReturnedAnswer::Report(report.clone()));
        }
        for comment in comments {
            given.entry((ReturnedItem::of_comment(comment), None)).or_default().push(ReturnedAnswer::Comment(comment.clone()));
        }
    }
    let mut differing: BTreeMap<ReturnedItem, Vec<ReturnedAnswer>> = BTreeMap::new();
    for ((subject, _), given) in given {
        if given.iter().any(|one| !one.says_the_same(&given[0])) {
            differing.entry(subject).or_insert(given);
        }
    }
    differing
}

impl Differing {
    /// Nobody has said which stands, and no later version gives it.
    pub fn is_open(&self) -> bool {
        self.settled.is_none()
    }

    /// The version of this SHA-256 gives it.
    pub fn is_of(&self, sha256: &str) -> bool {
        self.given.iter().any(|given| given.sha256() == Some(sha256))
    }

    /// What is told of it in the receipt of the version `sha256`; none where that does not give it, or is the one that stands.
    pub(super) fn finding(&self, sha256: &str, wanted: &RunScope<'_>, areas: &Areas) -> Option<Finding> {
        let own = self.given.iter().find(|given| given.sha256() == Some(sha256))?;
        let others = self.given.iter().filter(|given| given.sha256() != Some(sha256));
        let others: BTreeSet<String> = others.map(|given| given.file_among(&self.given)).collect();
        let others = others.into_iter().collect::<Vec<_>>().join(" and ");
        let what = match &self.subject {
            ReturnedItem::Figure(key) => {
                let partner = wanted.partners.iter().find(|partner| partner.id == self.partner);
                let named = wanted
                    .framework
                    .measure(&key.measure)
                    .zip(partner)
                    .map(|(of, by)| named((&key.area, key.category.as_ref()), of, by, areas));
                format!("{} for {}", named.unwrap_or_else(|| key.measure.0.clone()), key.period.in_short())
            }
            ReturnedItem::Report(ReportKey { action, step }) => {
                step.map_or_else(|| format!("key action {action}"), |step| format!("step {step} of key action {action}"))
            }
            ReturnedItem::Comment(ambition) => format!("the comment on {ambition}"),
        };
        let (grade, end, remedy) = match &self.settled {
            Some(Settled::ByWord { sha256: stands, .. }) if stands == sha256 => return None,
            Some(Settled::ByWord { by, .. }) => {
                (Grade::Note, format!("which arrived with it and is used, as {by} decided"), "send it again if that is wrong")
            }
            Some(Settled::ByLater) | None => (
                Grade::Error,
                "which arrived with it; neither is used".to_owned(),
                "say which workbook to use, or send the right one again",
            ),
        };
        let place = format!("{}, {}", own.file(), own.provenance().place());
        let finding = Finding::new(grade, Fault::new(place, format!("{what} is given differently in {others}, {end}"), remedy));
        let finding = Finding { mended: self.settled.is_some(), ..finding };
        Some(match &self.subject {
            ReturnedItem::Figure(key) => finding.about(key.clone()),
            ReturnedItem::Report(_) => finding,
            ReturnedItem::Comment(ambition) => finding.of_comment(ambition),
        })
    }
}
