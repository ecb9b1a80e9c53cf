//! An identity that depends on the content alone.

use lopdf::{Dictionary, Object, StringFormat};
use sha2::{Digest, Sha256};

/// The file's identity: a hash of every object, in place of the random one.
pub fn identify(file: &mut lopdf::Document) {
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
