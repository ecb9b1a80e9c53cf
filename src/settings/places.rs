//! Where things lie: paths as they are told, and whether what is private lies apart from what others read and write.

use super::paths::Paths;
use crate::fault::Fault;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// Folders that web servers hand out to everybody, by their name or by their path.
const SERVED: [&str; 4] = ["www", "public_html", "htdocs", "wwwroot"];
const SERVED_AT: [&str; 2] = ["/srv/http", "/usr/share/nginx"];

/// How a folder lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lies {
    /// It is the other, or lies within it.
    Within,
    Around,
    Apart,
}

impl Paths {
    /// Whether nobody else has business in the folder of state: what others write, read or are to read lies elsewhere.
    pub fn state_is_apart(&self) -> bool {
        let state = in_full(&self.state);
        !in_full(Path::new(".")).starts_with(&state) && self.of_others().all(|(_, path)| !in_full(path).starts_with(&state))
    }

    fn of_others(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let always = [("paths.output", &self.output), ("paths.returns", &self.returns)].into_iter();
        let always = always.chain(self.out.as_ref().map(|out| ("--out", out)));
        let named = [("paths.config", &self.config), ("paths.templates", &self.templates), ("paths.fonts", &self.fonts)];
        let named = named.into_iter().filter_map(|(key, path)| Some((key, path.as_ref()?)));
        always.chain(named).map(|(key, path)| (key, path.as_path()))
    }

    /// What is private and lies where others read or write: among the packs or the returns that is a fault, and a warning where
    /// it may be meant. Each is `(faults, warnings)`.
    pub(crate) fn what_is_not_apart(&self) -> (Vec<Fault>, Vec<Fault>) {
        const REMEDY: &str = "name a folder of its own";
        let (mut faults, mut warnings) = (Vec::new(), Vec::new());
        for (key, path) in [
            ("paths.returns", &self.returns),
            ("paths.output", &self.output),
            ("paths.state", &self.state),
            ("paths.archive", &self.archive),
        ] {
            if path.exists() && !path.is_dir() {
                faults.push(Fault::new(key, format!("{} is a file; a folder was expected", path.display()), REMEDY));
            }
        }
        let state = in_full(&self.state);
        for (key, path) in self.of_others() {
            let beside = format!("{key}, {}", path.display());
            match lies(&state, &in_full(path)) {
                Lies::Within if matches!(key, "paths.output" | "--out" | "paths.returns") => {
                    let problem = format!(
                        "{} is or lies within the folder of {beside}: whoever reads that could read the ledger, with addresses and hidden counts",
                        self.state.display()
                    );
                    faults.push(Fault::new("paths.state", problem, REMEDY));
                }
                Lies::Within => {
                    let problem = format!("{} is or lies within the folder of {beside}", self.state.display());
                    warnings.push(Fault::new("paths.state", problem, REMEDY));
                }
                Lies::Around => {
                    let problem = format!("{} holds the folder of {beside}, so it is not closed to others", self.state.display());
                    warnings.push(Fault::new("paths.state", problem, REMEDY));
                }
                Lies::Apart => {}
            }
        }
        match lies(&in_full(&self.output), &in_full(&self.returns)) {
            Lies::Apart => {}
            lies => {
                let (output, returns) = (self.output.display(), self.returns.display());
                let is_same = in_full(&self.output) == in_full(&self.returns);
                let how = match lies {
                    _ if is_same => "is",
                    Lies::Within => "lies within",
                    _ => "holds",
                };
                let problem = format!(
                    "{output} {how} the folder of paths.returns, {returns}: whoever reads packs could read what partners sent, or packs are taken for returns"
                );
                let told = if is_same { &mut faults } else { &mut warnings };
                told.push(Fault::new("paths.output", problem, REMEDY));
            }
        }
        // Whoever names a place of their own for these may mean it.
        for (key, path) in [("paths.ledger", &self.ledger), ("paths.archive", &self.archive)] {
            let full = in_full(path);
            for (other, folder) in self.of_others().take(2).filter(|_| !full.starts_with(&state)) {
                if lies(&full, &in_full(folder)) == Lies::Within {
                    let problem = format!("{} lies within the folder of {other}, {}", path.display(), folder.display());
                    warnings.push(Fault::new(key, problem, "name a place within paths.state, or leave it out"));
                }
            }
        }
        for (key, path) in [("paths.state", &self.state), ("paths.ledger", &self.ledger), ("paths.archive", &self.archive)] {
            let full = in_full(path);
            if is_served(&full) && (key == "paths.state" || !full.starts_with(&state)) {
                let problem = format!("{} lies where web servers hand out files to everybody", path.display());
                warnings.push(Fault::new(key, problem, REMEDY));
            }
        }
        (faults, warnings)
    }
}

fn lies(path: &Path, other: &Path) -> Lies {
    match () {
        () if path.starts_with(other) => Lies::Within,
        () if other.starts_with(path) => Lies::Around,
        () => Lies::Apart,
    }
}

fn is_served(path: &Path) -> bool {
    let by_name = path.components().any(|part| SERVED.iter().any(|served| part.as_os_str() == *served));
    by_name || SERVED_AT.iter().any(|served| path.starts_with(served))
}

/// The path without `..`, where that names the same place.
pub(super) fn cleaned(path: PathBuf) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if matches!(clean.components().next_back(), Some(Component::Normal(_))) => drop(clean.pop()),
            other => clean.push(other),
        }
    }
    if clean.as_os_str().is_empty() {
        clean.push(".");
    }
    // Not where a link lies in between.
    if in_full(&clean) == in_full(&path) { clean } else { path }
}

/// From the root on, through links as far as the path is there, and without `..`.
fn in_full(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut there = whole.as_path();
    let mut rest: Vec<OsString> = Vec::new();
    loop {
        if let Ok(real) = there.canonicalize() {
            return rest.iter().rev().fold(real, |mut full, part| {
                if part == ".." {
                    full.pop();
                } else {
                    full.push(part);
                }
                full
            });
        }
        let (Some(parent), Some(last)) = (there.parent(), there.components().next_back().map(Component::as_os_str)) else {
            return whole;
        };
        rest.push(last.to_owned());
        there = parent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use std::collections::BTreeMap;

    fn paths(folder: &Path, state: &str, output: &str, returns: &str) -> Paths {
        let Settings { paths, .. } = crate::settings::load(None, &BTreeMap::new()).unwrap();
        let state = folder.join(state);
        let (ledger, archive) = (state.join("ledger.sqlite"), state.join("archive"));
        Paths { output: folder.join(output), returns: folder.join(returns), state, ledger, archive, ..paths }
    }

    fn count(paths: &Paths) -> (usize, usize) {
        let (faults, warnings) = paths.what_is_not_apart();
        (faults.len(), warnings.len())
    }

    #[test]
    fn private_folders_within_public_ones_are_faults() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("out")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("out"), folder.path().join("link")).unwrap();
        for (state, output, returns, told) in [
            ("state", "out", "returns", (0, 0)),
            ("state", "out", "out", (1, 0)),
            ("state", "link", "out", (1, 0)),
            ("state", "out", "out/returns", (0, 1)),
            ("state", "returns/out", "returns", (0, 1)),
            ("out", "out", "returns", (1, 0)),
            ("out/state", "out", "returns", (1, 0)),
            ("link/state", "out", "returns", (1, 0)),
            ("elsewhere/../out/state", "out", "returns", (1, 0)),
            ("returns/state", "out", "returns", (1, 0)),
            ("state", "state/packs", "returns", (0, 1)),
            ("state", "state/packs", "state/returns", (0, 2)),
            ("state", "state-packs", "returns", (0, 0)),
            ("www/state", "out", "returns", (0, 1)),
        ] {
            assert_eq!(count(&paths(folder.path(), state, output, returns)), told, "{state} {output} {returns}");
        }
    }

    #[test]
    fn paths_are_told_without_parent_steps() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("deep/er")).unwrap();
        std::os::unix::fs::symlink(at("deep/er"), at("link")).unwrap();
        for (path, clean) in [
            ("settings/../out", "out"),
            ("deep/../out", "out"),
            ("deep/er/../../out/./packs", "out/packs"),
            ("link/../out", "link/../out"),
            ("out", "out"),
        ] {
            assert_eq!(cleaned(at(path)), at(clean), "{path}");
        }
        assert_eq!(cleaned(PathBuf::from("../x")), PathBuf::from("../x"));
        assert_eq!(cleaned(PathBuf::from("x/..")), PathBuf::from("."));
    }

    #[test]
    fn a_ledger_among_packs_is_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let paths = paths(folder.path(), "state", "out", "returns");
        let named =
            Paths { ledger: folder.path().join("out/ledger.sqlite"), archive: folder.path().join("out/archive"), ..paths };
        assert_eq!(count(&named), (0, 2));
    }
}
