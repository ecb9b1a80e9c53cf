//! The file: printpdf's serialisation of the painted pages, then what it does not know of, added with
//! lopdf: the structure tree, the outline, metadata, and an identity that depends on the content alone.

mod attachments;
mod compression;
mod destinations;
mod fonts;
mod icc;
mod identity;
mod metadata;
mod names;
mod objects;
mod outline;
mod structure;

use self::compression::{compress_all, save};
use crate::layout::{Fonts, LaidOut};
use crate::model::Document;
use crate::paint::{paint, picture_id};
use crate::pictures::Raster;
use crate::{Problem, Standard};
use jiff::civil::Date;
use lopdf::ObjectId;
use printpdf::{DictItem, ExternalStream, ExternalXObject, PdfDocument, PdfSaveOptions, XObject};

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
    let painted = paint(laid, fonts);
    let mut pdf = PdfDocument::new(&document.title);
    fonts::embed(&mut pdf, fonts, &painted.glyphs)?;
    for (i, raster) in painted.pictures.iter().enumerate() {
        pdf.resources.xobjects.map.insert(picture_id(i), picture(raster));
    }
    pdf.with_pages(painted.pages);
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut file = pdf.to_lopdf_document(&options, &mut Vec::new());
    let pages: Vec<ObjectId> = file.get_pages().into_values().collect();
    let broken = |e: lopdf::Error| Problem::new("the PDF", format!("could not be put together: {e}"), "report this as a bug");
    let structure = structure::write(&mut file, laid, document.standard, &pages).map_err(broken)?;
    let outlines = outline::write(&mut file, laid, &structure, &pages);
    names::write(&mut file, (laid, document), &structure, &pages).map_err(broken)?;
    metadata::write(&mut file, document, date, structure.root, outlines).map_err(broken)?;
    attachments::write(&mut file, attached).map_err(broken)?;
    compress_all(&mut file);
    identity::identify(&mut file);
    save(&mut file).map_err(|e| Problem::new("the PDF", format!("could not be written: {e}"), "report this as a bug"))
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
