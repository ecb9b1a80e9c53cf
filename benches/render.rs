//! What a page costs: one pack, ten and a hundred one after another, then packs of twice, four and eight times the
//! measures. The cost of a page must not grow with either.
//!
//! `cargo bench --bench render`; `benches/peers/peers.py` sets the same pack beside other programs.

use boardpack::evaluate::MeasureAssessment;
use boardpack::framework::Ambition;
use boardpack::report::{self, PackInputs};
use boardpack::run::{self, LoadedConfig, Progress, Published, Setup};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

struct Silent;

impl Progress for Silent {
    fn stage_starts(&self, _: &str) {}
    fn counted(&self, _: usize, _: usize, _: &str) {}
    fn stage_ends(&self, _: &str, _: &str) {}
}

fn main() {
    let (materials, published) = demonstration();
    println!("{:>20} {:>7} {:>9} {:>12}", "", "pages", "seconds", "pages/second");
    let evidence = materials.packs.iter().find(|pack| pack.folder == "evidence").expect("the demonstration makes it");
    let templates = &evidence.templates;
    let pack = published.pack(&materials, false);
    for packs in [1, 10, 100] {
        let started = Instant::now();
        let pages = (0..packs).map(|_| pages(&pack, templates)).sum();
        tell(&format!("{packs} packs"), pages, started);
    }
    for times in [1, 2, 4, 8] {
        let framework = {
            let mut framework = materials.framework.clone();
            framework.ambitions =
                (0..times).flat_map(|_| materials.framework.ambitions.iter().cloned()).collect::<Vec<Ambition>>();
            framework
        };
        let mut evaluation = published.evaluation.clone();
        evaluation.measures =
            (0..times).flat_map(|_| published.evaluation.measures.iter().cloned()).collect::<Vec<MeasureAssessment>>();
        let larger = PackInputs { framework: &framework, evaluation: &evaluation, ..pack };
        let started = Instant::now();
        let pages = pages(&larger, templates);
        tell(&format!("{times} times the measures"), pages, started);
    }
}

/// The demonstration, collected and judged.
fn demonstration() -> (LoadedConfig, Published) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut settings =
        boardpack::settings::load(Some(&root.join("examples/demo/boardpack.toml")), &BTreeMap::new()).expect("its settings");
    settings.paths.archive = root.join("target/tmp/bench-archive");
    let materials =
        LoadedConfig::load(&settings, false, run::QuarterChoice::default(), jiff::Timestamp::now).expect("its configuration");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let setup = Setup { settings: &settings, config: &materials, now: jiff::Timestamp::now, progress: &Silent };
    let assessed = runtime.block_on(run::assess(&setup, None)).expect("its figures");
    let published = assessed.published(&materials);
    (materials, published)
}

fn pages(pack: &PackInputs<'_>, templates: &report::ReportTemplates) -> usize {
    report::render(pack, templates).expect("a pack").pages
}

fn tell(what: &str, pages: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!("{what:>20} {pages:>7} {seconds:>9.2} {:>12.0}", pages as f64 / seconds);
}
