//! What the cover of a workbook says of the pack.

use super::notes::licences;
use crate::report::PackInputs;
use crate::report::content::figures::date;

/// What the cover says beside who publishes the annex.
pub(super) fn cover(pack: &PackInputs<'_>) -> Vec<(&'static str, String)> {
    let evaluation = pack.evaluation;
    let system = pack.areas.name(&pack.framework.edition.system);
    let marks = pack.marks();
    let mut said = vec![
        ("What this is", format!("The figures of the outcomes framework board pack of {system}, as data")),
        ("Quarter", evaluation.period.in_words()),
        ("Figures as at", date(evaluation.as_at)),
        ("Returns were due by", date(pack.returns_due)),
        ("Standing", if marks.is_empty() { "Final".to_owned() } else { marks.join("; ") }),
    ];
    let licences = licences(pack);
    if !licences.is_empty() {
        let open = "Contains public sector information licensed under the Open Government Licence v3.0";
        said.push(("Licence", open.to_owned()));
    }
    said.extend(licences.into_iter().map(|licence| ("Licence", licence)));
    said.push(("Licence", "Figures that partners returned remain theirs".to_owned()));
    said.push((
        "How to read it",
        "The sheet Contents leads to every sheet; Notes says how the tables are to be read and what the marks mean; Columns says \
         what each column holds"
            .to_owned(),
    ));
    said.push((
        "Other formats",
        "The same tables are there as an Excel workbook (.xlsx), an OpenDocument spreadsheet (.ods) and CSV files, in which columns \
         have short names and tables are not parted into sheets"
            .to_owned(),
    ));
    said
}
