//! Answers recorded earlier: a folder with `recordings.toml`, which says what each file answers and where it came from.

use crate::archive::{AnswerHead, Archive, KeptAnswer};
use crate::collect::indicators::fetch_error::{FetchError, FetchProblem};
use crate::collect::indicators::page::ResponsePage;
use crate::settings::Source;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

/// The recordings of one source.
#[derive(Debug)]
pub(in crate::collect::indicators) struct Recordings {
    folder: PathBuf,
    /// The folder's own name, which is the same wherever the whole is copied to.
    name: String,
    answers: Vec<Recording>,
    publisher: String,
    licence: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    #[serde(default)]
    answer: Vec<Recording>,
}

/// An answer of a public source, recorded earlier.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recording {
    /// What was asked, below the source's base.
    request: String,
    /// The file with the answer, in the same folder.
    file: String,
    /// When it was retrieved: `2026-11-02T09:00:00Z`.
    retrieved: Timestamp,
    /// Who published it; the settings' own where it is left out.
    publisher: Option<String>,
    /// The licence; the settings' own where it is left out.
    licence: Option<String>,
    /// For the person who keeps the recordings.
    #[serde(default, rename = "note")]
    _note: String,
}

impl Recordings {
    /// # Errors
    /// A folder without a list of its recordings, or with one that is not such a list. Where the source is one file, that
    /// file alone will do.
    pub fn open(folder: &Path, source: &Source) -> Result<Self, String> {
        let path = folder.join("recordings.toml");
        if let (Some(file), false) = (source.file(), path.exists()) {
            return Self::of_file(folder, file, source);
        }
        let text = fs::read_to_string(&path).map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
        let contents: Contents = toml::from_str(&text).map_err(|e| {
            let line = e.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            format!("{}, line {line}: {}", path.display(), e.message())
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            name: folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            answers: contents.answer,
            publisher: source.publisher.clone(),
            licence: source.licence.clone(),
        })
    }

    /// A published file that was laid into a folder: it was received when it was last written.
    fn of_file(folder: &Path, file: &str, source: &Source) -> Result<Self, String> {
        let path = folder.join(file);
        let written = fs::metadata(&path).and_then(|of| of.modified());
        let written = written.map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
        let retrieved = Timestamp::try_from(written).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
            name: String::new(),
            answers: vec![Recording {
                request: file.to_owned(),
                file: file.to_owned(),
                retrieved,
                publisher: None,
                licence: None,
                _note: String::new(),
            }],
            publisher: source.publisher.clone(),
            licence: source.licence.clone(),
        })
    }

    /// The recorded answer to `request`, as it lies in the folder; none where none was recorded.
    ///
    /// # Errors
    /// A file that lies elsewhere or cannot be read.
    pub fn open_answer(&self, request: &str) -> Option<Result<File, String>> {
        let recording = self.answers.iter().find(|recording| recording.request == request)?;
        Some(self.file(recording))
    }

    fn file(&self, recording: &Recording) -> Result<File, String> {
        if !Path::new(&recording.file).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(format!("the recording {:?} lies outside its folder", recording.file));
        }
        let path = self.folder.join(&recording.file);
        File::open(&path).map_err(|e| format!("{} cannot be read: {e}", path.display()))
    }

    /// The recorded answer to `request`, put into the archive like any other.
    ///
    /// # Errors
    /// No such recording, or a file that cannot be read or kept.
    pub fn page(&self, request: &str, archive: &Archive) -> Result<ResponsePage, FetchError> {
        let Some(recording) = self.answers.iter().find(|recording| recording.request == request) else {
            return Err(FetchError::new(request, FetchProblem::NotRecorded));
        };
        // A reader can put the request to the publisher again; the file says what was answered then.
        let file = if self.name.is_empty() { recording.file.clone() } else { format!("{}/{}", self.name, recording.file) };
        let url = if self.name.is_empty() {
            format!("file {file}")
        } else if request == recording.file {
            format!("recording {file}")
        } else {
            format!("{request} (recording {file})")
        };
        let fail = |reason: String| FetchError::new(&url, FetchProblem::Unreachable(reason));
        let kept = archive.keep_answer(self.file(recording).map_err(fail)?);
        let KeptAnswer { sha256, bytes } = kept.map_err(|e| {
            let path = self.folder.join(&recording.file);
            fail(format!("{} cannot be put into the archive: {e}", path.display()))
        })?;
        let received = recording.retrieved;
        Ok(ResponsePage {
            request: request.to_owned(),
            url,
            retrieved: received,
            answer: AnswerHead { sha256, bytes, received, content_type: None, etag: None, last_modified: None },
            publisher: recording.publisher.clone().unwrap_or_else(|| self.publisher.clone()),
            licence: recording.licence.clone().unwrap_or_else(|| self.licence.clone()),
            instead_of: None,
        })
    }
}
