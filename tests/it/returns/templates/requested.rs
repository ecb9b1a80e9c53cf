//! What a workbook asks for, and what it shows of before.

use super::*;

/// A measure that is returned, with these keys among its others.
fn measure(cadence: i32, lag: i32, year: &str, first: Option<&str>) -> Measure {
    let first = first.map_or_else(String::new, |first| format!(", first = {first:?}"));
    toml::from_str(&format!(
        "id = \"m\"\ntitle = \"t\"\ndefinition = \"d\"\nunit = \"count\"\nstatistic = \"count\"\npolarity = \"low\"\n\
         year = {year:?}\ncadence_months = {cadence}\npublication_lag_months = {lag}\n\
         source = {{ kind = \"return\", partners = [\"p\"]{first} }}"
    ))
    .unwrap()
}

#[test]
fn periods_asked_for_are_already_published() {
    for (cadence, lag, year, first, of, due) in [
        (3, 1, "financial", None, "2026-27-Q2", &["2026/27 Q2"][..]),
        (3, 2, "financial", None, "2026-27-Q2", &["2026/27 Q1"]),
        (12, 3, "financial", None, "2026-27-Q2", &["2025/26"]),
        (12, 3, "financial", None, "2026-27-Q1", &["2025/26"]),
        (12, 3, "financial", None, "2025-26-Q4", &["2024/25"]),
        (12, 9, "calendar", None, "2026-27-Q2", &["2025"]),
        (12, 0, "academic", None, "2026-27-Q2", &["2025/26"]),
        (1, 1, "financial", None, "2026-27-Q2", &["Jul 2026", "Aug 2026", "Sep 2026"]),
        (1, 2, "financial", None, "2026-27-Q2", &["Jun 2026", "Jul 2026", "Aug 2026"]),
        (6, 1, "financial", None, "2026-27-Q2", &["2026/27 Q1-Q2"]),
        (24, 9, "financial", Some("2021/22"), "2026-27-Q2", &["2023/24"]),
        (24, 9, "financial", Some("2021/22"), "2026-27-Q3", &["2025/26"]),
        (12, 9, "calendar", Some("2020 - 22"), "2026-27-Q2", &["2023 - 25"]),
        (12, 3, "financial", Some("Apr 2023"), "2026-27-Q2", &["Apr 2026"]),
        (12, 3, "financial", Some("2027/28"), "2026-27-Q2", &[]),
    ] {
        let measure = measure(cadence, lag, year, first);
        let found = periods_due(&measure, quarter(of), None);
        assert_eq!(found.iter().map(Period::to_string).collect::<Vec<_>>(), due, "{cadence} {lag} {year} {first:?} {of}");
        assert!(found.iter().all(|period| measure.period(&period.to_string()).as_ref() == Ok(period)), "labels read back");
    }
}

#[test]
fn projections_run_to_the_strategys_end() {
    let asked = request("icb").figures();
    let years =
        asked.iter().filter(|one| one.measure.id.0 == "emergency-admissions-unmitigated").map(|one| one.period.to_string());
    assert_eq!(years.collect::<Vec<_>>(), ["2025/26", "2026/27", "2027/28"]);
    let far = periods_due(&measure(12, 3, "financial", None), quarter("2026-27-Q2"), Some(Date::MAX));
    assert_eq!(far.last().unwrap().to_string(), "2035/36");
}

#[test]
fn last_figures_show_period_and_state() {
    let asked = request("nuh").figures();
    let series = |id: &str| asked.iter().find(|one| one.measure.id.0 == id).unwrap().series.clone();
    let given = |value, illustrative| PriorFigure { value, illustrative };
    let figures = |of: &[(&str, PriorFigure)]| of.iter().map(|(period, given)| (quarter(period), *given)).collect();
    let earlier = PartnerHistory::from([
        (
            series("discharged-by-next-day"),
            // One that was missing is no figure; one of a later quarter is not the last.
            figures(&[
                ("2026/27 Q1", given(Value::Number(75.26), false)),
                ("2026/27 Q2", given(Value::Missing, false)),
                ("2026/27 Q3", given(Value::Number(1.0), false)),
            ]),
        ),
        (series("staff-turnover"), figures(&[("2024/25", given(Value::Number(0.0), true))])),
        (series("sickness-absence"), figures(&[("2025/26", given(Value::Suppressed, false))])),
    ]);
    let workbook = ReturnRequest { earlier: &earlier, ..request("nuh") }.workbook(&Answers::default()).unwrap();
    let sheet = cells(&workbook, "Figures");
    let column = |name: &str| sheet[2].iter().position(|heading| heading == name).unwrap();
    let beside = |id: &str| sheet.iter().find(|row| row[column("Measure ID")] == id).unwrap()[column("Last time")].clone();
    assert_eq!(beside("discharged-by-next-day"), "75.3% in 2026/27 Q1");
    assert_eq!(beside("staff-turnover"), "0.0% in 2024/25, illustrative");
    assert_eq!(beside("sickness-absence"), "given before: suppressed");
    assert_eq!(beside("workforce-under-25"), "");
}

#[test]
fn missing_baselines_are_asked_until_given() {
    let named = |request: &ReturnRequest<'_>| -> Vec<(String, String, String)> {
        let baselines = request.baselines();
        baselines.iter().map(|one| (one.measure.id.0.clone(), one.series.area.to_string(), one.period.to_string())).collect()
    };
    let asked = named(&request("nuh"));
    let row = |id: &str, period: &str| (id.to_owned(), "RX1".to_owned(), period.to_owned());
    // One that a target names without a value, and of a value to be reached by the last whole period before the edition's day.
    let expected = [row("emissions-scope-1-2", "2019/20"), row("sickness-absence", "2022/23")];
    assert!(expected.iter().all(|row| asked.contains(row)), "{asked:?}");
    let sheet = cells(&request("nuh").workbook(&Answers::default()).unwrap(), "Figures");
    let marked: Vec<&Vec<String>> = sheet.iter().filter(|row| row[1].contains("Baseline:")).collect();
    assert_eq!(marked.iter().map(|row| (row[0].clone(), row[5].clone(), row[4].clone())).collect::<Vec<_>>(), asked);

    let request = request("nuh");
    let first = &request.baselines()[0];
    let counted = PriorCounts { numerator: Some(1.0), denominator: Some(10.0), limits: None };
    let alone = PriorCounts::default();
    for (value, counts, still) in [
        (Value::Number(10.0), counted, false),
        // The figure of all cannot be made of it.
        (Value::Number(10.0), alone, true),
        (Value::NotApplicable, alone, false),
        (Value::Missing, alone, true),
    ] {
        let mut earlier = PartnerHistory::new();
        earlier.give_with(first.series.clone(), first.period, PriorFigure { value, illustrative: false }, counts);
        let now = named(&ReturnRequest { earlier: &earlier, ..request });
        assert_eq!(now.contains(&asked[0]), still, "{value:?}");
        assert_eq!(now.len(), asked.len() - usize::from(!still));
    }
}

#[test]
fn last_reports_stand_beside_their_action() {
    let request = request("nuh");
    let action = request.actions()[0];
    let (forecast, commentary) = (Some(date(2027, 3, 31)), "The building is late.".to_owned());
    let answer = ActionAnswer { status: "Off track".to_owned(), forecast, completed: None, commentary };
    let mut earlier = PartnerHistory::new();
    earlier.report(ReportKey::new(action.id.clone(), None), ReportedAction::new(answer, quarter("2026/27 Q1")));
    let workbook = ReturnRequest { earlier: &earlier, ..request }.workbook(&Answers::default()).unwrap();
    let sheet = cells(&workbook, "Key actions");
    let last_time = sheet[2].iter().position(|heading| heading == "Last time").unwrap();
    let row = sheet.iter().find(|row| row[0] == action.id.0).unwrap();
    assert_eq!(row[last_time], "Off track, forecast 31/03/2027: The building is late. (return for April to June 2026)");
    let said = |status: &str, forecast: Option<Date>, quarter_of: &str| {
        let answer = ActionAnswer { status: status.to_owned(), forecast, ..ActionAnswer::default() };
        let mut earlier = earlier.clone();
        earlier.report(ReportKey::new(action.id.clone(), None), ReportedAction::new(answer, quarter(quarter_of)));
        let workbook = ReturnRequest { earlier: &earlier, ..request }.workbook(&Answers::default()).unwrap();
        let sheet = cells(&workbook, "Key actions");
        sheet.iter().find(|row| row[0] == action.id.0).unwrap()[last_time].clone()
    };
    // What still stands is of the return that said it, and what is complete has no forecast.
    let complete = "Complete (return for July to September 2026); The building is late. (return for April to June 2026)";
    assert_eq!(said("Complete", None, "2026/27 Q2"), complete);
    let later = "forecast 30/06/2027 (return for July to September 2026); Off track: The building is late. (return for April to \
        June 2026)";
    assert_eq!(said("", Some(date(2027, 6, 30)), "2026/27 Q2"), later);
    // It is shown, and not said again: a workbook that comes back as it went out reports nothing.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(request.file_name()), workbook).unwrap();
    assert!(collect(folder.path(), "nuh").0.action_reports.is_empty());
}
