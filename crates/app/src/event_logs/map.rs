//! The directly-follows map as a page draws it: boxes and lines with their words.
//!
//! What a reader would get wrong: a page needs nothing but these numbers to write the SVG; widths
//! of lines go by `weight`, 1 to 8, not by the count itself.

use gangmu_analysis::drawing::{self, Course, Drawing, End, Line, Map, Most, Shape, Sizes};
use gangmu_analysis::process::{ActivityFigures, DirectlyFollows, Log};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::LengthView;

/// How much of a log is drawn; the tables have all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawn {
    /// As many of the most frequent steps as can be taken in at once.
    #[default]
    Usual,
    /// Steps that came up at least so often for every hundred cases.
    PerCent(u32),
}

/// A map of more activities or steps is no map.
const MOST_NODES: usize = 40;
const MOST_STEPS: usize = 300;
const USUAL_STEPS: usize = 36;

impl Drawn {
    fn most(self, cases: usize) -> Most {
        let (steps, rarest) = match self {
            Self::Usual => (USUAL_STEPS, 0),
            Self::PerCent(share) => {
                let share = usize::try_from(share).unwrap_or(usize::MAX);
                (MOST_STEPS, cases.saturating_mul(share).div_ceil(100))
            }
        };
        Most {
            nodes: MOST_NODES,
            steps,
            rarest,
        }
    }
}

/// A map in its places, in pixels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MapView {
    /// Width of everything.
    pub width: i32,
    /// Height of everything.
    pub height: i32,
    /// The boxes.
    pub boxes: Vec<BoxView>,
    /// The lines, the most frequent last.
    pub lines: Vec<LineView>,
    /// Activities that are not drawn.
    pub activities_left_out: usize,
    /// Steps that are not drawn.
    pub steps_left_out: usize,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoxView {
    /// `start`, `activity` or `finish`.
    pub kind: &'static str,
    /// The activity; nothing for start and finish.
    pub name: String,
    /// How many events.
    pub count: usize,
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineView {
    /// The activity it comes from; nothing for the start.
    pub from: String,
    /// The activity it goes to; nothing for the finish.
    pub to: String,
    /// `forward`, `back` or `loop`.
    pub course: &'static str,
    /// How often.
    pub count: usize,
    /// How thick, 1 to 8.
    pub weight: usize,
    /// How long between the two; none from the start and to the finish.
    pub gap: Option<LengthView>,
    /// The `d` of the SVG path.
    pub path: String,
    /// Where its label may stand, the best first.
    pub spots: Vec<SpotView>,
}

/// A place in the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpotView {
    /// From the left edge.
    pub x: i32,
    /// From the upper edge.
    pub y: i32,
}

/// Draws the most frequent activities and steps of a log.
pub(super) fn map(
    log: &Log,
    graph: &DirectlyFollows,
    figures: &[ActivityFigures],
    drawn: Drawn,
) -> MapView {
    let mut counts = vec![0; log.n_activities()];
    for figure in figures {
        counts[figure.activity as usize] = figure.n_events;
    }
    let (map, activities) = drawing::most_frequent(graph, &counts, drawn.most(log.n_cases()));
    let drawing = drawing::draw(&map, &Sizes::default());
    let words = Words {
        log,
        graph,
        counts: &counts,
        activities: &activities,
        most: most(&map),
    };
    view(&drawing, &words, graph.steps.len() - map.steps.len())
}

fn view(drawing: &Drawing, words: &Words<'_>, steps_left_out: usize) -> MapView {
    MapView {
        width: drawing.width,
        height: drawing.height,
        boxes: drawing
            .shapes
            .iter()
            .map(|shape| words.shape(shape))
            .collect(),
        lines: drawing.lines.iter().map(|line| words.line(line)).collect(),
        activities_left_out: words.counts.len() - words.activities.len(),
        steps_left_out,
    }
}

fn most(map: &Map) -> usize {
    let steps = map.steps.iter().map(|(_, _, count)| *count);
    let ends = map.starts.iter().chain(&map.ends).map(|(_, count)| *count);
    steps.chain(ends).max().unwrap_or(1)
}

/// What the numbers of a drawing mean.
struct Words<'a> {
    log: &'a Log,
    graph: &'a DirectlyFollows,
    counts: &'a [usize],
    activities: &'a [u32],
    most: usize,
}

impl Words<'_> {
    fn activity(&self, end: End) -> Option<u32> {
        match end {
            End::Node(node) => self.activities.get(node).copied(),
            End::Start | End::Finish => None,
        }
    }

    fn name(&self, end: End) -> String {
        self.activity(end)
            .map_or("", |activity| self.log.name(activity))
            .to_owned()
    }

    fn shape(&self, shape: &Shape) -> BoxView {
        let count = self
            .activity(shape.end)
            .map(|activity| self.counts[activity as usize]);
        BoxView {
            kind: match shape.end {
                End::Start => "start",
                End::Node(_) => "activity",
                End::Finish => "finish",
            },
            name: self.name(shape.end),
            count: count.unwrap_or(self.log.n_cases()),
            x: shape.x,
            y: shape.y,
            width: shape.width,
            height: shape.height,
        }
    }

    fn line(&self, line: &Line) -> LineView {
        let ends = self.activity(line.from).zip(self.activity(line.to));
        let step = ends.and_then(|ends| {
            let steps = self.graph.steps.iter();
            steps.into_iter().find(|step| (step.from, step.to) == ends)
        });
        let spots = line.spots().into_iter();
        LineView {
            from: self.name(line.from),
            to: self.name(line.to),
            course: match line.course {
                Course::Forward => "forward",
                Course::Back => "back",
                Course::Loop => "loop",
            },
            count: line.count,
            weight: 1 + line.count.saturating_mul(7) / self.most.max(1),
            gap: step.map(|step| step.gap.into()),
            path: line.path(),
            spots: spots.map(|(x, y)| SpotView { x, y }).collect(),
        }
    }
}
