//! The records of an .xlsb part: a number that says what it is, a length, and that many bytes ([MS-XLSB] 2.1.4).

use std::io::{self, BufRead, Read, Write};

/// No record of a workbook's sheets, texts or styles is longer.
const LONGEST: usize = 16 * 1024 * 1024;

/// Reads the next record into `body`; none at the end of the part.
///
/// # Errors
/// The part breaks off within a record.
pub(super) fn next(from: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<Option<u16>> {
    body.clear();
    if from.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let first = byte(from)?;
    let kind = if first & 0x80 == 0 { u16::from(first) } else { u16::from(first & 0x7f) | (u16::from(byte(from)? & 0x7f) << 7) };
    let mut length = 0;
    for shift in [0, 7, 14, 21] {
        let part = byte(from)?;
        length |= usize::from(part & 0x7f) << shift;
        if part & 0x80 == 0 {
            break;
        }
    }
    if length > LONGEST {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    from.take(length as u64).read_to_end(body)?;
    if body.len() == length { Ok(Some(kind)) } else { Err(io::Error::from(io::ErrorKind::UnexpectedEof)) }
}

fn byte(from: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    from.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// # Errors
/// What `to` says.
pub(super) fn write(to: &mut impl Write, kind: u16, body: &[u8]) -> io::Result<()> {
    let low = u8::try_from(kind & 0x7f).expect("seven bits");
    match u8::try_from(kind >> 7).expect("a kind has fourteen bits") {
        0 => to.write_all(&[low])?,
        high => to.write_all(&[low | 0x80, high])?,
    }
    let mut left = body.len();
    loop {
        let part = u8::try_from(left & 0x7f).expect("seven bits");
        left >>= 7;
        to.write_all(&[if left == 0 { part } else { part | 0x80 }])?;
        if left == 0 {
            break;
        }
    }
    to.write_all(body)
}

/// Four bytes at `at` as a number.
pub(super) fn number(body: &[u8], at: usize) -> Option<u32> {
    let bytes = body.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// A text with its length in characters before it, and where it ends.
pub(super) fn text(body: &[u8], at: usize) -> Option<(String, usize)> {
    let length = usize::try_from(number(body, at)?).ok()?.checked_mul(2)?;
    let from = at.checked_add(4)?;
    let end = from.checked_add(length)?;
    let units: Vec<u16> = body.get(from..end)?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    Some((String::from_utf16_lossy(&units), end))
}

/// A text as [`text`] reads it.
pub(super) fn put_text(body: &mut Vec<u8>, text: &str) {
    let units: Vec<u16> = text.encode_utf16().collect();
    body.extend(u32::try_from(units.len()).unwrap_or_default().to_le_bytes());
    body.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_as_they_were_written() {
        let bodies =
            [(0_u16, vec![]), (7, vec![1; 12]), (0x0092, vec![2; 127]), (0x0267, vec![3; 128]), (0x0c00, vec![4; 20_000])];
        let mut part = Vec::new();
        for (kind, body) in &bodies {
            write(&mut part, *kind, body).unwrap();
        }
        let mut from = part.as_slice();
        let mut body = Vec::new();
        for (kind, written) in &bodies {
            assert_eq!(next(&mut from, &mut body).unwrap(), Some(*kind));
            assert_eq!(&body, written);
        }
        assert_eq!(next(&mut from, &mut body).unwrap(), None);
    }

    #[test]
    fn a_part_that_breaks_off_is_an_error() {
        assert!(next(&mut [7_u8, 12, 0, 0].as_slice(), &mut Vec::new()).is_err());
        assert!(next(&mut [0x80_u8].as_slice(), &mut Vec::new()).is_err());
    }
}
