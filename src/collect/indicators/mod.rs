//! Public indicators: the framework's questions put to their sources, live or recorded, and the answers read.
//!
//! A `query` goes through `plan` and `fetch` to a source; what comes is a `page`, which an implementation of `source` reads with the
//! `readers`, and the `collector` puts in order; `resolve` says what became of it. One question's failure never stops the others, and
//! the order of the figures does not depend on which answer comes first.

mod aggregate;
mod believed;
mod by_age_band;
mod check;
mod collect;
mod collected;
mod collector;
mod describe;
mod description;
mod fetch;
mod fetch_error;
mod figure;
mod options;
mod page;
mod plan;
mod query;
mod receipt;
mod record;
mod registry;
mod resolve;
mod search;
mod source;
mod spread;
mod vintage;

/// What is common to the answers of several sources: rows, columns, numbers.
mod readers {
    pub mod amounts;
    pub mod answer_error;
    pub mod column_reader;
    pub mod csv_rows;
    pub mod excerpt;
    pub mod json_rows;
    pub mod repeats;
}

/// The kinds of public source.
mod sources {
    pub mod api;
    pub mod dashboard;
    pub mod fingertips;
    pub mod table;
    pub mod workbook;
}

/// The ways to an answer: over the network, out of the archive, from recordings.
mod transport {
    pub mod address;
    pub mod archived;
    pub mod client;
    pub mod credentials;
    pub mod rate_limit;
    pub mod recordings;
    pub mod retry;
}

pub use check::{check_answers, check_pointers, check_sources};
pub use collect::collect_indicators;
pub use collected::Indicators;
pub use description::Description;
pub use options::{FetchSetup, Files};
pub use search::{FoundIndicator, FoundIndicators, search_indicators};
pub(crate) use transport::recordings::Recording;
pub use vintage::{Changed, VintageChange};
