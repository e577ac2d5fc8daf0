//! A map of steps laid out as boxes and lines, so that a page can draw it without any script.
//!
//! What a reader would get wrong: the same map gives the same drawing, to the pixel. Nothing is
//! drawn at random, ties go to the lower number, and all coordinates are whole pixels.
//!
//! The way: the most frequent steps that make no circle give each box a layer (`layers`); boxes
//! are ordered within their layers so that lines cross little (`order`); then everything gets
//! its place (`place`). Steps against the direction are drawn, but decide nothing.

mod layers;
mod order;
mod place;
mod select;

pub use select::{Most, most_frequent};

/// What is drawn: activities below `n_nodes`, and how often one followed another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// How many boxes.
    pub n_nodes: usize,
    /// From which box to which, how often. A pair comes up once; others are ignored.
    pub steps: Vec<(usize, usize, usize)>,
    /// Boxes that begin cases, with how many.
    pub starts: Vec<(usize, usize)>,
    /// Boxes that end cases, with how many.
    pub ends: Vec<(usize, usize)>,
}

/// The size of things, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Width of a box.
    pub width: i32,
    /// Height of a box.
    pub height: i32,
    /// Space between boxes side by side.
    pub gap: i32,
    /// Space between layers.
    pub drop: i32,
    /// Width that a line takes where it passes a layer.
    pub lane: i32,
    /// Space around everything.
    pub margin: i32,
}

impl Default for Sizes {
    /// Sizes for a name of two lines.
    fn default() -> Self {
        Self {
            width: 168,
            height: 48,
            gap: 28,
            drop: 56,
            lane: 16,
            margin: 24,
        }
    }
}

/// What a box or the end of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// Where cases begin.
    Start,
    /// A box of the map.
    Node(usize),
    /// Where cases end.
    Finish,
}

/// A box in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What it is.
    pub end: End,
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
    /// The layer, from 0 at the top.
    pub layer: usize,
}

/// How a line runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// With the direction of the process, downwards.
    Forward,
    /// Against it: what was done is done again.
    Back,
    /// From a box to itself.
    Loop,
}

/// A line in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it comes from.
    pub from: End,
    /// Where it goes.
    pub to: End,
    /// How often.
    pub count: usize,
    /// How it runs.
    pub course: Course,
    /// Its points, from the edge of one box to the edge of the other.
    pub points: Vec<(i32, i32)>,
}

impl Line {
    /// The line as the `d` of an SVG path: curves that leave and enter every point vertically.
    #[must_use]
    pub fn path(&self) -> String {
        let Some((x, y)) = self.points.first() else {
            return String::new();
        };
        let mut path = format!("M{x} {y}");
        if self.course == Course::Loop {
            for (x, y) in &self.points[1..] {
                path += &format!("L{x} {y}");
            }
            return path;
        }
        for pair in self.points.windows(2) {
            let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
            let middle = y1.midpoint(y2);
            path += &format!("C{x1} {middle} {x2} {middle} {x2} {y2}");
        }
        path
    }

    /// Where its label stands: the middle of its middle stretch.
    #[must_use]
    pub fn label(&self) -> (i32, i32) {
        let middle = self.points.len().saturating_sub(1) / 2;
        let at = |point: usize| self.points.get(point).copied().unwrap_or_default();
        let ((x1, y1), (x2, y2)) = (at(middle), at(middle + 1));
        (x1.midpoint(x2), y1.midpoint(y2))
    }
}

/// Boxes and lines in their places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Width of everything.
    pub width: i32,
    /// Height of everything.
    pub height: i32,
    /// The boxes, by layer from the top, from left to right.
    pub shapes: Vec<Shape>,
    /// The lines, the most frequent last, so that they lie on top.
    pub lines: Vec<Line>,
}

/// Lays out a map.
#[must_use]
pub fn draw(map: &Map, sizes: &Sizes) -> Drawing {
    let graph = layers::Graph::of(map);
    if graph.n_nodes == 0 {
        return Drawing::default();
    }
    let layered = layers::layer(&graph);
    let ordered = order::order(&layered);
    place::place(&graph, &layered, &ordered, sizes)
}

#[cfg(test)]
mod tests;
