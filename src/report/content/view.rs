//! Everything that a template may name.

use super::ambition::{AmbitionView, edition_standing, edition_warning};
use super::annex::{self, ChangeView, RevisionView};
use super::board::{self, Lists, MatterView, MovedActionView, MovementView};
use super::brief::{BriefSource, BriefView};
use super::corrections::{CorrectionView, corrections};
use super::figures;
use super::group::{ActionView, AimView, CardView, CountView, GroupView, by_aim, cards, counts};
use super::groups::groups;
use super::ids::Names;
use super::inputs::{self, FaultView, IndicatorView, ReturnView};
use super::measure::{Control, MeasureView};
use super::place_actions::place_actions;
use super::plain::{self, PlainView};
use super::rug::RugView;
use super::voices::VoicesView;
use crate::evaluate::{MatterSubject, PackCorrection, Status, board_messages, rollup};
use crate::framework::StatusRules;
use crate::report::PackInputs;
use serde::Serialize;
use std::collections::BTreeSet;

/// Everything that a template may name.
#[derive(Debug, Serialize)]
pub struct View {
    pub pack: PackView,
    /// The ambitions above all priorities, then each priority, in the order of the edition.
    pub overarching: GroupView,
    pub aims: Vec<AimView>,
    /// What the board reads first.
    pub brief: BriefView,
    /// What the board is alerted to, advised of and assured of.
    pub alert: Vec<MatterView>,
    pub advise: Vec<MatterView>,
    pub assure: Vec<MatterView>,
    /// Ambitions that stand otherwise than in the last pack; none also where there is no earlier pack.
    pub movements: Vec<MovementView>,
    /// The same of key actions.
    pub moved_actions: Vec<MovedActionView>,
    /// What did not come, in sentences.
    pub missing: Vec<String>,
    /// Ambitions by how they stand, in the order of the edition.
    pub off_track: Vec<AmbitionView>,
    pub at_risk: Vec<AmbitionView>,
    pub no_figure: Vec<AmbitionView>,
    pub no_target_set: Vec<AmbitionView>,
    pub cannot_be_judged: Vec<AmbitionView>,
    pub returns: Vec<ReturnView>,
    pub indicators: Vec<IndicatorView>,
    /// What was found in single figures of public sources.
    pub source_faults: Vec<FaultView>,
    /// Licences of what was received from public sources, each once.
    pub licences: Vec<String>,
    pub revisions: Vec<RevisionView>,
    pub changes: Vec<ChangeView>,
    /// What this issue says otherwise than the one that it corrects, or than the interim pack that it follows.
    pub corrections: Vec<CorrectionView>,
    /// Titles of measures that have no figure for the area that the pack is about, and are in no list.
    pub without: Vec<String>,
    /// What the public reads, in plain words.
    pub plain: Vec<PlainView>,
    /// What people say is and is not working for them.
    pub voices: VoicesView,
    /// Key actions under priorities in which something is amiss for the area that the pack is about.
    #[serde(skip)]
    pub place_actions: Vec<ActionView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PackView {
    pub kind: &'static str,
    pub title: String,
    /// That of the file: no other of a run has it.
    #[serde(skip)]
    pub document_title: String,
    /// What stands at the head of its pages: the title, and the part of the system that it is about.
    #[serde(skip)]
    pub running_title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The area that it is about.
    pub system: String,
    pub comparator: String,
    /// `July to September 2026`.
    pub quarter: String,
    /// `2026-27-Q2`.
    pub quarter_code: String,
    pub as_at: String,
    /// The last day on which a return was in time.
    pub returns_due: String,
    /// That day is over.
    pub returns_are_past_due: bool,
    /// In an interim pack made after that day: who has longer, until when, without a full stop; else empty.
    pub returns_extended: String,
    /// The same in a sentence, with the day and with who is late.
    pub returns_standing: String,
    pub edition: String,
    /// Whether its text is a draft, agreed or superseded, by whom and when, in a sentence or two.
    pub edition_standing: String,
    /// A warning where it is a draft or has been superseded; else empty.
    pub edition_warning: String,
    /// What the edition says it goes by; may be none.
    pub principles: Vec<String>,
    /// The id of the edition that `changes` are counted from; empty where there is none.
    pub edition_before: String,
    pub vision: String,
    /// Not approved yet.
    pub draft: bool,
    /// What the pack is called to which its titles lead; empty where they lead to none.
    pub evidence: String,
    /// Made while a return is awaited whose last day has not passed: that of all, or the later one of a partner.
    pub interim: bool,
    /// 1, or the number of a corrected issue.
    pub issue: u32,
    /// Why an earlier issue is corrected; empty where none is.
    pub corrects: String,
    /// It takes the place of an interim pack that was sent.
    pub after_interim: bool,
    /// That what the pack before it said is kept, so that `corrections` are all there are.
    pub corrections_are_known: bool,
    pub rules_are_proposed: bool,
    pub illustrative: bool,
    /// It is about a part of the system.
    #[serde(skip)]
    pub is_of_part: bool,
    /// The quarter of the last pack; empty where there is none.
    pub since: String,
    pub ambitions: usize,
    /// How many of them have a comment of whoever answers for them.
    pub commented: usize,
    /// How many of them have no lead that is named.
    pub without_lead: usize,
    pub measures: usize,
    pub actions: usize,
    /// How many changes were tested, and how many of them chance alone would call; empty where none was.
    pub tests: String,
    /// The same of the list of all changes that are significant at 95%.
    pub tests_at_95: String,
    /// Said where no ambition is in `assure`: that none is achieved, or that those which are have something against them.
    pub without_assurance: String,
    /// Measures with a control chart.
    pub control_charts: usize,
    /// Measures with figures of organisations; none in the pack of a part of the system.
    pub by_organisation: usize,
    /// Ambitions by status, every status once.
    pub counts: Vec<CountView>,
    pub action_counts: Vec<CountView>,
    /// The same counts of ambitions in fewer groups, for cards.
    pub cards: Vec<CardView>,
}

/// A title with what it is about: a colon between them, unless the title ends its sentence itself.
fn titled(title: &str, about: &str) -> String {
    let colon = if title.ends_with(['?', '!', '.', ':']) { "" } else { ":" };
    format!("{title}{colon} {about}")
}

/// What packs are called.
#[derive(Debug, Clone, Copy)]
pub struct Titles<'a> {
    pub own: &'a str,
    /// Said in the document's title, after the pack's, where another pack has the same; else empty.
    pub told_apart: &'a str,
    /// That of the pack to which its titles lead; empty where there is none.
    pub evidence: &'a str,
}

impl View {
    pub fn new(pack: &PackInputs<'_>, titles: Titles<'_>, publisher: &str) -> Self {
        let Titles { own: title, told_apart, evidence } = titles;
        let names = Names::of(pack.whole);
        let (overarching, aims) = groups(pack, &names);
        let groups: Vec<&GroupView> = std::iter::once(&overarching).chain(aims.iter().flat_map(|aim| &aim.priorities)).collect();
        let measures: Vec<&MeasureView> = groups.iter().flat_map(|group| &group.measures).collect();
        // One that is shown under several priorities counts once, with the first.
        let mut seen = BTreeSet::new();
        let all_actions = groups.iter().flat_map(|group| group.actions.iter().map(|action| (group.key, action)));
        let actions: Vec<(usize, &ActionView)> = all_actions.filter(|(_, action)| seen.insert(action.id.as_str())).collect();
        let ambitions: Vec<&AmbitionView> = groups.iter().flat_map(|group| &group.ambitions).collect();
        let with = |status: Status| ambitions.iter().filter(|a| a.of == status).map(|a| (*a).clone()).collect();
        let rollup = rollup(pack.framework, pack.evaluation);
        let edition = &pack.framework.edition;
        let past_deadline = inputs::past_deadline(pack);
        let pack_view = PackView {
            kind: "pack",
            title: title.to_owned(),
            document_title: titled(
                &format!("{title}{told_apart}"),
                &format!("{}, {}", pack.areas.name_apart(&edition.system), pack.evaluation.period.in_words()),
            ),
            running_title: if pack.is_of_part() { titled(title, pack.areas.name(&edition.system)) } else { title.to_owned() },
            publisher: publisher.to_owned(),
            system: pack.areas.name(&edition.system).to_owned(),
            comparator: pack.areas.name(&edition.comparator).to_owned(),
            quarter: pack.evaluation.period.in_words(),
            quarter_code: pack.evaluation.period.slug(),
            as_at: figures::date(pack.evaluation.as_at),
            returns_due: figures::date(pack.returns_due),
            returns_are_past_due: pack.evaluation.as_at > pack.returns_due,
            returns_extended: past_deadline.as_ref().map_or(String::new(), |past| past.extended.clone()),
            returns_standing: past_deadline.map_or(String::new(), |past| past.in_words(pack.returns_due)),
            edition: edition.title.clone(),
            edition_standing: edition_standing(pack),
            edition_warning: edition_warning(pack),
            principles: edition.principles.clone(),
            edition_before: pack.changes.map_or(String::new(), |changes| changes.from.clone()),
            vision: edition.vision.clone(),
            draft: pack.draft,
            evidence: evidence.to_owned(),
            interim: pack.evaluation.interim,
            issue: pack.correction.map_or(1, |correction| correction.issue),
            corrects: pack.correction.map_or(String::new(), |correction| correction.reason.clone()),
            after_interim: pack.correction.is_some_and(PackCorrection::is_of_interim),
            corrections_are_known: pack.correction.is_some_and(|correction| correction.changes.is_some()),
            rules_are_proposed: edition.status_rules == StatusRules::Proposed,
            illustrative: groups.iter().any(|group| group.illustrative),
            is_of_part: pack.is_of_part(),
            since: pack.evaluation.movements.as_ref().map_or(String::new(), |m| m.since.in_words()),
            ambitions: ambitions.len(),
            commented: ambitions.iter().filter(|ambition| !ambition.comments.is_empty()).count(),
            without_lead: ambitions.iter().filter(|ambition| ambition.lead.is_empty()).count(),
            measures: measures.len(),
            tests: board::tests(rollup.tests, pack.areas.name(&edition.system)),
            tests_at_95: board::tests_at_95(rollup.tests, pack.areas.name(&edition.system)),
            without_assurance: board::without_assurance(&ambitions),
            actions: actions.len(),
            control_charts: measures.iter().filter(|m| matches!(m.control, Control::Chart { .. })).count(),
            by_organisation: measures.iter().filter(|m| m.organisations.is_some()).count(),
            cards: cards(&counts(ambitions.iter().map(|a| a.of))),
            counts: counts(ambitions.iter().map(|a| a.of)),
            action_counts: counts(actions.iter().map(|(_, a)| a.of)),
        };
        let lists = Lists::new(&rollup, &ambitions, &measures, &actions);
        let (returns, indicators) = (inputs::returns(pack, &names), inputs::indicators(pack, &names));
        let messages = board_messages(pack.framework, pack.areas, pack.evaluation, &rollup);
        let source = BriefSource {
            messages: &messages,
            alerted: rollup.alert.iter().filter(|matter| matches!(matter.subject, MatterSubject::Ambition(_))).count(),
            ambitions: &ambitions,
            measures: &measures,
            actions: &actions,
            returns: &returns,
        };
        View {
            brief: BriefView::new(&source, RugView::new(pack, &by_aim(&overarching, &aims))),
            pack: pack_view,
            alert: lists.alert,
            advise: lists.advise,
            assure: lists.assure,
            movements: board::movements(pack, &ambitions),
            moved_actions: board::moved_actions(pack, &actions),
            missing: board::missing(pack, &indicators, &ambitions),
            off_track: with(Status::OffTrack),
            at_risk: with(Status::AtRisk),
            no_figure: with(Status::NoFigure),
            no_target_set: with(Status::NoTargetSet),
            cannot_be_judged: with(Status::CannotBeJudged),
            returns,
            indicators,
            source_faults: inputs::source_faults(pack, &names),
            licences: inputs::licences(pack),
            revisions: annex::revisions(pack),
            changes: annex::changes(pack),
            corrections: corrections(pack),
            plain: plain::told(groups.iter().map(|group| {
                group.measures.iter().filter_map(|measure| Some((measure.stale, measure.plain.as_ref()?))).collect()
            })),
            voices: VoicesView::new(pack),
            place_actions: place_actions(pack, groups.iter().copied()),
            without: pack.without.iter().map(|id| pack.title_of(id)).collect(),
            overarching,
            aims,
        }
    }

    /// All measures by aim, each list with its heading.
    pub fn by_aim(&self) -> Vec<(String, Vec<&MeasureView>)> {
        by_aim(&self.overarching, &self.aims)
    }

    /// The overarching ambitions and every priority, in order.
    pub fn groups(&self) -> impl Iterator<Item = &GroupView> {
        std::iter::once(&self.overarching).chain(self.aims.iter().flat_map(|aim| &aim.priorities))
    }

    pub fn ambitions(&self) -> impl Iterator<Item = &AmbitionView> {
        self.groups().flat_map(|group| &group.ambitions)
    }

    pub fn measures(&self) -> impl Iterator<Item = &MeasureView> {
        self.groups().flat_map(|group| &group.measures)
    }
}
