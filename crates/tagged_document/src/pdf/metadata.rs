//! What the file says of itself: catalogue, information dictionary, XMP, colour.

use super::icc;
use super::objects::{dictionary, name, text};
use crate::unseen::on_a_page;
use jiff::civil::Date;
use lopdf::{Document, Object, ObjectId, Stream, StringFormat};

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

pub fn write(file: &mut Document, described: &Description, structure: ObjectId, outlines: Option<ObjectId>) -> lopdf::Result<()> {
    file.version = "1.7".to_owned();
    // PDF/A: a comment of four bytes above 127 tells file transfer that this is not text.
    file.binary_mark = vec![0xE2, 0xE3, 0xCF, 0xD3];
    // printpdf's own dictionary claims PDF/X.
    if let Ok(Object::Reference(old)) = file.trailer.get(b"Info").cloned() {
        file.objects.remove(&old);
    }
    let stamp = Object::String(format!("D:{}000000Z", described.date.strftime("%Y%m%d")).into_bytes(), StringFormat::Literal);
    let info = file.add_object(dictionary(vec![
        ("Title", text(&described.title)),
        ("Author", text(&described.author)),
        ("Subject", text(&described.subject)),
        ("Producer", text(&described.producer)),
        ("Creator", text(&described.producer)),
        ("CreationDate", stamp.clone()),
        ("ModDate", stamp),
    ]));
    file.trailer.set("Info", Object::Reference(info));
    let xmp_dict = dictionary(vec![("Type", name("Metadata")), ("Subtype", name("XML"))]);
    let xmp = file.add_object(Stream::new(xmp_dict, xmp(described).into_bytes()).with_compression(false));
    let profile = file.add_object(Stream::new(dictionary(vec![("N", Object::Integer(3))]), icc::srgb()));
    let intent = file.add_object(dictionary(vec![
        ("Type", name("OutputIntent")),
        ("S", name("GTS_PDFA1")),
        ("OutputConditionIdentifier", text("sRGB")),
        ("Info", text("sRGB IEC 61966-2-1")),
        ("DestOutputProfile", Object::Reference(profile)),
    ]));
    let catalogue = file.catalog_mut()?;
    catalogue.set("Lang", text(&described.language));
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

fn xmp(described: &Description) -> String {
    let stamp = format!("{}T00:00:00Z", described.date);
    let (title, author, subject) = (escaped(&described.title), escaped(&described.author), escaped(&described.subject));
    let (producer, language) = (escaped(&described.producer), escaped(&described.language));
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
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
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
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{feff}'
    )
}

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
