//! The workbooks that go out: each partner's own, whole or with what is owed only.

use super::status;
use crate::collect::{ActionReport, Progress, Returns};
use crate::fault::Faults;
use crate::figure::{FigureKey, ReportKey};
use crate::framework::{Action, Partner};
use crate::return_template;
use crate::run::env::Env;
use crate::run::error::RunError;
use crate::run::prior_data;
use crate::store::Extension;
use std::collections::{BTreeMap, BTreeSet};

/// A partner's workbook to be filled in.
#[derive(Debug, Clone)]
pub struct BlankWorkbook {
    pub file: String,
    pub bytes: Vec<u8>,
    /// How many figures it asks for that were not given before, and about how many key actions.
    pub figures: usize,
    pub actions: usize,
    /// It shows what was given before.
    pub shows_earlier: bool,
}

impl BlankWorkbook {
    /// None where nothing is asked.
    ///
    /// # Errors
    /// Texts or numbers of the framework that a cell cannot hold.
    pub fn of(request: &return_template::ReturnRequest<'_>) -> Result<Option<Self>, Faults> {
        let (due, actions) = (request.figures(), request.actions());
        if due.is_empty() && actions.is_empty() {
            return Ok(None);
        }
        let lacking = due.iter().filter(|asked| !request.is_given(asked)).count();
        let figures = lacking + request.baselines().len();
        // What is complete is shown, and stays so.
        let actions = actions.into_iter().filter(|action| !is_complete(request.earlier, action)).count();
        let bytes = request.workbook(&return_template::Answers::default())?;
        let shows_earlier = request.shows_earlier();
        Ok(Some(Self { file: request.file_name(), bytes, figures, actions, shows_earlier }))
    }
}

/// The partner said of the whole action, or of each step that is open, that it is complete.
fn is_complete(earlier: &return_template::PartnerHistory, action: &Action) -> bool {
    let is = |step: Option<usize>| {
        let told = earlier.reported(&ReportKey::new(action.id.clone(), step));
        told.is_some_and(|told| told.answer.status == Progress::Complete.in_words())
    };
    let mut open = (1..).zip(&action.steps).filter(|(_, step)| !step.reported_complete).peekable();
    is(None) || open.peek().is_some() && open.all(|(number, _)| is(Some(number)))
}

/// The workbooks of `partners`, by the partner's id, with what each gave before; where `given` is there, they ask only for
/// what is owed still.
pub(super) async fn blanks(
    env: &Env<'_>,
    partners: &[&Partner],
    extensions: &BTreeMap<String, Extension>,
    given: Option<&Returns>,
) -> Result<BTreeMap<String, BlankWorkbook>, RunError> {
    let Env { config, settings, period, as_at, .. } = *env;
    let (known, _) = prior_data::known(env.ledger, &env.archive(), &config.framework, period, as_at).await?;
    let mut earlier = prior_data::given_by(&known, &config.framework, period);
    config.add_past(&mut earlier);
    let given = given.map(|returns| (status::given(&returns.observations), &returns.action_reports));
    let mut blanks = BTreeMap::new();
    for partner in partners {
        let mut before = earlier.remove(&partner.id).unwrap_or_default();
        if let Some((figures, reports)) = &given {
            leave_out_what_is_given(env, partner, figures.get(partner.id.as_str()), reports, &mut before);
        }
        let extension = extensions.get(&partner.id);
        let request = return_template::ReturnRequest {
            framework: &config.framework,
            areas: &config.areas,
            partner,
            period,
            earlier: &before,
            secretariat: settings.mail.secretariat(),
            deadline: extension.map_or_else(|| settings.returns.deadline(period), |extension| extension.until),
        };
        if let Some(blank) = BlankWorkbook::of(&request)? {
            blanks.insert(partner.id.clone(), blank);
        }
    }
    Ok(blanks)
}

/// Has the partner's workbook ask only for what is owed still.
fn leave_out_what_is_given(
    env: &Env<'_>,
    partner: &Partner,
    figures: Option<&BTreeSet<FigureKey>>,
    reports: &[ActionReport],
    before: &mut return_template::PartnerHistory,
) {
    let request = return_template::ReturnRequest::new(&env.config.framework, &env.config.areas, partner, env.period);
    let asked = request.figures();
    let is_given = |one: &return_template::RequestedFigure<'_>| {
        figures.is_some_and(|given| one.answered_by().iter().any(|key| given.contains(key)))
    };
    // Of a figure that is made from counts all are asked for again where one is lacking: a part of them makes no figure.
    let made = |one: &return_template::RequestedFigure<'_>| {
        one.component().map(|_| (one.measure.id.clone(), one.series.area.clone(), one.period))
    };
    let incomplete: BTreeSet<_> = asked.iter().filter(|one| !is_given(one)).filter_map(made).collect();
    for one in asked.iter().filter(|one| is_given(one) && made(one).is_none_or(|key| !incomplete.contains(&key))) {
        before.leave_out(one.series.clone(), one.period);
    }
    // What no longer stands is owed again.
    let its_own = reports.iter().filter(|report| report.partner == partner.id && report.still_stands(env.period));
    for action in request.actions().into_iter().filter(|action| ActionReport::tell_of_all(its_own.clone(), action)) {
        before.leave_out_action(action.id.clone());
    }
}
