//! Sources as settings files write them, one of each kind, and how a fault of them is looked for.

use boardpack::fault::Fault;

#[track_caller]
pub fn assert_told(found: &[Fault], place: &str, problem: &str, remedy: &str) {
    let is_it = |fault: &&Fault| fault.place == place && fault.problem.contains(problem) && fault.remedy.contains(remedy);
    assert!(found.iter().any(|fault| is_it(&fault)), "no {place}: {problem} ({remedy}) in\n{found:#?}");
}

pub const HEAD: &str = "[sources.x]\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"https://example.org/\"\n";
pub const TABLE: &str = "kind = \"table\"\nfile = \"t.csv\"\n[sources.x.columns]\narea = \"a\"\nperiod = \"p\"\nvalue = \"v\"\n";
pub const JSON: &str = "kind = \"api\"\n[sources.x.api]\nrequest = \"d?i={indicator}\"\nformat = \"json\"\nrows = \"/obs\"\n\
                    [sources.x.columns]\narea = \"/area\"\nperiod = \"/period\"\nvalue = \"/value\"\n";
pub const CSV: &str = "kind = \"api\"\n[sources.x.api]\nrequest = \"d?i={indicator}\"\nformat = \"csv\"\n\
                   [sources.x.columns]\narea = \"a\"\nperiod = \"p\"\nvalue = \"v\"\n";
pub const BOOK: &str = "kind = \"workbook\"\nfile = \"b.ods\"\nmapping = \"ukhsa-hcai\"\n";
pub const BOARD: &str = "kind = \"dashboard\"\nareas = { E92000001 = \"Nation/England\" }\n";

pub const MAPPING: &str = "title = \"t\"\n[[figures]]\nsheet = \"any\"\nheader = [\"Code\"]\nmeasure = \"MEASURE\"\n\
                       area = { column = \"Code\" }\nperiod = \"2024\"\nvalue = \"Rate\"\n";

/// The settings with one text replaced.
pub fn with(settings: &str, from: &str, to: &str) -> String {
    assert!(settings.contains(from), "{from} is not in {settings}");
    settings.replacen(from, to, 1)
}
