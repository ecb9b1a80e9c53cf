//! SHA-256 in hexadecimal: what the archive names files by.

use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

/// The ending of a packed file.
pub(super) const PACKED: &str = "gz";

/// The SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// As many digits of a SHA-256 as tell files apart.
pub fn short_sha256(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

/// The SHA-256 of what a file of any size holds, unpacked where it is a `.gz`, and its length in bytes.
///
/// # Errors
/// A file that cannot be read, or a packed one that makes no sense.
pub fn sha256_of_file(path: &Path) -> io::Result<(String, u64)> {
    let file = File::open(path)?;
    let mut hash = Sha256::new();
    let bytes = match path.extension() {
        Some(ending) if ending == PACKED => io::copy(&mut GzDecoder::new(BufReader::new(file)), &mut Hashing(&mut hash))?,
        _ => io::copy(&mut &file, &mut Hashing(&mut hash))?,
    };
    Ok((hexadecimal(&hash.finalize()), bytes))
}

/// Takes bytes into a hash.
struct Hashing<'a>(&'a mut Sha256);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a String does not fail");
        hex
    })
}
