//! Reading a source by its kind, with every fault told at once: each with its key, what was found, what was expected, and
//! what to do.

use super::check;
use super::guarded::{self, Entry};
use super::kinds::{Api, Columns, Dashboard, Format, Json, KindName, Paging, Rows, Source, SourceKind, Table, Workbook};
use super::reading::{KeyPlace, SourceReading};
use super::secret::Access;
use super::written::{self, Common, Format as WrittenFormat};
use crate::fault::Faults;
use config::{Map, Value, ValueKind};
use std::collections::BTreeSet;
use strum::VariantArray;

const COMMON: [&str; 4] = ["kind", "publisher", "licence", "base_url"];

/// The keys that a source of this kind keeps from what the defaults say of it as of another kind.
pub(in crate::settings) fn kept(kind: Option<&str>) -> impl Iterator<Item = &'static str> {
    let is_a_file = kind.and_then(|kind| kind.parse::<KindName>().ok()).is_some_and(KindName::is_a_file);
    COMMON.into_iter().chain(is_a_file.then_some("file"))
}

/// The source that `table` describes; none where something is wrong with it, all of which is added to `faults`.
pub(in crate::settings) fn read(name: &str, table: &Value, place: KeyPlace<'_>, faults: &mut Faults) -> Option<Source> {
    let before = faults.0.len();
    let mut reading = SourceReading { source: name, kind: "", place, told: BTreeSet::new(), faults };
    let ValueKind::Table(table) = &table.kind else {
        reading.fault("", "a table was expected", "begin it with [sources.NAME]");
        return None;
    };
    let (common, own): (Map<_, _>, Map<_, _>) = table.clone().into_iter().partition(|(key, _)| COMMON.contains(&key.as_str()));
    let kind = reading.kind(&common);
    let Common { publisher, licence, base_url } = reading.typed(without(common, "kind"));
    let publisher = reading.needed("publisher", publisher, "the publisher's name, as it is printed");
    let licence = reading.needed("licence", licence, "the licence under which the figures may be used");
    if base_url.is_none() {
        reading.lacks("base_url", "an address, or a folder of recordings; \"\" where there is none yet");
    }
    if let Some(base_url) = &base_url {
        guarded::address(&mut reading, "base_url", base_url);
    }
    let kind = kind.and_then(|kind| reading.own(kind, own, base_url.as_deref()));
    match (kind, publisher, licence) {
        (Some(kind), Some(publisher), Some(licence)) if reading.faults.0.len() == before => {
            Some(Source { publisher, licence, base_url: base_url.filter(|base| !base.is_empty()), kind })
        }
        _ => None,
    }
}

impl SourceReading<'_> {
    fn kind(&mut self, common: &Map<String, Value>) -> Option<KindName> {
        let text = common.get("kind").and_then(|kind| kind.clone().into_string().ok());
        let kind = self.needed("kind", text, &kinds())?;
        let known = kind.parse::<KindName>().ok();
        match known {
            Some(known) => self.kind = known.into(),
            None => self.fault("kind", format!("{kind:?} is not a kind of source; expected {}", kinds()), "name one of them"),
        }
        known
    }

    /// What is particular to the kind.
    fn own(&mut self, kind: KindName, keys: Map<String, Value>, base_url: Option<&str>) -> Option<SourceKind> {
        match kind {
            KindName::Dashboard => self.dashboard(keys).map(SourceKind::Dashboard),
            KindName::Table => self.table(keys).map(SourceKind::Table),
            KindName::Api => self.api(keys, base_url).map(SourceKind::Api),
            KindName::Workbook => self.workbook(keys).map(SourceKind::Workbook),
            KindName::Fingertips => {
                let written::Fingertips {} = self.typed(keys);
                Some(SourceKind::Fingertips)
            }
        }
    }

    fn dashboard(&mut self, keys: Map<String, Value>) -> Option<Dashboard> {
        let written::Dashboard { areas, missing } = self.typed(keys);
        let areas = Some(areas).filter(|areas| !areas.is_empty());
        let areas = self.needed("areas", areas, "the dashboard's names of areas, such as { E92000001 = \"Nation/England\" }")?;
        check::dashboard_areas(self, &areas);
        Some(Dashboard { areas, missing })
    }

    fn workbook(&mut self, keys: Map<String, Value>) -> Option<Workbook> {
        let written::Workbook { file, mapping } = self.typed(keys);
        let file = self.file(file);
        let mapping = self.needed("mapping", mapping, "the name of a file of mappings/ that says where the figures are");
        Some(Workbook { file: file?, mapping: mapping? })
    }

    fn table(&mut self, keys: Map<String, Value>) -> Option<Table> {
        let written::Table { file, columns, period_format, missing, only, except, areas, sexes } = self.typed(keys);
        let file = self.file(file);
        let columns = self.columns(columns)?;
        let period_format = period_format.unwrap_or_default();
        let rows = Rows { columns, period_format, missing, only, except, areas, sexes };
        check::rows(self, &rows);
        Some(Table { file: file?, rows })
    }

    fn api(&mut self, keys: Map<String, Value>, base_url: Option<&str>) -> Option<Api> {
        let written::Api { api, columns, period_format, missing, only, except, areas, sexes } = self.typed(keys);
        let api = self.needed("api", api, "a table [sources.NAME.api] with request and format");
        let columns = self.columns(columns);
        let written::Asked { request, format, periods, rows: list, next, cut_short, paging, headers, secret, secret_file } = api?;
        let request = self.needed("api.request", request, "the rest of the address, such as \"data?indicator={indicator}\"");
        if let Some(request) = &request {
            check::request(self, request, &periods);
        }
        let access = Access { headers, secret, secret_file: secret_file.map(Into::into) };
        guarded::entry(self, &Entry { table: Api::TABLE, base_url, request: request.as_deref(), access: &access });
        let both = next.is_some() && paging.is_some();
        let paging = paging.and_then(|paging| self.paging(paging));
        let format = match self.needed("api.format", format, "\"json\" or \"csv\"")? {
            WrittenFormat::Json => Format::Json(Json { list: list.unwrap_or_default(), next, cut_short }),
            WrittenFormat::Csv => {
                for (key, given) in [("rows", list), ("next", next), ("cut_short", cut_short)] {
                    if let Some(pointer) = given {
                        let problem = format!("{pointer:?} points into JSON, and api.format is \"csv\"");
                        self.fault(&format!("api.{key}"), problem, "leave it out; pages of CSV are asked for by api.paging");
                    }
                }
                Format::Csv
            }
        };
        if both {
            self.fault("api.paging", "is given, and so is api.next: pages are found in one way", "keep one of them");
        }
        let period_format = period_format.unwrap_or_default();
        let rows = Rows { columns: columns?, period_format, missing, only, except, areas, sexes };
        check::rows(self, &rows);
        if let Format::Json(json) = &format {
            check::pointers(self, json, &rows);
        }
        Some(Api { request: request?, periods, format, paging, access, rows })
    }

    fn paging(&mut self, written: written::Paging) -> Option<Paging> {
        let written::Paging { parameter, size, counts } = written;
        let parameter = self.needed("api.paging.parameter", parameter, "the parameter that takes the number");
        let size = self.needed("api.paging.size", size, "how many rows a whole page has");
        let counts = self.needed("api.paging.counts", counts, "\"rows\" or \"pages\"");
        if size == Some(0) {
            self.fault("api.paging.size", "is 0; the rows of a whole page were expected", "give the source's page size");
        }
        Some(Paging { parameter: parameter?, size: size?, counts: counts? })
    }

    fn file(&mut self, file: Option<String>) -> Option<String> {
        self.needed("file", file, "the file below base_url, such as \"figures.csv\"")
    }

    fn columns(&mut self, written: Option<written::Columns>) -> Option<Columns> {
        let written = self.needed("columns", written, "a table [sources.NAME.columns] with area, period and value")?;
        let written::Columns { indicator, area, period, value, lower, upper, numerator, denominator, sex, age, note } = written;
        let area = self.needed("columns.area", area, "the column with the area's code");
        let period = self.needed("columns.period", period, "the column with the period");
        let value = self.needed("columns.value", value, "the column with the figure");
        if lower.is_some() != upper.is_some() {
            let (given, lacking) = if lower.is_some() { ("lower", "upper") } else { ("upper", "lower") };
            if !self.is_told(&format!("columns.{lacking}")) {
                let problem = format!("is given without columns.{lacking}: one limit alone is never used");
                self.fault(&format!("columns.{given}"), problem, "name both columns or neither");
            }
        }
        Some(Columns {
            indicator,
            area: area?,
            period: period?,
            value: value?,
            lower,
            upper,
            numerator,
            denominator,
            sex,
            age,
            note,
        })
    }
}

/// Every kind, as a fault names them.
fn kinds() -> String {
    let words: Vec<String> = KindName::VARIANTS.iter().map(|kind| format!("{:?}", <&str>::from(*kind))).collect();
    words.split_last().map_or(String::new(), |(last, others)| format!("{} or {last}", others.join(", ")))
}

fn without(mut keys: Map<String, Value>, key: &str) -> Map<String, Value> {
    keys.remove(key);
    keys
}
