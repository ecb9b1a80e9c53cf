//! What the file says of itself: catalogue, information dictionary, XMP, colour.

use super::icc;
use super::objects::{dictionary, moment, name, text};
use crate::Standard;
use crate::model::Document;
use crate::unseen::on_a_page;
use jiff::civil::Date;
use lopdf::{Document as File, Object, ObjectId, Stream};

pub fn write(
    file: &mut File,
    document: &Document,
    date: Date,
    structure: ObjectId,
    outlines: Option<ObjectId>,
) -> lopdf::Result<()> {
    // PDF/A: a comment of four bytes above 127 tells file transfer that this is not text.
    file.binary_mark = vec![0xE2, 0xE3, 0xCF, 0xD3];
    // printpdf's own dictionary claims PDF/X.
    if let Some(Object::Reference(old)) = file.trailer.remove(b"Info") {
        file.objects.remove(&old);
    }
    match document.standard {
        Standard::Ua1 => {
            file.version = "1.7".to_owned();
            let info = file.add_object(dictionary(vec![
                ("Title", text(&document.title)),
                ("Author", text(&document.author)),
                ("Subject", text(&document.subject)),
                ("Producer", text(&document.producer)),
                ("Creator", text(&document.producer)),
                ("CreationDate", moment(date)),
                ("ModDate", moment(date)),
            ]));
            file.trailer.set("Info", Object::Reference(info));
        }
        // All of it stands in the XMP alone.
        Standard::Ua2 => file.version = "2.0".to_owned(),
    }
    let xmp_dict = dictionary(vec![("Type", name("Metadata")), ("Subtype", name("XML"))]);
    let xmp = file.add_object(Stream::new(xmp_dict, xmp(document, date).into_bytes()).with_compression(false));
    let profile = file.add_object(Stream::new(dictionary(vec![("N", Object::Integer(3))]), icc::srgb()));
    let intent = file.add_object(dictionary(vec![
        ("Type", name("OutputIntent")),
        ("S", name("GTS_PDFA1")),
        ("OutputConditionIdentifier", text("sRGB")),
        ("Info", text("sRGB IEC 61966-2-1")),
        ("DestOutputProfile", Object::Reference(profile)),
    ]));
    let catalogue = file.catalog_mut()?;
    catalogue.set("Lang", text(&document.language));
    catalogue.set("MarkInfo", dictionary(vec![("Marked", Object::Boolean(true))]));
    catalogue.set("ViewerPreferences", dictionary(vec![("DisplayDocTitle", Object::Boolean(true))]));
    catalogue.set("StructTreeRoot", Object::Reference(structure));
    catalogue.set("Metadata", Object::Reference(xmp));
    catalogue.set("OutputIntents", vec![Object::Reference(intent)]);
    catalogue.remove(b"PageLayout");
    if let Some(outlines) = outlines {
        catalogue.set("Outlines", Object::Reference(outlines));
        catalogue.set("PageMode", name("UseOutlines"));
    }
    Ok(())
}

fn xmp(document: &Document, date: Date) -> String {
    let stamp = format!("{date}T00:00:00Z");
    let standards = standards(document);
    let (title, author, subject) = (escaped(&document.title), escaped(&document.author), escaped(&document.subject));
    let (producer, language) = (escaped(&document.producer), escaped(&document.language));
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{stamp}</xmp:CreateDate>
<xmp:ModifyDate>{stamp}</xmp:ModifyDate>
<xmp:MetadataDate>{stamp}</xmp:MetadataDate>
<pdf:Producer>{producer}</pdf:Producer>
{standards}</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{feff}'
    )
}

/// Which standards the file keeps to, and the end of the description.
fn standards(document: &Document) -> String {
    match document.standard {
        Standard::Ua1 => format!(
            "<pdfaid:part>3</pdfaid:part>\n<pdfaid:conformance>A</pdfaid:conformance>\n\
             <pdfuaid:part>1</pdfuaid:part>\n</rdf:Description>\n{UA1_SCHEMA}"
        ),
        Standard::Ua2 => {
            let with_files = "<pdfaid:conformance>F</pdfaid:conformance>\n";
            let conformance = if document.attachments.is_empty() { "" } else { with_files };
            format!(
                "<pdfaid:part>4</pdfaid:part>\n<pdfaid:rev>2020</pdfaid:rev>\n{conformance}\
                 <pdfuaid:part>2</pdfuaid:part>\n<pdfuaid:rev>2024</pdfuaid:rev>\n</rdf:Description>\n"
            )
        }
    }
}

/// What PDF/A-3 wants to be told of a schema that it does not have.
const UA1_SCHEMA: &str = r#"<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"#;

fn escaped(words: &str) -> String {
    on_a_page(words).fold(String::with_capacity(words.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
        out
    })
}
