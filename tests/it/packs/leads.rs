//! Who answers for ambitions.

use crate::support::demo::{Demo, assert_exit, text};
use crate::support::page_text::words;
use crate::support::sample_pack::Sample;
use boardpack::assets::Assets;
use boardpack::framework::AmbitionLead;
use boardpack::report::{PackInputs, ReportTemplates, render};
use std::fs;

fn page(pack: &PackInputs<'_>, folder: &str) -> String {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), folder).unwrap();
    words(&render(pack, &templates).unwrap_or_else(|faults| panic!("{faults}")).html)
}

#[test]
fn leads_are_printed_and_those_that_lack_are_counted() {
    let sample = Sample::new(1);
    let all = sample.framework.ambitions.len();
    let lead = |of: usize, lead: &str, illustrative: bool| AmbitionLead {
        ambition: sample.framework.ambitions[of].id.clone(),
        lead: lead.to_owned(),
        from: None,
        until: None,
        illustrative,
    };
    let leads = [lead(0, "Director of Public Health", false), lead(1, "Chief Nurse", true)];
    let brief = page(&PackInputs { leads: &leads, ..sample.pack() }, "board_brief");
    for said in ["Lead: Director of Public Health", "Lead: Chief Nurse (illustrative)"] {
        assert!(brief.contains(said), "{said}");
    }
    assert!(brief.contains(&format!("No lead is named for {} of {all} ambitions.", all - 2)));
    let evidence = page(&PackInputs { leads: &leads, ..sample.pack() }, "evidence");
    assert!(evidence.contains("Lead: Director of Public Health."), "below the ambition's heading");
    let without = page(&sample.pack(), "board_brief");
    assert!(!without.contains("Lead:") && without.contains(&format!("No lead is named for {all} of {all} ambitions.")));
}

#[test]
fn what_is_wrong_in_the_file_is_told_with_its_line() {
    let demo = Demo::new();
    let entry = |ambition: &str, lead: &str, days: &str| format!("[[lead]]\nambition = {ambition:?}\nlead = {lead:?}\n{days}");
    let all = [
        entry("breast-feeding", "A director", ""),
        entry("breastfeeding", "A director", "until = 2026-06-30\n"),
        entry("breastfeeding", "Another", "from = 2026-07-01\n"),
        entry("breastfeeding", " ", ""),
        entry("suicide", "A director", "from = 2026-07-01\nuntil = 2026-06-01\n"),
        // Of an ambition that an earlier edition had.
        entry("of-an-earlier-edition", "A director", "until = 2024-03-31\n"),
    ];
    fs::write(demo.path("examples/demo/config/leads.toml"), all.concat()).unwrap();
    let output = demo.command(&["config", "check"]).output().unwrap();
    assert_exit(&output, 78);
    let said = text(&output);
    for told in [
        "line 2, [[lead]] number 1, ambition: there is no ambition \"breast-feeding\"",
        "line 14, [[lead]] number 4, lead: is empty",
        "line 13, [[lead]] number 4, ambition: breastfeeding has another lead on 2026-09-30",
        "line 19, [[lead]] number 5, until: is 2026-06-01, before 2026-07-01",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(
        !said.contains("[[lead]] number 2") && !said.contains("[[lead]] number 3") && !said.contains("of-an-earlier"),
        "{said}"
    );
}
