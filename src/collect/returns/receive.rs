//! What a partner sent, laid over what it gave before: each version with its receipt.

use super::checks::{Against, PastFigures};
use super::known::PriorReturns;
use super::owed::AskedItem;
use super::received::Returns;
use super::returned_figure::number_given;
use super::subject::ReturnedItem;
use super::submission::{Submission, order_of_version};
use super::together::{LastGiven, LookVersions};
use super::version::{ReturnVersion, VersionContents};
use super::versions::StandingFigures;
use crate::area::Areas;
use crate::collect::{Finding, ReturnOutcome, ReturnReceipt, RunScope};
use crate::fault::Fault;
use crate::figure::{FigureKey, Observation};
use std::collections::{BTreeMap, BTreeSet};

/// What is laid over what a partner gave before.
enum Layer<'a> {
    /// The next of the looks that saw the versions first which were read in this one.
    Look,
    /// What a version of another quarter gave when it was accepted.
    Known(&'a ReturnVersion, &'a VersionContents),
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
        areas: &Areas,
    ) {
        let (first, first_earlier) = (self.receipts.len(), self.earlier.len());
        let looks = || read.chunk_by(Submission::came_with);
        let is_read = |place: usize| read.iter().any(|sent| sent.known == Some(place));
        let before = known.accepted(|version| version.partner == partner && version.arrived <= wanted.as_at);
        let before = before.filter(|(place, ..)| !is_read(*place));
        let before = before.map(|(place, version, contents)| (order_of_version(place), Layer::Known(version, contents)));
        let places = looks().map(|versions| (versions[0].order(), Layer::Look));
        let mut layers: Vec<(usize, Layer<'_>)> = before.chain(places).collect();
        layers.sort_by_key(|(place, _)| *place);

        let mut ordered = looks().map(|versions| LookVersions::of(partner, versions));
        let at_looks = (0..).zip(&layers).filter(|(_, (_, layer))| matches!(layer, Layer::Look));
        let mut looks: Vec<(usize, LookVersions<'_>)> = at_looks.filter_map(|(at, _)| Some((at, ordered.next()?))).collect();
        let known_layers = (0..).zip(&layers).filter_map(|(at, (_, layer))| match layer {
            Layer::Known(_, contents) => Some((at, *contents)),
            Layer::Look => None,
        });
        let last_given = LastGiven::by(known_layers, &looks);
        for (at, look) in &mut looks {
            last_given.mark_settled_later(&mut look.together.differing, *at);
        }
        let mut standing = StandingFigures::new(wanted.period);
        let mut numbers = 0..looks.len();
        for (_, layer) in layers {
            if let Layer::Known(version, contents) = layer {
                standing.remember(contents, wanted);
                self.earlier.extend(questioned(version, contents));
            } else if let Some(number) = numbers.next() {
                let together = &looks[number].1.together;
                let gave_before = standing.gives();
                standing.lay_over(&together.figures, &together.reports, &together.comments);
                self.add_look(partner, &looks, number, &last_given, gave_before, (wanted, areas));
            }
        }
        if let Some(partner) = wanted.partners.iter().find(|one| one.id == partner) {
            let past = PastFigures::new(known.figures.get(&partner.id));
            let stands = past.corrected_by(standing.in_use());
            let past = past.standing(&stands);
            let (framework, period, expected) = (wanted.framework, wanted.period, known.expected);
            let against = Against { framework, partner, areas, period, past, is_known: true, progress: None, expected };
            let figures: BTreeMap<FigureKey, &Observation> = standing.in_use().map(|of| (FigureKey::of(of), of)).collect();
            for receipt in self.receipts[first..].iter_mut().chain(&mut self.earlier[first_earlier..]) {
                against.ask_again(&mut receipt.findings, &figures);
                if let Some(contents) = receipt.sha256.as_ref().and_then(|sha256| self.contents.get_mut(sha256)) {
                    against.ask_again(&mut contents.questions, &figures);
                }
            }
        }
        let owed = standing.owed(asked);
        if read.is_empty() && !asked.is_empty() {
            self.receipts.push(ReturnReceipt::new(partner, ReturnOutcome::NotReceived));
        }
        for receipt in &mut self.receipts[first..] {
            receipt.owe(&owed);
            receipt.due = known.extended.get(partner).copied();
        }
        self.differing.extend(looks.into_iter().flat_map(|(_, look)| look.together.differing));
        self.observations.extend(standing.figures());
        self.action_reports.extend(standing.action_reports());
        self.comments.extend(standing.comments.into_values());
        self.replaced.extend(standing.replaced);
    }

    /// The versions that came together, each with its receipt.
    fn add_look(
        &mut self,
        partner: &str,
        looks: &[(usize, LookVersions<'_>)],
        number: usize,
        last_given: &LastGiven,
        gave_before: bool,
        (wanted, areas): (&RunScope<'_>, &Areas),
    ) {
        let (layer, LookVersions { versions, together }) = &looks[number];
        // One that says that there is nothing to report takes the place of no figure.
        let superseded_by = |one: &Submission<'_>| {
            let own: BTreeSet<ReturnedItem> = one.subjects().collect();
            let replaces = |later: &&Submission<'_>| !one.is_filled_in() || later.subjects().any(|of| own.contains(&of));
            looks[number + 1..].iter().find_map(|(_, later)| Some(later.in_use().find(replaces)?.file.clone()))
        };
        let others_stand = looks.iter().any(|(_, look)| look.in_use().next().is_some());
        for one in *versions {
            let differing = together.differing.iter();
            let mut findings: Vec<Finding> =
                differing.filter_map(|differing| differing.finding(one.sha256.as_deref()?, wanted, areas)).collect();
            let unsettled = findings.iter().filter(|finding| !finding.mended).count();
            // Nobody is asked for another in the place of what was withdrawn while one is in use.
            let nothing_to_do = one.withdrawn.is_some() && others_stand;
            let refusal = one.refusal.clone().map(|fault| match nothing_to_do {
                true => Fault { remedy: String::new(), ..fault },
                false => fault,
            });
            let found = refusal.map(Finding::from).into_iter();
            let found = found.chain(one.findings.iter().cloned());
            findings.extend(found.map(|f| Finding { mended: last_given.has_mended(&f, one, *layer, wanted), ..f }));
            let doubt = one.doubt_of_nil(gave_before);
            findings.extend(doubt.map(|f| Finding { mended: last_given.has_answered_nil(*layer), ..f }));
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
                ..ReturnReceipt::new(partner, outcome)
            });
        }
    }
}

/// The receipt of a version of another quarter with what was asked about its figures; none where nothing was.
fn questioned(version: &ReturnVersion, contents: &VersionContents) -> Option<ReturnReceipt> {
    (!contents.questions.is_empty()).then(|| ReturnReceipt {
        file: Some(version.file.clone()),
        sha256: Some(version.sha256.clone()),
        arrived: Some(version.arrived),
        findings: contents.questions.clone(),
        ..ReturnReceipt::new(&version.partner, ReturnOutcome::Accepted)
    })
}
