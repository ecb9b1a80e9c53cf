//! Streams deflated, so that none ends in a carriage return.

use lopdf::{Object, Stream};
use std::io::Write;

/// Of deflate: 9 takes twice the time and saves a hundredth.
const LEVEL: u32 = 6;

/// Deflates a stream. A result that ends in a carriage return is not used, since before `endstream` a reader takes that
/// byte for part of the line end. It is the last of the content's checksum: a space after a page's operators changes it,
/// and what may hold no space is deflated twice.
pub fn compress(stream: &mut Stream) {
    // XMP stays readable, as PDF/A wants it.
    if stream.dict.has(b"Filter") || stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"XML") {
        return;
    }
    let flate = Object::Name(b"FlateDecode".to_vec());
    let Ok(mut deflated) = deflate(&stream.content) else { return };
    let mut filter = flate.clone();
    if deflated.last() == Some(&b'\r') {
        let operators = stream.dict.iter().all(|(key, _)| key == b"Length");
        let again = if operators {
            stream.content.push(b' ');
            deflate(&stream.content)
        } else {
            filter = Object::Array(vec![flate.clone(), flate]);
            deflate(&deflated)
        };
        match again {
            Ok(again) if again.last() != Some(&b'\r') => deflated = again,
            _ => return,
        }
    }
    stream.dict.set("Filter", filter);
    stream.set_content(deflated);
}

fn deflate(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(LEVEL));
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::objects::dictionary;
    use lopdf::Dictionary;

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
        assert_ne!(font.content.last(), Some(&b'\r'));
        assert_eq!(font.decompressed_content().unwrap(), CONTENT, "what is not operators is never added to");
    }
}
