//! The comments on ambitions that packs leave out.

use crate::collect::{Finding, Grade, ReturnReceipt};
use crate::fault::Fault;
use crate::report::{comments_on, is_beside_withheld};
use crate::run::loaded_config::LoadedConfig;
use crate::run::packs::Published;

/// Those of `comments.toml` and of returns that stand beside a figure that is withheld, then those that could not be taken from a
/// return, of which `receipts` are. It says which and why, and nothing of what they say.
pub(super) fn comments_left_out(config: &LoadedConfig, published: &Published, receipts: &[ReturnReceipt]) -> Vec<Finding> {
    let ambitions = config.framework.ambitions.iter();
    let withheld = ambitions.filter(|ambition| is_beside_withheld(ambition, &published.evaluation)).flat_map(|ambition| {
        comments_on(ambition, &config.comments, &published.comments).map(|given| {
            let problem = format!(
                "the comment on {} is not shown, for it could give away a figure of that ambition that is withheld",
                ambition.id
            );
            Finding::new(Grade::Note, Fault::new(given.place(), problem, ""))
        })
    });
    let not_taken = receipts.iter().flat_map(|receipt| {
        let is_used = |ambition: &String| {
            published.comments.iter().any(|comment| comment.partner == receipt.partner && comment.ambition == *ambition)
        };
        let is_lost =
            move |finding: &&Finding| !finding.mended && finding.of_comment.as_ref().is_some_and(|ambition| !is_used(ambition));
        receipt.findings.iter().filter(is_lost)
    });
    withheld.chain(not_taken.cloned()).collect()
}
