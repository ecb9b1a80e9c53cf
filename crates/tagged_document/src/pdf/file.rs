//! The file's bytes. What is no stream shares streams of objects, which are made on all cores; a table at the end says where each
//! object stands. lopdf writes such files too, but one object after the other and each three times.

use super::compression::compress;
use super::objects::{as_integer, dictionary, name};
use crate::cores::on_all_cores;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat};
use sha2::{Digest, Sha256};
use std::io::Write;

/// How many objects share a stream: a reader that wants one of them unpacks all.
const OBJECTS_PER_STREAM: usize = 200;

/// What stands in the file as an object of its own.
enum Written {
    Stream(ObjectId, Stream),
    Shared(u32, Vec<(ObjectId, Object)>),
}

/// Where an object is found.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    At { offset: usize, generation: u16 },
    In { stream: u32, index: usize },
}

/// The document as a file, every stream deflated. Its identity is a hash of what it holds, in place of the random one.
pub fn bytes(document: Document) -> Vec<u8> {
    let Document { objects, max_id, trailer, version, binary_mark, .. } = document;
    let (mut work, mut shared) = (Vec::new(), Vec::new());
    for (id, object) in objects {
        match object {
            Object::Stream(stream) => work.push(Written::Stream(id, stream)),
            object => shared.push((id, object)),
        }
    }
    let mut next_id = max_id + 1;
    let mut shared = shared.into_iter().peekable();
    while shared.peek().is_some() {
        work.push(Written::Shared(next_id, shared.by_ref().take(OBJECTS_PER_STREAM).collect()));
        next_id += 1;
    }
    let mut places = vec![Place::Nowhere; next_id as usize + 1];
    let mut out = format!("%PDF-{version}\n%").into_bytes();
    out.extend(binary_mark);
    out.push(b'\n');
    for (id, held, bytes) in on_all_cores(work, || (), |(), written| indirect(written)) {
        places[id.0 as usize] = Place::At { offset: out.len(), generation: id.1 };
        for (index, held) in held.into_iter().enumerate() {
            places[held as usize] = Place::In { stream: id.0, index };
        }
        out.extend(bytes);
    }
    let table = out.len();
    places[next_id as usize] = Place::At { offset: table, generation: 0 };
    let identity = Object::String(Sha256::digest(&out)[..16].to_vec(), StringFormat::Hexadecimal);
    let mut last = dictionary(vec![
        ("Type", name("XRef")),
        ("Size", Object::Integer(as_integer(places.len()))),
        ("W", Object::Array([1, 4, 2].map(Object::Integer).to_vec())),
        ("ID", Object::Array(vec![identity.clone(), identity])),
    ]);
    for key in ["Root", "Info"] {
        if let Ok(reference) = trailer.get(key.as_bytes()) {
            last.set(key, reference.clone());
        }
    }
    let (_, _, last) = indirect(Written::Stream((next_id, 0), Stream::new(last, table_of(&places))));
    out.extend(last);
    out.extend(format!("startxref\n{table}\n%%EOF\n").into_bytes());
    out
}

/// An object as it stands in the file, with its id, and those of the objects within it in their order.
fn indirect(written: Written) -> (ObjectId, Vec<u32>, Vec<u8>) {
    let (id, held, mut stream) = match written {
        Written::Stream(id, stream) => (id, Vec::new(), stream),
        Written::Shared(id, objects) => {
            let held = objects.iter().map(|((id, _), _)| *id).collect();
            ((id, 0), held, shared(objects))
        }
    };
    compress(&mut stream);
    stream.dict.set("Length", as_integer(stream.content.len()));
    let mut out = format!("{} {} obj\n", id.0, id.1).into_bytes();
    write_dictionary(&mut out, &stream.dict);
    out.extend(b"\nstream\n");
    out.extend(stream.content);
    out.extend(b"\nendstream\nendobj\n");
    (id, held, out)
}

/// A stream of objects: the number of each and where it begins, then all of them.
fn shared(objects: Vec<(ObjectId, Object)>) -> Stream {
    let count = as_integer(objects.len());
    let (mut index, mut content) = (String::new(), Vec::new());
    for ((id, _), object) in objects {
        index.push_str(&format!("{id} {} ", content.len()));
        write_object(&mut content, &object);
        content.push(b' ');
    }
    let first = as_integer(index.len());
    let dict = dictionary(vec![("Type", name("ObjStm")), ("N", count.into()), ("First", first.into())]);
    let mut bytes = index.into_bytes();
    bytes.extend(content);
    Stream::new(dict, bytes)
}

/// Seven bytes an object: its kind, then its offset and generation, or its stream and its place there. Numbers that no object has are a
/// chain, from 0 back to 0.
fn table_of(places: &[Place]) -> Vec<u8> {
    let mut rows = vec![[0; 7]; places.len()];
    let mut next_free = 0;
    for (number, place) in places.iter().enumerate().rev() {
        let (kind, first, second) = match *place {
            Place::Nowhere => (0, std::mem::replace(&mut next_free, number), if number == 0 { u16::MAX.into() } else { 0 }),
            Place::At { offset, generation } => (1, offset, generation.into()),
            Place::In { stream, index } => (2, stream as usize, index),
        };
        let row = &mut rows[number];
        row[0] = kind;
        row[1..5].copy_from_slice(&(first as u32).to_be_bytes());
        row[5..].copy_from_slice(&(second as u16).to_be_bytes());
    }
    rows.concat()
}

fn write_object(out: &mut Vec<u8>, object: &Object) {
    let written = match object {
        Object::Null => out.write_all(b"null"),
        Object::Boolean(truth) => write!(out, "{truth}"),
        Object::Integer(number) => write!(out, "{number}"),
        Object::Real(number) => write!(out, "{number}"),
        Object::Reference((id, generation)) => write!(out, "{id} {generation} R"),
        Object::Name(name) => return write_name(out, name),
        Object::String(text, format) => return write_string(out, text, format),
        Object::Dictionary(dict) => return write_dictionary(out, dict),
        Object::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                write_object(out, item);
            }
            out.push(b']');
            return;
        }
        // Only an object of the file itself is one.
        Object::Stream(stream) => return write_dictionary(out, &stream.dict),
    };
    written.expect("memory takes all that is written");
}

fn write_dictionary(out: &mut Vec<u8>, dict: &Dictionary) {
    out.extend(b"<<");
    for (key, value) in dict {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value);
    }
    out.extend(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(byte) {
            out.push(*byte);
        } else {
            out.extend(format!("#{byte:02X}").into_bytes());
        }
    }
}

fn write_string(out: &mut Vec<u8>, text: &[u8], format: &StringFormat) {
    match format {
        StringFormat::Literal => {
            out.push(b'(');
            for byte in text {
                match byte {
                    b'(' | b')' | b'\\' => out.extend([b'\\', *byte]),
                    // A reader takes a bare one for a line's end.
                    b'\r' => out.extend(b"\\r"),
                    byte => out.push(*byte),
                }
            }
            out.push(b')');
        }
        StringFormat::Hexadecimal => {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            out.push(b'<');
            out.extend(text.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]));
            out.push(b'>');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document of `count` dictionaries, each with an object of every kind.
    fn document(count: i64) -> Document {
        let mut document = Document::with_version("1.7");
        document.binary_mark = vec![0xE2, 0xE3, 0xCF, 0xD3];
        // A number that no object has.
        document.new_object_id();
        let stream = document.add_object(Stream::new(Dictionary::new(), b"BT ET ".repeat(30)));
        let words = |format| Object::String(b"a (b\\c) \xFE\r\n)".to_vec(), format);
        for i in 0..count {
            let root = document.add_object(dictionary(vec![
                ("Type", name("Catalog")),
                ("A name/ of (words)#%", name("with \n é")),
                ("Kinds", vec![Object::Null, Object::Boolean(true), Object::Integer(-i), Object::Real(-0.25)].into()),
                ("Words", vec![words(StringFormat::Literal), words(StringFormat::Hexadecimal)].into()),
                ("To", Object::Reference(stream)),
            ]));
            document.trailer.set("Root", Object::Reference(root));
        }
        document
    }

    #[test]
    fn what_is_written_is_read_again() {
        for count in [1, 199, 200, 201, 1_000] {
            let meant = document(count);
            let written = bytes(meant.clone());
            let read = Document::load_mem(&written).unwrap();
            assert_eq!(read.trailer.get(b"Root").unwrap(), meant.trailer.get(b"Root").unwrap());
            for (id, object) in &meant.objects {
                match (object, read.get_object(*id).unwrap()) {
                    (Object::Stream(meant), Object::Stream(read)) => {
                        assert_eq!(read.decompressed_content().unwrap(), meant.content);
                    }
                    (meant, read) => assert_eq!(read, meant),
                }
            }
            assert_eq!(written, bytes(meant), "the same document gives the same bytes");
        }
    }

    #[test]
    fn its_identity_is_of_what_it_holds() {
        let identity = |document| Document::load_mem(&bytes(document)).unwrap().trailer.get(b"ID").unwrap().clone();
        assert_eq!(identity(document(3)), identity(document(3)));
        assert_ne!(identity(document(3)), identity(document(4)));
    }
}
