//! Pictures of the templates' folder.

use crate::assets::Assets;
use crate::fault::Faults;
use std::collections::BTreeMap;
use std::sync::Arc;
use tagged_document::decode;
use tagged_document::look::Colour;

/// The PNG files of a folder, by name.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    files: BTreeMap<String, Arc<[u8]>>,
}

impl Pictures {
    /// Reads and checks all of them; a later folder's file stands in for an earlier's of the same name.
    ///
    /// # Errors
    /// Each file that is not a picture that can be used.
    pub fn load(templates: &Assets, folders: &[&str]) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut files = BTreeMap::new();
        let names = folders.iter().flat_map(|folder| templates.list(folder).into_iter().map(move |name| (folder, name)));
        for (folder, name) in names.filter(|(_, name)| name.ends_with(".png")) {
            let path = format!("{folder}/{name}");
            match templates.read(&path) {
                Ok(bytes) => {
                    if let Err(problem) = decode(&bytes, Colour::WHITE) {
                        faults.push(templates.place(&path), format!("cannot be read: {problem}"), "save it as a PNG file again");
                    }
                    files.insert(name, Arc::from(bytes.as_ref()));
                }
                Err(fault) => faults.0.push(fault),
            }
        }
        faults.into_result()?;
        Ok(Pictures { files })
    }

    /// A file's bytes.
    ///
    /// # Errors
    /// What there is in its stead, in words.
    pub fn find(&self, name: &str) -> Result<Arc<[u8]>, String> {
        self.files.get(name).cloned().ok_or_else(|| match self.files.len() {
            0 => "put a PNG file beside the templates".to_owned(),
            _ => format!("there are: {}", self.files.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
        })
    }
}
