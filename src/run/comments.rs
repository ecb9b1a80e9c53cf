//! `comments.toml`: what those who answer for ambitions say of them.

use super::quarter::parse_quarter;
use crate::assets::Assets;
use crate::collect::{personal, too_long};
use crate::document::read_list;
use crate::fault::{Fault, Faults};
use crate::framework::{Comment, Framework};
use crate::period::Period;
use crate::return_template::{LONGEST_COMMENT, LONGEST_SPEAKER};
use jiff::civil::Date;

const FILE: &str = "comments.toml";

/// The comments of a quarter on ambitions of the edition, in the order of `comments.toml`. Of one that is said after `today` the
/// `warnings` tell.
pub(super) fn read_comments(
    config: &Assets,
    framework: &Framework,
    (period, today): (Period, Date),
    faults: &mut Faults,
    warnings: &mut Vec<Fault>,
) -> Vec<Comment> {
    let (entries, places) = read_list::<Comment>(config, FILE, "comment", faults);
    let (mut found, mut doubtful) = (Faults::default(), Faults::default());
    let mut comments: Vec<Comment> = Vec::new();
    for (place, comment) in entries.all() {
        if parse_quarter(&comment.quarter).is_err() {
            let problem = format!("{:?} is no quarter", comment.quarter);
            found.push(format!("{place}, quarter"), problem, "write it as in 2026-27-Q2");
        }
        for (key, text, most) in [("words", &comment.words, LONGEST_COMMENT), ("by", &comment.by, LONGEST_SPEAKER)] {
            let at = format!("{place}, {key}");
            if text.trim().is_empty() {
                found.push(&at, "is empty", "write it, or remove the comment");
            }
            if let Some(problem) = too_long(text, most) {
                found.push(&at, problem, "shorten it: rows of the brief have no more room");
            }
            if let Some(what) = personal(text) {
                let problem = format!("seems to hold {what}");
                found.push(&at, problem, "take it out: packs say nothing of persons one by one");
            }
        }
        if comment.on > today {
            let problem = format!("is {}, and today is {today}", comment.on);
            doubtful.push(format!("{place}, on"), problem, "correct the date, unless it is meant");
        }
        // Those of other quarters may be on ambitions of another edition.
        if comment.quarter != period.slug() {
            continue;
        }
        if framework.ambitions.iter().all(|ambition| ambition.id != comment.ambition) {
            let problem = format!("there is no ambition {:?}", comment.ambition);
            found.push(format!("{place}, ambition"), problem, "name it by its id, as the edition's files have it");
        } else if comments.iter().any(|earlier| earlier.ambition == comment.ambition) {
            found.push(
                format!("{place}, ambition"),
                format!("{} has a comment already", comment.ambition),
                "keep one of the two",
            );
        } else {
            comments.push(comment.clone());
        }
    }
    faults.0.extend(places.point_all(found.0));
    warnings.extend(places.point_all(doubtful.0));
    comments
}
