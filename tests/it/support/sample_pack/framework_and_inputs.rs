//! The edition of the sample, its partners and actions, and what came in.

use super::*;

pub(super) fn edition() -> Edition {
    Edition {
        id: "2024".into(),
        title: "Integrated Care Strategy, refreshed March 2024".into(),
        publisher: "Nottingham and Nottinghamshire Integrated Care Partnership".into(),
        system: code("E54000060"),
        comparator: code("E92000001"),
        region: None,
        beside: Vec::new(),
        effective_from: date(2024, 4, 1),
        effective_until: None,
        baseline_before: None,
        standing: EditionStanding::default(),
        chapters: Vec::new(),
        default_due: date(2028, 3, 31),
        vision: "Every person enjoys their best possible health and wellbeing.".into(),
        principles: Vec::new(),
        status_rules: StatusRules::Proposed,
    }
}

pub(super) fn partner(id: &str, name: &str, kind: &str) -> Partner {
    Partner {
        id: id.into(),
        name: name.into(),
        kinds: vec![kind.into()],
        areas: vec![code("RXX")],
        from: None,
        until: None,
        replaced_by: None,
        continues: Vec::new(),
        asked: true,
        contacts: vec!["someone@example.org".into()],
        mapping: None,
        data_status: None,
        comments: Vec::new(),
    }
}

pub(super) fn action(i: usize, priority: &str) -> Action {
    Action {
        id: ActionId(format!("action-{i}")),
        priority: priority.into(),
        also_under: Vec::new(),
        ambitions: Vec::new(),
        statement: "Set up a family hub in each of the four places, with a named lead and a plan for how families reach it."
            .into(),
        text: TextPlace::default(),
        first_due: None,
        proposed: false,
        reported_complete: false,
        due: i.is_multiple_of(2).then(|| date(2026, 9, 30)),
        steps: Vec::new(),
        lead: ["nuh", "city", "nhc"][i % 3].into(),
        co_leads: Vec::new(),
        evidence: String::new(),
        notes: String::new(),
    }
}

pub(super) fn action_assessment(i: usize, id: &ActionId) -> ActionAssessment {
    let commentary = match i {
        1 => HOSTILE.to_owned(),
        2 => "The hub in Bulwell opened in June.\nTwo more follow in autumn; staffing ≥ 90% – agreed.".to_owned(),
        _ => "Recruitment is under way and the building is ready.".to_owned(),
    };
    let report = (i != 3).then(|| ActionReport {
        action: id.clone(),
        partner: "nuh".into(),
        step: None,
        progress: Progress::OnTrack,
        forecast: (i == 4).then(|| date(2027, 1, 31)),
        completed: None,
        forecast_in: None,
        complete_since: None,
        commentary,
        illustrative: i == 4,
        provenance: cell("D9"),
        returned: None,
    });
    ActionAssessment {
        action: id.clone(),
        status: [Status::OnTrack, Status::AtRisk, Status::OffTrack, Status::NoFigure, Status::Achieved, Status::NotYetDue][i % 6],
        reason: "The lead says so.".into(),
        flags: if i.is_multiple_of(2) { Vec::new() } else { vec![Flag::NoDateSet] },
        report,
        others: Vec::new(),
    }
}

pub(super) fn returns() -> Vec<ReturnReceipt> {
    let receipt = |partner: &str, outcome, file: Option<&str>| ReturnReceipt {
        file: file.map(Into::into),
        figures: usize::from(file.is_some()) * 15,
        actions: usize::from(file.is_some()) * 4,
        illustrative: file.is_some(),
        arrived: file.map(|_| date(2026, 10, 19)),
        ..ReturnReceipt::new(partner, outcome)
    };
    let mut wrong =
        receipt("city", ReturnOutcome::AcceptedInPart, Some("nottingham-city-council-return-for-2026-27-q2-final-v3.xlsx"));
    wrong.findings = vec![Finding {
        grade: Grade::Error,
        place: "sheet Measures, cell E12".into(),
        problem: "\"about 40\" is not a number".into(),
        remedy: "give a number, or leave the cell empty".into(),
        about: None,
        of_report: None,
        of_comment: None,
        meant: None,
        of_past: false,
        mended: false,
    }];
    wrong.lacking = vec!["Looked-after children with a health check".into(), "Care leavers in work".into()];
    vec![
        receipt("nuh", ReturnOutcome::Accepted, Some("nuh-2026-27-q2.xlsx")),
        wrong,
        receipt("nhc", ReturnOutcome::NotReceived, None),
    ]
}

pub(super) fn indicators() -> Vec<IndicatorReceipt> {
    let receipt = |indicator: &str, outcome| IndicatorReceipt {
        source: "fingertips".into(),
        publisher: "OHID Fingertips".into(),
        indicator: indicator.into(),
        measures: Vec::new(),
        url: "https://fingertips.phe.org.uk/api/all_data".into(),
        outcome,
    };
    let received = IndicatorOutcome::Received {
        retrieved: "2026-11-03T09:12:00Z".parse().unwrap(),
        sha256: "0".repeat(64),
        figures: 12,
        licence: "Open Government Licence v3.0".into(),
        instead_of: None,
    };
    vec![
        receipt("Healthy life expectancy at birth", received),
        receipt(
            "Year 6 prevalence of overweight (including obesity)",
            IndicatorOutcome::Failed { reason: "the server answered 500".into() },
        ),
    ]
}
