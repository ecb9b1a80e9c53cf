//! The kinds of configuration file.

/// A kind of configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Settings,
    Areas,
    Neighbours,
    Partners,
    Recipients,
    Schedules,
    Holidays,
    Comments,
    Leads,
    Voices,
    Edition,
    Measures,
    Mapping,
    Recordings,
    Theme,
    Pack,
    Abbreviations,
    Accessibility,
}

impl FileKind {
    /// In the order of the reference.
    pub const ALL: [FileKind; 18] = [
        FileKind::Settings,
        FileKind::Areas,
        FileKind::Neighbours,
        FileKind::Partners,
        FileKind::Recipients,
        FileKind::Schedules,
        FileKind::Holidays,
        FileKind::Comments,
        FileKind::Leads,
        FileKind::Voices,
        FileKind::Edition,
        FileKind::Measures,
        FileKind::Mapping,
        FileKind::Recordings,
        FileKind::Theme,
        FileKind::Pack,
        FileKind::Abbreviations,
        FileKind::Accessibility,
    ];

    /// The word that names it on the command line and in the name of its schema.
    pub fn name(self) -> &'static str {
        match self {
            FileKind::Settings => "settings",
            FileKind::Areas => "areas",
            FileKind::Neighbours => "neighbours",
            FileKind::Partners => "partners",
            FileKind::Recipients => "recipients",
            FileKind::Schedules => "schedules",
            FileKind::Holidays => "holidays",
            FileKind::Comments => "comments",
            FileKind::Leads => "leads",
            FileKind::Voices => "voices",
            FileKind::Edition => "edition",
            FileKind::Measures => "measures",
            FileKind::Mapping => "mapping",
            FileKind::Recordings => "recordings",
            FileKind::Theme => "theme",
            FileKind::Pack => "pack",
            FileKind::Abbreviations => "abbreviations",
            FileKind::Accessibility => "accessibility",
        }
    }

    /// The files of this kind, as a person looks for them.
    pub fn files(self) -> &'static str {
        match self {
            FileKind::Settings => "boardpack.toml",
            FileKind::Areas => "config/areas.toml",
            FileKind::Neighbours => "config/neighbours.toml",
            FileKind::Partners => "config/partners.toml",
            FileKind::Recipients => "config/recipients.toml",
            FileKind::Schedules => "config/schedules.toml",
            FileKind::Holidays => "config/holidays.toml",
            FileKind::Comments => "config/comments.toml",
            FileKind::Leads => "config/leads.toml",
            FileKind::Voices => "config/voices/*.toml",
            FileKind::Edition => "config/frameworks/EDITION/*.toml",
            FileKind::Measures => "config/frameworks/measures/*.toml",
            FileKind::Mapping => "config/mappings/*.toml",
            FileKind::Recordings => "recordings.toml",
            FileKind::Theme => "report_templates/PACK/theme.toml",
            FileKind::Pack => "report_templates/PACK/pack.toml",
            FileKind::Abbreviations => "report_templates/PACK/abbreviations.toml",
            FileKind::Accessibility => "config/accessibility.toml",
        }
    }

    /// What such a file holds, in a sentence.
    pub fn says(self) -> &'static str {
        match self {
            FileKind::Settings => "The settings: what is made, where things lie, how sources are asked and messages sent.",
            FileKind::Areas => "Every area and organisation that a figure can be about.",
            FileKind::Neighbours => "Lists of areas that a published model finds alike.",
            FileKind::Partners => "The bodies that return figures and lead key actions.",
            FileKind::Recipients => "Who is sent messages.",
            FileKind::Schedules => "What `boardpack serve` does automatically, and when.",
            FileKind::Holidays => "Days that schedules avoid beside weekends.",
            FileKind::Comments => "What those who answer for ambitions say of them each quarter.",
            FileKind::Leads => "Who answers for each ambition, from when until when.",
            FileKind::Voices => {
                "What people say is and is not working for them, by theme. All files of the folder are read together."
            }
            FileKind::Edition => {
                "One edition of a strategy: aims, priorities, ambitions with their measures and targets, key actions. \
                              All files of the folder are read together; `[edition]` stands in one of them."
            }
            FileKind::Measures => "What is measured, apart from any target.",
            FileKind::Mapping => "Where the figures are in a workbook of its sender's own layout.",
            FileKind::Recordings => "Answers of a public source that were recorded earlier, beside their files.",
            FileKind::Theme => "The look of a pack. What a theme does not say is as in the board pack's, and then as built in.",
            FileKind::Pack => "What a pack holds, in order.",
            FileKind::Abbreviations => "Short forms with what they stand for: the first use in a section is read out in full.",
            FileKind::Accessibility => {
                "The accessibility statement: which standards the packs meet, what is not accessible, whom to ask."
            }
        }
    }

    /// The kind of the file at `path`, written with `/`, below the folder that has `config/` and `report_templates/`; none
    /// for one that has no schema.
    pub fn of_file(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name {
            "recordings.toml" => return Some(FileKind::Recordings),
            "boardpack.toml" | "default.toml" => return Some(FileKind::Settings),
            _ if !name.ends_with(".toml") => return None,
            _ => {}
        }
        if let Some(rest) = path.strip_prefix("config/") {
            return match rest.split('/').collect::<Vec<_>>()[..] {
                ["areas.toml"] => Some(FileKind::Areas),
                ["neighbours.toml"] => Some(FileKind::Neighbours),
                ["partners.toml"] => Some(FileKind::Partners),
                ["recipients.toml"] => Some(FileKind::Recipients),
                ["schedules.toml"] => Some(FileKind::Schedules),
                ["holidays.toml"] => Some(FileKind::Holidays),
                ["comments.toml"] => Some(FileKind::Comments),
                ["leads.toml"] => Some(FileKind::Leads),
                ["accessibility.toml"] => Some(FileKind::Accessibility),
                ["voices", _] => Some(FileKind::Voices),
                ["mappings", _] => Some(FileKind::Mapping),
                ["frameworks", "measures", _] => Some(FileKind::Measures),
                ["frameworks", _, _] => Some(FileKind::Edition),
                _ => None,
            };
        }
        match (path.starts_with("report_templates/"), name) {
            (true, "theme.toml") => Some(FileKind::Theme),
            (true, "pack.toml") => Some(FileKind::Pack),
            (true, "abbreviations.toml") => Some(FileKind::Abbreviations),
            _ => None,
        }
    }

    /// The file of the schema: `schemas/areas.json`.
    pub fn schema_file(self) -> String {
        format!("schemas/{}.json", self.name())
    }
}
