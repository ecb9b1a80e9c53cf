//! The colours of what is drawn, as classes of a page, so that the same drawing is right on a light page and on a dark one.

use crate::colour::Colour;

/// The colours in use so far.
#[derive(Debug, Default)]
pub struct Inks(Vec<Colour>);

impl Inks {
    /// The class of a colour.
    pub fn class(&mut self, colour: Colour) -> String {
        let known = self.0.iter().position(|of| *of == colour);
        let at = known.unwrap_or_else(|| {
            self.0.push(colour);
            self.0.len() - 1
        });
        format!("k{at}")
    }

    /// Each class with its colour.
    pub fn classes(&self) -> impl Iterator<Item = (String, Colour)> {
        self.0.iter().enumerate().map(|(at, colour)| (format!("k{at}"), *colour))
    }
}
