//! One file as it came, and what was got out of it.

use super::bounded_file::{read_limited, within_limit};
use super::checks::{Against, PastFigures};
use super::intake::Intake;
use super::known::PriorReturns;
use super::quarter::{self, Clues};
use super::return_file::ReturnFile;
use super::returned_figure::ReturnedFigure;
use super::version::{ReturnVersion, VersionContents, VersionStanding};
use super::workbook::Workbook;
use super::{about, actions, age_bands, comments, figures, mapped_return};
use crate::archive::sha256;
use crate::collect::mapping::{self, Mapped};
use crate::collect::signs::printable;
use crate::collect::workbook::Refusal;
use crate::collect::{ActionReport, AmbitionComment, Finding, Grade, Prints, Returned, RunScope, persons};
use crate::fault::Fault;
use crate::framework::{DataStatus, Partner};
use crate::period::Period;
use jiff::civil::Date;
use std::fs::File;
use std::io;
use workbook_reader::Sheet;

/// More than a person reads through; a workbook of another layout has a fault in every row.
const MOST_FINDINGS: usize = 100;

#[derive(Debug, Clone)]
pub(super) struct Submission<'a> {
    pub file: String,
    /// None where it was not kept.
    pub sha256: Option<String>,
    /// By what the workbook says, or by its folder or its name where it says nothing.
    pub partner: Option<&'a Partner>,
    /// The day on which it was first seen.
    pub arrived: Date,
    /// Its place among the versions that are known from earlier looks.
    pub known: Option<usize>,
    /// Of a file that was not kept and was seen in an earlier look: how many known versions came by that day.
    pub after: Option<usize>,
    /// Names the look that saw it first; none of what is new.
    pub look: Option<String>,
    /// The quarter that it is the return of, where that is not the one that is looked at; nothing is read of it then.
    pub elsewhere: Option<Period>,
    /// Who filled it in; may be empty.
    pub by: String,
    /// Why there is nothing to report, where it says so; may be empty.
    pub nil: Option<String>,
    /// By whom it was said that its figures stand before those of the others that came with it.
    pub settled_by: Option<String>,
    /// It was refused when it was first seen.
    pub refused_first: bool,
    pub illustrative: bool,
    pub figures: Vec<ReturnedFigure>,
    pub action_reports: Vec<ActionReport>,
    pub comments: Vec<AmbitionComment>,
    pub findings: Vec<Finding>,
    /// The SHA-256 where it looks like data about persons, and so was not kept.
    pub not_kept: Option<String>,
    /// The SHA-256 where it could not be opened as a workbook, and so was not kept.
    pub unreadable: Option<String>,
    /// Cells whose text is withheld.
    pub withheld: Vec<String>,
    /// Why nothing of it was used.
    pub refusal: Option<Fault>,
    /// Why it was taken out of use, where it was.
    pub withdrawn: Option<String>,
}

/// Where a file lies and what that says of its sender.
#[derive(Debug, Clone, Copy)]
pub(super) struct SubmissionOrigin<'a, 'w> {
    /// The partner in whose folder it lies.
    pub folder: Option<&'a Partner>,
    /// The folder within the partner's; empty where it lies in none.
    pub within: &'w str,
    /// Keep it in the archive.
    pub keep: bool,
    /// It is of the quarter that is looked at, whatever it says; where it says another, it is refused.
    pub of_this_quarter: bool,
}

/// What a workbook holds: the template's sheets, or what a mapping found in a layout of its sender's own.
enum ReturnSheets<'a> {
    Template(Vec<Sheet>),
    OwnLayout { partner: &'a Partner, status: DataStatus, mapped: Mapped },
}

impl<'a> Submission<'a> {
    pub fn new(file: String, partner: Option<&'a Partner>, arrived: Date) -> Self {
        Self {
            file,
            sha256: None,
            partner,
            arrived,
            known: None,
            after: None,
            look: None,
            elsewhere: None,
            by: String::new(),
            nil: None,
            settled_by: None,
            refused_first: false,
            illustrative: false,
            figures: Vec::new(),
            action_reports: Vec::new(),
            comments: Vec::new(),
            findings: Vec::new(),
            not_kept: None,
            unreadable: None,
            withheld: Vec::new(),
            refusal: None,
            withdrawn: None,
        }
    }

    /// The file of this name, read as far as it could be opened; whatever is wrong with it is in what is given back.
    pub fn receive(
        file: String,
        opened: io::Result<File>,
        whence: SubmissionOrigin<'a, '_>,
        intake: &Intake<'_>,
        wanted: &RunScope<'a>,
        known: &PriorReturns,
    ) -> Self {
        let partner = whence.folder.or_else(|| partner_by_name(&file, wanted));
        let mut sent = Self::new(file, partner, wanted.as_at);
        let bytes = read_limited(opened, &sent.file, intake.limits.max_file_mb);
        let is_readable = bytes.is_ok();
        sent.refusal = bytes.and_then(|bytes| sent.read(&bytes, whence, intake, wanted, known)).err();
        // What was not opened, or must not be looked into, says nothing of its quarter itself.
        if (!is_readable || sent.not_kept.is_some()) && !whence.of_this_quarter {
            let quarter = sent.clues(wanted).without_content();
            sent.elsewhere = Some(quarter).filter(|quarter| *quarter != wanted.period);
        }
        sent.cap_findings();
        sent
    }

    /// A version whose file is not in the inbox any more, read again from the archive; `place` is its place among those known.
    pub fn replay(
        place: usize,
        version: &ReturnVersion,
        intake: &Intake<'_>,
        wanted: &RunScope<'a>,
        known: &PriorReturns,
    ) -> Self {
        let partner = wanted.partners.iter().find(|partner| partner.id == version.partner);
        let mut sent = Self::new(version.file.clone(), partner, version.arrived);
        if let VersionStanding::Withdrawn { reason } = &version.standing {
            sent.is_known_as(place, version);
            sent.sha256 = Some(version.sha256.clone());
            sent.refusal = Some(sent.taken_out(reason));
            return sent;
        }
        let lost = |e: io::Error| {
            let path = intake.archive.path(&version.sha256);
            let problem = format!("the archive's copy, {}, cannot be used: {e}", path.display());
            Fault::new(&version.file, problem, "put the partner's file back in its place, or ask for it again")
        };
        let bytes = intake.archive.read(&version.sha256).map_err(lost);
        let bytes = bytes.and_then(|bytes| within_limit(bytes, &version.file, intake.limits.max_file_mb));
        sent.refusal = match (bytes, known.contents_of(version)) {
            (Ok(bytes), _) => {
                let whence = SubmissionOrigin { folder: partner, within: &version.by, keep: false, of_this_quarter: true };
                sent.read(&bytes, whence, intake, wanted, known).err()
            }
            (Err(fault), None) => Some(fault),
            (Err(fault), Some(contents)) => {
                sent.recall(contents, fault);
                None
            }
        };
        sent.is_known_as(place, version);
        sent.sha256 = Some(version.sha256.clone());
        sent.cap_findings();
        sent
    }

    /// Takes what it gave when it was accepted, where its file is no longer to be had.
    fn recall(&mut self, contents: &VersionContents, lost: Fault) {
        self.figures =
            contents.figures.iter().map(|figure| ReturnedFigure { observation: figure.clone(), blank: false }).collect();
        self.action_reports = contents.action_reports.clone();
        let made_up = self.action_reports.iter().map(|report| report.illustrative);
        self.illustrative = contents.figures.iter().map(|figure| figure.illustrative).chain(made_up).any(|it| it);
        let problem = format!("{}; what it gave when it was accepted is used", lost.problem);
        self.findings.push(Finding::new(Grade::Note, Fault { problem, ..lost }));
        self.findings.extend(contents.questions.iter().cloned());
    }

    fn clues(&self, wanted: &RunScope<'_>) -> Clues<'_> {
        Clues { file: &self.file, as_at: wanted.as_at }
    }

    fn read(
        &mut self,
        bytes: &[u8],
        whence: SubmissionOrigin<'a, '_>,
        intake: &Intake<'_>,
        wanted: &RunScope<'a>,
        known: &PriorReturns,
    ) -> Result<(), Fault> {
        let of_content = sha256(bytes);
        if let Some((version, earlier)) = self.sent_before(&of_content, wanted.period, known) {
            // A day no later than the version's own is that on which it waited for its quarter.
            let first_day = known.not_kept.get(&of_content).copied().filter(|day| *day > version.arrived);
            self.partner = self.partner.or_else(|| wanted.partners.iter().find(|partner| partner.id == version.partner));
            self.arrived = first_day.unwrap_or(self.arrived);
            self.after = Some(known.versions.partition_point(|version| version.arrived <= self.arrived));
            self.unreadable = Some(of_content);
            return Err(earlier);
        }
        if let Some(quarter) = known.elsewhere(wanted.period, &of_content).filter(|_| !whence.of_this_quarter) {
            self.elsewhere = Some(quarter);
            self.sha256 = Some(of_content);
            return Ok(());
        }
        let place = known.place_of(wanted.period, &of_content);
        if let Some(place) = place {
            let version = &known.versions[place];
            self.is_known_as(place, version);
            if let VersionStanding::Withdrawn { reason } = &version.standing {
                self.sha256 = Some(of_content);
                self.partner = wanted.partners.iter().find(|partner| partner.id == version.partner).or(self.partner);
                return Err(self.taken_out(reason));
            }
        }
        if let Some(day) = known.not_kept.get(&of_content).filter(|_| place.is_none()) {
            self.arrived = *day;
            self.after = Some(known.versions.partition_point(|version| version.arrived <= *day));
        }
        let opened = match intake.reading.open(bytes, &self.file, intake.limits) {
            Err(Refusal::Personal { sheets: Some(sheets), .. }) if known.allowed.file(&of_content) => Ok(sheets),
            Err(Refusal::Personal { fault, .. }) => {
                self.not_kept = Some(of_content);
                return Err(fault);
            }
            opened => opened,
        };
        let return_sheets = opened.map_err(Refusal::into_fault).map(|mut sheets| {
            self.withheld = persons::withhold(&mut sheets, &self.file, &of_content, &known.allowed, &mut self.findings);
            self.recognise_sheets(sheets, intake, wanted)
        });
        let clues = self.clues(wanted);
        let quarter = match &return_sheets {
            _ if whence.of_this_quarter || place.is_some() => wanted.period,
            Ok(ReturnSheets::Template(sheets)) => clues.of_template(sheets),
            Ok(ReturnSheets::OwnLayout { mapped, .. }) => clues.of_figures(mapped, wanted.framework),
            Err(_) => clues.without_content(),
        };
        if quarter != wanted.period {
            self.sha256 = Some(of_content);
            self.elsewhere = Some(quarter);
            return Ok(());
        }
        // What is no workbook may be anything, and is not kept.
        if return_sheets.is_ok() || place.is_some() {
            self.sha256 = Some(of_content.clone());
        } else {
            self.unreadable = Some(of_content.clone());
        }
        let return_sheets = return_sheets?;
        if whence.keep {
            intake.archive.keep(bytes).map_err(|e| {
                self.sha256 = None;
                let remedy = "make room, or change the permissions of paths.archive, and run again";
                Fault::new(&self.file, format!("could not be kept in the archive, so it is not used: {e}"), remedy)
            })?;
        }
        self.take(return_sheets, &of_content, whence, intake, wanted, known)
    }

    /// That it is, byte for byte, the workbook of an earlier quarter under a name of the quarter that is looked at.
    fn sent_before<'k>(&self, of_content: &str, period: Period, known: &'k PriorReturns) -> Option<(&'k ReturnVersion, Fault)> {
        let is_earlier = |version: &&ReturnVersion| version.sha256 == of_content && version.quarter < period;
        let version = known.versions.iter().find(is_earlier)?;
        // What always lay there under this name is no new mistake.
        let is_renamed = version.file != self.file && quarter::of_name(&self.file) == Some(period);
        let problem = format!(
            "is the workbook for {}, unchanged, that arrived on {} as {}; nothing in it is for {}",
            version.quarter.in_words(),
            version.arrived.strftime("%-d %B %Y"),
            version.file,
            period.in_words()
        );
        is_renamed.then(|| (version, Fault::new(&self.file, problem, "fill in and send the workbook of this quarter")))
    }

    /// That it was taken out of use, and why.
    fn taken_out(&mut self, reason: &str) -> Fault {
        self.withdrawn = Some(reason.to_owned());
        Fault::new(&self.file, format!("was withdrawn: {reason}"), "send a corrected workbook")
    }

    /// That it is this version, which earlier looks have seen.
    fn is_known_as(&mut self, place: usize, version: &ReturnVersion) {
        self.known = Some(place);
        self.arrived = version.arrived;
        self.look.clone_from(&version.look);
        self.settled_by.clone_from(&version.settled_by);
        self.refused_first = version.refused_first || version.standing == VersionStanding::Refused;
    }

    /// What the sheets are: those of the template, unless the partner sends a layout of its own.
    fn recognise_sheets(&self, sheets: Vec<Sheet>, intake: &Intake<'_>, wanted: &RunScope<'a>) -> ReturnSheets<'a> {
        let mapping = self.partner.and_then(|partner| Some((partner, intake.mappings.get(&partner.id)?, partner.data_status?)));
        match mapping.filter(|_| !Workbook::is_template(&sheets)) {
            Some((partner, mapping, status)) => {
                let mapped = mapping::read(&sheets, &self.file, mapping, wanted.framework, intake.areas);
                ReturnSheets::OwnLayout { partner, status, mapped }
            }
            None => ReturnSheets::Template(sheets),
        }
    }

    fn take(
        &mut self,
        return_sheets: ReturnSheets<'a>,
        sha256: &str,
        whence: SubmissionOrigin<'a, '_>,
        intake: &Intake<'_>,
        wanted: &RunScope<'a>,
        known: &PriorReturns,
    ) -> Result<(), Fault> {
        let mut findings = std::mem::take(&mut self.findings);
        let taken = self.take_sheets(return_sheets, sha256, (whence, intake), (wanted, known), &mut findings);
        // What is quoted of a cell is printed as well; what was found in a workbook that is refused all the same is told too.
        findings.iter_mut().for_each(|finding| finding.problem = printable(&finding.problem, &known.prints).text);
        self.findings = findings;
        taken
    }

    fn take_sheets(
        &mut self,
        return_sheets: ReturnSheets<'a>,
        sha256: &str,
        (whence, intake): (SubmissionOrigin<'a, '_>, &Intake<'_>),
        (wanted, known): (&RunScope<'a>, &PriorReturns),
        findings: &mut Vec<Finding>,
    ) -> Result<(), Fault> {
        let earlier = |partner: &Partner| PastFigures::new(known.figures.get(&partner.id));
        self.by = whence.within.to_owned();
        let (partner, read, reports) = match return_sheets {
            ReturnSheets::OwnLayout { partner, status, mapped } => {
                self.illustrative = status == DataStatus::Illustrative;
                let of = self.as_return(partner, sha256, wanted.period, &known.prints);
                (partner, mapped_return::read(mapped, &of, wanted, findings)?, Vec::new())
            }
            ReturnSheets::Template(sheets) => {
                let workbook = Workbook::of(sheets);
                let partner = self.sender(&workbook, whence, wanted, findings)?;
                self.by = printable(&self.by, &known.prints).text;
                self.nil = self.nil.take().map(|reason| printable(&reason, &known.prints).text);
                let of = self.as_return(partner, sha256, wanted.period, &known.prints);
                let Workbook { figures, age_bands, actions, comments, .. } = &workbook;
                let mut of_comments = Vec::new();
                let read_comments = |sheet| comments::read(sheet, &of, wanted, &mut of_comments);
                let said = comments.as_ref().map_or_else(Vec::new, read_comments);
                // A part of a return may lack the sheets that others fill in; a sheet of another name may be the one that lacks. A
                // sheet of comments that says nothing is no part.
                let has_another = age_bands.is_some() || actions.is_some() || !said.is_empty();
                let gives_part = workbook.is_read_whole() && (has_another || self.nil.is_some());
                if figures.is_none() && !gives_part {
                    return Err(workbook.lacks("Figures", &self.file));
                }
                let mut read = match figures {
                    Some(sheet) => figures::read(sheet, &of, wanted, earlier(partner), findings)?,
                    None => Vec::new(),
                };
                if let Some(sheet) = age_bands {
                    read.extend(age_bands::read(sheet, &of, wanted, earlier(partner), findings)?);
                }
                let reports = actions.as_ref().map_or_else(Vec::new, |sheet| actions::read(sheet, &of, wanted, findings));
                findings.extend(of_comments);
                findings.extend(workbook.not_read(&self.file, findings));
                self.comments = said;
                (partner, read, reports)
            }
        };
        let stands = known.standing(partner, wanted.as_at);
        let against = Against {
            framework: wanted.framework,
            partner,
            areas: intake.areas,
            period: wanted.period,
            past: earlier(partner).standing(&stands),
            is_known: self.known.is_some_and(|place| known.versions[place].standing == VersionStanding::Accepted),
            progress: known.progress.get(&partner.id),
            expected: known.expected,
        };
        self.figures = against.check(read, &reports, findings);
        self.action_reports = reports;
        Ok(())
    }

    /// The same for the readers of its sheets, once it is known whose it is.
    fn as_return<'s>(&'s self, partner: &'s Partner, sha256: &'s str, quarter: Period, prints: &'s Prints) -> ReturnFile<'s> {
        ReturnFile {
            partner,
            file: &self.file,
            sha256,
            illustrative: self.illustrative,
            by: &self.by,
            returned: Returned { quarter, on: self.arrived },
            prints,
        }
    }

    /// Where it stands in the order in which all came: what is new after all that is known, and of a day the file that was
    /// not kept after the versions.
    pub fn order(&self) -> usize {
        self.known.map(order_of_version).or(self.after.map(|versions| 2 * versions)).unwrap_or(usize::MAX)
    }

    /// One look saw both first, and nobody knows which is the later: what waited for its quarter was seen before, and its day is
    /// known.
    pub fn came_with(&self, other: &Self) -> bool {
        self.look == other.look && self.arrived == other.arrived
    }

    /// Whose workbook it is, by its sheet About; the folder it lies in must say the same, and its name should.
    fn sender(
        &mut self,
        workbook: &Workbook,
        whence: SubmissionOrigin<'a, '_>,
        wanted: &RunScope<'a>,
        findings: &mut Vec<Finding>,
    ) -> Result<&'a Partner, Fault> {
        let sheet = workbook.about.as_ref().ok_or_else(|| workbook.lacks("About", &self.file))?;
        let about = about::read(sheet, wanted, &self.file).map_err(|unclear| {
            self.partner = whence.folder.or(unclear.partner);
            unclear.fault
        })?;
        self.illustrative = about.illustrative;
        self.nil = about.nil;
        if !about.by.is_empty() {
            self.by = about.by;
        }
        let by_name = partner_by_name(&self.file, wanted);
        if let Some(folder) = whence.folder.filter(|folder| folder.id != about.partner.id) {
            // It is nobody's yet: the folder's partner did not send it as its own, and the other may not know of it.
            self.partner = None;
            let problem = format!("was sent as the return of {} and is that of {}", folder.id, about.partner.id);
            return Err(Fault::new(&self.file, problem, "put it into the folder of its partner, or send the right workbook"));
        }
        self.partner = Some(about.partner);
        if let Some(other) = by_name.filter(|other| other.id != about.partner.id) {
            let problem = format!("is called after {} and says that it is the return of {}", other.id, about.partner.id);
            let fault = Fault::new(&self.file, problem, "check that the right partner's workbook was filled in");
            findings.push(Finding::new(Grade::Question, fault));
        }
        if let Some(other) = quarter::of_name(&self.file).filter(|other| *other != wanted.period) {
            let (other, period) = (other.slug(), wanted.period.slug());
            let problem = format!("is called after {other} and says that it is the return for {period}");
            let fault = Fault::new(&self.file, problem, format!("if {other} was meant, send the workbook that was made for it"));
            findings.push(Finding::new(Grade::Question, fault));
        }
        findings.extend(about.findings);
        Ok(about.partner)
    }

    /// The gravest first, so that it is not they that are left out.
    fn cap_findings(&mut self) {
        self.findings.sort_by_key(|finding| finding.grade);
        if self.findings.len() > MOST_FINDINGS {
            let rest = self.findings.split_off(MOST_FINDINGS);
            let grade = rest[0].grade;
            let lost = rest.iter().filter(|finding| finding.grade == Grade::Error).count();
            let problem = match lost {
                0 => format!("{} more findings are not listed", rest.len()),
                lost => format!("{lost} more figures or reports are not used"),
            };
            let remedy = "fix these first: they may have one cause";
            self.findings.push(Finding::new(grade, Fault::new(&self.file, problem, remedy)));
        }
    }
}

/// As [`Submission::order`], of the version with that place among the known ones.
pub(super) fn order_of_version(place: usize) -> usize {
    2 * place + 1
}

/// The partner whose id a file's name begins with: a workbook that cannot be opened is then laid to its sender.
fn partner_by_name<'a>(file: &str, wanted: &RunScope<'a>) -> Option<&'a Partner> {
    let begins = |partner: &&Partner| {
        let rest = file.to_lowercase().strip_prefix(&partner.id.to_lowercase()).map(str::to_owned);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    wanted.partners.iter().filter(begins).max_by_key(|partner| partner.id.len())
}
