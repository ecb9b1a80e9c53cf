//! Which kinds of public source there are.

use crate::collect::indicators::source::IndicatorSource;
use crate::collect::indicators::sources::api::Api;
use crate::collect::indicators::sources::dashboard::Dashboard;
use crate::collect::indicators::sources::fingertips::Fingertips;
use crate::collect::indicators::sources::table::Table;
use crate::collect::indicators::sources::workbook::Workbook;
use crate::settings::{Source, SourceKind};

/// The source that the settings describe.
pub(super) fn source_of(source: &Source) -> Box<dyn IndicatorSource> {
    match &source.kind {
        SourceKind::Fingertips => Box::new(Fingertips),
        SourceKind::Table(table) => Box::new(Table(table.clone())),
        SourceKind::Api(api) => Box::new(Api(api.clone())),
        SourceKind::Dashboard(dashboard) => Box::new(Dashboard::new(dashboard)),
        SourceKind::Workbook(workbook) => Box::new(Workbook(workbook.clone())),
    }
}
