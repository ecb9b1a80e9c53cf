//! Pages as marks: each mark belongs to a node of the structure tree or is an artifact.
//! No mark is made without saying which.

use crate::look::PageSize;
use crate::pictures::Raster;
use crate::shapes::Shape;
use crate::tags::NodeId;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Node(NodeId),
    Artifact(Artifact),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artifact {
    Header,
    Footer,
    /// Rules, grounds, repeated table heads.
    Layout,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub owner: Owner,
    pub shapes: Vec<Shape>,
    /// Where a click follows the link that owns the mark: left, top, width, height.
    pub link: Option<(Target, [f32; 4])>,
    /// The room that the figure that owns the mark takes, likewise.
    pub figure: Option<[f32; 4]>,
    /// A picture and its room, likewise, below the shapes.
    pub picture: Option<(Arc<Raster>, [f32; 4])>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    Anchor(String),
    Url(String),
}

/// Points from the top left corner of a page: the page, and the column that text stands in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageFrame {
    pub page_width: f32,
    pub page_height: f32,
    pub left: f32,
    pub top: f32,
    pub bottom: f32,
}

impl PageFrame {
    /// Of a page, upright or on its side.
    pub fn of(page: PageSize, landscape: bool) -> Self {
        const POINTS: f32 = 72.0 / 25.4;
        let (width, height) = if landscape { (page.height, page.width) } else { (page.width, page.height) };
        PageFrame {
            page_width: width * POINTS,
            page_height: height * POINTS,
            left: page.margin_side * POINTS,
            top: page.margin_top * POINTS,
            bottom: (height - page.margin_bottom) * POINTS,
        }
    }

    /// The column's width.
    pub fn width(self) -> f32 {
        self.page_width - 2.0 * self.left
    }

    /// The column's height.
    pub fn height(self) -> f32 {
        self.bottom - self.top
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub frame: PageFrame,
    pub marks: Vec<Mark>,
    /// Holds a figure made up to show how the document works.
    pub illustrative: bool,
    pub cover: bool,
}

impl Page {
    pub fn new(frame: PageFrame) -> Self {
        Page { frame, marks: Vec::new(), illustrative: false, cover: false }
    }
}

impl Mark {
    pub fn node(node: NodeId, shapes: Vec<Shape>) -> Self {
        Mark { owner: Owner::Node(node), shapes, link: None, figure: None, picture: None }
    }

    pub fn artifact(kind: Artifact, shapes: Vec<Shape>) -> Self {
        Mark { owner: Owner::Artifact(kind), shapes, link: None, figure: None, picture: None }
    }

    /// The same mark further right and down.
    pub fn moved(self, dx: f32, dy: f32) -> Self {
        let shift = |[x, y, w, h]: [f32; 4]| [x + dx, y + dy, w, h];
        Mark {
            owner: self.owner,
            shapes: self.shapes.into_iter().map(|shape| shape.moved(dx, dy)).collect(),
            link: self.link.map(|(target, area)| (target, shift(area))),
            figure: self.figure.map(shift),
            picture: self.picture.map(|(raster, area)| (raster, shift(area))),
        }
    }

    /// True where it may become part of the mark before it, of the same owner.
    pub fn is_plain(&self) -> bool {
        self.link.is_none() && self.figure.is_none() && self.picture.is_none()
    }
}
