//! Making recordings of what was answered, in the form in which [`super::recordings`] reads them.

use crate::archive::Archive;
use crate::collect::indicators::collected::{Indicators, RecordedPage};
use crate::collect::indicators::page::ResponsePage;
use crate::fault::Fault;
use crate::permissions;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::Path;

impl Indicators {
    /// Writes every answer that was used to a folder for its source below `folder`, with a `recordings.toml` that says
    /// what was asked, when, and whose it is. Gives how many were written, by source.
    ///
    /// # Errors
    /// A file that cannot be written; a folder that has recordings already, unless they may be replaced.
    pub fn record(&self, archive: &Archive, folder: &Path, replace: bool) -> Result<BTreeMap<String, usize>, Fault> {
        let mut of_source: BTreeMap<&str, Vec<&RecordedPage>> = BTreeMap::new();
        for recordable in &self.pages {
            let of_source = of_source.entry(&recordable.source).or_default();
            if !of_source.iter().any(|earlier| earlier.page.request == recordable.page.request) {
                of_source.push(recordable);
            }
        }
        let mut written = BTreeMap::new();
        for (source, pages) in of_source {
            let folder = folder.join(source);
            let list = folder.join("recordings.toml");
            if list.exists() && !replace {
                let place = list.display().to_string();
                return Err(Fault::new(place, "there are recordings already", "choose another folder, or add --force"));
            }
            write(&pages, archive, &folder)
                .map_err(|e| Fault::new(folder.display().to_string(), format!("cannot be written: {e}"), ""))?;
            written.insert(source.to_owned(), pages.len());
        }
        Ok(written)
    }
}

fn write(pages: &[&RecordedPage], archive: &Archive, folder: &Path) -> io::Result<()> {
    permissions::create_folders(folder)?;
    let mut list = "# Answers as they were received.\n".to_owned();
    for (number, RecordedPage { indicator, page, .. }) in pages.iter().enumerate() {
        let file = format!("{:03}_{}.{}", number + 1, plain(indicator), ending(page));
        let mut body = archive.answer(&page.answer.sha256)?;
        let path = folder.join(&file);
        io::copy(&mut body, &mut File::create(&path)?)?;
        permissions::publish(&path);
        let text = |text: &str| toml::Value::from(text).to_string();
        let ResponsePage { request, retrieved, publisher, licence, .. } = page;
        write!(
            list,
            "\n[[answer]]\nrequest = {}\nfile = {}\nretrieved = \"{retrieved}\"\npublisher = {}\nlicence = {}\n",
            text(request),
            text(&file),
            text(publisher),
            text(licence)
        )
        .expect("writing to a String does not fail");
    }
    // Last, so that a list never names a file that is not there.
    let path = folder.join("recordings.toml");
    fs::write(&path, list)?;
    permissions::publish(&path);
    Ok(())
}

/// What a file may be called anywhere.
fn plain(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(plain).take(60).collect()
}

fn ending(page: &ResponsePage) -> &'static str {
    match page.answer.content_type.as_deref() {
        Some(json) if json.contains("json") => "json",
        Some(workbook) if workbook.contains("spreadsheet") || workbook.contains("opendocument") => "workbook",
        _ => "csv",
    }
}
