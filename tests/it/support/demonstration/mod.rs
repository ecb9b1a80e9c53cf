//! The demonstration, collected and judged as a run does, with what may be published of it.

use boardpack::report::PackInputs;
use boardpack::run::{LoadedConfig, Progress, Published, QuarterChoice, RenderedPack, Setup, assess};
use boardpack::settings;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// Made once for all tests.
pub static DEMONSTRATION: LazyLock<Demonstration> = LazyLock::new(Demonstration::new);

/// Every pack of it.
pub static PACKS: LazyLock<Vec<RenderedPack>> =
    LazyLock::new(|| DEMONSTRATION.published.make(&DEMONSTRATION.config, false).unwrap());

pub struct Demonstration {
    pub config: LoadedConfig,
    pub published: Published,
}

struct Silent;

impl Progress for Silent {
    fn stage_starts(&self, _: &str) {}
    fn counted(&self, _: usize, _: usize, _: &str) {}
    fn stage_ends(&self, _: &str, _: &str) {}
}

impl Demonstration {
    pub fn new() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo/boardpack.toml");
        let mut settings = settings::load(Some(&file), &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults}"));
        let folder = tempfile::tempdir().unwrap();
        settings.paths.archive = folder.path().join("archive");
        let config = LoadedConfig::load(&settings, false, QuarterChoice::default(), jiff::Timestamp::now)
            .unwrap_or_else(|faults| panic!("{faults}"));
        let setup = Setup { settings: &settings, config: &config, now: jiff::Timestamp::now, progress: &Silent };
        let assessing = assess(&setup, None);
        let assessed = tokio::runtime::Runtime::new().unwrap().block_on(assessing).unwrap_or_else(|e| panic!("{e}"));
        Demonstration { published: assessed.published(&config), config }
    }

    pub fn pack(&self) -> PackInputs<'_> {
        self.published.pack(&self.config, false)
    }
}
