//! Files within the file: each a stream, named in the catalogue and associated with the document.

use super::objects::{add_names, as_integer, dictionary, moment, name, text};
use crate::{Attachment, Problem};
use lopdf::{Document, Object, Stream, StringFormat};
use md5::{Digest, Md5};
use std::collections::BTreeMap;

/// The attachments by their names.
///
/// # Errors
/// Two of one name.
pub fn by_name(attachments: &[Attachment]) -> Result<BTreeMap<&str, &Attachment>, Problem> {
    let mut by_name = BTreeMap::new();
    for attachment in attachments {
        if by_name.insert(attachment.name.as_str(), attachment).is_some() {
            let problem = format!("there are two attachments called {:?}", attachment.name);
            return Err(Problem::new("the PDF", problem, "give each a name of its own"));
        }
    }
    Ok(by_name)
}

/// Adds the attachments in their order.
pub fn write(file: &mut Document, by_name: BTreeMap<&str, &Attachment>) -> lopdf::Result<()> {
    if by_name.is_empty() {
        return Ok(());
    }
    let mut names = Vec::new();
    let mut associated = Vec::new();
    for (file_name, attachment) in by_name {
        let specification = Object::Reference(specification(file, attachment));
        names.extend([text(file_name), specification.clone()]);
        associated.push(specification);
    }
    file.catalog_mut()?.set("AF", Object::Array(associated));
    add_names(file, "EmbeddedFiles", names)
}

fn specification(file: &mut Document, attachment: &Attachment) -> lopdf::ObjectId {
    let checksum = Object::String(Md5::digest(&attachment.bytes).to_vec(), StringFormat::Hexadecimal);
    let modified = moment(attachment.modified);
    let stream = Stream::new(
        dictionary(vec![
            ("Type", name("EmbeddedFile")),
            ("Subtype", name(&attachment.media_type)),
            (
                "Params",
                dictionary(vec![
                    ("Size", Object::Integer(as_integer(attachment.bytes.len()))),
                    ("CreationDate", modified.clone()),
                    ("ModDate", modified),
                    ("CheckSum", checksum),
                ])
                .into(),
            ),
        ]),
        attachment.bytes.to_vec(),
    );
    let stream = Object::Reference(file.add_object(stream));
    file.add_object(dictionary(vec![
        ("Type", name("Filespec")),
        ("F", text(&attachment.name)),
        ("UF", text(&attachment.name)),
        ("Desc", text(&attachment.description)),
        ("AFRelationship", name(attachment.relationship.name())),
        ("EF", dictionary(vec![("F", stream.clone()), ("UF", stream)]).into()),
    ]))
}
