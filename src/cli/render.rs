//! `boardpack render`: the packs again, from the last assessment.

use super::{Failure, Sources, clock, exit, ledger, quarter};
use crate::assets::Assets;
use crate::counted::counted;
use crate::run::{LoadedConfig, Preview, QuarterChoice};
use crate::settings::Settings;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

#[derive(Args)]
pub struct Arguments {
    /// The quarter, such as 2026-27-Q2 [default: the latest with a run]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// Only packs whose file name starts with this, such as public-summary, or whose templates are in this folder
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Make the packs again each time a template, a font or the framework is saved, until interrupted
    #[arg(long)]
    watch: bool,
    /// Mark every page as a draft
    #[arg(long)]
    draft: bool,
    /// The folder for the packs, which go into preview/ below their quarter [default: paths.output of the settings]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// How often saved files are looked for.
const PACE: Duration = Duration::from_millis(150);

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let period = quarter("--period", arguments.period.as_deref())?;
    let mut settings = sources.load()?;
    settings.paths.out.clone_from(&arguments.out);
    let preview = ledger::read(&settings, async |ledger| Preview::open(&settings, ledger, period).await)??;
    // What was assessed by one edition makes no pack by another.
    settings.pack.edition = Some(preview.edition().to_owned());
    if !arguments.watch {
        render(&settings, &preview, arguments)?;
        return Ok(exit::DONE);
    }
    let mut seen = saved(&settings);
    loop {
        // A mistake in a template is told, and the next save may mend it.
        if let Err(failure) = render(&settings, &preview, arguments) {
            eprintln!("error: {}", failure.message);
        }
        println!("waiting for a file to be saved");
        while saved(&settings) == seen {
            std::thread::sleep(PACE);
        }
        seen = saved(&settings);
    }
}

fn render(settings: &Settings, preview: &Preview, arguments: &Arguments) -> Result<(), Failure> {
    let started = Instant::now();
    let config = LoadedConfig::load(settings, false, QuarterChoice { period: Some(preview.period()), as_at: None }, clock)?;
    let (files, packs) = preview.write(&config, arguments.only.as_deref(), arguments.draft)?;
    for file in files {
        println!("{}", super::run::short(&file));
    }
    for warning in packs.iter().flat_map(|pack| &pack.rendered.warnings) {
        println!("warning: {warning}");
    }
    let pages: usize = packs.iter().map(|pack| pack.rendered.pages).sum();
    println!("{} in {:.2} seconds", counted(pages, "page", "pages"), started.elapsed().as_secs_f64());
    Ok(())
}

/// Every file that an analyst may save, with when that was last done.
fn saved(settings: &Settings) -> BTreeMap<PathBuf, Option<SystemTime>> {
    let trees: [Assets; 3] = [settings.template_assets(), settings.font_assets(), settings.config_assets()];
    let files = trees.iter().filter_map(|tree| Some((tree.folder()?, tree.files().ok()?)));
    let when = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    files
        .flat_map(|(folder, files)| files.into_iter().map(|file| folder.join(file)))
        .map(|path| (path.clone(), when(&path)))
        .collect()
}
