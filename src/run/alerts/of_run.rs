//! What is told of a run of the pack.

use super::OperatorAlerts;
use crate::collect::Finding;
use crate::counted::counted;
use crate::distribute::alert::Alert;
use crate::distribute::{Attachment, DeliveryResult, transport};
use crate::evaluate::NO_EARLIER_QUARTER;
use crate::run::error::RunError;
use crate::run::job::Met;
use crate::run::message_kinds::PACK;
use crate::run::pack::delivery_report::DeliveryReport;
use crate::run::pack::summary::Summary;
use crate::run::stage_records::RenderedRun;
use crate::run::withhold_reason::WithholdReason;
use crate::store::{MessageState, RunId};

/// What helps where small counts could be worked out: no gate lets that pass.
const SHOW_LESS: &str = "No gate lets small counts be worked out. Take areas or breakdowns of the measures above out of the framework, \
     or the measures themselves, and run again; `boardpack disclosure audit` says how they stand.";

/// What helps where a gate holds packs back.
const GET_MORE: &str = "Get what is missing, or lower the gate in the settings, and run again.";

/// What helps where the archive has lost what readers were shown or sent: no gate lets that pass.
const RESTORE: &str = "Restore the archive from a backup, and run again. No setting lets this pass; where there is no backup, do what \
     the lines above say.";

impl OperatorAlerts<'_> {
    /// Tells of a run that needs somebody. One that never began has no number.
    pub async fn of_run(&self, run: Option<RunId>, result: &Result<Summary, RunError>, met: Met) {
        let mut alert = self.alert();
        if !met.cut_off.is_empty() {
            alert.headline = "an interrupted run was resumed".to_owned();
            let sent = self.sent_before();
            alert.means.push(format!("The run continued from the last stage that it had completed; {sent}."));
            alert.todo.push("If this was not planned, find out why the machine or the program stopped.".to_owned());
        }
        alert.happened = met.cut_off;
        let show = run.map_or("`boardpack runs list`".to_owned(), show);
        match result {
            Err(error) => {
                alert.headline = "the run failed".to_owned();
                alert.happened.push(error.to_string());
                alert.means.push(self.reached(run).await);
                alert.todo.push(format!("Fix the problems above, then run again; {show} has what was done."));
            }
            Ok(summary) if !summary.withheld.is_empty() => {
                alert.headline = "the pack was not sent".to_owned();
                alert.happened.extend(summary.shortfalls());
                alert.means.push("The pack is made and lies in the output folder. It was not sent to anybody.".to_owned());
                alert.todo.extend(what_helps(&summary.withheld).into_iter().map(str::to_owned));
            }
            Ok(summary) if !summary.shortfalls().is_empty() && !summary.waits => {
                let held = |d: &&DeliveryReport| matches!(d.result, DeliveryResult::Unknown { .. });
                let held: Vec<&DeliveryReport> = summary.deliveries.iter().filter(held).collect();
                let has_held = |has_text: bool| held.iter().any(|one| one.has_text == has_text);
                let held = HeldMessages { with_text: has_held(true), without_text: has_held(false) };
                self.partly_done(&mut alert, &summary.shortfalls(), self.reached(run).await, held);
            }
            Ok(_) => {}
        }
        if let Ok(summary) = result {
            add_given_away(&mut alert, &summary.given_away);
            // Whoever approves the packs is told with them.
            if !summary.waits {
                add_left_out(&mut alert, &summary.left_out);
            }
        }
        self.add_held(&mut alert, met.held);
        self.send(run, alert, &[]).await;
    }

    /// Tells of a pack that was approved and did not reach everybody; `shortfalls` says why, a line each.
    pub async fn of_approved(&self, run: RunId, shortfalls: &[String], any_held: bool) {
        let mut alert = self.alert();
        if !shortfalls.is_empty() {
            let held = HeldMessages { with_text: any_held, without_text: false };
            self.partly_done(&mut alert, shortfalls, self.reached(Some(run)).await, held);
        }
        self.send(Some(run), alert, &[]).await;
    }

    /// Adds what is said of a run that did not do everything, for those `reasons`.
    fn partly_done(&self, alert: &mut Alert, reasons: &[String], reached: String, held: HeldMessages) {
        alert.headline = "the run is only partly complete".to_owned();
        alert.happened.extend_from_slice(reasons);
        alert.means.push(reached);
        if held.with_text {
            self.say_what_held_means(alert);
        }
        if held.without_text {
            let lost = "The text of a message that may have arrived was lost with the ledger, so it cannot be sent again.";
            alert.means.push(lost.to_owned());
            let todo =
                "Ask its recipient. If it did not come, `boardpack run --reissue REASON` sends the pack to everybody again.";
            alert.todo.push(todo.to_owned());
        }
        alert.todo.push("Fix the problems above, then run again: what was delivered is not sent again.".to_owned());
    }

    /// Tells that packs wait for a person's word, with the drafts of all that is sent then, by their names.
    pub(in crate::run) async fn of_waiting(
        &self,
        run: RunId,
        ready: &RenderedRun,
        summary: &Summary,
        drafts: &[(&str, Vec<u8>)],
    ) {
        let mut alert = self.alert();
        alert.headline = "a pack waits for approval".to_owned();
        // As many as one message can carry, in their order.
        let (mut attachments, mut size, mut too_large) = (Vec::new(), 0, Vec::new());
        for (name, bytes) in drafts {
            if transport::carries(&self.settings.mail, size + bytes.len()) {
                size += bytes.len();
                attachments.push(Attachment { name, media_type: "application/pdf", bytes });
            } else {
                too_large.push(*name);
            }
        }
        let interim = if ready.interim { "The interim pack" } else { "The final pack" };
        let drafted = match drafts.len() {
            1 => "a draft of it is attached".to_owned(),
            count => format!("drafts of its {count} documents are attached"),
        };
        alert.happened.push(if attachments.is_empty() {
            format!("{interim} of run {run}, issue {}, is ready.", ready.issue)
        } else {
            format!("{interim} of run {run}, issue {}, is ready; {drafted}.", ready.issue)
        });
        alert.happened.extend(
            too_large
                .iter()
                .map(|name| format!("{name} is too large to be attached here; `boardpack render --draft` makes it again.")),
        );
        let documents = ready.documents.iter();
        alert.happened.extend(documents.map(|one| format!("To be sent: {}, SHA-256 {}.", one.file, one.sha256)));
        alert.happened.push(summary.movements.as_ref().map_or(NO_EARLIER_QUARTER.to_owned(), |movements| {
            let actions = movements.moved_actions().count();
            let actions = match actions {
                0 => "no key action has moved".to_owned(),
                n => counted(n, "key action has moved", "key actions have moved"),
            };
            format!("Since the pack of {}, of the ambitions {}; {actions}.", movements.since.slug(), movements.counts_in_words())
        }));
        alert
            .means
            .push("Nothing has been sent yet. It can be approved as long as nothing that it was made from changes.".to_owned());
        alert.todo.push(format!("Read every draft. To send what is listed: `boardpack runs approve {run} --by NAME`."));
        alert.todo.push(format!("To send none of it: `boardpack runs cancel {run}`."));
        add_left_out(&mut alert, &summary.left_out);
        self.send(Some(run), alert, &attachments).await;
    }

    /// Whom the packs of a run have reached.
    async fn reached(&self, run: Option<RunId>) -> String {
        let messages = match (run, self.ledger) {
            (Some(run), Some(ledger)) => ledger.messages(run).await,
            _ => Ok(Vec::new()),
        };
        let Ok(messages) = messages else {
            return "The ledger cannot be read, so it is not known who was sent a pack.".to_owned();
        };
        let count = |state: MessageState| messages.iter().filter(|m| m.key.kind.starts_with(PACK) && m.state == state).count();
        match (count(MessageState::Accepted), count(MessageState::Unknown)) {
            (0, 0) => "Nobody was sent a pack by this run.".to_owned(),
            (sent, 0) => format!("{} delivered.", counted(sent, "of its messages was", "of its messages were")),
            (sent, held) => format!(
                "{} delivered. {}.",
                counted(sent, "of its messages was", "of its messages were"),
                counted(
                    held,
                    &format!("may have been: it is held, and {}", self.then(1)),
                    &format!("may have been: they are held, and {}", self.then(held))
                ),
            ),
        }
    }
}

/// What a person enters to see what a run did.
fn show(run: RunId) -> String {
    format!("`boardpack runs show {run}`")
}

/// Adds the counts that earlier packs give away, whatever else is told of the run.
fn add_given_away(alert: &mut Alert, given_away: &[Finding]) {
    if given_away.is_empty() {
        return;
    }
    if alert.headline.is_empty() {
        alert.headline = "earlier packs give away a hidden count".to_owned();
    }
    alert.happened.extend(given_away.iter().map(|one| format!("{}: {}.", one.place, one.problem)));
    alert.means.push("Readers who kept those packs can work it out. This run's packs do not tell it.".to_owned());
    alert.todo.push("Tell the people who have those packs, or recall them. Hiding more now does not help.".to_owned());
}

/// Adds the comments that the packs leave out.
fn add_left_out(alert: &mut Alert, left_out: &[Finding]) {
    if left_out.is_empty() {
        return;
    }
    if alert.headline.is_empty() {
        alert.headline = "comments are left out of the packs".to_owned();
    }
    alert.happened.extend(left_out.iter().map(|one| format!("{}: {}.", one.place, one.problem)));
    alert.means.push("The packs are made without these comments.".to_owned());
    alert.todo.push("Ask whoever wrote a comment that is left out for another, or do without it.".to_owned());
}

/// What to do where packs are withheld for these reasons.
fn what_helps(withheld: &[WithholdReason]) -> Vec<&'static str> {
    let of = |reason: &WithholdReason| match reason {
        WithholdReason::Counts(_) => SHOW_LESS,
        WithholdReason::Lost { .. } => RESTORE,
        WithholdReason::Other(_) => GET_MORE,
    };
    [SHOW_LESS, RESTORE, GET_MORE].into_iter().filter(|help| withheld.iter().any(|reason| of(reason) == *help)).collect()
}

/// Whether messages are held.
struct HeldMessages {
    /// Some that can be sent again.
    with_text: bool,
    /// Some whose text was lost with the ledger.
    without_text: bool,
}

#[cfg(test)]
mod tests {
    use super::{GET_MORE, RESTORE, SHOW_LESS, what_helps};
    use crate::evaluate::UnprotectedCounts;
    use crate::framework::MeasureId;
    use crate::run::withhold_reason::WithholdReason;

    #[test]
    fn no_gate_is_lowered_for_small_counts() {
        let of_counts = WithholdReason::Counts(UnprotectedCounts { unprotected: vec![MeasureId("falls".to_owned())] });
        let of_gate = WithholdReason::Other("2 of 3 returns are in".to_owned());
        assert_eq!(what_helps(std::slice::from_ref(&of_counts)), [SHOW_LESS]);
        assert_eq!(what_helps(std::slice::from_ref(&of_gate)), [GET_MORE]);
        let lost = WithholdReason::of_lost("what run 3 showed is lost".to_owned());
        assert_eq!(what_helps(std::slice::from_ref(&lost)), [RESTORE]);
        assert_eq!(what_helps(&[of_gate, lost, of_counts]), [SHOW_LESS, RESTORE, GET_MORE]);
    }
}
