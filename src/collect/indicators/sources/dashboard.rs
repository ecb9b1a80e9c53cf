//! The UKHSA data dashboard: a metric of a topic, asked for area by area, in pages that name the next one.

use crate::collect::indicators::collector::AnswerCollector;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::source::IndicatorSource;
use crate::collect::indicators::sources::api::{Api, own_area};
use crate::collect::indicators::transport::address::escape_component;
use crate::framework::Framework;
use crate::settings::{self, Columns, Format, Json, PeriodFormat, Rows};
use std::collections::BTreeMap;
use std::io::Read;

/// What a page holds at most.
const PAGE_SIZE: u32 = 365;

/// Its answers are those of any JSON API; what is its own is how it is asked.
pub(in crate::collect::indicators) struct Dashboard {
    api: Api,
    /// The dashboard's names of areas by their codes.
    areas: BTreeMap<String, String>,
}

impl Dashboard {
    pub fn new(source: &settings::Dashboard) -> Self {
        let texts = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
        };
        let field = |name: &str| Some(name.to_owned());
        let columns = Columns {
            indicator: field("/metric"),
            area: "/geography_code".to_owned(),
            period: "/date".to_owned(),
            value: "/metric_value".to_owned(),
            sex: field("/sex"),
            age: field("/age"),
            ..Columns::default()
        };
        let rows = Rows {
            columns,
            period_format: PeriodFormat::IsoDate,
            missing: source.missing.clone(),
            // A stratum is a breakdown of another kind, such as ethnicity. Figures of the last days are not yet whole.
            only: texts(&[("/stratum", "default")]),
            except: texts(&[("/in_reporting_delay_period", "true")]),
            sexes: texts(&[("Persons", "all"), ("Male", "m"), ("Female", "f")]),
            // Its rows have codes; its own names are for asking only.
            areas: BTreeMap::new(),
        };
        let json = Json { list: "/results".to_owned(), next: field("/next"), cut_short: None };
        let api = Api(settings::Api {
            request: String::new(),
            periods: Vec::new(),
            format: Format::Json(json),
            paging: None,
            access: settings::Access::default(),
            rows,
        });
        Self { api, areas: source.areas.clone() }
    }
}

impl IndicatorSource for Dashboard {
    /// An answer for each area that the settings name as the dashboard does: `Nation/England`.
    fn requests(&self, asking: &MeasureQuery<'_>, framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        let indicator = asking.indicator;
        let [theme, sub_theme, topic, metric] = indicator.split('/').collect::<Vec<_>>()[..] else {
            return Err(format!("the indicator {indicator:?} is not theme/sub_theme/topic/metric"));
        };
        let mut requests = Vec::new();
        for area in asking.areas(framework) {
            let Some(own) = own_area(&self.areas, area) else { continue };
            let Some((kind, name)) = own.split_once('/') else {
                return Err(format!("sources.{}.areas has {own:?} for {area}; Nation/England was expected", asking.source));
            };
            let [theme, sub_theme, topic, kind, name, metric] =
                [theme, sub_theme, topic, kind, name, metric].map(escape_component);
            requests.push(vec![format!(
                "themes/{theme}/sub_themes/{sub_theme}/topics/{topic}/geography_types/{kind}/geographies/{name}/metrics/{metric}\
                 ?page_size={PAGE_SIZE}"
            )]);
        }
        if requests.is_empty() {
            return Err(format!("sources.{}.areas names none of the areas of {}", asking.source, asking.measure.id));
        }
        Ok(requests)
    }

    fn after(&self, page: &mut dyn Read, asked: &str) -> Result<Option<String>, AnswerError> {
        self.api.after(page, asked)
    }

    fn read(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        collector: &mut AnswerCollector<'_>,
    ) -> Result<(), AnswerError> {
        // The rows name the metric alone.
        let metric = question.indicator.rsplit('/').next().unwrap_or_default();
        self.api.read(page, &SourceQuery { indicator: metric, ..question.clone() }, collector)
    }
}
