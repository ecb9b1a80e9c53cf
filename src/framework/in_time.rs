//! An edition, its partners and its areas as they stand on one day: what has ended or not begun is left out, so that whoever
//! asks, judges or writes needs to know no dates.

use super::{
    AreaTarget, Aspiration, EarlierTarget, Framework, Measure, MeasureSource, PartInTime, Partner, PartsAre, Redefinition,
    Retirement, Target,
};
use crate::area::{AreaCode, AreaKind, Areas};
use crate::period::{Period, lies_within};
use jiff::civil::Date;

/// The partners as they stand on `date`: one that has ended or has not begun is not asked, and still known by its name.
pub fn partners_on(partners: Vec<Partner>, date: Date) -> Vec<Partner> {
    let on = |partner: Partner| Partner { asked: partner.asked && partner.is_on(date), ..partner };
    partners.into_iter().map(on).collect()
}

/// The areas, where partners say whose past is theirs: the area of one goes on from those of the partners that it continues,
/// as if the file of the areas said so. What that file says itself stands.
pub fn areas_with_successions(mut areas: Areas, partners: &[Partner]) -> Areas {
    for partner in partners.iter().filter(|partner| !partner.continues.is_empty()) {
        // Of a partner with several areas nobody knows which goes on from which.
        let ([own], Some(from)) = (partner.areas.as_slice(), partner.from) else { continue };
        let before = partner.continues.iter().filter_map(|id| partners.iter().find(|other| other.id == *id));
        let before = before.map(|other| if let [area] = other.areas.as_slice() { Some(area.clone()) } else { None });
        let Some(before) = before.collect::<Option<Vec<AreaCode>>>() else { continue };
        if !before.contains(own) {
            areas.go_on(own, before, from);
        }
    }
    areas
}

impl Partner {
    /// Whether it is a partner on `date`.
    pub fn is_on(&self, date: Date) -> bool {
        lies_within(date, self.from, self.until)
    }

    /// Why it is not asked on `date`, in words: `ended on 31 March 2026 and was replaced by x`.
    pub fn why_not_asked(&self, date: Date) -> String {
        let in_full = super::words::in_full;
        match (self.from, self.until) {
            (Some(from), _) if date < from => format!("it is a partner from {} (from in partners.toml)", in_full(from)),
            (_, Some(until)) if until < date => {
                let by = self.replaced_by.as_ref().map_or(String::new(), |by| format!(", replaced by {by}"));
                format!("it was a partner until {}{by} (until in partners.toml)", in_full(until))
            }
            _ => "partners.toml says asked = false".to_owned(),
        }
    }
}

impl Framework {
    /// The edition as it stands on `date`: the targets that hold then, each under the document that set it; measures with the
    /// parts that they have then, and retired only where they are by then; actions led by those who stand then for the partners
    /// that the text names. `partners` are all that there are, at any time.
    pub fn in_force_on(mut self, date: Date, areas: &Areas, partners: &[Partner]) -> Self {
        for aspiration in self.ambitions.iter_mut().flat_map(|ambition| &mut ambition.measures) {
            let (target, document) = aspiration.target_on(date);
            (aspiration.target, aspiration.document) = (target.clone(), document.to_owned());
            // Of a target that held before nothing on the way is known.
            aspiration.interim.retain(|_| aspiration.earlier.iter().all(|earlier| earlier.until < date));
            for of_area in &mut aspiration.area_targets {
                let (target, document) = standing_on(&of_area.target, &of_area.document, &of_area.earlier, date);
                (of_area.target, of_area.document) = (target.clone(), document.to_owned());
            }
            aspiration.area_targets.retain(|of_area| areas.is_on(&of_area.area, date));
        }
        for action in &mut self.actions {
            let mut leads: Vec<String> = Vec::new();
            for lead in action.leads().map(|lead| standing_for(lead, date, partners)) {
                if !leads.iter().any(|known| known == lead) {
                    leads.push(lead.to_owned());
                }
            }
            action.co_leads = leads.split_off(1);
            action.lead = leads.remove(0);
        }
        for measure in &mut self.measures {
            measure.retired = measure.retired.take().filter(|retired| retired.from <= date);
            measure.keep_parts_of(date, areas, partners);
        }
        self
    }
}

/// The partner that stands for one on `date`: itself, or where it has ended the one that it became, as far as that is said.
fn standing_for<'a>(id: &'a str, date: Date, partners: &'a [Partner]) -> &'a str {
    let mut stands = id;
    // The days of each are after those of the one before; a file in which they are not ends here.
    for _ in 0..partners.len() {
        let ended = partners.iter().find(|p| p.id == stands).filter(|p| p.until.is_some_and(|until| until < date));
        match ended.and_then(|ended| ended.replaced_by.as_deref()) {
            Some(next) => stands = next,
            None => break,
        }
    }
    stands
}

fn standing_on<'a>(target: &'a Target, document: &'a str, earlier: &'a [EarlierTarget], date: Date) -> (&'a Target, &'a str) {
    let earlier = earlier.iter().find(|earlier| date <= earlier.until);
    earlier.map_or((target, document), |earlier| (&earlier.target, &earlier.document))
}

impl Aspiration {
    /// The target that holds on `date`, with the document that set it (empty for the strategy itself).
    pub fn target_on(&self, date: Date) -> (&Target, &str) {
        standing_on(&self.target, &self.document, &self.earlier, date)
    }

    /// What an area with a target of its own aims at; none where the system's holds there too.
    pub fn in_area(&self, area: &AreaCode) -> Option<Aspiration> {
        let AreaTarget { target, document, earlier, .. } = self.area_targets.iter().find(|own| own.area == *area)?.clone();
        Some(Aspiration { target, document, earlier, interim: Vec::new(), area_targets: Vec::new(), ..self.clone() })
    }
}

impl Measure {
    /// Why a partner of a kind that is asked for it may not give it for a period; none where it may, which is also for a period
    /// within its days that are over, and for one that began before the measure was retired. `date` is the day on which the
    /// partner stands as it does.
    pub fn why_not_given(&self, partner: &Partner, period: Period, date: Date) -> Option<String> {
        let retired = self.retired.as_ref().filter(|retired| retired.from <= period.start()).map(Retirement::in_words);
        if retired.is_some() {
            return retired;
        }
        let was_one = partner.until.is_some_and(|until| until < date) && partner.is_on(period.end());
        (!partner.asked && !was_one).then(|| partner.why_not_asked(date))
    }

    /// Whether it is asked, at any time, of partners of such a kind.
    pub fn is_of_kind(&self, partner: &Partner) -> bool {
        let MeasureSource::Return { partners: kinds, .. } = &self.source else { return false };
        partner.kinds.iter().any(|kind| kinds.contains(kind))
    }

    /// The redefinition that parts two periods, the later of which is by another definition; the last where there are several.
    pub fn redefined_between(&self, earlier: Period, later: Period) -> Option<&Redefinition> {
        let parts = |r: &&Redefinition| self.period(&r.from).is_ok_and(|from| earlier < from && from <= later);
        self.redefinitions.iter().rev().find(parts)
    }

    /// The name of what a figure of the measure is about: an organisation's own, never that of the place whose code it has.
    pub fn name_of<'a>(&self, area: &'a AreaCode, areas: &'a Areas) -> &'a str {
        let is_whole = matches!(areas.get(area).map(|of| of.kind), Some(AreaKind::Country | AreaKind::Region | AreaKind::System));
        if self.parts_are == PartsAre::Organisations && !is_whole { areas.body_name(area) } else { areas.name(area) }
    }

    /// Leaves out of the parts those that are none on `date`: areas outside their time, and organisations whose partner is
    /// not asked then.
    fn keep_parts_of(&mut self, date: Date, areas: &Areas, partners: &[Partner]) {
        let mut in_time: Vec<PartInTime> = self.parts.iter().map(|part| self.part_in_time(part, areas, partners)).collect();
        // What goes on as the past of a part was one in its place.
        let past = self.parts.iter().filter_map(|part| areas.past_of(part)).flat_map(|(before, _)| before);
        for before in past {
            if in_time.iter().all(|known| known.area != *before) {
                in_time.push(self.part_in_time(before, areas, partners));
            }
        }
        self.parts = in_time.iter().filter(|part| part.is_on(date)).map(|part| part.area.clone()).collect();
        if in_time.len() != self.parts.len() || in_time.iter().any(|part| part.from.is_some()) {
            self.parts_in_time = in_time.into_iter().filter(|part| part.from.is_none_or(|from| from <= date)).collect();
        }
        if let MeasureSource::Return { areas: given_for, .. } = &mut self.source {
            given_for.retain(|area| areas.is_on(area, date));
        }
    }

    /// By the area's own days and, where only one partner returns for it, by that partner's.
    fn part_in_time(&self, part: &AreaCode, areas: &Areas, partners: &[Partner]) -> PartInTime {
        let (from, until) = areas.get(part).map_or((None, None), |area| (area.from, area.until));
        let kinds: &[String] = if let MeasureSource::Return { partners, .. } = &self.source { partners } else { &[] };
        let returns = |p: &&Partner| p.asked && p.areas.contains(part) && p.kinds.iter().any(|kind| kinds.contains(kind));
        let returning: Vec<&Partner> = partners.iter().filter(returns).collect();
        let first = returning.iter().map(|p| p.from).min().flatten();
        let last = returning.iter().map(|p| p.until.unwrap_or(Date::MAX)).max().filter(|last| *last < Date::MAX);
        PartInTime { area: part.clone(), from: from.max(first), until: [until, last].into_iter().flatten().min() }
    }

    /// Leaves out of the parts of a returned measure those whose partners are never asked.
    pub(super) fn keep_parts_that_are_asked(&mut self, partners: &[Partner]) {
        let MeasureSource::Return { partners: kinds, .. } = &self.source else { return };
        let of = |part: &AreaCode, asked: bool| {
            let is_one = |p: &Partner| p.asked == asked && p.areas.contains(part) && p.kinds.iter().any(|k| kinds.contains(k));
            partners.iter().any(is_one)
        };
        self.parts.retain(|part| of(part, true) || !of(part, false));
    }
}

impl Retirement {
    /// `retired from 1 April 2026 (why); its place is taken by a and b`.
    pub fn in_words(&self) -> String {
        let successors: Vec<&str> = self.successors.iter().map(|id| id.0.as_str()).collect();
        let followed =
            if successors.is_empty() { String::new() } else { format!("; it is replaced by {}", successors.join(" and ")) };
        format!("retired from {} ({}){followed}", super::words::in_full(self.from), self.reason.trim().trim_end_matches('.'))
    }
}
