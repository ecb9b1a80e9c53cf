//! A system of one measure with a mail server of its own, so that a run is short: what is tried is the sending.

// Each test binary uses a part of this.

use super::smtp_server::{PostOffice, Script};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The figures are made up.
const FILES: [(&str, &str); 7] = [
    (
        "config/areas.toml",
        r#"area = [
  { code = "X1", name = "Threeshire", kind = "system", parts = ["X2"] },
  { code = "E92000001", name = "England", kind = "country" },
  { code = "X2", name = "Rivers", kind = "authority" },
]
"#,
    ),
    (
        "config/partners.toml",
        r#"partner = []
"#,
    ),
    ("config/frameworks/threeshire/edition.toml", include_str!("../../data/threeshire/edition.toml")),
    (
        "config/frameworks/threeshire/ambitions.toml",
        r#"[[ambition]]
id = "walking"
priority = "walking"
statement = "More of us walk"
[[ambition.measure]]
id = "park-visits"
target = { kind = "level", value = 1000, due = 2029-03-31, baseline = { period = "2025/26 Q2", value = 900 } }
"#,
    ),
    (
        "config/frameworks/measures/walking.toml",
        r#"[[measure]]
id = "park-visits"
title = "Visits to parks"
definition = "Visits counted at the gates."
unit = "count"
statistic = "count"
polarity = "high"
year = "financial"
cadence_months = 3
publication_lag_months = 0
source = { kind = "indicator", source = "parks", indicator = "visits" }
parts = ["X2"]
"#,
    ),
    (
        "parks/recordings.toml",
        r#"[[answer]]
request = "visits.csv"
file = "visits.csv"
retrieved = "2026-11-02T09:00:00Z"
publisher = "Rivers"
licence = "made up"
"#,
    ),
    (
        "parks/visits.csv",
        r#"what,area,period,value
visits,X2,2026/27 Q1,930
visits,X2,2026/27 Q2,950
"#,
    ),
];

pub struct SmallSystem {
    folder: tempfile::TempDir,
    pub post: PostOffice,
}

impl SmallSystem {
    /// Its board has so many readers, and it has one operator.
    pub async fn new(script: Script, readers: usize) -> Self {
        Self::with(PostOffice::with(script).await, readers)
    }

    pub fn with(post: PostOffice, readers: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let board: String = (0..readers).map(|n| format!("[[list.recipient]]\naddress = \"reader{n}@example.org\"\n")).collect();
        let lists = format!(
            "[[list]]\nname = \"board\"\n{board}[[list]]\nname = \"operators\"\n[[list.recipient]]\naddress = \"desk@example.org\"\n"
        );
        let settings = format!(
            "[pack]\nedition = \"threeshire\"\nperiod = \"2026-27-Q2\"\nas_at = \"2026-11-20\"\nmake = [\"board_pack\"]\nattach = []\nparts = []\npart_pack = \"\"\n\
             [paths]\nconfig = \"config\"\nreturns = \"inbox\"\noutput = \"out\"\nledger = \"ledger.sqlite\"\narchive = \"archive\"\n\
             [sources.parks]\nkind = \"table\"\npublisher = \"Rivers\"\nlicence = \"made up\"\nbase_url = \"parks\"\nfile = \"visits.csv\"\n\
             [sources.parks.columns]\nindicator = \"what\"\narea = \"area\"\nperiod = \"period\"\nvalue = \"value\"\n\
             [mail]\ntransport = \"smtp\"\nfrom = \"Secretariat <desk@example.org>\"\nfirst_retry_seconds = 0\nmessages_per_minute = 1000\n\
             [mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
            post.port
        );
        let written = [("boardpack.toml", settings), ("config/recipients.toml", lists)];
        let given = FILES.iter().map(|(path, text)| (*path, (*text).to_owned()));
        for (path, text) in given.chain(written) {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self { folder, post }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Puts `to` in place of `from` in one of its files.
    pub fn change(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file}");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
    }

    /// Gives it a second part, X3, has a pack of each part made, and a summary that is not sent; those who are named get the
    /// pack of the first part, X2.
    pub fn make_packs_of_parts(&self, readers: &[&str]) {
        self.change("config/areas.toml", "parts = [\"X2\"]", "parts = [\"X2\", \"X3\"]");
        self.change("config/areas.toml", "\n]", "\n  { code = \"X3\", name = \"Hills\", kind = \"district\" },\n]");
        self.change("config/frameworks/measures/walking.toml", "parts = [\"X2\"]", "parts = [\"X2\", \"X3\"]");
        self.change("parks/visits.csv", "Q2,950\n", "Q2,950\nvisits,X3,2026/27 Q1,10\nvisits,X3,2026/27 Q2,10\n");
        self.change("boardpack.toml", "parts = []", "parts = [\"authority\"]");
        self.change("boardpack.toml", "make = [\"board_pack\"]", "make = [\"board_pack\", \"public_summary\"]");
        let recipient = |name: &&str| format!("[[list.recipient]]\naddress = \"{name}@example.org\"\n");
        let rivers: String = readers.iter().map(recipient).collect();
        let lists = fs::read_to_string(self.path("config/recipients.toml")).unwrap();
        let lists = format!("{lists}\n[[list]]\nname = \"rivers\"\npack_of = \"X2\"\n{rivers}");
        fs::write(self.path("config/recipients.toml"), lists).unwrap();
    }

    /// Puts a logo into `templates/` that nothing can make smaller: `side` × `side` points of three bytes.
    pub fn make_packs_large(&self, side: u32) {
        let folder = self.path("templates/board_pack");
        fs::create_dir_all(&folder).unwrap();
        let mut state = 1u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let mut encoder = png::Encoder::new(fs::File::create(folder.join("noise.png")).unwrap(), side, side);
        encoder.set_color(png::ColorType::Rgb);
        let points: Vec<u8> = noise.take((side * side * 3) as usize).collect();
        encoder.write_header().unwrap().write_image_data(&points).unwrap();
        let built_in = concat!(env!("CARGO_MANIFEST_DIR"), "/report_templates/board_pack/theme.toml");
        let theme = fs::read_to_string(built_in).unwrap();
        let with_logo = theme.replace("[brand]\n", "[brand]\nlogo = \"noise.png\"\nlogo_alternative = \"Noise\"\n");
        fs::write(folder.join("theme.toml"), with_logo).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
        command.args(arguments).arg("--config").arg(self.path("boardpack.toml"));
        command
    }

    /// Lets the program do its work, with settings of the environment.
    pub async fn run(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        let mut command = self.command(arguments);
        command.envs(settings.iter().map(|(name, value)| (format!("BOARDPACK__{name}"), (*value).to_owned())));
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }
}
