//! The files of a run.

use super::error::RunError;
use super::loaded_config::LoadedConfig;
use super::packs::{Published, RenderedPack};
use crate::atomic_file;
use crate::evaluate;
use crate::fault::Faults;
use crate::permissions;
use crate::report::Statement;
use crate::report::annex::{AnnexTables, Imprint};
use std::borrow::Cow;
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// A file's name below the folder of its quarter, its bytes, and of a PDF its pages.
pub type File<'a> = (String, Cow<'a, [u8]>, Option<usize>);

/// Every file of a run but the manifest: the packs, the first one's PDF first of all, then the data behind them.
///
/// # Errors
/// Data that cannot be written down, which no figure can bring about.
pub fn all<'a>(
    published: &Published,
    packs: &'a [RenderedPack],
    config: &LoadedConfig,
    draft: bool,
) -> Result<Vec<File<'a>>, RunError> {
    let mut files = editions(packs, config);
    let cannot = |name: &str, e: &dyn Display| RunError::Output { path: PathBuf::from(name), problem: e.to_string() };
    let rows = evaluate::rows(&published.evaluation, &config.framework, &config.areas);
    let ambitions = evaluate::ambition_rows(&published.evaluation, &config.framework);
    let data = evaluate::AssessmentData { format: evaluate::FORMAT, ambitions, assessments: rows };
    let assessments = evaluate::to_json(&data).map_err(|e| cannot("assessments.json", &e))?;
    files.push(("assessments.json".to_owned(), Cow::Owned(assessments), None));
    let tables = AnnexTables::new(&published.pack(config, draft));
    let quarter = published.evaluation.period.slug();
    let templates = &config.packs[0].templates;
    let next = published.evaluation.period.next_step();
    let publisher = templates.publisher(&config.framework, &config.areas);
    let imprint = Imprint { publisher, contact: templates.contact(), next: (next, config.returns.deadline(next)) };
    files.push((format!("data-{quarter}.xlsx"), Cow::Owned(tables.to_xlsx(imprint).map_err(Faults::from)?), None));
    files.push((format!("data-{quarter}.ods"), Cow::Owned(tables.to_ods(imprint).map_err(Faults::from)?), None));
    files.extend(tables.to_csv().into_iter().map(|(name, bytes)| (format!("data/{name}"), Cow::Owned(bytes), None)));
    Ok(files)
}

/// Each pack as PDF and as HTML, for Word where that is asked for, and the accessibility statement to which the pages link.
pub fn editions<'a>(packs: &'a [RenderedPack], config: &LoadedConfig) -> Vec<File<'a>> {
    let templates = &config.packs[0].templates;
    let publisher = templates.publisher(&config.framework, &config.areas);
    let statement = config.statement.page(templates, publisher).into_bytes();
    packs
        .iter()
        .flat_map(|pack| {
            let rendered = &pack.rendered;
            let word = rendered.word.as_deref().map(|bytes| (format!("{}.docx", pack.stem), Cow::Borrowed(bytes), None));
            let both = [
                (format!("{}.pdf", pack.stem), Cow::Borrowed(rendered.pdf.as_slice()), Some(rendered.pages)),
                (format!("{}.html", pack.stem), Cow::Borrowed(rendered.html.as_bytes()), None),
            ];
            both.into_iter().chain(word)
        })
        .chain([(Statement::PAGE.to_owned(), Cow::Owned(statement), None)])
        .collect()
}

/// Writes `folder/name` so that a reader sees the old file or the new one whole, and gives its path.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, RunError> {
    write_by(atomic_file::write_public, folder, name, bytes)
}

/// As [`write()`], of a preview, which may be lost where the machine stops in the middle.
pub fn write_preview(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, RunError> {
    write_by(atomic_file::write_passing, folder, name, bytes)
}

fn write_by(
    write: fn(&Path, &[u8]) -> std::io::Result<()>,
    folder: &Path,
    name: &str,
    bytes: &[u8],
) -> Result<PathBuf, RunError> {
    let path = folder.join(name);
    let failed = |e: std::io::Error| RunError::Output { path: path.clone(), problem: e.to_string() };
    permissions::create_folders(path.parent().unwrap_or(folder)).map_err(failed)?;
    write(&path, bytes).map_err(failed)?;
    Ok(path)
}
