//! Key figures side by side, each in a cell of a table.

use super::body::{Body, hex, text, tone_style, twips};
use super::table::shading;
use crate::model::{Card, Tone};

/// A narrower cell holds no sentence; in points.
const LEAST_WIDTH: f32 = 112.0;
/// Between two of them, in points.
const GAP: f32 = 4.0;

impl Body<'_> {
    pub fn cards(&mut self, cards: &[Card]) {
        if cards.is_empty() {
            return;
        }
        let most = ((self.width / LEAST_WIDTH) as usize).max(1);
        // As even rows as there can be.
        let a_row = cards.len().div_ceil(cards.len().div_ceil(most));
        let width = twips(self.width / a_row as f32);
        let name = format!("Key figures: {}", self.here);
        let total = twips(self.width);
        self.element("w:tbl", |body| {
            body.xml.element("w:tblPr", &[], |xml| {
                xml.empty("w:tblW", &[("w:w", &total), ("w:type", "dxa")]);
                xml.empty("w:tblLayout", &[("w:type", "fixed")]);
                xml.element("w:tblCellMar", &[], |xml| {
                    for (side, room) in [("w:top", 5.0), ("w:left", 8.0), ("w:bottom", 5.0), ("w:right", 8.0)] {
                        xml.empty(side, &[("w:w", &twips(room)), ("w:type", "dxa")]);
                    }
                });
                xml.value("w:tblCaption", &name);
                xml.value("w:tblDescription", "Each cell has what is counted, its figure, and what that is beside.");
            });
            body.xml.element("w:tblGrid", &[], |xml| (0..a_row).for_each(|_| xml.empty("w:gridCol", &[("w:w", &width)])));
            for row in cards.chunks(a_row) {
                body.element("w:tr", |body| {
                    body.xml.element("w:trPr", &[], |xml| xml.empty("w:cantSplit", &[]));
                    row.iter().for_each(|card| body.card(card, &width));
                    for _ in row.len()..a_row {
                        body.element("w:tc", |body| {
                            body.xml.element("w:tcPr", &[], |xml| xml.empty("w:tcW", &[("w:w", &width), ("w:type", "dxa")]));
                            body.xml
                                .element("w:p", &[], |xml| xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", "CardNote")));
                        });
                    }
                });
            }
        });
        self.after_table = true;
    }

    fn card(&mut self, card: &Card, width: &str) {
        let (colour, sign, style) = match card.tone {
            Tone::Named(name) => {
                let is_known = self.look.tones.iter().any(|tone| tone.name == name);
                let sign = self.look.sign(name).map_or("", |sign| sign.text);
                (self.look.tone(name), sign, is_known.then(|| tone_style(name)))
            }
            Tone::Plain | Tone::Quiet => (self.look.colours.brand, "", None),
        };
        let (colour, panel, gap) = (hex(colour), hex(self.look.colours.panel), (GAP * 8.0).to_string());
        self.element("w:tc", |body| {
            body.xml.element("w:tcPr", &[], |xml| {
                xml.empty("w:tcW", &[("w:w", width), ("w:type", "dxa")]);
                xml.element("w:tcBorders", &[], |xml| {
                    let line = |colour: &'static str| {
                        [("w:val", "single"), ("w:sz", gap.as_str()), ("w:space", "0"), ("w:color", colour)]
                    };
                    xml.empty("w:top", &[("w:val", "single"), ("w:sz", "24"), ("w:space", "0"), ("w:color", &colour)]);
                    for side in ["w:left", "w:bottom", "w:right"] {
                        xml.empty(side, &line("FFFFFF"));
                    }
                });
                xml.empty("w:shd", &shading(&panel));
            });
            body.styled("CardLabel", |body| {
                if !sign.is_empty() {
                    body.xml.element("w:r", &[], |xml| {
                        if let Some(style) = &style {
                            xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", style));
                        }
                        text(xml, &format!("{sign}\u{a0}"));
                    });
                }
                body.xml.element("w:r", &[], |xml| text(xml, &card.label));
            });
            body.styled("CardValue", |body| {
                body.xml.element("w:r", &[], |xml| {
                    if let Some(style) = &style {
                        xml.element("w:rPr", &[], |xml| xml.value("w:rStyle", style));
                    }
                    text(xml, &card.value);
                });
            });
            if !card.note.is_empty() {
                body.line("CardNote", &card.note);
            }
        });
    }
}
