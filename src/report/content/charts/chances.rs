//! The chances of meeting targets, as circles.

use super::drawn::{BELOW, some_illustrative};
use crate::counted::counted;
use crate::report::alternatives::of_chart;
use crate::report::charts::{ChanceRow, ChancesChart, Chart};
use crate::report::content::GivenChance;
use tagged_document::model::Figure;

/// A chance below this is less than even.
const EVEN: u8 = 50;

/// None without any.
pub fn chances(given: &[GivenChance<'_>]) -> Option<Figure> {
    let least = given.first()?;
    let unlikely = given.iter().filter(|of| of.chance.shown_percent() < EVEN).count();
    let finding = format!(
        "The chance is less than even for {unlikely} of {}",
        counted(given.len(), "target for which one can be given", "targets for which one can be given")
    );
    let said = |_: usize| format!("{finding}.");
    let more = [format!("Least likely: {} ({}).", least.title(), least.chance.words())];
    let row =
        |of: &GivenChance<'_>| ChanceRow { name: of.title(), words: of.chance.words(), of_ten: of.chance.shown_percent() / 10 };
    let illustrative = given.iter().any(|of| of.prospect.illustrative);
    let marked = some_illustrative(given.iter().map(|of| of.prospect.illustrative));
    Some(Figure {
        alternative: of_chart("", &said, &more, BELOW),
        caption: finding,
        subject: "Chance of meeting each target by its date".to_owned(),
        twin: None,
        note: format!("{marked}Each filled circle is one chance in ten. The least likely come first."),
        chart: tagged_document::drawing::Chart::new(Chart::Chances(ChancesChart { rows: given.iter().map(row).collect() })),
        illustrative,
    })
}
