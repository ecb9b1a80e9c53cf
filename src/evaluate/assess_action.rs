//! One key action judged, by what those who lead it say of it.

use super::ambition::severity;
use super::evaluation::ActionAssessment;
use super::inputs::EvaluationInputs;
use super::rules::{Milestone, Reporter, RuleOutcome, StepProgress, milestone};
use super::status::Flag;
use super::wording::{format_day, format_list};
use crate::collect::{ActionReport, Progress};
use crate::framework::Action;
use crate::period::Period;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The lead's own report counts; where it sent none, the last that came. One that is too old, or has no status that can be used,
/// does not say how the action stands. Of several who lead it together each is judged by its own words, and where it says nothing
/// of a step by what another says of that: the least favourable stands, and where they say different things that is told.
pub(super) fn assess_action(action: &Action, reports: &[&ActionReport], inputs: &EvaluationInputs<'_>) -> ActionAssessment {
    let name = |id: &str| {
        let partner = inputs.partners.iter().find(|partner| partner.id == id);
        partner.map_or_else(|| id.to_owned(), |partner| partner.name.clone())
    };
    // What was said too long ago, or cannot be read, is no word beside another's.
    let (leads, unheard): (Vec<&str>, Vec<&str>) =
        action.leads().partition(|lead| reports.iter().any(|r| r.partner == *lead && r.says_how_it_stands(inputs.period)));
    let without_status: Vec<&ActionReport> =
        reports.iter().filter(|r| unheard.contains(&r.partner.as_str()) && r.still_stands(inputs.period)).copied().collect();
    // Where no lead reported, whoever did speaks for it, such as the lead before this one.
    let alone = leads.len() <= 1;
    let of = |lead| JudgedReports::of(action, reports, lead, alone, (inputs, &name));
    let mut said: Vec<JudgedReports<'_>> =
        if alone { vec![of(leads.first().copied().unwrap_or(&action.lead))] } else { leads.iter().copied().map(of).collect() };
    let severity = |said: &JudgedReports<'_>| severity(said.verdict.status).unwrap_or(u8::MAX);
    // Of two that are off track the one by which a step is overdue decides, so that the step is named.
    let first = |said: &JudgedReports<'_>| (severity(said), said.overdue_since.is_none(), said.overdue_since);
    let stands = (0..said.len()).min_by_key(|i| first(&said[*i])).unwrap_or_default();
    // The one that decides comes first.
    said[..=stands].rotate_right(1);
    let different = disagreement(action, &said, &name);
    let JudgedReports { report, of_steps, mut verdict, .. } = said.remove(0);
    if let Some(different) = different {
        verdict.reason = format!("{}; {different}", verdict.reason);
        verdict.flags.push(Flag::LeadsDisagree);
    }
    if !leads.is_empty() {
        let (unread, silent): (Vec<&str>, Vec<&str>) =
            unheard.into_iter().partition(|lead| without_status.iter().any(|r| r.partner == *lead));
        // By the quarter of the last return in which it was: nobody who said something before is said never to have.
        let mut silent_since: BTreeMap<Option<Period>, Vec<&str>> = BTreeMap::new();
        for lead in silent {
            let last = reports.iter().filter(|r| r.partner == lead).filter_map(|r| r.quarter()).max();
            silent_since.entry(last).or_default().push(lead);
        }
        let unread = Some(("no status that can be used was given by", None, unread)).filter(|(_, _, who)| !who.is_empty());
        let silent = silent_since.into_iter().map(|(last, who)| ("nothing was reported by", last, who));
        for (words, last, who) in unread.into_iter().chain(silent) {
            let who: Vec<String> = who.into_iter().map(name).collect();
            let since = last.map_or(String::new(), |last| format!(" since the return for {}", last.in_words()));
            verdict.reason = format!("{}; {words} {}{since}", verdict.reason, format_list(&who));
        }
    }
    let of_others = said.into_iter().flat_map(|one| one.report.into_iter().chain(one.of_steps));
    let mut others: Vec<&ActionReport> = of_steps.into_iter().chain(of_others).collect();
    let is_told = |of: &ActionReport, others: &[&ActionReport]| {
        report.iter().chain(others).any(|told| (&told.partner, told.step) == (&of.partner, of.step))
    };
    let untold: Vec<&ActionReport> = without_status.into_iter().filter(|of| !is_told(of, &others)).collect();
    others.extend(untold);
    assessed(action, verdict, report, others.into_iter().cloned().collect(), inputs.period)
}

/// That those who lead an action together say different things of one part of it, with what each says of that; none where what
/// they say agrees. Where they differ in dates only, that is said. What only one says is no disagreement.
fn disagreement(action: &Action, said: &[JudgedReports<'_>], name: &dyn Fn(&str) -> String) -> Option<String> {
    let disputed = |is_so: &dyn Fn(&ActionReport, &ActionReport) -> bool| -> Vec<(&str, Option<usize>)> {
        let pairs =
            said.iter().enumerate().flat_map(|(i, one)| said[i + 1..].iter().flat_map(|other| one.both_say(other, action)));
        let parts = pairs.filter(|(one, other)| is_so(one, other)).flat_map(|(one, other)| [one, other]);
        parts.map(|report| (report.partner.as_str(), report.step)).collect()
    };
    let differ = |one: Option<Date>, other: Option<Date>| one.zip(other).is_some_and(|(one, other)| one != other);
    let in_progress = disputed(&|one, other| one.progress != other.progress);
    let (words, parts, in_short): (&str, _, fn(&ActionReport) -> String) = if in_progress.is_empty() {
        let in_dates = disputed(&|one, other| differ(one.forecast, other.forecast) || differ(one.completed, other.completed));
        ("give different dates", in_dates, dates_in_short)
    } else {
        ("say different things", in_progress, progress_in_short)
    };
    let each = said.iter().filter_map(|one| one.in_short(&parts, name, in_short)).collect::<Vec<_>>();
    (!each.is_empty()).then(|| format!("its leads {words} ({})", each.join("; ")))
}

fn progress_in_short(report: &ActionReport) -> String {
    report.progress.in_words().trim_end_matches('.').to_lowercase()
}

fn dates_in_short(report: &ActionReport) -> String {
    match (report.completed, report.forecast) {
        (Some(day), _) => format!("completed on {}", format_day(day)),
        (None, Some(day)) => format!("forecast for {}", format_day(day)),
        (None, None) if report.progress == Progress::Complete => "no date of completion".to_owned(),
        (None, None) => "no forecast".to_owned(),
    }
}

fn assessed(
    action: &Action,
    verdict: RuleOutcome,
    report: Option<&ActionReport>,
    others: Vec<ActionReport>,
    quarter: Period,
) -> ActionAssessment {
    let mut flags = verdict.flags;
    flags.extend(report.into_iter().chain(&others).any(|r| r.illustrative).then_some(Flag::Illustrative));
    flags.extend(report.is_some_and(|r| !r.still_stands(quarter)).then_some(Flag::Stale));
    flags.sort_unstable();
    ActionAssessment {
        action: action.id.clone(),
        status: verdict.status,
        reason: verdict.reason,
        flags,
        report: report.cloned(),
        others,
    }
}

/// What one partner said of an action, and how that is judged.
struct JudgedReports<'r> {
    /// Of the whole, or else of the last step that it speaks of.
    report: Option<&'r ActionReport>,
    /// Its reports of the other steps.
    of_steps: Vec<&'r ActionReport>,
    verdict: RuleOutcome,
    /// Since when the step that has been overdue longest is.
    overdue_since: Option<Date>,
}

impl<'r> JudgedReports<'r> {
    /// By the reports of `lead`; where `alone` and it sent none, by the last that came.
    fn of(
        action: &Action,
        reports: &[&'r ActionReport],
        lead: &str,
        alone: bool,
        (inputs, name): (&EvaluationInputs<'_>, &dyn Fn(&str) -> String),
    ) -> Self {
        let given = |step: Option<usize>| reports.iter().filter(move |r| r.step == step).copied();
        let own = |step: Option<usize>| given(step).rfind(|r| r.partner == lead);
        let stands = |report: &&ActionReport| report.still_stands(inputs.period);
        let tells = |report: &&ActionReport| report.says_how_it_stands(inputs.period);
        let any = |step: Option<usize>| {
            let telling = own(step).filter(tells).or_else(|| given(step).rfind(tells));
            let standing = telling.or_else(|| own(step).filter(stands)).or_else(|| given(step).rfind(stands));
            standing.or_else(|| own(step)).or_else(|| given(step).next_back())
        };
        let of = |step: Option<usize>| if alone { any(step) } else { own(step) };
        let of_steps = (1..=action.steps.len()).filter_map(|step| of(Some(step)));
        let standing = of(None).filter(stands).or_else(|| of_steps.clone().rfind(stands));
        let report = standing.or_else(|| of(None)).or_else(|| of_steps.clone().next_back());
        let is_another = |other: &&ActionReport| report.is_none_or(|report| other.step != report.step);
        let of_steps = of_steps.filter(is_another).filter(stands).collect();
        let teller = |of: Option<&ActionReport>| match of {
            _ if action.co_leads.is_empty() => Reporter::Lead,
            Some(report) => Reporter::One(name(&report.partner)),
            None => Reporter::Leads,
        };
        let parts = parts(action, inputs.period, &[&own, &any], &teller);
        let overdue_since = parts.iter().filter_map(|part| part.overdue_since(inputs.as_at)).min();
        JudgedReports { report, of_steps, verdict: milestone(&Milestone { parts, today: inputs.as_at }), overdue_since }
    }

    fn all(&self) -> impl Iterator<Item = &'r ActionReport> {
        // The whole stands before its steps, and a last step after those before it.
        let (whole, last) = (self.report.filter(|of| of.step.is_none()), self.report.filter(|of| of.step.is_some()));
        whole.into_iter().chain(self.of_steps.iter().copied()).chain(last)
    }

    /// What both say of the whole, and of each step; what is said of the whole speaks of a step only where it holds of each.
    fn both_say(&self, other: &JudgedReports<'r>, action: &Action) -> impl Iterator<Item = (&'r ActionReport, &'r ActionReport)> {
        let of = |said: &JudgedReports<'r>, step: Option<usize>| {
            let read = || said.all().filter(|report| report.progress != Progress::NotGiven);
            let of_each = || read().find(|report| report.tells_of_each_step()).filter(|_| step.is_some());
            read().find(|report| report.step == step).or_else(of_each)
        };
        let parts = std::iter::once(None).chain((1..=action.steps.len()).map(Some));
        parts.filter_map(move |step| Some((of(self, step)?, of(other, step)?)))
    }

    /// `The ICB: step 1 complete, step 2 off track`, of these partners' parts; none where it said nothing of them.
    fn in_short(
        &self,
        parts: &[(&str, Option<usize>)],
        name: &dyn Fn(&str) -> String,
        words: fn(&ActionReport) -> String,
    ) -> Option<String> {
        let has_steps = parts.iter().any(|(_, step)| step.is_some());
        let of = |report: &ActionReport| match report.step {
            Some(step) => format!("step {step} {}", words(report)),
            None if has_steps => format!("as a whole {}", words(report)),
            None => words(report),
        };
        let is_asked = |report: &&ActionReport| parts.contains(&(report.partner.as_str(), report.step));
        let said: Vec<String> = self.all().filter(is_asked).map(of).collect();
        let partner = &self.report?.partner;
        (!said.is_empty()).then(|| format!("{}: {}", name(partner), said.join(", ")))
    }
}

/// Finds a report of a step, or of the whole.
type Find<'f, 'r> = &'f dyn Fn(Option<usize>) -> Option<&'r ActionReport>;

/// The action's steps with what is said of each (see [`ActionReport::tells_of`]); the action itself where it has none. What the
/// first of `find` has counts, and where that no longer stands or has no status that can be used, what the next has.
fn parts<'r>(
    action: &Action,
    quarter: Period,
    find: &[Find<'_, 'r>],
    teller: &dyn Fn(Option<&ActionReport>) -> Reporter,
) -> Vec<StepProgress> {
    let part = |statement: &str, due, first_due, found: &[&ActionReport]| {
        let standing = || found.iter().copied().filter(|report| report.still_stands(quarter));
        let report = standing().find(|report| report.says_how_it_stands(quarter)).or_else(|| standing().next());
        // The date beside a status that cannot be used is one that can.
        let beside = || standing().find(|r| r.progress == Progress::NotGiven && r.forecast.is_some());
        let forecast = report.filter(|r| r.forecast.is_some()).or_else(beside);
        let last = found.iter().filter_map(|report| report.quarter()).max();
        StepProgress {
            statement: statement.to_owned(),
            due,
            first_due,
            progress: report.map(|r| r.progress),
            last_reported: last.filter(|_| report.is_none()),
            forecast: forecast.and_then(|r| r.forecast),
            forecast_in: forecast.and_then(|r| r.forecast_in),
            completed: report.and_then(|r| r.completed),
            known_complete_on: report.and_then(ActionReport::known_complete_on),
            is_told_as_whole: find.iter().filter_map(|of| of(None)).any(|report| report.says_how_it_stands(quarter)),
            teller: teller(report),
        }
    };
    if action.steps.is_empty() {
        let found: Vec<&ActionReport> = find.iter().filter_map(|of| of(None)).collect();
        return vec![part("", action.due, action.first_due, &found)];
    }
    let steps = action.steps.iter().enumerate().map(|(i, step)| {
        let of_step = |of: &Find<'_, 'r>| [of(Some(i + 1)), of(None).filter(|r| r.tells_of(i + 1, action))];
        let found: Vec<&ActionReport> = find.iter().flat_map(of_step).flatten().collect();
        let told = part(&step.statement, step.due, step.first_due, &found);
        // The forecast of the whole is that of its last step.
        let is_last = i + 1 == action.steps.len() && told.progress.is_some();
        let of_whole = || find.iter().find_map(|of| of(None)).filter(|r| r.still_stands(quarter));
        match of_whole().filter(|_| is_last && told.forecast.is_none()) {
            Some(whole) => StepProgress { forecast: whole.forecast, forecast_in: whole.forecast_in, ..told },
            None => told,
        }
    });
    steps.collect()
}
