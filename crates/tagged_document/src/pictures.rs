//! What is in a PNG file.

use crate::colour::Colour;
use png::{ColorType, Transformations};
use std::io::Cursor;

/// More points of colour than this are not seen in print and make a large file.
const MOST_PIXELS: usize = 16_000_000;
/// At which a picture has the width that it says no other of.
const DOTS_PER_INCH: f32 = 144.0;

/// A picture in points of colour, none of them transparent.
#[derive(Debug, PartialEq, Eq)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    /// Red, green, blue, row by row from the top.
    pub rgb: Vec<u8>,
}

/// Millimetres, for a picture whose width is not given.
pub fn natural_width(png: &[u8]) -> f32 {
    let reader = png::Decoder::new(Cursor::new(png)).read_info();
    reader.map_or(60.0, |reader| reader.info().width as f32 * 25.4 / DOTS_PER_INCH)
}

/// A PNG file's picture, what is transparent in it blended with the ground.
///
/// # Errors
/// Bytes that are not a PNG file, and a picture that is too large, in words.
pub fn decode(bytes: &[u8], Colour(ground): Colour) -> Result<Raster, String> {
    let limits = png::Limits { bytes: 8 * MOST_PIXELS };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|e| e.to_string())?;
    let info = reader.info();
    let (width, height) = (info.width, info.height);
    if width as usize * height as usize > MOST_PIXELS {
        return Err(format!("it has {width} by {height} points, and at most {MOST_PIXELS} can be used"));
    }
    let size = reader.output_buffer_size().ok_or("it is too large")?;
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(|e| e.to_string())?;
    let blend = |part: u8, ground: u8, alpha: u8| {
        let (part, ground, alpha) = (u32::from(part), u32::from(ground), u32::from(alpha));
        ((part * alpha + ground * (255 - alpha) + 127) / 255) as u8
    };
    let samples = samples.get(..frame.buffer_size()).unwrap_or_default();
    let rgb: Vec<u8> = match frame.color_type {
        ColorType::Rgb => samples.to_vec(),
        ColorType::Grayscale => samples.iter().flat_map(|grey| [*grey; 3]).collect(),
        ColorType::GrayscaleAlpha => {
            samples.chunks_exact(2).flat_map(|s| ground.map(|ground| blend(s[0], ground, s[1]))).collect()
        }
        ColorType::Rgba => samples.chunks_exact(4).flat_map(|s| [0, 1, 2].map(|i| blend(s[i], ground[i], s[3]))).collect(),
        ColorType::Indexed => return Err("its palette cannot be read".to_owned()),
    };
    if width == 0 || height == 0 || rgb.len() != width as usize * height as usize * 3 {
        return Err("it is not whole".to_owned());
    }
    Ok(Raster { width, height, rgb })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(colour: ColorType, depth: png::BitDepth, samples: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        encoder.write_header().unwrap().write_image_data(samples).unwrap();
        bytes
    }

    #[test]
    fn what_is_transparent_shows_the_ground() {
        let picture = png(ColorType::Rgba, png::BitDepth::Eight, &[10, 20, 30, 255, 10, 20, 30, 0]);
        assert_eq!(decode(&picture, Colour([1, 2, 3])).unwrap().rgb, [10, 20, 30, 1, 2, 3]);
        let grey = png(ColorType::GrayscaleAlpha, png::BitDepth::Eight, &[100, 255, 0, 0]);
        assert_eq!(decode(&grey, Colour::WHITE).unwrap().rgb, [100, 100, 100, 255, 255, 255]);
    }

    #[test]
    fn greys_and_deep_colours_become_red_green_blue() {
        let one_bit = png(ColorType::Grayscale, png::BitDepth::One, &[0b0100_0000]);
        assert_eq!(decode(&one_bit, Colour::WHITE).unwrap().rgb, [0, 0, 0, 255, 255, 255]);
        let deep = png(ColorType::Rgb, png::BitDepth::Sixteen, &[255, 255, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(decode(&deep, Colour::WHITE).unwrap().rgb, [255, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn bytes_that_are_no_picture_are_refused() {
        let whole = png(ColorType::Rgb, png::BitDepth::Eight, &[0; 6]);
        for bytes in [&b""[..], b"GIF89a", &whole[..40]] {
            assert!(decode(bytes, Colour::WHITE).is_err());
        }
    }
}
