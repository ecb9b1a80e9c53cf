//! Small objects of a PDF: text, names, dictionaries.

use crate::unseen::on_a_page;
use jiff::civil::Date;
use lopdf::{Dictionary, Document, Object, StringFormat};

/// Text as PDF wants it outside pages: UTF-16 with its mark.
pub fn text(words: &str) -> Object {
    let words: String = on_a_page(words).collect();
    if words.is_ascii() {
        return Object::String(words.as_bytes().to_vec(), StringFormat::Literal);
    }
    let units = std::iter::once(0xFEFF).chain(words.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

pub fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

pub fn dictionary(entries: Vec<(&str, Object)>) -> Dictionary {
    Dictionary::from_iter(entries)
}

/// Adds a tree of names, in their order each with what it stands for, to those of the catalogue.
pub fn add_names(file: &mut Document, tree: &str, names: Vec<Object>) -> lopdf::Result<()> {
    let names = Object::Reference(file.add_object(dictionary(vec![("Names", Object::Array(names))])));
    let catalogue = file.catalog_mut()?;
    if !catalogue.has(b"Names") {
        catalogue.set("Names", Dictionary::new());
    }
    catalogue.get_mut(b"Names")?.as_dict_mut()?.set(tree, names);
    Ok(())
}

/// Midnight of a day.
pub fn moment(day: Date) -> Object {
    Object::String(format!("D:{}000000Z", day.strftime("%Y%m%d")).into_bytes(), StringFormat::Literal)
}

pub fn as_integer(count: usize) -> i64 {
    i64::try_from(count).expect("counts of what is in memory fit")
}
