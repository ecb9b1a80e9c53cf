//! The ids of a page: each once, whatever the templates call their headings.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub struct Ids {
    taken: BTreeSet<String>,
    of_anchors: BTreeMap<String, String>,
}

impl Ids {
    /// Ids of these anchors: their own names, but for characters that no id may have.
    pub fn of<'a>(anchors: impl Iterator<Item = &'a str>) -> Self {
        let mut ids = Ids::default();
        for anchor in anchors {
            let id = ids.fresh(anchor);
            ids.of_anchors.insert(anchor.to_owned(), id);
        }
        ids
    }

    /// The id of a heading's anchor.
    pub fn anchor(&self, anchor: &str) -> Option<&str> {
        self.of_anchors.get(anchor).map(String::as_str)
    }

    /// `chart-1` and so on, where the names made of it for its title and its description are free as well.
    pub fn chart(&mut self) -> String {
        let names = |id: &str| [id.to_owned(), format!("{id}-title"), format!("{id}-desc")];
        let id = (1_usize..).map(|n| format!("chart-{n}")).find(|id| names(id).iter().all(|name| !self.taken.contains(name)));
        let id = id.unwrap_or_default();
        self.taken.extend(names(&id));
        id
    }

    /// The name wanted, or the nearest that is free.
    pub fn fresh(&mut self, wanted: &str) -> String {
        let plain: String = wanted.chars().map(|c| if c.is_alphanumeric() || "-_.:".contains(c) { c } else { '-' }).collect();
        let mut id = if plain.is_empty() { "x".to_owned() } else { plain };
        while !self.taken.insert(id.clone()) {
            id.push('-');
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_have_no_space() {
        let mut ids = Ids::of(["a b", "a-b", "content", ""].into_iter());
        assert_eq!([ids.anchor("a b"), ids.anchor("a-b"), ids.anchor("")], [Some("a-b"), Some("a-b-"), Some("x")]);
        assert_eq!(ids.fresh("content"), "content-");
        assert_eq!(ids.anchor("nowhere"), None);
    }
}
