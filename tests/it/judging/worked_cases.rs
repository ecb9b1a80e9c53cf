//! The pure rules of judging reproduce worked cases.

use crate::support::cases::{Row, date, number, of_case, optional, rows};
use boardpack::area::AreaCode;
use boardpack::evaluate::by_area::{JudgedArea, by_area};
use boardpack::evaluate::coverage::{CoverageBy, OrganisationFigure, coverage};
use boardpack::evaluate::standing::{ConditionFigure, by_date, standing};
use boardpack::evaluate::{Status, ambition};
use boardpack::framework::{Combine, Role};

fn status(row: &Row) -> Status {
    Status::of_code(&row["status"]).unwrap_or_else(|| panic!("{row:?}"))
}

/// The cases are written to twelve digits.
fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-10 * wanted.abs() + 1e-13, "{found} is not {wanted}");
}

fn close_where_given(found: Option<f64>, wanted: Option<f64>) {
    assert_eq!(found.is_some(), wanted.is_some(), "{found:?} is not {wanted:?}");
    if let Some((found, wanted)) = found.zip(wanted) {
        close(found, wanted);
    }
}

fn role(text: &str) -> Role {
    match text {
        "lead" => Role::Lead,
        "stand_in" => Role::StandIn,
        "supporting" => Role::Supporting,
        other => panic!("{other} is no role"),
    }
}

#[test]
fn ambitions_are_combined_from_their_measures() {
    let measures = rows("tests/data/judging/ambitions_measures");
    for row in rows("tests/data/judging/ambitions") {
        let measures: Vec<_> = of_case(&measures, &row).map(|m| (role(&m["role"]), status(m))).collect();
        let combine = if row["combine"] == "tally" { Combine::Tally } else { Combine::Worst };
        let found = ambition::combine(combine, &measures);
        assert_eq!(found.status, status(&row), "{row:?}: {found:?}");
        for (key, found) in [("judged", found.judged), ("of", found.of), ("met", found.met)] {
            assert!(row[key].is_empty() || row[key] == found.to_string(), "{key} of {row:?}: {found}");
        }
        if !row["by"].is_empty() {
            assert_eq!(found.by, Some(role(&row["by"])), "{row:?}");
        }
    }
}

#[test]
fn the_median_resident_decides_the_system() {
    let parts = rows("tests/data/judging/areas_parts");
    for row in rows("tests/data/judging/areas") {
        let areas: Vec<_> = of_case(&parts, &row)
            .map(|part| JudgedArea {
                area: AreaCode::new(part["area"].clone()).unwrap(),
                population: number(part, "population"),
                status: status(part),
                significantly_adverse: part["significantly_adverse"] == "true",
            })
            .collect();
        let found = by_area(&areas);
        assert_eq!(found.status, status(&row), "{row:?}: {found:?}");
    }
}

#[test]
fn organisations_are_pooled_with_their_coverage() {
    let organisations = rows("tests/data/judging/coverage_organisations");
    for row in rows("tests/data/judging/coverage") {
        let given: Vec<_> = of_case(&organisations, &row)
            .map(|one| OrganisationFigure {
                last_denominator: optional(one, "last_denominator"),
                counts: optional(one, "numerator").zip(optional(one, "denominator")),
            })
            .collect();
        let found = coverage(&given, number(&row, "multiplier"), number(&row, "coverage_percent")).unwrap();
        close_where_given(found.value, optional(&row, "value"));
        close(found.coverage, number(&row, "coverage"));
        let by = if row["by"] == "number" { CoverageBy::Number } else { CoverageBy::Denominator };
        assert_eq!(found.by, by, "{row:?}");
        assert_eq!((found.judged.to_string(), found.complete.to_string()), (row["judged"].clone(), row["complete"].clone()));
    }
}

#[test]
fn conditions_use_latest_or_due_periods() {
    let periods = rows("tests/data/judging/conditions_periods");
    for row in rows("tests/data/judging/conditions") {
        let required = number(&row, "required");
        let held: Vec<_> =
            of_case(&periods, &row).map(|p| ConditionFigure::in_full(date(p, "end"), optional(p, "value"), required)).collect();
        let judge = if row["kind"] == "standing" { standing } else { by_date };
        let found = judge(date(&row, "from"), &held);
        assert_eq!(found.status, status(&row), "{row:?}: {found:?}");
        let since = found.since.map(|since| since.to_string()).unwrap_or_default();
        for (key, found) in [("since", since), ("lapsed", found.lapsed.to_string()), ("not_kept", found.not_kept.to_string())] {
            assert!(row[key].is_empty() || row[key] == found, "{key} of {row:?}: {found}");
        }
    }
}
