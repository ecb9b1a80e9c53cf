//! The fonts that a theme names.

use super::theme::Theme;
use crate::assets::Assets;
use crate::fault::Faults;
use tagged_document::Fonts;

/// Reads the files that the theme names; `place` is the theme's, for messages.
///
/// # Errors
/// A file that is not there or is not a font.
pub fn load(theme: &Theme, fonts: &Assets, place: &str) -> Result<Fonts, Faults> {
    let mut faults = Faults::default();
    let files = &theme.fonts;
    let named =
        [("regular", &files.regular), ("bold", &files.bold), ("italic", &files.italic), ("bold_italic", &files.bold_italic)];
    let at = |key: &str| format!("{place}, fonts.{key}");
    let read = named.map(|(key, file)| {
        if !fonts.list("").contains(file) {
            let there_are = fonts.list("").into_iter().filter(|name| name.ends_with(".ttf") || name.ends_with(".otf"));
            let there_are = there_are.collect::<Vec<_>>().join(", ");
            let problem = format!("there is no font {file:?}; there are: {there_are}");
            faults.push(at(key), problem, "name one of them, or put the file into the folder that paths.fonts names");
            return (file.clone(), Vec::new());
        }
        let bytes = fonts.read(file).map(|bytes| bytes.into_owned());
        (file.clone(), bytes.map_err(|fault| faults.0.push(fault)).unwrap_or_default())
    });
    // A file that could not be read is told already, and is no font either.
    let unread = read.each_ref().map(|(_, bytes)| bytes.is_empty());
    Fonts::new(read).map_err(|not_fonts| {
        for found in not_fonts.into_iter().filter(|found| !unread[found.place]) {
            let problem = format!("{} is not a TrueType or OpenType font", fonts.place(&found.file));
            faults.push(at(named[found.place].0), problem, "use a .ttf or .otf file");
        }
        faults
    })
}
