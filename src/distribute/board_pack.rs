//! What the message that carries a board pack says.

use crate::period::Period;
use jiff::civil::Date;
use serde::Serialize;

/// The folder of the message's templates under `report_templates/email/`, and the `pack` of its keys.
pub const NAME: &str = "board_pack";

/// What the templates of `email/board_pack/` may use, less the recipient's name.
#[derive(Debug, Clone, Serialize)]
pub struct BoardPack {
    /// What the pack is called.
    pub title: String,
    /// The partnership's name, or the place's.
    pub system: String,
    pub quarter: Quarter,
    /// The day that the figures are as at, in words.
    pub as_at: String,
    /// The edition of the strategy.
    pub edition: String,
    /// What the board is told first, five at most, the first first.
    pub messages: Vec<String>,
    /// What is asked of the board, a sentence each.
    pub asks: Vec<String>,
    /// How many ambitions have each status, in the order to be shown.
    pub counts: Vec<Count>,
    /// The sum of `counts`.
    pub ambitions: usize,
    /// The quarter of the earlier pack that this one is compared with, in words; empty where there is none.
    pub since: String,
    /// How many ambitions have moved since, and how, those that have not among them: `1 improved, 9 same`.
    pub moved: String,
    /// The key actions that have moved since; none in a pack of one part of the system.
    pub moved_actions: Vec<MovedAction>,
    /// The pack is about one part of the system.
    pub of_part: bool,
    /// What was asked for and did not come, in the whole system, a sentence or name each.
    pub missing: Vec<String>,
    /// True where any figure of the pack is made up.
    pub illustrative: bool,
    /// The name of the pack's file.
    pub attachment: String,
    /// Where the pack is to be found, where it is too large to be attached; empty where it is attached, or nowhere.
    pub elsewhere: String,
    /// The file of a smaller pack that is attached because this one is too large; empty where none is.
    pub in_its_place: String,
    /// The other documents of the quarter that its readers get.
    pub documents: Vec<PackDocument>,
    /// Whom readers may ask; empty where nobody is named.
    pub contact: String,
    /// The day on which the next pack is to be sent, in words; empty where that is not known.
    pub next_pack: String,
    /// 1, or the number of a corrected issue.
    pub issue: u32,
    /// Why an earlier issue is corrected; empty where none is.
    pub corrects: String,
    /// How many figures and statuses it says otherwise than the pack whose place it takes; 0 also where that is not known.
    pub changes: usize,
    /// A preview that is not to be passed on.
    pub draft: bool,
    /// Made while returns are awaited whose last day has not passed.
    pub interim: bool,
    /// How returns stand, in a sentence, where it was made after the day on which all but some were due; else empty.
    pub returns_standing: String,
    /// The final pack, in place of an interim one that was sent.
    pub after_interim: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Quarter {
    /// `July to September 2026`
    pub words: String,
    /// `2026-27-Q2`
    pub id: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Count {
    pub label: String,
    pub count: usize,
}

/// A document of the quarter beside the first.
#[derive(Debug, Clone, Serialize)]
pub struct PackDocument {
    pub title: String,
    /// What it is about, in a few words.
    pub about: String,
    /// The name of its file.
    pub file: String,
    /// False where the message has no room for it.
    pub attached: bool,
    /// Where it is to be found, where it is not attached; empty where that is not known.
    pub elsewhere: String,
}

/// A key action whose status is another than in the earlier pack.
#[derive(Debug, Clone, Serialize)]
pub struct MovedAction {
    pub title: String,
    /// The names of those who lead it.
    pub lead: String,
    /// `was on track, now off track`
    pub how: String,
}

impl BoardPack {
    /// A message about the pack of `period`, with nothing counted and nothing missing yet.
    pub fn new(system: &str, period: Period, as_at: Date, edition: &str) -> Self {
        Self {
            title: "Outcomes framework board pack".to_owned(),
            system: system.to_owned(),
            quarter: Quarter { words: period.in_words(), id: period.slug() },
            as_at: as_at.strftime("%-d %B %Y").to_string(),
            edition: edition.to_owned(),
            messages: Vec::new(),
            asks: Vec::new(),
            counts: Vec::new(),
            ambitions: 0,
            since: String::new(),
            moved: String::new(),
            moved_actions: Vec::new(),
            of_part: false,
            missing: Vec::new(),
            illustrative: false,
            attachment: format!("board-pack-{}.pdf", period.slug()),
            elsewhere: String::new(),
            in_its_place: String::new(),
            documents: Vec::new(),
            contact: String::new(),
            next_pack: String::new(),
            issue: 1,
            corrects: String::new(),
            changes: 0,
            draft: false,
            interim: false,
            returns_standing: String::new(),
            after_interim: false,
        }
    }

    /// Adds the ambitions of one status.
    pub fn count(&mut self, label: &str, count: usize) {
        self.ambitions += count;
        self.counts.push(Count { label: label.to_owned(), count });
    }
}
