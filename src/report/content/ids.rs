//! Ids of the framework in texts that reach a page: told by their titles.

use crate::framework::Framework;
use std::collections::{BTreeMap, BTreeSet};

/// What each id is called, where it cannot be taken for a word.
#[derive(Debug, Default)]
pub struct Names {
    titles: BTreeMap<String, String>,
}

impl Names {
    pub fn of(framework: &Framework) -> Self {
        let measures = framework.measures.iter().map(|m| (m.id.0.clone(), m.title.clone()));
        let ambitions = framework.ambitions.iter().map(|a| (a.id.clone(), a.statement.clone()));
        let actions = framework.actions.iter().map(|a| (a.id.0.clone(), a.statement.clone()));
        // A measure's title says more than its ambition's where both have one id.
        let mut titles: BTreeMap<String, String> = ambitions.chain(actions).chain(measures).collect();
        let texts = titles.values().cloned().chain(framework.measures.iter().map(|m| m.definition.clone()));
        let natural: BTreeSet<String> = texts.flat_map(|text| words(&text.to_lowercase())).collect();
        titles.retain(|id, _| id.contains('-') && !natural.contains(id));
        Names { titles }
    }

    /// The text with each id as its title, in quotation marks.
    pub fn with_titles(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            out.push_str(&rest[..start]);
            let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |end| start + end);
            let word = &rest[start..end];
            match self.titles.get(word) {
                Some(title) => out.push_str(&format!("\u{2018}{title}\u{2019}")),
                None => out.push_str(word),
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '-'
}

fn words(text: &str) -> Vec<String> {
    text.split(|c| !is_part(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_titles() {
        let titles = [("reablement-home", "Still at home"), ("self-harm", "Admissions")];
        let names = Names { titles: titles.map(|(id, title)| (id.to_owned(), title.to_owned())).into() };
        assert_eq!(names.with_titles("(reablement-home): is 3"), "(\u{2018}Still at home\u{2019}): is 3");
        assert_eq!(names.with_titles("reablement-home-x, élan"), "reablement-home-x, élan");
        let framework = crate::framework::load(&crate::assets::Assets::config(None), "2024").unwrap();
        let names = Names::of(&framework);
        assert_eq!(names.with_titles("self-harm, well-being and over-65s"), "self-harm, well-being and over-65s");
        let id = framework.measures.iter().find(|m| m.id.0.matches('-').count() > 2).unwrap();
        assert_eq!(names.with_titles(&id.id.0), format!("\u{2018}{}\u{2019}", id.title));
    }
}
