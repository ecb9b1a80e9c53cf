//! The kinds of configuration file.

/// A kind of configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Settings,
    Areas,
    Neighbours,
    Partners,
    Recipients,
    Schedules,
    Holidays,
    Edition,
    Measures,
    Mapping,
    Recordings,
    Theme,
    Pack,
    Abbreviations,
}

impl Kind {
    /// In the order of the reference.
    pub const ALL: [Kind; 14] = [
        Kind::Settings,
        Kind::Areas,
        Kind::Neighbours,
        Kind::Partners,
        Kind::Recipients,
        Kind::Schedules,
        Kind::Holidays,
        Kind::Edition,
        Kind::Measures,
        Kind::Mapping,
        Kind::Recordings,
        Kind::Theme,
        Kind::Pack,
        Kind::Abbreviations,
    ];

    /// The word that names it on the command line and in the name of its schema.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Settings => "settings",
            Kind::Areas => "areas",
            Kind::Neighbours => "neighbours",
            Kind::Partners => "partners",
            Kind::Recipients => "recipients",
            Kind::Schedules => "schedules",
            Kind::Holidays => "holidays",
            Kind::Edition => "edition",
            Kind::Measures => "measures",
            Kind::Mapping => "mapping",
            Kind::Recordings => "recordings",
            Kind::Theme => "theme",
            Kind::Pack => "pack",
            Kind::Abbreviations => "abbreviations",
        }
    }

    /// The files of this kind, as a person looks for them.
    pub fn files(self) -> &'static str {
        match self {
            Kind::Settings => "boardpack.toml",
            Kind::Areas => "config/areas.toml",
            Kind::Neighbours => "config/neighbours.toml",
            Kind::Partners => "config/partners.toml",
            Kind::Recipients => "config/recipients.toml",
            Kind::Schedules => "config/schedules.toml",
            Kind::Holidays => "config/holidays.toml",
            Kind::Edition => "config/frameworks/EDITION/*.toml",
            Kind::Measures => "config/frameworks/measures/*.toml",
            Kind::Mapping => "config/mappings/*.toml",
            Kind::Recordings => "recordings.toml",
            Kind::Theme => "report_templates/PACK/theme.toml",
            Kind::Pack => "report_templates/PACK/pack.toml",
            Kind::Abbreviations => "report_templates/PACK/abbreviations.toml",
        }
    }

    /// What such a file holds, in a sentence.
    pub fn says(self) -> &'static str {
        match self {
            Kind::Settings => "The settings: what is made, where things lie, how sources are asked and messages sent.",
            Kind::Areas => "Every area and organisation that a figure can be about.",
            Kind::Neighbours => "Lists of areas that a published model finds alike.",
            Kind::Partners => "The bodies that return figures and lead key actions.",
            Kind::Recipients => "Who is sent messages.",
            Kind::Schedules => "What `boardpack serve` does automatically, and when.",
            Kind::Holidays => "Days that schedules avoid beside weekends.",
            Kind::Edition => {
                "One edition of a strategy: aims, priorities, ambitions with their measures and targets, key actions. \
                              All files of the folder are read together; `[edition]` stands in one of them."
            }
            Kind::Measures => "What is measured, apart from any target.",
            Kind::Mapping => "Where the figures are in a workbook of its sender's own layout.",
            Kind::Recordings => "Answers of a public source that were recorded earlier, beside their files.",
            Kind::Theme => "The look of a pack. What a theme does not say is as in the board pack's, and then as built in.",
            Kind::Pack => "What a pack holds, in order.",
            Kind::Abbreviations => "Short forms with what they stand for: the first use in a section is read out in full.",
        }
    }

    /// The kind of the file at `path`, written with `/`, below the folder that has `config/` and `report_templates/`; none
    /// for one that has no schema.
    pub fn of_file(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name {
            "recordings.toml" => return Some(Kind::Recordings),
            "boardpack.toml" | "default.toml" => return Some(Kind::Settings),
            _ if !name.ends_with(".toml") => return None,
            _ => {}
        }
        if let Some(rest) = path.strip_prefix("config/") {
            return match rest.split('/').collect::<Vec<_>>()[..] {
                ["areas.toml"] => Some(Kind::Areas),
                ["neighbours.toml"] => Some(Kind::Neighbours),
                ["partners.toml"] => Some(Kind::Partners),
                ["recipients.toml"] => Some(Kind::Recipients),
                ["schedules.toml"] => Some(Kind::Schedules),
                ["holidays.toml"] => Some(Kind::Holidays),
                ["mappings", _] => Some(Kind::Mapping),
                ["frameworks", "measures", _] => Some(Kind::Measures),
                ["frameworks", _, _] => Some(Kind::Edition),
                _ => None,
            };
        }
        match (path.starts_with("report_templates/"), name) {
            (true, "theme.toml") => Some(Kind::Theme),
            (true, "pack.toml") => Some(Kind::Pack),
            (true, "abbreviations.toml") => Some(Kind::Abbreviations),
            _ => None,
        }
    }

    /// The file of the schema: `schemas/areas.json`.
    pub fn schema_file(self) -> String {
        format!("schemas/{}.json", self.name())
    }
}
