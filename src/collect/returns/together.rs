//! Versions that came in one look. Nobody knows which of them is the later one: what they agree on, or what only one of them
//! gives, is used; what they give differently is not, until somebody says which stands.

use super::figures::Figure;
use super::known::Contents;
use super::submission::Sent;
use crate::archive::short_sha256;
use crate::collect::{ActionReport, Finding, Grade, ReportKey};
use crate::fault::Fault;
use crate::figure::{Category, FigureKey, Observation, Provenance};
use crate::framework::{ActionId, Framework};
use std::collections::{BTreeMap, BTreeSet};

/// The versions of one partner that one look saw first.
pub(super) struct Look<'a> {
    pub versions: &'a [Sent<'a>],
    pub together: Together,
}

/// A figure, or a report on a key action, that versions of one look give differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Differing {
    /// The partner's id.
    pub partner: String,
    pub subject: Subject,
    /// What each version gives, in their order: of a figure that is made from counts, the first count that differs.
    pub given: Vec<Given>,
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
pub enum Subject {
    Figure(FigureKey),
    Action(ActionId, Option<usize>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    Figure(Observation),
    Report(ActionReport),
}

/// What versions of one look give together.
#[derive(Debug, Default)]
pub(super) struct Together {
    pub figures: Vec<Figure>,
    pub reports: Vec<ActionReport>,
    pub differing: Vec<Differing>,
}

impl Given {
    /// Where it stands.
    pub(super) fn provenance(&self) -> &Provenance {
        match self {
            Given::Figure(observation) => &observation.provenance,
            Given::Report(report) => &report.provenance,
        }
    }

    fn file(&self) -> &str {
        match self.provenance() {
            Provenance::Cell { file, .. } => file,
            Provenance::Answer { url, .. } => url,
        }
    }

    /// The file's name and, where another of the same name gives something else, how its SHA-256 begins.
    pub(super) fn file_among(&self, all: &[Given]) -> String {
        let same_name = |other: &&Given| other.file() == self.file() && other.sha256() != self.sha256();
        match self.sha256().filter(|_| all.iter().any(|other| same_name(&other))) {
            Some(sha256) => format!("{} ({})", self.file(), short_sha256(sha256)),
            None => self.file().to_owned(),
        }
    }

    fn sha256(&self) -> Option<&str> {
        match self.provenance() {
            Provenance::Cell { sha256, .. } => Some(sha256),
            Provenance::Answer { .. } => None,
        }
    }

    fn says_the_same(&self, other: &Given) -> bool {
        match (self, other) {
            (Given::Figure(one), Given::Figure(other)) => {
                let amounts = |of: &Observation| (of.value, of.numerator, of.denominator, of.limits);
                amounts(one) == amounts(other)
            }
            (Given::Report(one), Given::Report(other)) => {
                let said = |of: &ActionReport| (of.progress, of.forecast, of.completed, of.commentary.clone());
                said(one) == said(other)
            }
            _ => false,
        }
    }
}

impl Subject {
    /// The figure itself or, of a count that it is made from, the figure.
    fn of_figure(key: FigureKey) -> Self {
        let made = key.category.as_ref().and_then(Category::component).map(Category::of_group);
        Subject::Figure(match made {
            Some(category) => FigureKey { category, ..key },
            None => key,
        })
    }

    fn of(figure: &Figure) -> Self {
        Self::of_observation(&figure.observation)
    }

    pub(super) fn of_observation(observation: &Observation) -> Self {
        Self::of_figure(FigureKey::of(observation))
    }

    pub(super) fn of_report(report: &ActionReport) -> Self {
        Subject::Action(report.action.clone(), report.step)
    }

    /// What is given by figures that were not left blank, and by reports.
    fn given(figures: &[Figure], reports: &[ActionReport]) -> impl Iterator<Item = Self> {
        let figures = figures.iter().filter(|figure| !figure.blank).map(Self::of);
        figures.chain(reports.iter().map(Self::of_report))
    }
}

impl<'a> Look<'a> {
    pub fn of(partner: &str, versions: &'a [Sent<'a>]) -> Self {
        // What was left blank in a workbook that was read says that it was asked for.
        let read: Vec<&Sent<'_>> = versions.iter().filter(|one| one.refusal.is_none()).collect();
        Self { versions, together: Together::of(partner, &read) }
    }

    pub fn in_use(&self) -> impl Iterator<Item = &Sent<'a>> {
        self.versions.iter().filter(|one| one.is_in_use())
    }
}

/// In which look each figure and report was given last, looks being counted in their order.
pub(super) struct LastGiven {
    by_subject: BTreeMap<Subject, usize>,
    /// The last look with a version that is in use.
    in_use: Option<usize>,
}

impl LastGiven {
    pub fn by(looks: &[Look<'_>]) -> Self {
        let numbered = looks.iter().enumerate();
        let given = numbered.flat_map(|(number, look)| look.together.subjects().map(move |subject| (subject, number)));
        Self { by_subject: given.collect(), in_use: looks.iter().rposition(|look| look.in_use().next().is_some()) }
    }

    /// Something that counts came in a look after that one: whatever was asked about there being nothing to report is answered
    /// by it, or asked of it again.
    pub fn has_answered_nil(&self, look: usize) -> bool {
        self.in_use.is_some_and(|last| last > look)
    }

    /// It was given anew in a look after that one.
    fn is_later(&self, subject: &Subject, look: usize) -> bool {
        self.by_subject.get(subject).is_some_and(|last| *last > look)
    }

    /// What a look after that one gave is settled.
    pub fn settle(&self, differing: &mut [Differing], look: usize) {
        for one in differing.iter_mut().filter(|one| one.is_open() && self.is_later(&one.subject, look)) {
            one.settled = Some(Settled::ByLater);
        }
    }

    /// A look after that one gave anew what the finding is about or, where it is about no one figure, all that its version gave.
    pub fn has_mended(&self, finding: &Finding, version: &Sent<'_>, look: usize) -> bool {
        match &finding.about {
            Some(key) => self.is_later(&Subject::of_figure(key.clone()), look),
            None if let Some(ReportKey { action, step }) = &finding.of_report => {
                self.is_later(&Subject::Action(action.clone(), *step), look)
            }
            None => {
                let is_last = self.by_subject.values().all(|last| *last <= look);
                !is_last && version.subjects().all(|subject| self.is_later(&subject, look))
            }
        }
    }
}

impl Sent<'_> {
    fn subjects(&self) -> impl Iterator<Item = Subject> {
        Subject::given(&self.figures, &self.action_reports)
    }
}

impl Together {
    fn subjects(&self) -> impl Iterator<Item = Subject> {
        Subject::given(&self.figures, &self.reports)
    }

    /// Of a version's figures those that are used.
    pub fn used_of(&self, version: &Sent<'_>) -> Vec<Figure> {
        let open: BTreeSet<&Subject> = self.differing.iter().filter(|one| one.is_open()).map(|one| &one.subject).collect();
        version.figures.iter().filter(|figure| !open.contains(&Subject::of(figure))).cloned().collect()
    }

    /// `versions` are all usable.
    fn of(partner: &str, versions: &[&Sent<'_>]) -> Self {
        let differing = differing(partner, versions);
        let differ: BTreeSet<&Subject> = differing.iter().map(|one| &one.subject).collect();
        let mut together = Self::default();
        for version in versions {
            let is_used = |subject: Subject| version.settled_by.is_some() || !differ.contains(&subject);
            together.figures.extend(version.figures.iter().filter(|figure| is_used(Subject::of(figure))).cloned());
            let reports = version.action_reports.iter().filter(|report| is_used(Subject::of_report(report)));
            together.reports.extend(reports.cloned());
        }
        Self { differing, ..together }
    }
}

/// What the versions give differently, in the order of what it is about.
fn differing(partner: &str, versions: &[&Sent<'_>]) -> Vec<Differing> {
    let contents: Vec<Contents> = versions.iter().map(|version| version.contents()).collect();
    let stands = |given: &[Given]| {
        let is_said = |version: &&&Sent<'_>| {
            version.settled_by.is_some() && given.iter().any(|one| one.sha256() == version.sha256.as_deref())
        };
        let version = versions.iter().find(is_said)?;
        Some(Settled::ByWord { sha256: version.sha256.clone()?, by: version.settled_by.clone()? })
    };
    let with_settled = |(subject, given): (Subject, Vec<Given>)| {
        let settled = stands(&given);
        Differing { partner: partner.to_owned(), subject, given, settled }
    };
    given_differently(contents.iter()).into_iter().map(with_settled).collect()
}

/// What is given differently.
pub(super) fn differ<'c>(contents: impl Iterator<Item = &'c Contents>) -> BTreeSet<Subject> {
    given_differently(contents).into_keys().collect()
}

/// What is given differently and how; of a figure that is made from counts, the first count that differs.
fn given_differently<'c>(contents: impl Iterator<Item = &'c Contents>) -> BTreeMap<Subject, Vec<Given>> {
    let mut given: BTreeMap<(Subject, Option<Category>), Vec<Given>> = BTreeMap::new();
    for Contents { figures, action_reports, .. } in contents {
        for figure in figures {
            let key = (Subject::of_observation(figure), figure.category.clone());
            given.entry(key).or_default().push(Given::Figure(figure.clone()));
        }
        for report in action_reports {
            given.entry((Subject::of_report(report), None)).or_default().push(Given::Report(report.clone()));
        }
    }
    let mut differing: BTreeMap<Subject, Vec<Given>> = BTreeMap::new();
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
    pub(super) fn finding(&self, sha256: &str, framework: &Framework) -> Option<Finding> {
        let own = self.given.iter().find(|given| given.sha256() == Some(sha256))?;
        let others = self.given.iter().filter(|given| given.sha256() != Some(sha256));
        let others: BTreeSet<String> = others.map(|given| given.file_among(&self.given)).collect();
        let others = others.into_iter().collect::<Vec<_>>().join(" and ");
        let what = match &self.subject {
            Subject::Figure(key) => {
                let title = framework.measure(&key.measure).map_or(key.measure.0.as_str(), |measure| measure.title.trim());
                let group = key.category.as_ref().map_or(String::new(), |category| format!(" ({})", category.group));
                format!("{title}{group} for {}", key.period)
            }
            Subject::Action(action, step) => {
                step.map_or_else(|| format!("key action {action}"), |step| format!("step {step} of key action {action}"))
            }
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
            Subject::Figure(key) => finding.about(key.clone()),
            Subject::Action(..) => finding,
        })
    }
}
