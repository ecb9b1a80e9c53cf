//! Key actions of several leads, and what their reports say.

use super::*;

fn report(partner: &str, progress: Progress, forecast: Option<Date>) -> ActionReport {
    ActionReport {
        action: ActionId("do".into()),
        step: None,
        partner: partner.into(),
        progress,
        forecast,
        completed: None,
        forecast_in: None,
        complete_since: None,
        commentary: String::new(),
        illustrative: false,
        returned: None,
        provenance: received("2026-01-01T00:00:00Z"),
    }
}

#[test]
fn all_leads_are_asked_and_disagreement_told() {
    let mut of = framework(vec![measure("")], LEVEL, "");
    of.actions = vec![action("lead = \"icb\"\nco_leads = [\"city\"]\nalso_under = [\"q\"]")];
    let council = "kind = \"council\"\narea = \"A\"";
    let partners = [partner("icb", council), partner("city", council), partner("other", council)];
    let asked: Vec<bool> = partners.iter().map(|p| of.actions[0].is_asked_of(p)).collect();
    assert_eq!(asked, [true, true, false]);
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let period = Period::last_quarter_before(TODAY);
    let judged = |reports: &[ActionReport]| {
        let inputs = EvaluationInputs { partners: &partners, ..EvaluationInputs::new(&of, &areas, &[], reports, period, TODAY) };
        evaluate(&inputs)
    };
    let in_time = Some(date(2027, 5, 1));
    let both = judged(&[report("icb", Progress::OnTrack, in_time), report("city", Progress::OffTrack, in_time)]);
    let found = &both.actions[0];
    assert_eq!(found.status, Status::OffTrack, "the least favourable stands");
    assert!(
        found.reason.ends_with("its leads say different things (The city: off track; The icb: on track)"),
        "{}",
        found.reason
    );
    assert_eq!(found.flags, [Flag::LeadsDisagree]);
    assert_eq!(found.report.as_ref().unwrap().partner, "city");
    assert_eq!(found.others.iter().map(|r| r.partner.as_str()).collect::<Vec<_>>(), ["icb"]);
    // Under two priorities it is there twice and counted once.
    assert_eq!(counts_of_actions(&of, &both, "p").total() + counts_of_actions(&of, &both, "q").total(), 2);
    assert_eq!(both.actions.len(), 1);

    let alike = judged(&[report("icb", Progress::OnTrack, in_time), report("city", Progress::OnTrack, in_time)]);
    assert_eq!((alike.actions[0].flags.len(), alike.actions[0].others.len()), (0, 1));
    let later = Some(date(2027, 6, 1));
    let other_day = judged(&[report("icb", Progress::OnTrack, in_time), report("city", Progress::OnTrack, later)]);
    assert_eq!(other_day.actions[0].flags, [Flag::LeadsDisagree], "another forecast is another thing said");
    let reason = &other_day.actions[0].reason;
    assert!(
        reason.ends_with("its leads give different dates (The icb: forecast for 1 May 2027; The city: forecast for 1 June 2027)"),
        "{reason}"
    );
    let no_day = judged(&[report("icb", Progress::OnTrack, in_time), report("city", Progress::OnTrack, None)]);
    assert!(no_day.actions[0].flags.is_empty(), "no date is no other date: {}", no_day.actions[0].reason);
    let one = judged(&[report("city", Progress::AtRisk, in_time)]);
    assert_eq!(one.actions[0].status, Status::AtRisk);
    assert!(one.actions[0].reason.ends_with("nothing was reported by The icb"), "{}", one.actions[0].reason);
}

const STEPS: &str = "lead = \"icb\"\nco_leads = [\"city\"]\n\
    steps = [{ statement = \"A draft\", due = \"2026-06-30\" }, { statement = \"A plan\", due = \"2026-12-31\" }]";

/// The action with two steps, judged by what its two leads say.
fn judged_by_steps(lines: &str, reports: &[ActionReport]) -> boardpack::evaluate::ActionAssessment {
    let mut of = framework(vec![measure("")], LEVEL, "");
    of.actions = vec![action(lines)];
    let council = "kind = \"council\"\narea = \"A\"";
    let partners = [partner("icb", council), partner("city", council)];
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let period = Period::last_quarter_before(TODAY);
    evaluate(&EvaluationInputs { partners: &partners, ..EvaluationInputs::new(&of, &areas, &[], reports, period, TODAY) })
        .actions
        .remove(0)
}

fn of_step(step: usize, report: ActionReport) -> ActionReport {
    ActionReport { step: Some(step), ..report }
}

#[test]
fn one_leads_report_is_no_disagreement() {
    let found = judged_by_steps(
        STEPS,
        &[
            of_step(1, report("icb", Progress::Complete, None)),
            of_step(2, report("city", Progress::OnTrack, Some(date(2026, 12, 1)))),
        ],
    );
    assert_eq!(found.status, Status::OnTrack, "{}", found.reason);
    assert_eq!(found.reason, "A plan: Due by 31 December 2026, forecast for 1 December 2026");
    assert!(!found.flags.contains(&Flag::LeadsDisagree));
}

#[test]
fn differing_dates_are_told_once_a_step() {
    let dates = judged_by_steps(
        STEPS,
        &[
            of_step(1, report("icb", Progress::Complete, None)),
            of_step(2, report("icb", Progress::OnTrack, Some(date(2026, 12, 1)))),
            of_step(2, report("city", Progress::OnTrack, Some(date(2027, 1, 15)))),
        ],
    );
    let quoted = "its leads give different dates (The city: step 2 forecast for 15 January 2027; \
                  The icb: step 2 forecast for 1 December 2026)";
    assert!(dates.reason.ends_with(quoted), "{}", dates.reason);
    let whole = judged_by_steps(
        STEPS,
        &[
            of_step(2, report("icb", Progress::OnTrack, None)),
            report("icb", Progress::OnTrack, None),
            of_step(2, report("city", Progress::AtRisk, None)),
        ],
    );
    let quoted = "its leads say different things (The icb: step 2 on track; The city: step 2 at risk)";
    assert!(whole.reason.contains(quoted), "{}", whole.reason);
    let no_forecast = judged_by_steps(
        STEPS,
        &[
            of_step(1, report("icb", Progress::Complete, None)),
            of_step(2, report("icb", Progress::OnTrack, Some(date(2026, 12, 1)))),
            of_step(2, report("city", Progress::OnTrack, None)),
        ],
    );
    assert!(no_forecast.reason.ends_with("with no forecast for this step from The city"), "{}", no_forecast.reason);
}

#[test]
fn whole_and_step_may_differ() {
    let said_of_whole = |progress| {
        let of_steps = [of_step(1, report("icb", Progress::Complete, None)), of_step(2, report("icb", Progress::OnTrack, None))];
        judged_by_steps(STEPS, &[of_steps.as_slice(), &[report("city", progress, None)]].concat())
    };
    let at_risk = said_of_whole(Progress::AtRisk);
    assert!(!at_risk.flags.contains(&Flag::LeadsDisagree), "{}", at_risk.reason);
    let not_started = said_of_whole(Progress::NotStarted);
    let quoted = "its leads say different things \
                  (The city: as a whole not started; The icb: step 1 complete, step 2 on track)";
    assert!(not_started.reason.contains(quoted), "{}", not_started.reason);
}

#[test]
fn unreadable_statuses_leave_others_to_speak() {
    let simple = "lead = \"icb\"\nco_leads = [\"city\"]";
    let unread = |forecast| report("icb", Progress::NotGiven, forecast);
    for lines in [simple, STEPS] {
        let found = judged_by_steps(lines, &[unread(None), report("city", Progress::Complete, None)]);
        assert!(matches!(found.status, Status::Achieved | Status::AchievedLate), "{}", found.reason);
        assert!(found.reason.ends_with("no status that can be used was given by The icb"), "{}", found.reason);
        assert_eq!(found.report.unwrap().partner, "city");
        assert_eq!(found.others.len(), 1, "its words are shown all the same");
        assert!(found.flags.is_empty());
    }
    let steps = STEPS.replace("2026-06-30", "2027-06-30").replace("2026-12-31", "2027-12-31");
    for lines in [simple, &steps] {
        let alone = judged_by_steps(lines, &[unread(None)]);
        assert_eq!(alone.status, Status::NotYetDue, "{}", alone.reason);
        let silent = judged_by_steps(lines, &[]);
        assert_eq!(silent.status, alone.status, "as one that was not given");
    }
    let found = judged_by_steps(
        STEPS,
        &[of_step(1, unread(None)), of_step(2, unread(Some(date(2026, 12, 1)))), report("icb", Progress::Complete, None)],
    );
    assert_eq!(found.status, Status::Achieved, "what it says of the whole holds of each step: {}", found.reason);
    let later = judged_by_steps(
        STEPS,
        &[of_step(1, report("city", Progress::Complete, None)), of_step(1, unread(None)), of_step(2, unread(None))],
    );
    let wanted = "A plan: Due by 31 December 2026, with no forecast for this step from The icb; \
                  The icb has given no status that can be used; no status that can be used was given by The icb";
    assert_eq!(later.reason, wanted);
}

#[test]
fn the_last_steps_forecast_is_the_actions() {
    let alone = STEPS.replace("co_leads = [\"city\"]\n", "");
    let found = judged_by_steps(
        &alone,
        &[
            of_step(1, report("icb", Progress::Complete, None)),
            of_step(2, report("icb", Progress::OnTrack, None)),
            report("icb", Progress::OnTrack, Some(date(2026, 12, 1))),
        ],
    );
    assert_eq!(found.reason, "A plan: Due by 31 December 2026, forecast for 1 December 2026");
    let first = judged_by_steps(&alone, &[of_step(2, report("icb", Progress::OnTrack, Some(date(2026, 12, 1))))]);
    let expected = "A draft: Due by 30 June 2026 and not complete, with no forecast for this step; its lead has reported nothing of this step";
    assert_eq!(first.reason, expected);
}

#[test]
fn missing_reports_are_told_of_all_leads() {
    let returned = |quarter: &str, on| {
        let quarter = Period::parse(quarter, boardpack::period::YearKind::Financial).unwrap();
        Some(boardpack::collect::Returned { quarter, on })
    };
    let old = ActionReport {
        returned: returned("2025-26-Q4", date(2026, 4, 20)),
        ..of_step(1, report("icb", Progress::OnTrack, None))
    };
    let new = ActionReport {
        returned: returned("2026-27-Q2", date(2026, 10, 20)),
        ..of_step(2, report("city", Progress::OnTrack, Some(date(2026, 12, 1))))
    };
    let found = judged_by_steps(STEPS, &[old, new]);
    let wanted = "its leads have reported nothing of this step since the return for January to March 2026; \
                  nothing was reported by The icb since the return for January to March 2026";
    assert!(found.reason.ends_with(wanted), "{}", found.reason);
}

#[test]
fn an_older_forecast_names_its_return() {
    let forecast_in = Period::parse("2026-27-Q1", boardpack::period::YearKind::Financial).ok();
    let told = ActionReport { forecast_in, ..of_step(2, report("city", Progress::OnTrack, Some(date(2027, 2, 1)))) };
    let found = judged_by_steps(STEPS, &[of_step(1, report("city", Progress::Complete, None)), told]);
    let wanted = "A plan: Due by 31 December 2026, forecast for 1 February 2027 (return for April to June 2026)";
    assert!(found.reason.starts_with(wanted), "{}", found.reason);
}

#[test]
fn whoever_replaces_a_partner_leads_its_actions() {
    let council = "kind = \"council\"\narea = \"A\"";
    let partners = [
        partner("old", &format!("{council}\nuntil = \"2025-03-31\"\nreplaced_by = \"new\"")),
        partner("new", &format!("{council}\nfrom = \"2025-04-01\"")),
    ];
    let areas = Areas::parse(AREAS, "areas.toml").unwrap();
    let leads = |co_leads: &str, day| {
        let mut of = framework(vec![measure("")], LEVEL, "");
        of.actions = vec![action(&format!("lead = \"old\"\n{co_leads}"))];
        let of = of.in_force_on(day, &areas, &partners);
        of.actions[0].leads().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(leads("", date(2025, 3, 31)), "old");
    assert_eq!(leads("", date(2025, 6, 30)), "new");
    assert_eq!(leads("co_leads = [\"new\"]", date(2025, 6, 30)), "new", "each once");
}
