//! Words to glyphs: shaping and line breaking by `parley`, with the document's own fonts and no other.

use super::fonts::Fonts;
use super::lines::{Line, LineSegment, Lines, Part};
use crate::Problem;
use crate::colour::Colour;
use crate::look::{Look, SignSize};
use crate::model::{Align, Inline, Run, Tone};
use crate::shapes::{Glyph, Glyphs, Shape};
use crate::unseen::on_a_page;
use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};
use parley::{
    FontContext, FontFamily, FontFeatures, FontStyle, FontWeight, InlineBox, InlineBoxKind, Layout, LayoutContext, LineHeight,
    OverflowWrap, PositionedLayoutItem, StyleProperty, VerticalAlign,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

const FAMILY: &str = "document";
const REPLACEMENT: char = '?';

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

/// Runs in glyphs that are not broken into lines yet.
pub struct Shaped {
    text: String,
    layout: Layout<u32>,
    /// Breaks that are forced split the widest line.
    forced: bool,
}

impl Shaped {
    /// The widths with every break taken and with none but the forced, in points.
    pub fn extents(&mut self) -> (f32, f32) {
        let widths = self.layout.calculate_content_widths();
        if !self.forced {
            return (widths.min, widths.max);
        }
        self.layout.break_all_lines(None);
        (widths.min, self.layout.width())
    }
}

pub struct Shaper<'a> {
    look: &'a Look,
    fonts: &'a Fonts,
    blobs: Vec<u64>,
    font_context: FontContext,
    layout_context: LayoutContext<u32>,
    /// Characters that the fonts lack, with the first place of each.
    missing: BTreeSet<(char, String)>,
    reported: BTreeSet<char>,
    /// What is being set, for messages.
    place: String,
    labels: BTreeMap<(String, u32, bool, [u8; 3]), Glyphs>,
}

impl<'a> Shaper<'a> {
    pub fn new(look: &'a Look, fonts: &'a Fonts) -> Self {
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
            look,
            fonts,
            blobs,
            font_context: FontContext { collection, source_cache: SourceCache::default() },
            layout_context: LayoutContext::new(),
            missing: BTreeSet::new(),
            reported: BTreeSet::new(),
            place: String::new(),
            labels: BTreeMap::new(),
        }
    }

    /// Says what is being set from now on, for messages.
    pub fn set_place(&mut self, place: &str) {
        place.clone_into(&mut self.place);
    }

    /// The characters that the fonts lack, as far as they were met since the last time.
    pub fn take_missing(&mut self) -> BTreeSet<(char, String)> {
        self.reported.clear();
        std::mem::take(&mut self.missing)
    }

    /// What another shaper met; each character with its first place.
    pub fn add_missing(&mut self, found: BTreeSet<(char, String)>) {
        for (c, place) in found {
            if self.reported.insert(c) {
                self.missing.insert((c, place));
            }
        }
    }

    /// A warning for every character that the fonts lack.
    pub fn warnings(&self) -> Vec<Problem> {
        self.missing
            .iter()
            .map(|(c, place)| {
                Problem::new(
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
        for c in on_a_page(text) {
            match c {
                '\u{fe00}'..='\u{fe0f}' => {}
                c if self.fonts.has(c) => out.push(c),
                // The same sign, though a line may break after it.
                '\u{2011}' => out.push('-'),
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
        let shaped = self.shape(runs, style);
        self.break_lines(shaped, runs, style, width)
    }

    /// Runs in glyphs, to be measured and then broken into lines.
    pub fn shape(&mut self, runs: &[Run], style: Style) -> Shaped {
        let (text, spans) = self.spans(runs, style);
        let layout = self.build(&text, &spans, runs, style);
        Shaped { text, layout, forced: runs.iter().any(|run| run.inline == Inline::Break) }
    }

    /// What [`Shaper::shape`] made of the same runs in the same style, in lines.
    pub fn break_lines(&self, mut shaped: Shaped, runs: &[Run], style: Style, width: f32) -> Lines {
        shaped.layout.break_all_lines(Some(width.max(1.0)));
        self.lines(&shaped.layout, &shaped.text, runs, style, width)
    }

    /// One line of plain text. Those at the head and foot of pages are shaped once.
    pub fn label(&mut self, text: &str, style: Style) -> Glyphs {
        let key = (text.to_owned(), style.size.to_bits(), style.bold, style.colour.0);
        if let Some(known) = self.labels.get(&key) {
            return known.clone();
        }
        let runs = [Run::text(text)];
        let lines = self.set(&runs, style, f32::MAX);
        let mut all =
            Glyphs { face: usize::from(style.bold), size: style.size, colour: style.colour, glyphs: Vec::new(), page_of: None };
        for segment in lines.lines.into_iter().flat_map(|line| line.segments) {
            for shape in segment.shapes {
                if let Shape::Text { text, .. } = shape {
                    all.face = text.face;
                    all.glyphs.extend(text.glyphs);
                }
            }
        }
        self.labels.insert(key, all.clone());
        all
    }

    /// The text of runs, and the run of each range of it; an empty range is the place of a box.
    fn spans(&mut self, runs: &[Run], style: Style) -> (String, Vec<(Range<usize>, usize)>) {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for (i, run) in runs.iter().enumerate() {
            let start = text.len();
            match &run.inline {
                Inline::Text(words) => text.push_str(&self.printable(words)),
                // Room for three digits: no document has a thousand pages.
                Inline::PageOf(_) => text.push_str("000"),
                // The space parts the words for those who hear or copy them; at the end of a line it takes no room.
                Inline::Break => text.push_str(" \n"),
                Inline::Sign(name) => {
                    if let Some(sign) = self.look.sign(name) {
                        self.keep_room(&mut text, ems(sign.size), run.bold || style.bold);
                    }
                }
                // Put in the text as a link before layout.
                Inline::Note(_) => continue,
                Inline::Spark { .. } => {
                    spans.push((start..start, i));
                    continue;
                }
            }
            if text.len() > start {
                spans.push((start..text.len(), i));
            }
        }
        (text, spans)
    }

    /// Room for a sign, in whole spaces that no line breaks at: it stays with its word, and does not touch it.
    fn keep_room(&self, text: &mut String, ems: f32, bold: bool) {
        let space = self.fonts.faces.get(usize::from(bold)).map_or(0.25, |face| face.advance('\u{a0}'));
        let count = (ems / space.clamp(0.05, 1.0)).ceil().max(1.0) as usize;
        text.extend(std::iter::repeat_n('\u{a0}', count));
    }

    fn build(&mut self, text: &str, spans: &[(Range<usize>, usize)], runs: &[Run], style: Style) -> Layout<u32> {
        let mut builder = self.layout_context.ranged_builder(&mut self.font_context, text, 1.0, false);
        builder.push_default(FontFamily::named(FAMILY));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(style.size * style.leading)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        let weight = |bold: bool| if bold { FontWeight::BOLD } else { FontWeight::NORMAL };
        builder.push_default(StyleProperty::FontWeight(weight(style.bold)));
        if style.align == Align::Right {
            // Figures below one another line up.
            builder.push_default(StyleProperty::FontFeatures(FontFeatures::from("\"tnum\"")));
        }
        for (range, i) in spans {
            let run = &runs[*i];
            if range.is_empty() {
                builder.push_inline_box(spark_box(*i, range.start));
                continue;
            }
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
            let seen = metrics.advance - metrics.hanging_advance;
            let shift = match style.align {
                Align::Left => 0.0,
                Align::Right => (width - seen).max(0.0),
                Align::Centre => ((width - seen) / 2.0).max(0.0),
            };
            // Half the leading above, half below: the baseline that parley found, from the line's top.
            let mut baseline = metrics.baseline - metrics.block_min_coord;
            let mut height = style.size * style.leading;
            let items: Vec<_> = line.items().collect();
            // What is higher than the line makes room for itself.
            let icon_size = style.size * ems(SignSize::Line);
            let has_icon = items.iter().any(|item| match item {
                PositionedLayoutItem::GlyphRun(glyphs) => {
                    runs.get(glyphs.style().brush as usize).is_some_and(|run| self.is_as_high_as_a_line(run))
                }
                PositionedLayoutItem::InlineBox(_) => false,
            });
            if has_icon && icon_size > height {
                baseline += (icon_size - height) / 2.0;
                height = icon_size;
            }
            if items.iter().any(|item| matches!(item, PositionedLayoutItem::InlineBox(_))) && baseline < SPARK_HEIGHT + 1.0 {
                height += SPARK_HEIGHT + 1.0 - baseline;
                baseline = SPARK_HEIGHT + 1.0;
            }
            let mut segments: Vec<LineSegment> = Vec::new();
            let mut put = |part: Part, x: f32, width: f32, shapes: Vec<Shape>| match segments.last_mut() {
                Some(last) if last.part.goes_on(&part) => {
                    last.width = x + width - last.x;
                    last.shapes.extend(shapes);
                }
                _ => segments.push(LineSegment { part, x, width, shapes }),
            };
            for item in items {
                let glyph_run = match item {
                    PositionedLayoutItem::GlyphRun(glyph_run) => glyph_run,
                    PositionedLayoutItem::InlineBox(place) => {
                        let run = usize::try_from(place.id).ok().and_then(|i| runs.get(i));
                        if let Some(Run { inline: Inline::Spark { chart, alternative }, .. }) = run {
                            let (x, top) = (place.x + shift + SPARK_MARGIN, baseline - SPARK_HEIGHT);
                            let shapes = chart.draw(SPARK_WIDTH, SPARK_HEIGHT, self.look);
                            let shapes = shapes.into_iter().map(|shape| shape.moved(x, top)).collect();
                            let part = Part::Spark { alternative: alternative.clone(), height: SPARK_HEIGHT, top };
                            put(part, x, SPARK_WIDTH, shapes);
                        }
                        continue;
                    }
                };
                let Some(run) = runs.get(glyph_run.style().brush as usize) else { continue };
                let x = glyph_run.offset() + shift;
                match run.inline {
                    Inline::Sign(name) => {
                        let Some(sign) = self.look.sign(name) else { continue };
                        let size = style.size * ems(sign.size);
                        let top = match sign.size {
                            SignSize::Letter => baseline - size * 0.86,
                            // Its middle at that of small letters.
                            SignSize::Line => (baseline - style.size * 0.25 - size / 2.0).max(0.0),
                        };
                        let ink = (style.colour == Colour::WHITE).then_some(Colour::WHITE);
                        put(Part::of(run), x, size, (sign.draw)((x, top), size, ink));
                    }
                    _ => {
                        let glyphs = self.glyphs(&glyph_run, text, run, style);
                        put(Part::of(run), x, glyphs.width(), vec![Shape::Text { at: (x, baseline), text: glyphs }]);
                    }
                }
            }
            out.lines.push(Line { height, segments });
        }
        out
    }

    fn is_as_high_as_a_line(&self, run: &Run) -> bool {
        let Inline::Sign(name) = run.inline else { return false };
        self.look.sign(name).is_some_and(|sign| sign.size == SignSize::Line)
    }

    fn colour(&self, run: &Run, style: Style) -> Colour {
        match (run.tone, &run.link) {
            // On a band in the brand's colour, everything is white.
            _ if style.colour == Colour::WHITE => Colour::WHITE,
            (Tone::Named(name), _) => self.look.tone(name),
            (_, Some(_)) => self.look.colours.link,
            (Tone::Quiet, None) => self.look.colours.quiet,
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
                let text = match words {
                    _ if i > 0 => "",
                    "\u{a0}" => " ",
                    "\u{2011}" => "-",
                    "\n" => "",
                    words => words,
                };
                // A line break is a cluster without ink; its glyph would be `.notdef`.
                if glyph.id != 0 {
                    glyphs.push(Glyph { id: u16::try_from(glyph.id).unwrap_or(0), advance: glyph.advance, text: text.into() });
                }
            }
        }
        Glyphs { face, size: shaped.font_size(), colour: self.colour(run, style), glyphs, page_of }
    }
}

/// How large a sign is, as a multiple of the type size.
fn ems(size: SignSize) -> f32 {
    match size {
        SignSize::Letter => 0.84,
        SignSize::Line => 1.5,
    }
}

/// Points.
const SPARK_WIDTH: f32 = 60.0;
const SPARK_HEIGHT: f32 = 12.0;
const SPARK_MARGIN: f32 = 1.0;

/// The box that a small chart stands in; the line makes room for its height itself.
fn spark_box(run: usize, index: usize) -> InlineBox {
    InlineBox {
        id: run as u64,
        kind: InlineBoxKind::InFlow,
        index,
        width: SPARK_WIDTH + 2.0 * SPARK_MARGIN,
        height: 1.0,
        baseline: None,
        vertical_align: VerticalAlign::default(),
    }
}

struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
