//! What a partner sent, laid over what it gave before: each version with its receipt.

use super::known::PriorReturns;
use super::owed::{AskedItem, OwedItem};
use super::received::Returns;
use super::returned_figure::number_given;
use super::submission::{Submission, order_of_version};
use super::together::{LastGiven, Look};
use super::version::{Contents, ReturnVersion};
use super::versions::StandingFigures;
use crate::collect::{Finding, ReturnOutcome, ReturnReceipt, RunScope};
use crate::fault::Fault;

/// What is laid over what a partner gave before.
enum Layer<'a> {
    /// The next of the looks that saw the versions first which were read in this one.
    Look,
    /// What a version of another quarter gave when it was accepted.
    Known(&'a ReturnVersion, &'a Contents),
}

impl Returns {
    /// Takes in the versions of one partner that were read, in the order in which they came, among those that are known.
    pub(super) fn add(
        &mut self,
        partner: &str,
        read: &[Submission<'_>],
        asked: &[AskedItem<'_>],
        known: &PriorReturns,
        wanted: &RunScope<'_>,
    ) {
        let looks = || read.chunk_by(Submission::came_with);
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
        let mut stood = StandingFigures::new(wanted.period);
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
        (gave_before, owed): (bool, &[OwedItem]),
        wanted: &RunScope<'_>,
    ) {
        let Look { versions, together } = &looks[number];
        // One that says that there is nothing to report takes the place of no figure.
        let superseded_by = |one: &Submission<'_>| {
            let replaces = |later: &&Submission<'_>| later.is_filled_in() || !one.is_filled_in();
            looks[number + 1..].iter().find_map(|later| Some(later.in_use().find(replaces)?.file.clone()))
        };
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
            findings.extend(found.map(|f| Finding { mended: last_given.has_mended(&f, one, number, wanted), ..f }));
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
                figures: number_given(&together.used_of(one)),
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
                superseded_by: superseded_by(one).filter(|_| is_accepted),
                ..ReturnReceipt::new(partner, outcome).owing(owed)
            });
        }
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
