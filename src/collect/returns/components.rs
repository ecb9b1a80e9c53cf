//! What figures are made from, as rows of a return give it.

use super::age_bands::REPEATS;
use super::figures::Reader;
use super::returned_figure::ReturnedFigure;
use crate::collect::entry::CellEntry;
use crate::component::{Component, GroupComponent};
use crate::fault::Fault;
use crate::figure::{Category, FigureKey, Observation};
use crate::framework::Measure;
use crate::value::{Sex, Value};
use workbook_reader::{Row, cell_name};

impl Reader<'_> {
    /// A component of the figure that `key` says, without its numbers.
    pub fn component(&self, row: Row<'_>, key: &FigureKey, component: Component) -> ReturnedFigure {
        let group = key.category.as_ref().map(|category| (category.scheme.as_str(), category.group.as_str()));
        let observation = Observation {
            measure: key.measure.clone(),
            area: key.area.clone(),
            period: key.period,
            sex: Sex::Persons,
            age: String::new(),
            category: Some(Category::of_component(&GroupComponent { component, group })),
            value: Value::Missing,
            decimals: None,
            numerator: None,
            denominator: None,
            limits: None,
            limits_998: None,
            published_comparison: None,
            published_trend: None,
            note: String::new(),
            illustrative: self.of.illustrative,
            provenance: self.of.provenance(&self.sheet.name, self.cells_of(row, component)),
        };
        ReturnedFigure { observation, blank: true }
    }

    /// The cells that hold it: `J5:K5`.
    fn cells_of(&self, row: Row<'_>, component: Component) -> String {
        let cell = |name| cell_name(row.number, self.table.column(name).unwrap_or_default());
        match component {
            Component::Events(_) => format!("{}:{}", cell("Events"), cell("Population")),
            Component::SquaredEvents(_) => cell(REPEATS),
            Component::StandardDeviation => cell("Standard deviation"),
        }
    }

    /// The standard deviation of a mean, where the row gives one.
    pub fn deviation(&self, row: Row<'_>, measure: &Measure, key: &FigureKey) -> Result<Option<ReturnedFigure>, Fault> {
        const COLUMN: &str = "Standard deviation";
        let CellEntry::Number(spread) = self.entry(row, COLUMN)? else { return Ok(None) };
        if !measure.is_mean() {
            let problem = format!("{} is not a mean, and has no standard deviation", measure.id);
            return Err(self.fault(row, COLUMN, problem, "leave the cell empty"));
        }
        let has = |column| matches!(self.entry(row, column), Ok(CellEntry::Number(_)));
        if spread.value < 0.0 {
            let problem = format!("{} was found; a standard deviation of 0 or more was expected", spread.value);
            return Err(self.fault(row, COLUMN, problem, "correct it"));
        }
        if !has("Value") || !has("Denominator") {
            let problem = "there is a standard deviation without the mean and the number of people".to_owned();
            return Err(self.fault(
                row,
                COLUMN,
                problem,
                "give the mean as the value and the number of people as the denominator",
            ));
        }
        let figure = self.component(row, key, Component::StandardDeviation);
        let observation = Observation { value: Value::Number(spread.value), ..figure.observation };
        Ok(Some(ReturnedFigure { observation, blank: false }))
    }
}
