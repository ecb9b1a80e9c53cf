//! Templates tried on made-up packs of the framework that there is, so that a mistake in a branch shows when the configuration
//! is checked, and not in the first quarter that takes it: between them the packs have every status and every list.

use super::content::{Titles, View};
use super::templates::ReportTemplates;
use super::{PackInputs, Remark};
use crate::area::Areas;
use crate::collect::{ActionReport, Finding, Grade, IndicatorOutcome, IndicatorReceipt, Progress, ReturnOutcome, ReturnReceipt};
use crate::evaluate::{
    ActionMovement, AmbitionMovement, AssessedTarget, Assessment, Evaluation, EvaluationInputs, Flag, MovementKind, Movements,
    NoFigure, PackCorrection, ReplacedPack, Revision, SeriesPoint, StatementChange, Status, evaluate,
};
use crate::fault::{Fault, Faults};
use crate::figure::Provenance;
use crate::framework::{AmbitionLead, Comment, Differences, Framework, Measure, Partner};
use crate::framework::{Consent, Quotation, Voice, VoiceChange, VoiceSource, VoiceSourceKind, VoiceTheme, Voices};
use crate::period::Period;
use crate::value::{Limits, Sex, Value};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;
use std::sync::Arc;
use tagged_document::Standard;

/// More mistakes than one template has.
const MOST: usize = 40;

/// The configuration that packs are made of.
#[derive(Clone, Copy)]
pub(crate) struct TrialSubject<'a> {
    pub framework: &'a Framework,
    pub areas: &'a Areas,
    pub partners: &'a [Partner],
    pub changes: Option<&'a Differences>,
    pub period: Period,
}

/// The mistakes of templates that show only with figures in them, each once.
pub(crate) fn faults_in(templates: &ReportTemplates, subject: TrialSubject<'_>) -> Vec<Fault> {
    let mut faults = Faults::default();
    let mut templates = templates.clone();
    // With fewer ambitions than statuses, so many packs that each ambition has had each.
    let rounds = Status::ALL.len().div_ceil(subject.framework.ambitions.len().clamp(1, Status::ALL.len())).max(2);
    for round in 0..=rounds {
        // The last is a first pack: nothing has come yet.
        let made = if round == rounds { Made::bare(subject) } else { Made::full(subject, round) };
        let view = Arc::new(View::new(
            &made.pack(subject, round),
            Titles { evidence: if round == 0 { "Evidence" } else { "" }, ..templates.titles(None) },
            templates.publisher(subject.framework, subject.areas),
        ));
        // The first mistake of a template hides those behind it.
        for _ in 0..MOST {
            let Err(found) = templates.fill(&view, None) else { break };
            let mut is_mended = false;
            for fault in &found.0 {
                if let Some(without) = templates.without(fault) {
                    templates = without;
                    is_mended = true;
                }
            }
            faults.0.extend(found.0);
            if !is_mended {
                break;
            }
        }
    }
    let mut told = BTreeSet::new();
    let faults = faults.distinct().0.into_iter();
    // What follows from a mistake stands on its line.
    faults.filter(|fault| told.insert(fault.place.clone())).collect()
}

/// The first character of a text that the pack's fonts lack, so that a "?" would be printed for it.
pub(crate) fn unprintable(templates: &ReportTemplates, text: &str) -> Option<char> {
    text.chars().find(|c| !c.is_control() && !templates.fonts.prints(*c))
}

struct Made {
    evaluation: Evaluation,
    returns: Vec<ReturnReceipt>,
    indicators: Vec<IndicatorReceipt>,
    revisions: Vec<Revision>,
    remarks: Vec<Remark>,
    comments: Vec<Comment>,
    leads: Vec<AmbitionLead>,
    voices: Option<Voices>,
    correction: Option<PackCorrection>,
}

impl Made {
    fn bare(subject: TrialSubject<'_>) -> Self {
        let TrialSubject { framework, areas, period, .. } = subject;
        let evaluation = evaluate(&EvaluationInputs::new(framework, areas, &[], &[], period, as_at(period)));
        Self {
            evaluation,
            returns: Vec::new(),
            indicators: Vec::new(),
            revisions: Vec::new(),
            remarks: Vec::new(),
            comments: Vec::new(),
            leads: Vec::new(),
            voices: None,
            correction: None,
        }
    }

    fn full(subject: TrialSubject<'_>, round: usize) -> Self {
        let TrialSubject { framework, partners, period, .. } = subject;
        let mut made = Self::bare(subject);
        let status = |i: usize| Status::ALL[(i + round) % Status::ALL.len()];
        let evaluation = &mut made.evaluation;
        evaluation.interim = round == 1;
        for (i, judged) in evaluation.measures.iter_mut().enumerate() {
            let Some(measure) = framework.measure(&judged.headline.measure) else { continue };
            let parts = measure.parts.iter().enumerate();
            judged.areas = parts
                .map(|(j, part)| {
                    let empty = Assessment::without_figure(measure.id.clone(), part.clone());
                    with_figures(empty, measure, status(i + j + 1), period)
                })
                .collect();
            judged.headline = with_figures(judged.headline.clone(), measure, status(i), period);
        }
        for (i, judged) in evaluation.ambitions.iter_mut().enumerate() {
            judged.status = status(i);
            judged.flags = vec![Flag::Illustrative];
            judged.reason = REASON.to_owned();
        }
        for (i, judged) in evaluation.actions.iter_mut().enumerate() {
            judged.status = status(i);
            let lead = framework.actions.iter().find(|action| action.id == judged.action).map(|action| action.lead.clone());
            judged.report = Some(ActionReport {
                action: judged.action.clone(),
                step: None,
                partner: lead.unwrap_or_default(),
                progress: [Progress::OnTrack, Progress::AtRisk, Progress::NotStarted][(i + round) % 3],
                forecast: Some(as_at(period)),
                completed: None,
                forecast_in: None,
                complete_since: None,
                commentary: "It goes well.".to_owned(),
                illustrative: true,
                provenance: provenance(),
                returned: None,
            });
        }
        evaluation.movements = Some(movements(evaluation, period, round));
        made.returns = partners.iter().enumerate().map(|(i, partner)| receipt(partner, i + round, period)).collect();
        made.indicators = framework.measures.iter().enumerate().map(|(i, measure)| answer(measure, i + round)).collect();
        made.revisions = framework.measures.iter().take(1).map(|measure| revision(measure, subject)).collect();
        made.remarks = framework.measures.iter().map(|measure| remark(measure, subject, round)).collect();
        made.comments = framework.ambitions.iter().take(2 - round.min(2)).map(|ambition| comment(&ambition.id, period)).collect();
        made.leads = framework.ambitions.iter().take(2 - round.min(2)).map(|ambition| lead(&ambition.id)).collect();
        // First with what is shown and what is left out, then with files that have nothing of the quarter.
        made.voices = (round < 2).then(|| voices(framework, (period, round)));
        made.correction = (round < 2).then(|| PackCorrection {
            of: if round == 0 { ReplacedPack::Issue } else { ReplacedPack::Interim },
            issue: 2,
            reason: "A figure was wrong.".to_owned(),
            earlier_areas: None,
            changes: Some(
                framework
                    .ambitions
                    .iter()
                    .take(1)
                    .map(|ambition| StatementChange::Ambition {
                        ambition: ambition.id.clone(),
                        before: Some(Status::OnTrack),
                        now: Some(Status::OffTrack),
                    })
                    .collect(),
            ),
        });
        made
    }

    fn pack<'a>(&'a self, subject: TrialSubject<'a>, round: usize) -> PackInputs<'a> {
        let TrialSubject { framework, areas, partners, changes, period } = subject;
        PackInputs {
            framework,
            whole: framework,
            areas,
            partners,
            evaluation: &self.evaluation,
            returns: &self.returns,
            returns_due: as_at(period),
            indicators: &self.indicators,
            revisions: &self.revisions,
            remarks: &self.remarks,
            comments: &self.comments,
            leads: &self.leads,
            returned_comments: &[],
            voices: self.voices.as_ref(),
            changes,
            without: &[],
            source_findings: &[],
            draft: round == 0,
            standard: Standard::Ua1,
            correction: self.correction.as_ref(),
        }
    }
}

const REASON: &str = "The latest figure is where it needs to be by now.";

/// Well after the quarter.
fn as_at(period: Period) -> Date {
    period.end().saturating_add(50.days())
}

fn comment(ambition: &str, period: Period) -> Comment {
    Comment {
        quarter: period.slug(),
        ambition: ambition.to_owned(),
        words: "Why it is so, and what is being done.".to_owned(),
        by: "A director".to_owned(),
        on: as_at(period),
        illustrative: true,
    }
}

fn lead(ambition: &str) -> AmbitionLead {
    AmbitionLead { ambition: ambition.to_owned(), lead: "A director".to_owned(), from: None, until: None, illustrative: true }
}

/// The first round has what is shown beside what is left out.
fn voices(framework: &Framework, (period, round): (Period, usize)) -> Voices {
    let day = period.end();
    let consent = Consent { given: day, until: as_at(period) };
    let quotation = Quotation { words: "It went well.".to_owned(), person: "a carer".to_owned(), consent };
    let change =
        VoiceChange { you_said: "Open later.".to_owned(), we_did: "We do.".to_owned(), by: "A team".to_owned(), on: day };
    let voice = Voice {
        theme: "theme".to_owned(),
        ambitions: framework.ambitions.iter().take(1).map(|ambition| ambition.id.clone()).collect(),
        area: None,
        group: "Carers".to_owned(),
        people: 10,
        from: day,
        until: day,
        source: VoiceSource { kind: VoiceSourceKind::Survey, name: "A survey".to_owned() },
        works: "What works.".to_owned(),
        does_not_work: "What does not.".to_owned(),
        changes: vec![change],
        quotations: vec![quotation],
        illustrative: true,
    };
    let few = Voice { people: 1, ..voice.clone() };
    Voices {
        themes: vec![VoiceTheme { id: "theme".to_owned(), title: "A theme".to_owned() }],
        entries: if round == 0 { vec![voice, few] } else { Vec::new() },
        smallest_group: 5,
    }
}

/// An assessment with figures of the last periods and a status; without a figure where the status says so.
fn with_figures(empty: Assessment, measure: &Measure, status: Status, period: Period) -> Assessment {
    let mut assessment = Assessment { status, reason: REASON.to_owned(), flags: vec![Flag::Stale], ..empty };
    if status == Status::NoFigure {
        assessment.no_figure = Some(NoFigure::TooOld);
        return assessment;
    }
    let latest = Period::containing(period.start(), measure.cadence_months.min(12), measure.year).unwrap_or(period);
    let mut periods: Vec<Period> = std::iter::successors(Some(latest), |period| Some(period.previous())).take(14).collect();
    periods.reverse();
    let points: Vec<SeriesPoint> = (0..).zip(periods).map(|(i, period)| point(period, 50.0 + f64::from(i % 5))).collect();
    assessment.latest = points.last().cloned();
    assessment.previous = points.iter().rev().nth(1).cloned();
    assessment.baseline = points.first().cloned();
    assessment.target =
        Some(AssessedTarget { value: Some(60.0), due: as_at(period), words: "60 by then".to_owned(), expected_now: Some(55.0) });
    assessment.next_due = Some(as_at(period));
    assessment.series = points;
    assessment
}

fn point(period: Period, value: f64) -> SeriesPoint {
    SeriesPoint {
        period,
        value: Value::Number(value),
        numerator: Some(value),
        denominator: Some(100.0),
        limits: Some(Limits { lower: value - 2.0, upper: value + 2.0 }),
        comparator: Some(55.0),
        comparator_limits: None,
        illustrative: true,
        sources: vec![provenance()],
    }
}

fn provenance() -> Provenance {
    Provenance::Cell {
        partner: String::new(),
        file: "return.xlsx".to_owned(),
        sha256: "0".repeat(64),
        sheet: "Figures".to_owned(),
        cell: "F4".to_owned(),
        by: "Ada Hill".to_owned(),
    }
}

/// Each way of moving, in turn.
fn movements(evaluation: &Evaluation, period: Period, round: usize) -> Movements {
    let ambitions = evaluation.ambitions.iter().enumerate().map(|(i, judged)| AmbitionMovement {
        ambition: judged.ambition.clone(),
        from: Some(Status::AtRisk),
        to: judged.status,
        kind: MovementKind::ALL[(i + round) % MovementKind::ALL.len()],
    });
    let actions = evaluation.actions.iter().enumerate().map(|(i, judged)| ActionMovement {
        action: judged.action.clone(),
        from: Some(Status::AtRisk),
        to: judged.status,
        kind: MovementKind::ALL[(i + round) % MovementKind::ALL.len()],
    });
    Movements { since: period.previous(), ambitions: ambitions.collect(), measures: Vec::new(), actions: actions.collect() }
}

fn receipt(partner: &Partner, i: usize, period: Period) -> ReturnReceipt {
    use ReturnOutcome::{Accepted, AcceptedInPart, Blank, Nil, NotReceived, Refused, Withdrawn};
    const OUTCOMES: [ReturnOutcome; 7] = [Accepted, AcceptedInPart, Nil, Blank, Refused, Withdrawn, NotReceived];
    let outcome = OUTCOMES[i % OUTCOMES.len()];
    let has_come = outcome != ReturnOutcome::NotReceived;
    let finding = Finding::new(Grade::Error, Fault::new("sheet Figures, cell F4", "is not a number", "correct it"));
    ReturnReceipt {
        file: has_come.then(|| "return.xlsx".to_owned()),
        figures: 3,
        actions: 1,
        illustrative: true,
        arrived: has_come.then(|| as_at(period)),
        findings: vec![finding],
        lacking: vec!["A measure".to_owned()],
        nil: (outcome == Nil).then(|| "nothing to report".to_owned()),
        unsettled: i % 2,
        ..ReturnReceipt::new(&partner.id, outcome)
    }
}

fn answer(measure: &Measure, i: usize) -> IndicatorReceipt {
    let reason = "the server answered 500".to_owned();
    let outcome = match i % 3 {
        0 => IndicatorOutcome::Received {
            retrieved: Timestamp::UNIX_EPOCH,
            sha256: "0".repeat(64),
            figures: 3,
            licence: "a licence".to_owned(),
            instead_of: i.is_multiple_of(2).then(|| reason.clone()),
        },
        1 => IndicatorOutcome::NotAvailable { reason },
        _ => IndicatorOutcome::Failed { reason },
    };
    IndicatorReceipt {
        source: "source".to_owned(),
        publisher: "A publisher".to_owned(),
        indicator: measure.title.clone(),
        measures: vec![measure.id.clone()],
        url: "https://example.org/".to_owned(),
        outcome,
    }
}

fn revision(measure: &Measure, subject: TrialSubject<'_>) -> Revision {
    Revision {
        measure: measure.id.clone(),
        area: subject.framework.edition.system.clone(),
        period: subject.period,
        sex: Sex::default(),
        age: String::new(),
        category: None,
        old: Value::Number(50.0),
        new: Value::Number(51.0),
        old_source: provenance(),
        new_source: provenance(),
    }
}

fn remark(measure: &Measure, subject: TrialSubject<'_>, round: usize) -> Remark {
    Remark {
        measure: measure.id.clone(),
        area: subject.framework.edition.system.clone(),
        period: subject.period,
        partner: subject.partners.first().map_or_else(String::new, |partner| partner.id.clone()),
        words: "It goes well.".to_owned(),
        illustrative: true,
        question: round == 1,
    }
}
