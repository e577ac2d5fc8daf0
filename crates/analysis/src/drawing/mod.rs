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

    /// Where its label may stand, the best first: on each stretch, from the middle one outwards, in
    /// its middle and to both sides of it.
    #[must_use]
    pub fn spots(&self) -> Vec<(i32, i32)> {
        let mut stretches: Vec<usize> = (0..self.points.len().saturating_sub(1)).collect();
        let middle = stretches.len() / 2;
        stretches.sort_by_key(|at| at.abs_diff(middle));
        let on = |tenths: i64| {
            let points = &self.points;
            stretches.iter().filter_map(move |at| {
                let (from, to) = (*points.get(*at)?, *points.get(at + 1)?);
                Some(on_curve(from, to, tenths))
            })
        };
        [5, 3, 7].into_iter().flat_map(on).collect()
    }
}

/// A point of the curve that leaves and enters vertically, so many tenths along it.
fn on_curve((x1, y1): (i32, i32), (x2, y2): (i32, i32), tenths: i64) -> (i32, i32) {
    let (t, left) = (tenths, 10 - tenths);
    let (out, near, far, end) = (
        left * left * left,
        3 * left * left * t,
        3 * left * t * t,
        t * t * t,
    );
    let middle = i64::from(y1.midpoint(y2));
    let x = i64::from(x1) * (out + near) + i64::from(x2) * (far + end);
    let y = i64::from(y1) * out + middle * (near + far) + i64::from(y2) * end;
    let pixel = |thousandths: i64| i32::try_from(thousandths / 1000).unwrap_or_default();
    (pixel(x), pixel(y))
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
