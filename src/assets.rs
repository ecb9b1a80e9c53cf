//! Files that are part of the binary and that a folder of the user's may replace, one by one.

use crate::fault::Fault;
use include_dir::{Dir, include_dir};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

static CONFIG: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config");
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/report_templates");
static FONTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fonts");

/// A tree of embedded files with an optional folder over it: a file of the folder stands in for the
/// embedded file of the same path, and may be one that is not embedded at all.
#[derive(Debug, Clone)]
pub struct Assets {
    embedded: &'static Dir<'static>,
    folder: Option<PathBuf>,
}

impl Assets {
    /// `default.toml`, frameworks, areas, partners, recipients, schedules.
    pub fn config(folder: Option<PathBuf>) -> Self {
        Self { embedded: &CONFIG, folder }
    }

    /// The board pack's and the messages' templates.
    pub fn templates(folder: Option<PathBuf>) -> Self {
        Self { embedded: &TEMPLATES, folder }
    }

    pub fn fonts(folder: Option<PathBuf>) -> Self {
        Self { embedded: &FONTS, folder }
    }

    /// The file at `path`, which uses `/` and has no `..`.
    ///
    /// # Errors
    /// A file that is neither in the folder nor embedded, or that cannot be read.
    pub fn read(&self, path: &str) -> Result<Cow<'static, [u8]>, Fault> {
        if let Some(file) = self.folder.as_ref().map(|folder| folder.join(path)).filter(|file| file.exists()) {
            return std::fs::read(&file)
                .map(Cow::Owned)
                .map_err(|e| Fault::new(file.display().to_string(), format!("cannot be read: {e}"), "check its permissions"));
        }
        self.embedded
            .get_file(path)
            .map(|file| Cow::Borrowed(file.contents()))
            .ok_or_else(|| Fault::new(self.wanted(path), "there is no such file", self.neighbours(path)))
    }

    /// The file at `path` as text.
    ///
    /// # Errors
    /// As [`Assets::read`], and a file that is not UTF-8.
    pub fn read_text(&self, path: &str) -> Result<String, Fault> {
        String::from_utf8(self.read(path)?.into_owned())
            .map_err(|_| Fault::new(self.place(path), "is not UTF-8 text", "save it as UTF-8"))
    }

    /// Names of the files and folders directly in `folder`, sorted.
    pub fn list(&self, folder: &str) -> Vec<String> {
        let embedded = if folder.is_empty() { Some(self.embedded) } else { self.embedded.get_dir(folder) };
        let mut names: Vec<String> = embedded
            .into_iter()
            .flat_map(|dir| dir.entries().iter().filter_map(|entry| entry.path().file_name()))
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        if let Some(entries) = self.folder.as_ref().and_then(|root| std::fs::read_dir(root.join(folder)).ok()) {
            names.extend(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()));
        }
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        names.dedup();
        names
    }

    /// The path of every file, sorted; hidden files are not looked at.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn files(&self) -> Result<Vec<String>, Fault> {
        let mut files: BTreeSet<String> = BTreeSet::new();
        let mut folders = vec![self.embedded];
        while let Some(folder) = folders.pop() {
            files.extend(folder.files().filter_map(|file| slashed(file.path())));
            folders.extend(folder.dirs());
        }
        let mut folders: Vec<PathBuf> = self.folder.iter().cloned().collect();
        while let Some(folder) = folders.pop() {
            let unreadable = |e: std::io::Error| {
                Fault::new(folder.display().to_string(), format!("cannot be read: {e}"), "check its permissions")
            };
            for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                let path = entry.path();
                // A link to a folder is not followed: it may lead round in a circle.
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(path);
                } else if path.is_file()
                    && let Some(within) = self.folder.as_ref().and_then(|root| path.strip_prefix(root).ok())
                {
                    files.extend(slashed(within));
                }
            }
        }
        files.retain(|path| !path.split('/').any(|part| part.starts_with('.')));
        Ok(files.into_iter().collect())
    }

    /// The folder over the embedded files, where there is one.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// True where there is such a file.
    pub fn has(&self, path: &str) -> bool {
        !self.is_built_in(path) || self.embedded.get_file(path).is_some()
    }

    /// True where the file is the embedded one, with none of the folder's in its place.
    pub fn is_built_in(&self, path: &str) -> bool {
        !self.folder.as_ref().is_some_and(|folder| folder.join(path).exists())
    }

    /// What a message calls the file: its path on disk where it has one.
    pub fn place(&self, path: &str) -> String {
        match self.folder.as_ref().map(|folder| folder.join(path)).filter(|file| file.exists()) {
            Some(file) => file.display().to_string(),
            None => format!("{path} (built in)"),
        }
    }

    /// Where a file would be that is not there.
    fn wanted(&self, path: &str) -> String {
        self.folder.as_ref().map_or_else(|| path.to_owned(), |folder| folder.join(path).display().to_string())
    }

    fn neighbours(&self, path: &str) -> String {
        let folder = Path::new(path).parent().and_then(Path::to_str).unwrap_or_default();
        match self.list(folder).join(", ") {
            none if none.is_empty() => "add it, or correct its name".to_owned(),
            there_are => format!("there are: {there_are}"),
        }
    }
}

/// The path with `/` between its parts; none where it is not Unicode.
fn slashed(path: &Path) -> Option<String> {
    path.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>().map(|parts| parts.join("/"))
}
