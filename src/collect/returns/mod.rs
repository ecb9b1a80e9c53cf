//! Partner returns: every workbook of a folder read, checked and receipted, without one stopping another.
//!
//! `inbox` says which files there are and `quarter` of which quarter each is; `sent` reads one, with the readers of its
//! sheets or with a mapping, and has it checked; `together` puts what came in one look together, and `versions` lays it over
//! what the partner sent before; `owed` says what is lacking then, `tally` says what came of each partner's return, and `account` tells a version in words.

mod about;
mod actions;
mod age_bands;
mod amounts;
mod arrival;
mod by_age_band;
mod checks;
mod components;
mod counted_in;
mod figures;
mod inbox;
mod known;
mod layout;
mod mapped_return;
mod owed;
mod quarter;
mod submission;
mod tally;
mod together;
mod validation_report;
mod versions;
mod workbook;

pub use arrival::Arrival;
pub use checks::standing_alone;
pub use known::{Contents, Expected, Known, LastProgress, ReturnVersion, Standing};
pub use owed::Owed;
pub use tally::{PartnerReturn, PastDeadline};
pub use together::Differing;
pub use validation_report::{Account, ActionLine, ChangedLine, DifferingLine, FigureLine, Found, GivenLine, Lacking};

use super::mapping::Mapping;
use super::signs::{Printable, printable};
use super::{ActionReport, Finding, Grade, NothingToReport, Prints, ReturnOutcome, ReturnReceipt, Returned, Wanted};
use crate::archive::Archive;
use crate::area::Areas;
use crate::collect::workbook::Reading;
use crate::fault::Fault;
use crate::figure::{Observation, Provenance};
use crate::framework::Partner;
use crate::period::Period;
use inbox::Incoming;
pub use inbox::check_inbox;
use jiff::Timestamp;
use jiff::civil::Date;
use owed::Asked;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use submission::{Sent, Whence, order_of_version};
use together::{LastGiven, Look, Subject};
use versions::Stood;
use workbook_reader::Limits;

/// What is asked of a return with nothing to report where something was given before it, which excuses nothing.
const NIL_AFTER_FIGURES: &str =
    "says that there is nothing to report, and a workbook before it gave figures or reports, which still count";

/// All that the partners sent.
#[derive(Debug, Clone, Default)]
pub struct Returns {
    /// In the order of the partners, then of their sheets.
    pub observations: Vec<Observation>,
    pub action_reports: Vec<ActionReport>,
    /// Figures that a later version of a return gave otherwise, in the order in which they came.
    pub replaced: Vec<Observation>,
    /// In the order of the partners, each one's versions as they came; after them the files that could be laid to none.
    pub receipts: Vec<ReturnReceipt>,
    /// Every version that was read, in the order of the receipts; what was not kept is none.
    pub versions: Vec<ReturnVersion>,
    /// What the accepted ones among them gave, by their SHA-256.
    pub contents: BTreeMap<String, Contents>,
    /// Of versions of other quarters whose figures are in use: what was asked about these.
    pub earlier: Vec<ReturnReceipt>,
    /// What is to be told of the look that is about no version in use.
    pub findings: Vec<Finding>,
    /// What versions of one look give differently, settled or not, in the order of the partners.
    pub differing: Vec<Differing>,
    /// The files that lie there and are of other quarters, in the order of the look.
    pub elsewhere: Vec<Elsewhere>,
    /// The first quarter for which partners were asked for returns or sent some, this one among them.
    pub first_round: Option<Period>,
    /// Of those who gave nothing for this quarter or one before it, and said why: earlier quarters first.
    pub nothing_to_report: Vec<NothingToReport>,
}

/// A file that is the return of another quarter than the one that is looked at. Nothing is read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// File name without its folder.
    pub file: String,
    /// The id of the partner whose it is, by its folder or its name.
    pub partner: Option<String>,
    pub quarter: Period,
    /// None of what could not be opened.
    pub sha256: Option<String>,
    /// The day on which it was first seen.
    pub arrived: Date,
    /// It was looked at already, in a look for that quarter.
    pub known: bool,
}

/// Where returns come in and how they are read.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    /// Where the workbooks lie, or a folder a partner.
    pub folder: &'a Path,
    pub limits: &'a Limits,
    pub reading: &'a Reading,
    pub archive: &'a Archive,
    pub areas: &'a Areas,
    /// By the partner's id, for those who send a layout of their own.
    pub mappings: &'a BTreeMap<String, Mapping>,
    /// The clock at the time of the look, which says whether a file has only just been written.
    pub now: Timestamp,
    /// Waits until such a file is looked at again.
    pub wait: &'a dyn Fn(),
}

/// A workbook whose sender is known, as its sheets are read.
#[derive(Debug)]
struct Return<'a> {
    partner: &'a Partner,
    file: &'a str,
    sha256: &'a str,
    illustrative: bool,
    /// Who filled it in; may be empty.
    by: &'a str,
    returned: Returned,
    /// What can be printed of the partner's own words.
    prints: &'a Prints,
}

impl Return<'_> {
    /// The partner's own words as they can be printed; signs that cannot are asked about at `place`.
    fn words(&self, text: &str, place: impl FnOnce() -> String, findings: &mut Vec<Finding>) -> String {
        let Printable { text, told } = printable(text, self.prints);
        findings.extend(told.map(|(problem, remedy)| Finding::new(Grade::Question, Fault::new(place(), problem, remedy))));
        text
    }

    /// That what is read stands in `cell` of `sheet`: a cell or a range, `J5:K5`.
    fn provenance(&self, sheet: &str, cell: String) -> Provenance {
        Provenance::Cell {
            partner: self.partner.id.clone(),
            file: self.file.to_owned(),
            sha256: self.sha256.to_owned(),
            sheet: sheet.to_owned(),
            cell,
            by: self.by.to_owned(),
        }
    }
}

/// Reads every workbook that came in for the quarter of `wanted`, keeping each in the archive as it was received, and lays
/// what they give over what was accepted before, of whatever quarter, figure by figure in the order in which it came.
///
/// Versions of the quarter that were accepted in earlier looks are read again, from the archive where their files are gone; of
/// those of other quarters what they gave is known. What came after the day of `wanted` does not count, and a file of another
/// quarter is listed and nothing else. Nothing here stops a run: a workbook that cannot be used, and a figure that cannot be
/// believed, are told in the receipts. A partner of whom nothing is asked and who sent nothing has no receipt.
pub fn collect_returns(intake: &Intake<'_>, wanted: &Wanted<'_>, known: &Known) -> Returns {
    let (incoming, faults) = inbox::look(intake.folder, wanted.partners, intake.now, intake.wait);
    let mut returns = Returns::default();
    let mut sent: Vec<Sent<'_>> = Vec::new();
    for Incoming { path, folder, within } in &incoming {
        let whence = Whence { folder: *folder, within, keep: true, of_this_quarter: false };
        let opened = inbox::open(intake.folder, path);
        let one = Sent::receive(inbox::file_name(path), opened, whence, intake, wanted, known);
        if let Some(elsewhere) = one.filed_elsewhere(wanted, known) {
            returns.elsewhere.push(elsewhere);
            continue;
        }
        // The same file under two names is one version.
        let is_there =
            |other: &Sent<'_>| other.sha256 == one.sha256 && other.partner.map(|p| &p.id) == one.partner.map(|p| &p.id);
        if one.sha256.is_none() || !sent.iter().any(is_there) {
            sent.push(one);
        }
    }
    let own = known.versions.iter().enumerate().filter(|(_, version)| version.quarter == wanted.period);
    let gone = own.filter(|(place, version)| {
        let is_there = sent.iter().any(|one| one.known == Some(*place));
        let is_told = matches!(version.standing, Standing::Accepted | Standing::Withdrawn { .. });
        is_told && version.arrived <= wanted.as_at && !is_there
    });
    let gone: Vec<Sent<'_>> = gone.map(|(place, version)| Sent::replay(place, version, intake, wanted, known)).collect();
    sent.extend(gone);
    let (mut sent, later): (Vec<_>, Vec<_>) = sent.into_iter().partition(|one| one.arrived <= wanted.as_at);
    returns.findings.extend(later.iter().map(|one| came_later(one, wanted.as_at)));
    // Stable: what is new stays in the order of the names, after all that is known; what waited for its quarter by the day on
    // which it came.
    sent.sort_by_key(|one| (one.order(), one.arrived));

    for partner in wanted.partners {
        let asked = Asked::of(partner, wanted, intake.areas, known.figures.get(&partner.id));
        let (theirs, others): (Vec<_>, Vec<_>) = sent.into_iter().partition(|s| s.partner.is_some_and(|p| p.id == partner.id));
        sent = others;
        returns.add(&partner.id, &theirs, &asked, known, wanted);
    }
    for one in sent {
        let name = one.file.clone();
        returns.add(&name, &[one], &[], known, wanted);
    }
    for gone in known.partners_beside(wanted.partners) {
        returns.add(gone, &[], &[], known, wanted);
    }
    for fault in faults {
        let refused = Sent { refusal: Some(fault), ..Sent::new(intake.folder.display().to_string(), None, wanted.as_at) };
        returns.add(&intake.folder.display().to_string(), &[refused], &[], known, wanted);
    }
    let seen = known.versions.iter().filter(|version| version.arrived <= wanted.as_at);
    returns.first_round = seen.map(|version| version.quarter).chain(known.first_round).chain([wanted.period]).min();
    returns.nothing_to_report = nothing_to_report(&returns.receipts, wanted, known);
    returns
}

/// What those said who gave nothing, for the quarter of `wanted` and those before it.
fn nothing_to_report(receipts: &[ReturnReceipt], wanted: &Wanted<'_>, known: &Known) -> Vec<NothingToReport> {
    let earlier = known.accepted(|version| version.quarter < wanted.period && version.arrived <= wanted.as_at);
    let gave_nothing = earlier.filter(|(_, _, gave)| gave.figures.is_empty() && gave.action_reports.is_empty());
    let earlier = gave_nothing.map(|(_, version, gave)| (&version.partner, version.quarter, &gave.nil));
    let now = receipts.iter().filter(|receipt| receipt.outcome == ReturnOutcome::Nil);
    let now = now.map(|receipt| (&receipt.partner, wanted.period, &receipt.nil));
    let said = earlier.chain(now).filter_map(|(partner, quarter, nil)| {
        let reason = nil.clone().filter(|reason| !reason.is_empty())?;
        Some(NothingToReport { partner: partner.clone(), quarter, reason })
    });
    let mut said: Vec<NothingToReport> = said.collect();
    said.sort_by_key(|said| said.quarter);
    said
}

/// Reads one workbook as [`collect_returns`] would and keeps nothing; `partner` is whose it is said to be. Where it is said to be
/// `of_this_quarter`, one that says another is refused; otherwise it is listed among those elsewhere, and nothing else.
pub fn check_return(
    file: &Path,
    partner: Option<&Partner>,
    of_this_quarter: bool,
    intake: &Intake<'_>,
    wanted: &Wanted<'_>,
    known: &Known,
) -> Returns {
    let folder = partner.and_then(|partner| wanted.partners.iter().find(|one| one.id == partner.id));
    let whence = Whence { folder, within: "", keep: false, of_this_quarter };
    let sent = Sent::receive(inbox::file_name(file), File::open(file), whence, intake, wanted, known);
    if let Some(elsewhere) = sent.filed_elsewhere(wanted, known) {
        return Returns { elsewhere: vec![elsewhere], ..Returns::default() };
    }
    let (name, asked) = match sent.partner {
        Some(partner) => (partner.id.clone(), Asked::of(partner, wanted, intake.areas, known.figures.get(&partner.id))),
        None => (sent.file.clone(), Vec::new()),
    };
    let mut returns = Returns::default();
    returns.add(&name, &[sent], &asked, known, wanted);
    returns
}

/// What is laid over what a partner gave before.
enum Layer<'a> {
    /// The next of the looks that saw the versions first which were read in this one.
    Look,
    /// What a version of another quarter gave when it was accepted.
    Known(&'a ReturnVersion, &'a Contents),
}

impl Returns {
    /// What a version gave, without what another that came with it gives differently.
    fn used_of(&self, receipt: &ReturnReceipt) -> (Vec<&Observation>, Vec<&ActionReport>) {
        let Some(contents) = receipt.sha256.as_ref().and_then(|sha256| self.contents.get(sha256)) else {
            return (Vec::new(), Vec::new());
        };
        let of_partner = self.differing.iter().filter(|one| one.partner == receipt.partner && one.is_open());
        let open: BTreeSet<&Subject> = of_partner.map(|one| &one.subject).collect();
        let figures = contents.figures.iter().filter(|figure| !open.contains(&Subject::of_observation(figure)));
        let reports = contents.action_reports.iter().filter(|report| !open.contains(&Subject::of_report(report)));
        (figures.collect(), reports.collect())
    }

    /// Takes in the versions of one partner that were read, in the order in which they came, among those that are known.
    fn add(&mut self, partner: &str, read: &[Sent<'_>], asked: &[Asked<'_>], known: &Known, wanted: &Wanted<'_>) {
        let looks = || read.chunk_by(Sent::came_with);
        let is_read = |place: usize| read.iter().any(|sent| sent.known == Some(place));
        let before = known.accepted(|version| version.partner == partner && version.arrived <= wanted.as_at);
        let before = before.filter(|(place, ..)| !is_read(*place));
        let before = before.map(|(place, version, contents)| (order_of_version(place), Layer::Known(version, contents)));
        let places = looks().map(|versions| (versions[0].order(), Layer::Look));
        let mut layers: Vec<(usize, Layer<'_>)> = before.chain(places).collect();
        layers.sort_by_key(|(place, _)| *place);

        let mut looks: Vec<Look<'_>> = looks().map(|versions| Look::of(partner, versions)).collect();
        let last_given = LastGiven::by(&looks);
        for (number, look) in looks.iter_mut().enumerate() {
            last_given.settle(&mut look.together.differing, number);
        }
        let mut stood = Stood::new(wanted.period);
        let mut numbers = 0..looks.len();
        for (_, layer) in layers {
            if let Layer::Known(version, contents) = layer {
                stood.remember(contents, wanted);
                self.earlier.extend(questioned(version, contents));
            } else if let Some(number) = numbers.next() {
                let together = &looks[number].together;
                let gave_before = stood.gives();
                stood.lay_over(&together.figures, &together.reports);
                self.take_in(partner, &looks, number, &last_given, (gave_before, &stood.owed(asked)), wanted);
            }
        }
        let owed = stood.owed(asked);
        if read.is_empty() && !asked.is_empty() {
            self.receipts.push(ReturnReceipt::new(partner, ReturnOutcome::NotReceived).owing(&owed));
        } else if let Some(last) = self.receipts.last_mut().filter(|_| !read.is_empty()) {
            // What came for another quarter since may have given some of it.
            *last = last.clone().owing(&owed);
        }
        if let Some(due) = known.extended.get(partner) {
            let theirs = self.receipts.iter_mut().filter(|receipt| receipt.partner == partner);
            theirs.for_each(|receipt| receipt.due = Some(*due));
        }
        self.differing.extend(looks.into_iter().flat_map(|look| look.together.differing));
        self.observations.extend(stood.figures());
        self.action_reports.extend(stood.action_reports());
        self.replaced.extend(stood.replaced);
    }

    /// The versions that came together, each with its receipt.
    fn take_in(
        &mut self,
        partner: &str,
        looks: &[Look<'_>],
        number: usize,
        last_given: &LastGiven,
        (gave_before, owed): (bool, &[Owed]),
        wanted: &Wanted<'_>,
    ) {
        let Look { versions, together } = &looks[number];
        let superseded_by = looks[number + 1..].iter().find_map(|later| Some(later.in_use().next()?.file.clone()));
        let others_stand = looks.iter().any(|look| look.in_use().next().is_some());
        for one in *versions {
            let differing = together.differing.iter();
            let mut findings: Vec<Finding> =
                differing.filter_map(|differing| differing.finding(one.sha256.as_deref()?, wanted.framework)).collect();
            let unsettled = findings.iter().filter(|finding| !finding.mended).count();
            // Nobody is asked for another in the place of what was withdrawn while one is in use.
            let nothing_to_do = one.withdrawn.is_some() && others_stand;
            let refusal = one.refusal.clone().map(|fault| match nothing_to_do {
                true => Fault { remedy: String::new(), ..fault },
                false => fault,
            });
            let found = refusal.map(Finding::from).into_iter();
            let found = found.chain(one.findings.iter().cloned());
            findings.extend(found.map(|f| Finding { mended: last_given.has_mended(&f, one, number), ..f }));
            let doubt = one.doubt_of_nil(gave_before);
            findings.extend(doubt.map(|f| Finding { mended: last_given.has_answered_nil(number), ..f }));
            let outcome = one.outcome(&findings, gave_before);
            let is_accepted = !outcome.is_out_of_use() && outcome != ReturnOutcome::Blank;
            let contents = || one.contents().counted_by(wanted.framework);
            self.contents.extend(one.sha256.clone().filter(|_| is_accepted).map(|sha256| (sha256, contents())));
            self.versions.extend(one.version(partner, wanted.period, outcome));
            self.receipts.push(ReturnReceipt {
                file: Some(one.file.clone()),
                sha256: one.sha256.clone(),
                figures: figures::number_given(&together.used_of(one)),
                actions: one.action_reports.len(),
                missing: one.figures.iter().filter(|figure| figure.is_marked_missing()).count(),
                illustrative: one.illustrative,
                by: one.by.clone(),
                nil: one.nil.clone(),
                unsettled,
                arrived: Some(one.arrived),
                findings,
                not_kept: one.not_kept.clone(),
                unreadable: one.unreadable.clone(),
                withheld: one.withheld.clone(),
                superseded_by: superseded_by.clone().filter(|_| is_accepted),
                ..ReturnReceipt::new(partner, outcome).owing(owed)
            });
        }
    }
}

impl Sent<'_> {
    /// Where it is the return of another quarter: under which it is filed.
    fn filed_elsewhere(&self, wanted: &Wanted<'_>, known: &Known) -> Option<Elsewhere> {
        let quarter = self.elsewhere?;
        let is_version = self.sha256.as_ref().is_some_and(|sha256| known.elsewhere(wanted.period, sha256).is_some());
        let known = is_version
            || self.not_kept.as_ref().or(self.unreadable.as_ref()).is_some_and(|sha256| known.not_kept.contains_key(sha256));
        let partner = self.partner.map(|partner| partner.id.clone());
        let (file, sha256) = (self.file.clone(), self.sha256.clone());
        Some(Elsewhere { file, partner, quarter, sha256, arrived: self.arrived, known })
    }

    /// What it gave, without what it left blank.
    fn contents(&self) -> Contents {
        let given = self.figures.iter().filter(|figure| !figure.blank);
        let questions = self.findings.iter().filter(|finding| finding.grade == Grade::Question && finding.about.is_some());
        Contents {
            figures: given.map(|figure| figure.observation.clone()).collect(),
            action_reports: self.action_reports.clone(),
            questions: questions.cloned().collect(),
            nil: self.nil.clone(),
            counted_in: BTreeMap::new(),
        }
    }

    fn version(&self, partner: &str, quarter: Period, outcome: ReturnOutcome) -> Option<ReturnVersion> {
        Some(ReturnVersion {
            partner: partner.to_owned(),
            file: self.file.clone(),
            sha256: self.sha256.clone()?,
            quarter,
            arrived: self.arrived,
            standing: match (&self.withdrawn, outcome) {
                (Some(reason), _) => Standing::Withdrawn { reason: reason.clone() },
                (None, ReturnOutcome::Refused) => Standing::Refused,
                (None, ReturnOutcome::Blank) => Standing::Blank,
                (None, _) => Standing::Accepted,
            },
            by: self.by.clone(),
            look: self.look.clone(),
            settled_by: self.settled_by.clone(),
            refused_first: self.refused_first,
        })
    }

    /// `gave_before`: something stands that a version before it gave. Marks for missing alone are no return, and after one they
    /// take figures back.
    fn outcome(&self, findings: &[Finding], gave_before: bool) -> ReturnOutcome {
        let is_partial = findings.iter().any(|finding| finding.grade == Grade::Error);
        let gives = self.gives() || gave_before;
        match self.nil {
            _ if self.withdrawn.is_some() => ReturnOutcome::Withdrawn,
            _ if self.is_refused() => ReturnOutcome::Refused,
            _ if self.is_blank() => ReturnOutcome::Blank,
            Some(_) if !self.gives() => ReturnOutcome::Nil,
            _ if is_partial && !gives => ReturnOutcome::Refused,
            _ if is_partial => ReturnOutcome::AcceptedInPart,
            _ if !gives => ReturnOutcome::Blank,
            _ => ReturnOutcome::Accepted,
        }
    }

    /// What is to be asked of a return that says that there is nothing to report.
    fn doubt_of_nil(&self, gave_before: bool) -> Option<Finding> {
        let reason = self.nil.as_ref()?;
        let (problem, remedy) = if self.gives() {
            ("says that there is nothing to report, and gives figures or reports", "clear that line if the figures are meant")
        } else if gave_before {
            (NIL_AFTER_FIGURES, "say which is meant")
        } else if reason.is_empty() {
            ("says that there is nothing to report and does not say why", "give the reason on the sheet About")
        } else {
            return None;
        };
        let place = format!("{}, sheet About", self.file);
        Some(Finding::new(Grade::Question, Fault::new(place, problem, remedy)))
    }
}

/// The receipt of a version of another quarter with what was asked about its figures; none where nothing was.
fn questioned(version: &ReturnVersion, contents: &Contents) -> Option<ReturnReceipt> {
    (!contents.questions.is_empty()).then(|| ReturnReceipt {
        file: Some(version.file.clone()),
        sha256: Some(version.sha256.clone()),
        arrived: Some(version.arrived),
        findings: contents.questions.clone(),
        ..ReturnReceipt::new(&version.partner, ReturnOutcome::Accepted)
    })
}

/// A file that lies there and came after the day of the look.
fn came_later(sent: &Sent<'_>, as_at: Date) -> Finding {
    let problem = format!("was first seen on {}, after {as_at}, the day that is looked at; it is not used", sent.arrived);
    Finding::new(Grade::Note, Fault::new(&sent.file, problem, "choose a later day where it is to count"))
}
