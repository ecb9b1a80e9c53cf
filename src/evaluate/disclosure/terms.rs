//! What decides what may be published, beside the figures themselves.

use super::earlier::EarlierFigures;
use super::secret::Secret;
use crate::area::Areas;
use crate::framework::{Framework, Partner};

/// What decides what may be published, beside the figures themselves.
#[derive(Debug, Clone, Copy)]
pub struct DisclosureTerms<'a> {
    pub framework: &'a Framework,
    pub areas: &'a Areas,
    /// Who is asked for figures.
    pub partners: &'a [Partner],
    /// Seeds the choice of what is hidden beside small counts.
    pub secret: &'a Secret,
    /// What earlier packs showed.
    pub earlier: &'a EarlierFigures,
}
