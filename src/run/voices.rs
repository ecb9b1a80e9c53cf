//! `voices/*.toml`: what people say is and is not working for them, read and checked.

mod check;

pub(super) use check::VoicesSubject;

use crate::assets::Assets;
use crate::document::{Entries, Places, TomlDocument};
use crate::fault::{Fault, Faults};
use crate::framework::{Voice, VoiceTheme, Voices};

const FOLDER: &str = "voices";

/// All that the folder has, in the order of its files, none where it has none; and of the quarter what its packs leave out.
pub(super) fn read_voices(config: &Assets, subject: &VoicesSubject<'_>, faults: &mut Faults) -> (Option<Voices>, Vec<Fault>) {
    let files: Vec<String> = config.list(FOLDER).into_iter().filter(|name| name.ends_with(".toml")).collect();
    let (mut themes, mut voices) = (Entries::<VoiceTheme>::default(), Entries::<Voice>::default());
    let mut places = Places::default();
    for file in &files {
        let path = format!("{FOLDER}/{file}");
        let Some(text) = faults.value_of(config.read_text(&path).map_err(Faults::from)) else { continue };
        let mut document = TomlDocument::parse(&text, &config.place(&path), faults);
        themes.extend(document.entries("theme", faults));
        voices.extend(document.entries("voice", faults));
        places.extend(document.finish(faults));
    }
    let mut found = Faults::default();
    check::themes(&themes, &mut found);
    check::voices(&voices, &themes, subject, &mut found);
    faults.0.extend(places.point_all(found.0));
    let left_out = places.point_all(check::left_out(&voices, subject).0);
    let all = Voices { themes: themes.values(), entries: voices.values(), smallest_group: subject.smallest_group };
    ((!files.is_empty()).then_some(all), left_out)
}
