//! Which sheets the columns of a table make in a workbook, so that the pages of each can be read when they are printed.

use super::table::AnnexTable;

/// Columns of a table that make a sheet. The table's identifiers follow them.
struct Part {
    table: &'static str,
    sheet: &'static str,
    /// What a row of it is.
    what: &'static str,
    columns: &'static [&'static str],
}

const PARTS: &[Part] = &[
    Part {
        table: "Ambitions",
        sheet: "Ambitions",
        what: "an ambition of the strategy, which the board counts: how it stands and why",
        columns: &["statement", "aim", "priority", "status", "reason", "flags", "judged_by", "met", "judged", "of", "decided_by"],
    },
    Part {
        table: "Ambitions",
        sheet: "Ambition texts",
        what: "an ambition of the strategy: its text, and how its status is made",
        columns: &["statement", "verbatim", "place", "combine"],
    },
    Part {
        table: "Assessments",
        sheet: "Assessments",
        what: "a measure judged for an area: how it stands and why. The headline first, then the other areas",
        columns: &[
            "title",
            "area_name",
            "headline",
            "role",
            "period",
            "value",
            "unit",
            "status",
            "reason",
            "flags",
            "target_words",
            "no_figure",
        ],
    },
    Part {
        table: "Assessments",
        sheet: "Assessment figures",
        what: "a measure in an area: its latest figure with the counts behind it and its limits",
        columns: &[
            "title",
            "area_name",
            "unit",
            "period",
            "value",
            "value_state",
            "numerator",
            "denominator",
            "lower",
            "upper",
            "limits_worked_out",
            "uncertainty",
            "judged_period",
            "judged_value",
        ],
    },
    Part {
        table: "Assessments",
        sheet: "Assessment changes",
        what: "a measure in an area: how it changed since the figure before and since its baseline",
        columns: &[
            "title",
            "area_name",
            "unit",
            "previous",
            "previous_period",
            "change",
            "change_significant",
            "change_significant_998",
            "change_better",
            "baseline",
            "baseline_period",
            "change_since_baseline",
            "change_since_baseline_significant",
            "change_since_baseline_better",
            "trend",
            "variation",
            "assurance",
        ],
    },
    Part {
        table: "Assessments",
        sheet: "Assessment targets",
        what: "a measure in an area: its target, and what it takes to meet it",
        columns: &[
            "title",
            "area_name",
            "unit",
            "target",
            "target_due",
            "expected_now",
            "chance_of_meeting",
            "yearly_change_needed",
            "next_due",
            "overdue_from",
            "overdue_since",
        ],
    },
    Part {
        table: "Assessments",
        sheet: "Assessment comparisons",
        what: "a measure in an area: how it stands beside other areas",
        columns: &[
            "title",
            "area_name",
            "unit",
            "comparator",
            "comparator_area",
            "comparison",
            "region",
            "region_comparison",
            "beside",
            "rank",
            "rank_of",
            "quarter",
            "neighbours_rank",
            "neighbours_of",
        ],
    },
    Part {
        table: "Assessments",
        sheet: "Assessment sources",
        what: "a measure in an area: how much of it was received, and where its latest figure came from",
        columns: &["title", "area_name", "coverage", "organisations_given", "organisations_asked", "people_judged", "sources"],
    },
    Part {
        table: "Series",
        sheet: "Series",
        what: "a figure of a measure, an area and a period; the oldest first",
        columns: &[
            "title",
            "area_name",
            "unit",
            "period",
            "period_start",
            "period_end",
            "value",
            "value_state",
            "marks",
            "numerator",
            "denominator",
            "lower",
            "upper",
            "comparator",
            "comparator_area",
            "coverage",
            "illustrative",
        ],
    },
    Part {
        table: "Series",
        sheet: "Series sources",
        what: "a figure of a measure, an area and a period: where it came from, in the order of Series",
        columns: &["title", "area_name", "period", "sources"],
    },
    Part {
        table: "Measures",
        sheet: "Measures",
        what: "a measure with the target that the edition sets it; one named by two ambitions has two rows",
        columns: &[
            "title",
            "aim",
            "priority",
            "ambition",
            "role",
            "target",
            "target_due",
            "target_document",
            "good_direction",
            "owner",
        ],
    },
    Part {
        table: "Measures",
        sheet: "Measure definitions",
        what: "a measure: what is counted, how, and how often",
        columns: &[
            "title",
            "definition",
            "numerator",
            "denominator",
            "multiplier",
            "unit",
            "decimals",
            "statistic",
            "months_between_figures",
            "months_to_publication",
            "protection",
        ],
    },
    Part {
        table: "Measures",
        sheet: "Measure sources and notes",
        what: "a measure: where its figures come from, and what a reader of them must know",
        columns: &["title", "source", "retired", "redefined", "proxy", "notes"],
    },
    Part {
        table: "Key actions",
        sheet: "Key actions",
        what: "a key action of the strategy: who leads it, by when, and how it stands",
        columns: &[
            "statement",
            "priority",
            "lead_name",
            "due",
            "first_due",
            "steps",
            "status",
            "reason",
            "flags",
            "evidence",
            "proposed",
        ],
    },
    Part {
        table: "Key actions",
        sheet: "Key action reports",
        what: "a key action of the strategy: what its leads reported",
        columns: &[
            "statement",
            "lead_name",
            "progress",
            "forecast",
            "completed",
            "commentary",
            "reported_by",
            "reported_for",
            "reported_on",
            "illustrative",
            "source",
            "co_leads",
            "co_leads_said",
        ],
    },
];

/// One sheet of a table: its name, what a row is, and the table's columns in the order in which they stand in it.
pub(super) struct SheetOf {
    pub name: &'static str,
    pub what: &'static str,
    pub columns: Vec<usize>,
}

impl AnnexTable {
    /// The sheets of a workbook that it makes.
    pub(super) fn sheets(&self) -> Vec<SheetOf> {
        let identifiers = || (0..self.columns.len()).filter(|index| self.columns[*index].is_identifier);
        let parts = PARTS.iter().filter(|part| part.table == self.name).map(|part| {
            let place = |name: &&str| self.columns.iter().position(|column| column.name == *name);
            let columns = part.columns.iter().filter_map(place).chain(identifiers()).collect();
            SheetOf { name: part.sheet, what: part.what, columns }
        });
        let parts: Vec<SheetOf> = parts.collect();
        if !parts.is_empty() {
            return parts;
        }
        let others = (0..self.columns.len()).filter(|index| !self.columns[*index].is_identifier);
        vec![SheetOf { name: self.name, what: self.what, columns: others.chain(identifiers()).collect() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The tables that are parted, without rows.
    fn parted() -> Vec<AnnexTable> {
        let tables = [
            ("Ambitions", super::super::framework::AMBITIONS),
            ("Assessments", super::super::figures::ASSESSMENTS),
            ("Series", super::super::figures::SERIES),
            ("Measures", super::super::framework::MEASURES),
            ("Key actions", super::super::framework::ACTIONS),
        ];
        tables.map(|(name, columns)| AnnexTable { name, what: "", columns, rows: Vec::new() }).into()
    }

    #[test]
    fn every_column_stands_in_a_sheet() {
        for table in parted() {
            let sheets = table.sheets();
            let placed: BTreeSet<usize> = sheets.iter().flat_map(|sheet| sheet.columns.iter().copied()).collect();
            assert_eq!(placed, (0..table.columns.len()).collect(), "{}", table.name);
            assert_eq!(sheets[0].name, table.name);
        }
    }

    #[test]
    fn every_column_of_a_part_is_one_of_its_table() {
        let tables = parted();
        for part in PARTS {
            let table = tables.iter().find(|table| table.name == part.table).unwrap();
            for name in part.columns {
                assert!(table.columns.iter().any(|column| column.name == *name), "{}: {name}", part.sheet);
            }
        }
    }
}
