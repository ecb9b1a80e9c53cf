//! The briefs of the demonstration's places.

use super::alternatives::assert_short;
use crate::support::demonstration::DEMONSTRATION;
use crate::support::page_text::words;
use crate::support::sample_pack::Sample;
use boardpack::assets::Assets;
use boardpack::report::{PackFiles, ReportTemplates, render};
use boardpack::run::{LoadedConfig, QuarterChoice, RenderedPack};
use boardpack::settings;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// Every pack where places have a brief of their own.
static BRIEFS: LazyLock<Vec<RenderedPack>> = LazyLock::new(|| {
    let config = config("place_brief").unwrap_or_else(|faults| panic!("{faults}"));
    let all = DEMONSTRATION.published.make(&config, false).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(all.iter().any(|pack| pack.part.is_none() && pack.stem == "board-brief-2026-27-Q2"));
    all.into_iter().filter(|pack| pack.part.is_some()).collect()
});

fn config(part_pack: &str) -> Result<LoadedConfig, boardpack::fault::Faults> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo/boardpack.toml");
    let environment = BTreeMap::from([("BOARDPACK__PACK__PART_PACK".to_owned(), part_pack.to_owned())]);
    let settings = settings::load(Some(&file), &environment).unwrap_or_else(|faults| panic!("{faults}"));
    LoadedConfig::load(&settings, false, QuarterChoice::default(), jiff::Timestamp::now)
}

#[track_caller]
fn brief(place: &str) -> &'static RenderedPack {
    BRIEFS.iter().find(|pack| pack.stem.ends_with(place)).unwrap_or_else(|| panic!("no brief of {place}"))
}

/// The rows of the table of figures, as words.
fn rows(files: &PackFiles) -> Vec<String> {
    let (_, after) = files.html.split_once("Figures, targets and statuses by aim</h").unwrap();
    let table = after.split("</table>").next().unwrap();
    table.split("<tr").skip(1).map(|row| words(&format!("<tr{row}")).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn each_place_has_its_own_in_four_to_six_pages() {
    let stems: Vec<&str> = BRIEFS.iter().map(|pack| pack.stem.as_str()).collect();
    assert_eq!(stems.len(), 4, "{stems:?}");
    for pack in BRIEFS.iter() {
        assert!(pack.stem.starts_with("place-brief-2026-27-Q2-place-"), "{}", pack.stem);
        assert!((4..=6).contains(&pack.rendered.pages), "{}: {} pages", pack.stem, pack.rendered.pages);
        assert!(pack.rendered.warnings.is_empty(), "{}: {:?}", pack.stem, pack.rendered.warnings);
        let name = DEMONSTRATION.config.areas.name(pack.part.as_ref().unwrap());
        assert!(pack.rendered.html.contains(&format!("{name}: July to September 2026")), "{}", pack.stem);
        assert!(assert_short(&pack.stem, &pack.rendered) >= 3, "{}", pack.stem);
    }
}

#[test]
fn figures_are_those_of_the_place() {
    let rows = rows(&brief("bassetlaw").rendered);
    let of = |title: &str| rows.iter().find(|row| row.starts_with(title)).unwrap_or_else(|| panic!("{title}: {rows:#?}"));
    // As the source gives them: 4.7% (0.0 to 9.7) beside England's 11.6%, and 289 areas.
    let smoking = of("Adults who smoke");
    for part in ["per cent, 2023, old", "4.7", "better than 11.6", "0.0 to 26.3", "8.5 to 13.8"] {
        assert!(smoking.contains(part), "{part}: {smoking}");
    }
    // No figures of all areas are known of it, and none is invented.
    assert!(of("Tooth decay at age 5").contains("none"), "{rows:#?}");
    // A place of several districts has a line for each.
    let rows = self::rows(&brief("mid-nottinghamshire").rendered);
    let at = rows.iter().position(|row| row.starts_with("Adults who smoke")).unwrap();
    for (row, area) in rows[at + 1..].iter().zip(["Ashfield 6.9", "Mansfield 13.3", "Newark and Sherwood 10.3"]) {
        assert!(row.starts_with(area), "{area}: {row}");
    }
}

#[test]
fn a_status_stands_beside_what_it_is_judged_by() {
    let said = words(&brief("nottingham-city").rendered.html);
    assert!(said.contains("it can be on track and still worse than England’s"), "{said}");
    let rows = self::rows(&brief("nottingham-city").rendered);
    let of = |title: &str| rows.iter().find(|row| row.starts_with(title)).unwrap_or_else(|| panic!("{title}: {rows:#?}"));
    // The figure of its baseline with the period, and how it stands as one of all areas.
    let healthy = of("Healthy life expectancy at birth, males");
    assert!(healthy.contains("57.3 2018–20") && healthy.ends_with("At risk significantly adverse"), "{healthy}");
    // No figure to judge, beside one that is shown.
    let falls = of("Emergency admissions for falls");
    assert!(falls.contains("2,600") && falls.ends_with("No figure too old; last one 2017/18"), "{falls}");
    // Areas have the baseline's period in common.
    let rows = self::rows(&brief("mid-nottinghamshire").rendered);
    let at = rows.iter().position(|row| row.starts_with("Life expectancy at birth, females")).unwrap();
    assert!(rows[at].contains("years, 2023–25; baseline: 2018–20; target:"), "{}", rows[at]);
    assert!(rows[at + 1].starts_with("Ashfield 81.6 81.5 worse than 83.5"), "{}", rows[at + 1]);
}

#[test]
fn what_is_worse_is_told_with_both_figures() {
    let html = &brief("nottingham-city").rendered.html;
    let (_, after) = html.split_once("What is worse here than in England</h").unwrap();
    let said = words(&format!("<h{}", after.split("<h").next().unwrap()));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Adults who smoke : 18.2% in 2023, worse than England (11.6)."), "{said}");
    assert!(said.contains("Also worse than England: Emergency admissions for falls, 65 and over (2,600 per 100,000)"), "{said}");
}

#[test]
fn nothing_of_another_place_is_in_it() {
    let said = words(&brief("bassetlaw").rendered.html);
    for other in ["Ashfield", "Mansfield", "Newark", "Rushcliffe", "Gedling", "Broxtowe", "Nottingham City place"] {
        assert!(!said.contains(other), "{other}");
    }
    assert!(!said.contains("place-bassetlaw"));
}

#[test]
fn a_place_without_figures_says_so() {
    let mut sample = Sample::new(1);
    for judged in &mut sample.evaluation.measures {
        for of in std::iter::once(&mut judged.headline).chain(&mut judged.areas) {
            of.latest = None;
        }
    }
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "place_brief").unwrap();
    let files = render(&sample.pack(), &templates).unwrap_or_else(|faults| panic!("{faults}"));
    let said = words(&files.html);
    for part in [
        "No figure here is compared with England.",
        "There is no figure of Nottingham and Nottinghamshire beside one of England.",
    ] {
        assert!(said.contains(part), "{part}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let told = config("place_brif").err().map(|faults| faults.to_string()).unwrap_or_default();
    assert!(
        told.contains("pack.part_pack: there is no pack \"place_brif\"") && told.contains("did you mean \"place_brief\"?"),
        "{told}"
    );
    assert_eq!(config("").unwrap().part_pack.map(|pack| pack.name), None);
    assert_eq!(config("public_summary").unwrap().part_pack.map(|pack| pack.name), Some("public-summary".to_owned()));
}
