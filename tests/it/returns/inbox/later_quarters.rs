//! What was accepted once, in later quarters.

use super::*;

/// The ICB gave two figures in its return of the second quarter, and its file was taken away.
fn desk_that_remembers() -> Desk {
    let mut desk = Desk::new();
    desk.send("icb_q2.xlsx", "icb", &[(FRONTLINE, HALF), (TURNOVER, Value::Number(12.0))]);
    desk.look_and_remember(DAY);
    desk.take_away("icb_q2.xlsx");
    desk
}

fn lacks(returns: &Returns, measure: &str) -> bool {
    let last = returns.receipts.iter().rfind(|receipt| receipt.partner == "icb").unwrap();
    last.lacking.iter().any(|id| id == measure)
}

#[test]
fn figures_stand_into_the_next_quarter() {
    let mut desk = desk_that_remembers();
    let nothing_came = desk.look_for(next_quarter(), FEBRUARY);
    assert_eq!(stands(&nothing_came, FRONTLINE), Some(HALF));
    assert!(outcomes(&nothing_came).is_empty(), "what is remembered is no return of this quarter");
    assert!(!lacks(&nothing_came, FRONTLINE), "what was given is not owed again");

    desk.send_for(next_quarter(), "icb_q3.xlsx", "icb", &[(TURNOVER, Value::Number(11.0))]);
    let next = desk.look_for_and_remember(next_quarter(), FEBRUARY);
    assert_eq!((stands(&next, FRONTLINE), stands(&next, TURNOVER)), (Some(HALF), Some(Value::Number(11.0))));
    assert_eq!(outcomes(&next), [("icb_q3.xlsx", ReturnOutcome::Accepted)]);
    assert!(next.replaced.is_empty(), "it is seen beside the last pack, in every later quarter only once");
    let from = next.observations.iter().find(|o| o.measure.0 == FRONTLINE).unwrap();
    assert!(matches!(&from.provenance, Provenance::Cell { file, .. } if file == "icb_q2.xlsx"), "{from:?}");

    // As things stood in the autumn, the next quarter's return is not known; later it is, where it speaks of that time.
    desk.take_away("icb_q3.xlsx");
    assert_eq!(stands(&desk.look(DAY), TURNOVER), Some(Value::Number(12.0)));
    assert_eq!(stands(&desk.look(FEBRUARY), TURNOVER), Some(Value::Number(11.0)));
}

#[test]
fn withdrawal_restores_the_version_before() {
    let mut desk = desk_that_remembers();
    desk.send("icb_again.xlsx", "icb", &[(FRONTLINE, Value::Number(55.0))]);
    desk.look_and_remember(LATER);
    desk.take_away("icb_again.xlsx");
    assert_eq!(stands(&desk.look_for(next_quarter(), FEBRUARY), FRONTLINE), Some(Value::Number(55.0)));
    for (place, stood) in [(1, Some(HALF)), (0, None)] {
        desk.known.versions[place].standing = VersionStanding::Withdrawn { reason: "of another year".to_owned() };
        let returns = desk.look_for(next_quarter(), FEBRUARY);
        assert_eq!(stands(&returns, FRONTLINE), stood);
        assert_eq!(lacks(&returns, FRONTLINE), stood.is_none());
    }
}

#[test]
fn late_returns_count_from_their_day() {
    let mut desk = desk_that_remembers();
    desk.send_for(next_quarter(), "icb_q3.xlsx", "icb", &[(FRONTLINE, Value::Number(60.0))]);
    desk.look_for_and_remember(next_quarter(), FEBRUARY);
    desk.take_away("icb_q3.xlsx");
    let later = date(2027, 2, 9);
    desk.send("icb_q2_corrected.xlsx", "icb", &[(FRONTLINE, Value::Number(58.0))]);
    desk.look_and_remember(later);
    desk.take_away("icb_q2_corrected.xlsx");
    assert_eq!(stands(&desk.look_for(next_quarter(), FEBRUARY), FRONTLINE), Some(Value::Number(60.0)));
    assert_eq!(stands(&desk.look_for(next_quarter(), later), FRONTLINE), Some(Value::Number(58.0)));
}

#[test]
fn thirteen_returns_make_a_series() {
    let mut desk = Desk::new();
    let quarters = || (0..13).map(|n| Period::financial_quarter(2023 + (1 + n) / 4, (1 + n) % 4 + 1));
    for (n, quarter) in (0..).zip(quarters()) {
        let partner = desk.partners.iter().find(|one| one.id == "nuh").unwrap();
        let nothing = PartnerHistory::new();
        let Desk { framework, areas, .. } = &desk;
        let request = ReturnRequest {
            framework,
            areas,
            partner,
            period: quarter,
            earlier: &nothing,
            secretariat: "",
            deadline: quarter.end(),
        };
        let series = SeriesKey::new(MeasureId(DISCHARGED.to_owned()), partner.areas[0].clone(), None);
        let figure = FigureAnswer { value: Some(Value::Number(70.0)), ..FigureAnswer::default() };
        let answers = Answers { figures: BTreeMap::from([(series.at(quarter), figure)]), ..Answers::default() };
        fs::write(desk.inbox("nuh.xlsx"), request.workbook(&answers).unwrap()).unwrap();
        let returns = desk.look_for_and_remember(quarter, quarter.end() + 20.days());
        let given = returns.observations.iter().filter(|o| o.measure.0 == DISCHARGED && o.value != Value::Missing);
        assert_eq!(given.count(), n + 1, "{quarter}");
    }
    assert_eq!(quarters().next_back(), Some(quarter()));
}

#[test]
fn trial_figures_never_join_real_ones() {
    let mut desk = desk_that_remembers();
    let contents = desk.known.contents.values_mut().next().unwrap();
    contents.figures.iter_mut().for_each(|figure| figure.illustrative = true);
    let still = desk.look_for(next_quarter(), FEBRUARY);
    assert_eq!(stands(&still, FRONTLINE), Some(HALF), "until a real return comes");
    desk.send_for(next_quarter(), "icb_q3.xlsx", "icb", &[(TURNOVER, Value::Number(11.0))]);
    let real = desk.look_for(next_quarter(), FEBRUARY);
    assert_eq!((stands(&real, FRONTLINE), stands(&real, TURNOVER)), (None, Some(Value::Number(11.0))));
}

#[test]
fn a_question_stands_as_long_as_its_figure() {
    let mut desk = desk_that_remembers();
    desk.send_for(next_quarter(), "icb_q3.xlsx", "icb", &[(TURNOVER, Value::Number(40.0))]);
    desk.known.figures = BTreeMap::from([("icb".to_owned(), before(&desk, TURNOVER, 12.0))]);
    let asked = desk.look_for_and_remember(next_quarter(), FEBRUARY);
    assert_eq!(asked.receipts.iter().find(|r| r.partner == "icb").unwrap().findings[0].grade, Grade::Question);
    desk.take_away("icb_q3.xlsx");
    let spring = desk.look_for(Period::financial_quarter(2026, 4), date(2027, 5, 2));
    assert_eq!(stands(&spring, TURNOVER), Some(Value::Number(40.0)));
    assert_eq!((spring.earlier.len(), spring.earlier[0].findings[0].grade), (1, Grade::Question));
}

/// What the ICB gave of the year before.
fn before(desk: &Desk, measure: &str, value: f64) -> PartnerHistory {
    let area = desk.partners.iter().find(|one| one.id == "icb").unwrap().areas[0].clone();
    let series = SeriesKey::new(MeasureId(measure.to_owned()), area, None);
    let given = PriorFigure { value: Value::Number(value), illustrative: false };
    PartnerHistory::from([(series, BTreeMap::from([(Period::year(YearKind::Financial, 2024), given)]))])
}

#[test]
fn files_after_the_day_are_told_only() {
    let mut desk = Desk::new();
    desk.send("icb.xlsx", "icb", &[(FRONTLINE, HALF)]);
    desk.look_and_remember(LATER);
    let before = desk.look(DAY);
    assert_eq!((stands(&before, FRONTLINE), outcomes(&before).len()), (None, 0));
    assert_eq!(before.findings.len(), 1);
    assert!(before.findings[0].problem.contains("first seen on 2026-11-02"), "{:?}", before.findings);
}

#[test]
fn accepted_figures_stand_while_their_measure_exists() {
    let mut desk = desk_that_remembers();
    desk.framework.measures.iter_mut().find(|m| m.id.0 == FRONTLINE).unwrap().cadence_months = 3;
    desk.partners.retain(|partner| partner.id != "icb");
    assert_eq!(stands(&desk.look_for(next_quarter(), FEBRUARY), FRONTLINE), Some(HALF), "its workbook is not read again");
    desk.framework.measures.retain(|m| m.id.0 != FRONTLINE);
    assert_eq!(stands(&desk.look_for(next_quarter(), FEBRUARY), FRONTLINE), None);
}

#[test]
fn blank_report_cells_change_nothing() {
    let mut desk = Desk::new();
    let tell = |desk: &Desk, quarter: Period, status: &str, forecast: Option<Date>, commentary: &str| {
        let Desk { framework, areas, partners, .. } = desk;
        let (partner, earlier) = (partners.iter().find(|one| one.id == "icb").unwrap(), PartnerHistory::new());
        let deadline = quarter.end();
        let request = ReturnRequest { framework, areas, partner, period: quarter, earlier: &earlier, secretariat: "", deadline };
        let action = request.actions().into_iter().find(|action| action.steps.is_empty()).unwrap().id.clone();
        let (status, commentary) = (status.to_owned(), commentary.to_owned());
        let said = ActionAnswer { status, forecast, completed: None, commentary };
        let answers = Answers { reports: BTreeMap::from([(ReportKey::new(action, None), said)]), ..Answers::default() };
        fs::write(desk.inbox("icb.xlsx"), request.workbook(&answers).unwrap()).unwrap();
    };
    let later = Some(date(2027, 3, 31));
    tell(&desk, quarter(), "Off track", later, "Delayed.");
    desk.look_and_remember(DAY);
    for (status, commentary, stands) in [
        ("At risk", "", (Progress::AtRisk, next_quarter(), "In the return for July to September 2026: Delayed.")),
        ("", "Half is done.", (Progress::OffTrack, quarter(), "In the return for October to December 2026: Half is done.")),
        ("At risk", "Half is done.", (Progress::AtRisk, next_quarter(), "Half is done.")),
    ] {
        tell(&desk, next_quarter(), status, None, commentary);
        let returns = desk.look_for(next_quarter(), FEBRUARY);
        let [report] = returns.action_reports.as_slice() else { panic!("{:?}", returns.action_reports) };
        assert_eq!((report.progress, report.quarter().unwrap(), report.commentary.as_str()), stands);
        assert_eq!(report.forecast, later, "{status} {commentary}");
        // Said where status and forecast are of two returns.
        assert_eq!(report.forecast_in, (stands.1 != quarter()).then(quarter), "{status} {commentary}");
    }
    // Two quarters on nothing of it goes on, but what was said stays to be told as too old.
    tell(&desk, Period::financial_quarter(2026, 4), "At risk", None, "");
    let [report] = &desk.look_for(Period::financial_quarter(2026, 4), date(2027, 5, 2)).action_reports[..] else { panic!() };
    assert_eq!((report.forecast, report.commentary.as_str()), (None, ""));
    // Where every quarter says how it stands, the date that was forecast once goes on.
    tell(&desk, next_quarter(), "At risk", None, "");
    desk.look_for_and_remember(next_quarter(), FEBRUARY);
    tell(&desk, Period::financial_quarter(2026, 4), "On track", None, "");
    let [report] = &desk.look_for(Period::financial_quarter(2026, 4), date(2027, 5, 2)).action_reports[..] else { panic!() };
    assert_eq!((report.progress, report.forecast, report.forecast_in), (Progress::OnTrack, later, Some(quarter())));
}
