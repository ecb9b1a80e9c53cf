//! The file: printpdf's serialisation of the painted pages, then what it does not know of, added with
//! lopdf: the structure tree, the outline, metadata, and an identity that depends on the content alone.

mod fonts;
mod icc;
mod metadata;
mod outline;
mod structure;

use super::layout::LaidOut;
use super::layout::text::Fonts;
use crate::Problem;
use crate::paint::{paint, picture_id};
use crate::pictures::Raster;
use crate::unseen::on_a_page;
use jiff::civil::Date;
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat};
use printpdf::{DictItem, ExternalStream, ExternalXObject, PdfDocument, PdfSaveOptions, XObject};
use sha2::{Digest, Sha256};
use std::io::Write;

/// What the file says of itself.
pub struct Description {
    pub title: String,
    pub author: String,
    pub subject: String,
    /// The program that made it.
    pub producer: String,
    /// Such as `en-GB`.
    pub language: String,
    /// The day that the document is dated, whenever it was made.
    pub date: Date,
}

/// Of deflate: 9 takes twice the time and saves a hundredth.
const LEVEL: u32 = 6;

/// The document as a PDF/UA-1 and PDF/A-2a file.
///
/// # Errors
/// Fonts that cannot be embedded, or a file that cannot be put together; neither depends on the figures.
pub fn write(laid: &LaidOut, description: &Description, fonts: &Fonts) -> Result<Vec<u8>, Problem> {
    let painted = paint(laid, fonts);
    let mut pdf = PdfDocument::new(&description.title);
    fonts::embed(&mut pdf, fonts, &painted.glyphs)?;
    for (i, raster) in painted.pictures.iter().enumerate() {
        pdf.resources.xobjects.map.insert(picture_id(i), picture(raster));
    }
    pdf.with_pages(painted.pages);
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut file = pdf.to_lopdf_document(&options, &mut Vec::new());
    let broken = |e: lopdf::Error| Problem::new("the PDF", format!("could not be put together: {e}"), "report this as a bug");
    let pages: Vec<ObjectId> = file.get_pages().into_values().collect();
    let root = structure::write(&mut file, laid, &pages).map_err(broken)?;
    let outlines = outline::write(&mut file, laid, &pages);
    metadata::write(&mut file, description, root, outlines).map_err(broken)?;
    for object in file.objects.values_mut() {
        if let Object::Stream(stream) = object {
            compress(stream);
        }
    }
    identify(&mut file);
    save(&mut file).map_err(|e| Problem::new("the PDF", format!("could not be written: {e}"), "report this as a bug"))
}

/// The file's bytes. The streams that are made here, of objects and of their places, must not end in a carriage return
/// either (see [`compress`]): one that does is not there when the objects are parted otherwise.
fn save(file: &mut lopdf::Document) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for objects in (100..=200).rev() {
        bytes.clear();
        let options = lopdf::SaveOptions::builder()
            .use_object_streams(true)
            .use_xref_streams(true)
            .compression_level(LEVEL)
            .max_objects_per_stream(objects)
            .build();
        file.save_with_options(&mut bytes, options)?;
        if !bytes.windows(AMBIGUOUS.len()).any(|window| window == AMBIGUOUS) {
            break;
        }
    }
    Ok(bytes)
}

/// The end of a stream that ends in a carriage return: a reader takes it for part of the line end.
const AMBIGUOUS: &[u8] = b"\r\nendstream";

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

/// Deflates a stream. A result that ends in a carriage return is not used, since before `endstream` a reader takes that
/// byte for part of the line end. It is the last of the content's checksum: a space after a page's operators changes it,
/// and what may hold no space stays as it is.
fn compress(stream: &mut Stream) {
    // XMP stays readable, as PDF/A wants it.
    if stream.dict.has(b"Filter") || stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"XML") {
        return;
    }
    let operators = stream.dict.iter().all(|(key, _)| key == b"Length");
    for _ in 0..2 {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(LEVEL));
        let deflated = encoder.write_all(&stream.content).and_then(|()| encoder.finish());
        if let Ok(deflated) = deflated
            && deflated.last() != Some(&b'\r')
        {
            stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
            stream.set_content(deflated);
            return;
        }
        if !operators {
            return;
        }
        stream.content.push(b' ');
    }
}

/// The file's identity: a hash of every object, in place of the random one.
fn identify(file: &mut lopdf::Document) {
    let mut hash = Sha256::new();
    for (id, object) in &file.objects {
        hash.update(id.0.to_be_bytes());
        digest(object, &mut hash);
    }
    let digest = hash.finalize();
    let id = Object::String(digest[..16].to_vec(), StringFormat::Hexadecimal);
    file.trailer.set("ID", Object::Array(vec![id.clone(), id]));
}

/// Feeds an object to a hash, each kind with a mark of its own before it.
fn digest(object: &Object, hash: &mut Sha256) {
    let entries = |dict: &Dictionary, hash: &mut Sha256| {
        hash.update(dict.len().to_be_bytes());
        for (key, value) in dict {
            hash.update(key);
            digest(value, hash);
        }
    };
    match object {
        Object::Null => hash.update(b"n"),
        Object::Boolean(truth) => hash.update([b'b', u8::from(*truth)]),
        Object::Integer(number) => {
            hash.update(b"i");
            hash.update(number.to_be_bytes());
        }
        Object::Real(number) => {
            hash.update(b"r");
            hash.update(number.to_be_bytes());
        }
        Object::Name(bytes) | Object::String(bytes, _) => {
            hash.update(b"s");
            hash.update(bytes.len().to_be_bytes());
            hash.update(bytes);
        }
        Object::Array(items) => {
            hash.update(b"a");
            hash.update(items.len().to_be_bytes());
            items.iter().for_each(|item| digest(item, hash));
        }
        Object::Dictionary(dict) => {
            hash.update(b"d");
            entries(dict, hash);
        }
        Object::Stream(stream) => {
            hash.update(b"t");
            entries(&stream.dict, hash);
            hash.update(&stream.content);
        }
        Object::Reference(id) => {
            hash.update(b"o");
            hash.update(id.0.to_be_bytes());
        }
    }
}

/// Text as PDF wants it outside pages: UTF-16 with its mark.
fn text(words: &str) -> Object {
    let words: String = on_a_page(words).collect();
    if words.is_ascii() {
        return Object::String(words.as_bytes().to_vec(), StringFormat::Literal);
    }
    let units = std::iter::once(0xFEFF).chain(words.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

fn dictionary(entries: Vec<(&str, Object)>) -> Dictionary {
    Dictionary::from_iter(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The checksum of this content ends in a carriage return.
    const CONTENT: &[u8] = &[12];

    #[test]
    fn no_deflated_stream_ends_in_a_carriage_return() {
        let mut page = Stream::new(Dictionary::new(), CONTENT.to_vec());
        compress(&mut page);
        assert_ne!(page.content.last(), Some(&b'\r'));
        assert_eq!(page.decompressed_content().unwrap(), [12, b' ']);
        let mut font = Stream::new(dictionary(vec![("Length1", Object::Integer(1))]), CONTENT.to_vec());
        compress(&mut font);
        assert_eq!(font.content, CONTENT, "what is not operators is never added to");
    }
}
