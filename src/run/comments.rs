//! `comments.toml`: what those who answer for ambitions say of them.

use super::quarter::parse_quarter;
use crate::assets::Assets;
use crate::collect::personal;
use crate::document::read_list;
use crate::fault::Faults;
use crate::framework::{Comment, Framework};
use crate::period::Period;
use crate::return_template::LONGEST_COMMENT;

const FILE: &str = "comments.toml";

/// The comments of a quarter on ambitions of the edition, in the order of `comments.toml`.
pub(super) fn read_comments(config: &Assets, framework: &Framework, period: Period, faults: &mut Faults) -> Vec<Comment> {
    let (entries, places) = read_list::<Comment>(config, FILE, "comment", faults);
    let mut found = Faults::default();
    let mut comments: Vec<Comment> = Vec::new();
    for (place, comment) in entries.all() {
        if parse_quarter(&comment.quarter).is_err() {
            let problem = format!("{:?} is no quarter", comment.quarter);
            found.push(format!("{place}, quarter"), problem, "write it as in 2026-27-Q2");
        }
        for (key, words) in [("words", &comment.words), ("by", &comment.by)] {
            if words.trim().is_empty() {
                found.push(format!("{place}, {key}"), "is empty", "write it, or remove the comment");
            }
        }
        if comment.words.chars().count() > LONGEST_COMMENT as usize {
            let problem = format!("has {} characters, and {LONGEST_COMMENT} is the most", comment.words.chars().count());
            found.push(format!("{place}, words"), problem, "shorten it: rows of the brief have no more room");
        }
        if let Some(what) = personal(&comment.words) {
            let problem = format!("seems to hold {what}");
            found.push(format!("{place}, words"), problem, "take it out: packs say nothing of persons one by one");
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
    comments
}
