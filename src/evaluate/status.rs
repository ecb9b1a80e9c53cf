//! How an ambition, a measure or a key action stands, and what a reader must know beside that.

use serde::{Deserialize, Serialize};

/// How an ambition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Achieved,
    AchievedLate,
    OnTrack,
    AtRisk,
    OffTrack,
    NotYetDue,
    /// There is no figure to judge.
    #[serde(alias = "no_data")]
    NoFigure,
    /// There is a figure, and the number that it is to be judged by has not been entered.
    NoTargetSet,
    CannotBeJudged,
}

impl Status {
    pub const ALL: [Status; 9] = [
        Status::Achieved,
        Status::AchievedLate,
        Status::OnTrack,
        Status::AtRisk,
        Status::OffTrack,
        Status::NotYetDue,
        Status::NoFigure,
        Status::NoTargetSet,
        Status::CannotBeJudged,
    ];

    /// The word in data: `on_track`.
    pub fn code(self) -> &'static str {
        match self {
            Status::Achieved => "achieved",
            Status::AchievedLate => "achieved_late",
            Status::OnTrack => "on_track",
            Status::AtRisk => "at_risk",
            Status::OffTrack => "off_track",
            Status::NotYetDue => "not_yet_due",
            Status::NoFigure => "no_figure",
            Status::NoTargetSet => "no_target_set",
            Status::CannotBeJudged => "cannot_be_judged",
        }
    }

    /// The status of that [`Status::code`], also as earlier versions wrote it.
    pub fn of_code(code: &str) -> Option<Self> {
        let code = if code == "no_data" { "no_figure" } else { code };
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// True where it says how the thing stands, and not only why nothing can be said.
    pub fn is_judged(self) -> bool {
        match self {
            Status::Achieved | Status::AchievedLate | Status::OnTrack | Status::AtRisk | Status::OffTrack => true,
            Status::NotYetDue | Status::NoFigure | Status::NoTargetSet | Status::CannotBeJudged => false,
        }
    }

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Status::Achieved => "Achieved",
            Status::AchievedLate => "Achieved (late)",
            Status::OnTrack => "On track",
            Status::AtRisk => "At risk",
            Status::OffTrack => "Off track",
            Status::NotYetDue => "Not yet due",
            Status::NoFigure => "No figure",
            Status::NoTargetSet => "No target set",
            Status::CannotBeJudged => "Cannot be judged",
        }
    }
}

/// What a reader must know beside a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The latest figure is older than it should be.
    Stale,
    /// It is so old that nothing is concluded from it about now; said where the status is not [`super::NoFigure::TooOld`].
    TooOld,
    /// May still change before the due date.
    Provisional,
    /// The figure itself is withheld.
    Suppressed,
    /// After the due date: will not change.
    Final,
    /// The measure stands in for the one that the ambition names.
    Proxy,
    /// Judged by the point estimate: it, or the figure it is set against, has no confidence limits, or the two cannot be tested.
    NoLimits,
    /// Judged by areas, the system having no figure: where the median resident lives.
    ByArea,
    /// Met at its date or later, and not in the latest period.
    NotKept,
    /// A standing condition that was met before, and is not now.
    Lapsed,
    /// The publisher gives no limits; they were worked out here.
    LimitsWorkedOut,
    /// Rests on figures made up to show how the pack works.
    Illustrative,
    /// The milestone has no date.
    NoDateSet,
    /// Some of the partners who make up the whole have not returned it.
    Incomplete,
    /// It does not apply to some of the parts that make up the whole, and they are not in the figure.
    WithoutParts,
    /// The measure is no longer collected.
    Retired,
    /// Those who lead it together say different things of it.
    LeadsDisagree,
}

impl Flag {
    /// That the latest figure is older than it should be.
    pub fn is_of_age(self) -> bool {
        matches!(self, Flag::Stale | Flag::TooOld)
    }

    /// The words on pages and in `explain`, beside this status; none, and none in data files, where they speak of a judgement and there is none.
    pub fn in_words(self, status: Status) -> Option<&'static str> {
        let of_judgement = matches!(self, Flag::NoLimits | Flag::ByArea | Flag::Provisional | Flag::Final);
        (status.is_judged() || !of_judgement).then(|| self.words(status))
    }

    /// Those that are said beside this status.
    pub fn said_beside(flags: &[Flag], status: Status) -> Vec<Flag> {
        flags.iter().copied().filter(|flag| flag.in_words(status).is_some()).collect()
    }

    fn words(self, status: Status) -> &'static str {
        match self {
            Flag::Stale if status.is_judged() => "judged on an old figure",
            Flag::Stale => "its last figure is old",
            Flag::TooOld => "its last figure is too old to say how things are now",
            Flag::Provisional => "may still change",
            Flag::Suppressed => "figure withheld to protect people",
            Flag::Final => "final",
            Flag::Proxy => "proxy measure",
            Flag::NoLimits => "judged on the figure alone",
            Flag::ByArea => "by where people live",
            Flag::NotKept => "reached, and not kept",
            Flag::Lapsed => "met before, and lapsed",
            Flag::LimitsWorkedOut => "limits worked out here",
            Flag::Illustrative => "illustrative",
            Flag::NoDateSet => "no date set",
            Flag::Incomplete => "some figures are missing",
            Flag::WithoutParts => "not of all parts",
            Flag::Retired => "retired",
            Flag::LeadsDisagree => "its leads do not agree",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_judgement_has_no_flag_of_one() {
        let of_judgement = [Flag::NoLimits, Flag::ByArea, Flag::Provisional, Flag::Final];
        assert!(of_judgement.iter().all(|flag| flag.in_words(Status::NoFigure).is_none()));
        assert!(of_judgement.iter().all(|flag| flag.in_words(Status::AtRisk).is_some()));
        assert_eq!(Flag::Stale.in_words(Status::NoFigure), Some("its last figure is old"));
        let flags = [Flag::Stale, Flag::NoLimits, Flag::ByArea];
        assert_eq!(Flag::said_beside(&flags, Status::NoFigure), [Flag::Stale]);
        assert_eq!(Flag::said_beside(&flags, Status::AtRisk), flags);
    }
}
