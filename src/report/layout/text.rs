//! Words to glyphs: shaping and line breaking by `parley`, with the pack's own fonts and no other.

use crate::assets::Assets;
use crate::evaluate::Status;
use crate::fault::{Fault, Faults};
use crate::report::canvas::{Glyph, Glyphs, Shape};
use crate::report::layout::signs::sign;
use crate::report::model::{Align, Inline, Link, Run, Tone};
use crate::report::theme::{Colour, Theme};
use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};
use parley::{
    FontContext, FontFamily, FontStyle, FontWeight, Layout, LayoutContext, LineHeight, OverflowWrap, PositionedLayoutItem,
    StyleProperty,
};
use printpdf::ParsedFont;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// The theme's four faces: regular, bold, italic, bold italic.
#[derive(Clone)]
pub struct Fonts {
    pub faces: Vec<Face>,
}

#[derive(Clone)]
pub struct Face {
    pub file: String,
    pub bytes: Arc<Vec<u8>>,
    pub parsed: ParsedFont,
}

const FAMILY: &str = "pack";
const REPLACEMENT: char = '?';

impl Fonts {
    /// Reads the files that the theme names.
    ///
    /// # Errors
    /// A file that is not there or is not a font.
    pub fn load(theme: &Theme, fonts: &Assets) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut faces = Vec::new();
        for file in [&theme.fonts.regular, &theme.fonts.bold, &theme.fonts.italic, &theme.fonts.bold_italic] {
            match fonts.read(file) {
                Ok(bytes) => match ParsedFont::from_bytes(&bytes, 0, &mut Vec::new()) {
                    Some(parsed) if parsed.units_per_em > 0 => {
                        faces.push(Face { file: file.clone(), bytes: Arc::new(bytes.into_owned()), parsed });
                    }
                    _ => faults.push(fonts.place(file), "is not a TrueType or OpenType font", "use a .ttf or .otf file"),
                },
                Err(fault) => faults.0.push(fault),
            }
        }
        faults.into_result()?;
        Ok(Fonts { faces })
    }

    fn has(&self, c: char) -> bool {
        self.faces.iter().all(|face| face.parsed.codepoint_to_glyph.get(&u32::from(c)).is_some_and(|gid| *gid != 0))
    }
}

/// How a paragraph is set.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub size: f32,
    /// Line height as a multiple of the size.
    pub leading: f32,
    pub bold: bool,
    pub colour: Colour,
    pub align: Align,
}

/// One line of a paragraph.
#[derive(Debug, Clone)]
pub struct Line {
    pub height: f32,
    pub pieces: Vec<LinePiece>,
}

/// A part of a line that belongs to one link or to none, in points from the line's top left corner.
#[derive(Debug, Clone)]
pub struct LinePiece {
    pub link: Option<Link>,
    pub x: f32,
    pub width: f32,
    pub shapes: Vec<Shape>,
}

/// A paragraph in glyphs.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    pub lines: Vec<Line>,
}

impl Lines {
    pub fn height(&self) -> f32 {
        self.lines.iter().map(|line| line.height).sum()
    }
}

pub struct Shaper<'a> {
    theme: &'a Theme,
    fonts: &'a Fonts,
    blobs: Vec<u64>,
    font_context: FontContext,
    layout_context: LayoutContext<u32>,
    /// Characters that the fonts lack, with the first place of each.
    missing: BTreeSet<(char, String)>,
    reported: BTreeSet<char>,
    /// What is being set, for messages.
    place: String,
}

impl<'a> Shaper<'a> {
    pub fn new(theme: &'a Theme, fonts: &'a Fonts) -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut blobs = Vec::new();
        for (i, face) in fonts.faces.iter().enumerate() {
            let blob = Blob::new(Arc::new(SharedBytes(face.bytes.clone())));
            blobs.push(blob.id());
            let style = if i >= 2 { FontStyle::Italic } else { FontStyle::Normal };
            let weight = if i % 2 == 1 { FontWeight::BOLD } else { FontWeight::NORMAL };
            let info =
                FontInfoOverride { family_name: Some(FAMILY), style: Some(style), weight: Some(weight), ..Default::default() };
            collection.register_fonts(blob, Some(info));
        }
        Shaper {
            theme,
            fonts,
            blobs,
            font_context: FontContext { collection, source_cache: SourceCache::default() },
            layout_context: LayoutContext::new(),
            missing: BTreeSet::new(),
            reported: BTreeSet::new(),
            place: String::new(),
        }
    }

    /// Says what is being set from now on, for messages.
    pub fn set_place(&mut self, place: &str) {
        place.clone_into(&mut self.place);
    }

    /// A warning for every character that the fonts lack.
    pub fn warnings(&self) -> Vec<Fault> {
        self.missing
            .iter()
            .map(|(c, place)| {
                Fault::new(
                    place,
                    format!("the fonts have no {c:?} (U+{:04X}); {REPLACEMENT:?} was printed for it", u32::from(*c)),
                    "use another character, or fonts that have it",
                )
            })
            .collect()
    }

    /// The text with only characters that the fonts have: what cannot be seen is left out, what is lacking is replaced.
    fn printable(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {}
                c if c.is_control() => {}
                c if self.fonts.has(c) => out.push(c),
                c => {
                    if self.reported.insert(c) {
                        self.missing.insert((c, self.place.clone()));
                    }
                    out.push(REPLACEMENT);
                }
            }
        }
        out
    }

    /// Runs set in lines no wider than `width` points; words that are wider are broken.
    pub fn set(&mut self, runs: &[Run], style: Style, width: f32) -> Lines {
        let (text, spans) = self.spans(runs);
        let mut layout = self.build(&text, &spans, runs, style);
        layout.break_all_lines(Some(width.max(1.0)));
        self.lines(&layout, &text, runs, style, width)
    }

    /// The widths of runs with every break taken and with none, in points.
    pub fn extents(&mut self, runs: &[Run], style: Style) -> (f32, f32) {
        let (text, spans) = self.spans(runs);
        let layout = self.build(&text, &spans, runs, style);
        let widths = layout.calculate_content_widths();
        // Breaks that are forced, as in `line one, break, line two`, split the widest line.
        let widest = if runs.iter().any(|run| run.inline == Inline::Break) {
            let mut broken = layout.clone();
            broken.break_all_lines(None);
            broken.width()
        } else {
            widths.max
        };
        (widths.min, widest)
    }

    /// One line of plain text.
    pub fn label(&mut self, text: &str, style: Style) -> Glyphs {
        let runs = [Run::text(text)];
        let lines = self.set(&runs, style, f32::MAX);
        let mut all =
            Glyphs { face: usize::from(style.bold), size: style.size, colour: style.colour, glyphs: Vec::new(), page_of: None };
        for piece in lines.lines.into_iter().flat_map(|line| line.pieces) {
            for shape in piece.shapes {
                if let Shape::Text { text, .. } = shape {
                    all.face = text.face;
                    all.glyphs.extend(text.glyphs);
                }
            }
        }
        all
    }

    /// The text of runs, and the run of each range of it.
    fn spans(&mut self, runs: &[Run]) -> (String, Vec<(Range<usize>, usize)>) {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for (i, run) in runs.iter().enumerate() {
            let start = text.len();
            match &run.inline {
                Inline::Text(words) => text.push_str(&self.printable(words)),
                // Room for three digits: no pack has a thousand pages.
                Inline::PageOf(_) => text.push_str("000"),
                // The space parts the words for those who hear or copy them; at the end of a line it takes no room.
                Inline::Break => text.push_str(" \n"),
                // Room for the sign, in spaces that no line breaks at: it stays with its word.
                Inline::Sign(_) => text.push_str("\u{a0}\u{a0}\u{a0}\u{a0}"),
                Inline::Icon(_) | Inline::Note(_) | Inline::Spark { .. } => {}
            }
            if text.len() > start {
                spans.push((start..text.len(), i));
            }
        }
        (text, spans)
    }

    fn build(&mut self, text: &str, spans: &[(Range<usize>, usize)], runs: &[Run], style: Style) -> Layout<u32> {
        let mut builder = self.layout_context.ranged_builder(&mut self.font_context, text, 1.0, false);
        builder.push_default(FontFamily::named(FAMILY));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(style.size * style.leading)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        let weight = |bold: bool| if bold { FontWeight::BOLD } else { FontWeight::NORMAL };
        builder.push_default(StyleProperty::FontWeight(weight(style.bold)));
        for (range, i) in spans {
            let run = &runs[*i];
            builder.push(StyleProperty::Brush(u32::try_from(*i).unwrap_or(u32::MAX)), range.clone());
            if run.bold {
                builder.push(StyleProperty::FontWeight(weight(true)), range.clone());
            }
            if run.italic {
                builder.push(StyleProperty::FontStyle(FontStyle::Italic), range.clone());
            }
        }
        builder.build(text)
    }

    fn lines(&self, layout: &Layout<u32>, text: &str, runs: &[Run], style: Style, width: f32) -> Lines {
        let mut out = Lines::default();
        for line in layout.lines() {
            let metrics = line.metrics();
            let height = style.size * style.leading;
            let seen = metrics.advance - metrics.hanging_advance;
            let shift = match style.align {
                Align::Left => 0.0,
                Align::Right => (width - seen).max(0.0),
                Align::Centre => ((width - seen) / 2.0).max(0.0),
            };
            // Half the leading above, half below: the baseline that parley found, from the line's top.
            let baseline = metrics.baseline - metrics.block_min_coord;
            let mut pieces: Vec<LinePiece> = Vec::new();
            let mut put = |link: Option<Link>, x: f32, width: f32, shapes: Vec<Shape>| match pieces.last_mut() {
                Some(last) if last.link == link => {
                    last.width = x + width - last.x;
                    last.shapes.extend(shapes);
                }
                _ => pieces.push(LinePiece { link, x, width, shapes }),
            };
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(glyph_run) = item else { continue };
                let Some(run) = runs.get(glyph_run.style().brush as usize) else { continue };
                let x = glyph_run.offset() + shift;
                if let Inline::Sign(status) = run.inline {
                    let size = style.size * SIGN;
                    put(run.link.clone(), x, size, self.sign(status, x, baseline - size * 0.86, size));
                    continue;
                }
                let glyphs = self.glyphs(&glyph_run, text, run, style);
                put(run.link.clone(), x, glyphs.width(), vec![Shape::Text { at: (x, baseline), text: glyphs }]);
            }
            out.lines.push(Line { height, pieces });
        }
        out
    }

    fn sign(&self, status: Status, x: f32, y: f32, size: f32) -> Vec<Shape> {
        sign(status, (x, y), size, self.theme.status(status))
    }

    fn colour(&self, run: &Run, style: Style) -> Colour {
        match (run.tone, &run.link) {
            // On a band in the brand's colour, everything is white.
            _ if style.colour == Colour::WHITE => Colour::WHITE,
            (Tone::Status(status), _) => self.theme.status(status),
            (_, Some(_)) => self.theme.colours.link,
            (Tone::Quiet, None) => self.theme.colours.quiet,
            (Tone::Plain, None) => style.colour,
        }
    }

    fn glyphs(&self, glyph_run: &parley::GlyphRun<'_, u32>, text: &str, run: &Run, style: Style) -> Glyphs {
        let shaped = glyph_run.run();
        let face = self.blobs.iter().position(|id| *id == shaped.font().data.id()).unwrap_or(0);
        let page_of = if let Inline::PageOf(anchor) = &run.inline { Some(anchor.clone()) } else { None };
        let brush = glyph_run.style().brush;
        let mut glyphs: Vec<Glyph> = Vec::new();
        // A glyph run is the part of a shaped run in one style: keep its clusters only.
        for cluster in shaped.visual_clusters().filter(|cluster| cluster.style().brush == brush) {
            let words = text.get(cluster.text_range()).unwrap_or_default();
            if cluster.is_ligature_continuation() {
                if let Some(last) = glyphs.last_mut() {
                    last.text.push_str(words);
                }
                continue;
            }
            for (i, glyph) in cluster.glyphs().enumerate() {
                let said =
                    if i == 0 { words.replace('\u{a0}', " ").replace('\u{2011}', "-").replace('\n', "") } else { String::new() };
                // A line break is a cluster without ink; its glyph would be `.notdef`.
                if glyph.id != 0 {
                    glyphs.push(Glyph { id: u16::try_from(glyph.id).unwrap_or(0), advance: glyph.advance, text: said });
                }
            }
        }
        Glyphs { face, size: shaped.font_size(), colour: self.colour(run, style), glyphs, page_of }
    }
}

/// The size of a sign beside its word, as a multiple of the type size.
const SIGN: f32 = 0.84;

struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
