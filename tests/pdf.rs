//! The pack as a file: what readers, screen readers and validators find in it.

mod sample_pack;

use boardpack::assets::Assets;
use boardpack::report::{Rendered, Templates, render};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use sample_pack::Sample;

fn templates() -> Templates {
    Templates::load(&Assets::templates(None), &Assets::fonts(None)).unwrap_or_else(|faults| panic!("{faults}"))
}

fn rendered(sample: &Sample) -> Rendered {
    render(&sample.pack(), &templates()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn assert_valid(pdf: &[u8], profile: ValidationProfile) {
    let report = validate_pdf_bytes(pdf, &ValidationOptions::default().profile(profile)).unwrap();
    assert!(report.failures.is_empty(), "{report}");
}

#[test]
fn a_pack_of_every_awkward_case_is_accessible_and_archivable() {
    let pack = rendered(&Sample::new(1));
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/awkward.pdf"), &pack.pdf).unwrap();
    assert_valid(&pack.pdf, ValidationProfile::PdfUa1);
    assert_valid(&pack.pdf, ValidationProfile::PdfA2a);
    assert_eq!(pack.warnings, []);
}
