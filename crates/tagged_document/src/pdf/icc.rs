//! An sRGB display profile, made here from the published constants of IEC 61966-2-1 rather than carried as a file.

/// D50, the white of every profile's connection space.
const D50: [f64; 3] = [0.9642, 1.0, 0.8249];
/// The sRGB primaries adapted to D50 by the Bradford transform: red, green, blue.
const PRIMARIES: [[f64; 3]; 3] = [[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410]];
/// The transfer curve, as ICC.1 function type 3: gamma, a, b, c, d.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045];

/// The profile: ICC version 4.2, display device, RGB to XYZ.
pub fn srgb() -> Vec<u8> {
    let curve = curve();
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", localised("sRGB IEC 61966-2-1")),
        (b"cprt", localised("No copyright: constants of a public standard")),
        (b"wtpt", xyz(D50)),
        (b"rXYZ", xyz(PRIMARIES[0])),
        (b"gXYZ", xyz(PRIMARIES[1])),
        (b"bXYZ", xyz(PRIMARIES[2])),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut table = length(tags.len()).to_vec();
    let mut data = Vec::new();
    let start = 128 + 4 + 12 * tags.len();
    for (tag, bytes) in &tags {
        table.extend_from_slice(*tag);
        table.extend(length(start + data.len()));
        table.extend(length(bytes.len()));
        data.extend_from_slice(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = header(start + data.len());
    profile.extend(table);
    profile.extend(data);
    profile
}

fn header(size: usize) -> Vec<u8> {
    let mut header = length(size).to_vec();
    header.extend([0; 4]);
    header.extend([4, 0x20, 0, 0]);
    header.extend(b"mntrRGB XYZ ");
    // A date is demanded: that of the standard's amendment, so that every document has the same profile.
    for part in [2003u16, 1, 1, 0, 0, 0] {
        header.extend(part.to_be_bytes());
    }
    header.extend(b"acsp");
    header.extend([0; 28]);
    for part in D50 {
        header.extend(fixed(part));
    }
    header.resize(128, 0);
    header
}

fn length(n: usize) -> [u8; 4] {
    u32::try_from(n).expect("a profile of a few hundred bytes").to_be_bytes()
}

/// A signed number with sixteen bits after the point.
fn fixed(x: f64) -> [u8; 4] {
    ((x * 65_536.0).round() as i32).to_be_bytes()
}

fn xyz(parts: [f64; 3]) -> Vec<u8> {
    let mut bytes = b"XYZ \0\0\0\0".to_vec();
    bytes.extend(parts.into_iter().flat_map(fixed));
    bytes
}

fn curve() -> Vec<u8> {
    let mut bytes = b"para\0\0\0\0\0\x03\0\0".to_vec();
    bytes.extend(CURVE.into_iter().flat_map(fixed));
    bytes
}

fn localised(words: &str) -> Vec<u8> {
    let units: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut bytes = b"mluc\0\0\0\0".to_vec();
    bytes.extend(length(1));
    bytes.extend(length(12));
    bytes.extend(b"enGB");
    bytes.extend(length(units.len()));
    bytes.extend(length(28));
    bytes.extend(units);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colour_profile_is_consistent() {
        let profile = srgb();
        assert_eq!(profile[..4], length(profile.len()));
        assert_eq!(&profile[36..40], b"acsp");
        for (i, white) in D50.iter().enumerate() {
            let sum: f64 = PRIMARIES.iter().map(|primary| primary[i]).sum();
            assert!((sum - white).abs() < 0.001);
        }
    }
}
