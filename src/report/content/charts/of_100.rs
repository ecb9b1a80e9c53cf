//! The shares of what the public reads, as squares.

use crate::report::charts::{Chart, Of100Chart, Of100Row};
use crate::report::content::PlainView;
use tagged_document::model::Figure;

/// None where no figure is a share.
pub fn of_100(plain: &[PlainView]) -> Option<Figure> {
    let shares: Vec<&PlainView> = plain.iter().filter(|one| !one.shares.is_empty()).collect();
    let rows: Vec<Of100Row> = shares.iter().flat_map(|one| rows(one)).collect();
    let (first, all) = (rows.first()?, rows.len());
    let finding = format!("{}. Drawn for {all} figures", first.words);
    let text = crate::report::alternatives::of_chart("Out of 100", &|_| format!("{finding}."), &[], POINTER);
    Some(Figure {
        caption: "Out of 100".to_owned(),
        subject: String::new(),
        alternative: text,
        note: "Each square is one of 100. The line is where we want to be.".to_owned(),
        illustrative: shares.iter().any(|one| one.illustrative),
        chart: tagged_document::drawing::Chart::new(Chart::Of100(Of100Chart { rows })),
        twin: None,
    })
}

/// Where all of the figures are.
const POINTER: &str = "The table below has them all.";

fn rows(of: &PlainView) -> Vec<Of100Row> {
    of.ends()
        .map(|share| {
            let name = if share.area.is_empty() { of.name.clone() } else { format!("{}, {}", of.name, share.area) };
            let wanted = of.wanted_of_100.map_or(String::new(), |wanted| format!("; we want {:.0}", wanted.round()));
            let mark = if of.illustrative { " (illustrative)" } else { "" };
            let words = format!("{name}: {:.0} of 100{wanted}{mark}", share.of_100.round());
            Of100Row { words, of_100: share.of_100, wanted: of.wanted_of_100 }
        })
        .collect()
}
