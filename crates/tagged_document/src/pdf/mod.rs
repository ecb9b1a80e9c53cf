//! The file: printpdf's serialisation of the painted pages, then what it does not know of, added with
//! lopdf: the structure tree, the outline, metadata, and an identity that depends on the content alone.

mod attachments;
mod compression;
mod content;
mod destinations;
mod file;
mod fonts;
mod icc;
mod metadata;
mod names;
mod objects;
mod outline;
mod structure;

use crate::layout::{Fonts, LaidOut};
use crate::model::Document;
use crate::paint;
use crate::pictures::Raster;
use crate::{Problem, Standard};
use jiff::civil::Date;
use lopdf::ObjectId;
use printpdf::{DictItem, ExternalStream, ExternalXObject, PdfResources, XObject};

/// The document as a file of its standard.
///
/// # Errors
/// Fonts that cannot be embedded, two attachments of one name, or a file that cannot be put together; none depends on the
/// figures.
pub fn write(laid: &mut LaidOut, document: &Document, date: Date, fonts: &Fonts) -> Result<Vec<u8>, Problem> {
    if document.standard == Standard::Ua2 {
        laid.tree.speak_pdf_2();
    }
    let laid = &*laid;
    let attached = attachments::by_name(&document.attachments)?;
    let used = paint::used(laid, fonts);
    let mut resources = PdfResources::default();
    fonts::embed(&mut resources, fonts, &used.glyphs)?;
    for (i, raster) in used.pictures.iter().enumerate() {
        resources.xobjects.map.insert(paint::picture_id(i), picture(raster));
    }
    let broken = |e: lopdf::Error| Problem::new("the PDF", format!("could not be put together: {e}"), "report this as a bug");
    let mut file = content::write(laid, fonts, &used, &resources).map_err(broken)?;
    let pages: Vec<ObjectId> = file.get_pages().into_values().collect();
    let structure = structure::write(&mut file, laid, document.standard, &pages).map_err(broken)?;
    let outlines = outline::write(&mut file, laid, &structure, &pages);
    names::write(&mut file, (laid, document), &structure, &pages).map_err(broken)?;
    metadata::write(&mut file, document, date, structure.root, outlines).map_err(broken)?;
    attachments::write(&mut file, attached).map_err(broken)?;
    Ok(file::bytes(file))
}

fn picture(raster: &Raster) -> XObject {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    let dict = [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(raster.width.into())),
        ("Height", DictItem::Int(raster.height.into())),
        ("ColorSpace", name("DeviceRGB")),
        ("BitsPerComponent", DictItem::Int(8)),
    ];
    let dict = dict.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let stream = ExternalStream { dict, content: raster.rgb.clone(), compress: false };
    XObject::External(ExternalXObject { stream, width: None, height: None, dpi: None })
}
