//! Gives every box and line its place in pixels.
//!
//! What a reader would get wrong: a row is never reordered here. Stands move towards the mean of
//! their neighbours as far as the ones beside them allow.

use super::layers::{Graph, Layered, Stand};
use super::order::{Neighbours, Rows};
use super::{Course, Drawing, End, Line, Shape, Sizes};

/// Passes down and up before the places stay.
const PASSES: usize = 8;
/// Start and finish are small circles of this width.
const DOT: i32 = 28;

pub(super) fn place(graph: &Graph, layered: &Layered, rows: &Rows, sizes: &Sizes) -> Drawing {
    let widths: Vec<i32> = layered
        .stands
        .iter()
        .map(|stand| match stand {
            Stand::Lane => sizes.lane,
            Stand::Node(node) => match graph.ends[*node] {
                End::Node(_) => sizes.width,
                End::Start | End::Finish => DOT,
            },
        })
        .collect();
    let centres = centres(layered, rows, &widths, sizes);
    // Loops stand out at the right of their box.
    let right = (0..widths.len())
        .map(|stand| centres[stand] + widths[stand] / 2)
        .max();
    let row_height = sizes.height.saturating_add(sizes.drop);
    let layers = i32::try_from(layered.n_layers).unwrap_or(i32::MAX);
    let shape = |node: usize| {
        let layer = layered.layer_of[node];
        let height = match graph.ends[node] {
            End::Node(_) => sizes.height,
            End::Start | End::Finish => DOT,
        };
        let row = i32::try_from(layer).unwrap_or(i32::MAX);
        let top = sizes.margin.saturating_add(row.saturating_mul(row_height));
        Shape {
            end: graph.ends[node],
            x: centres[node] - widths[node] / 2,
            y: top.saturating_add((sizes.height - height) / 2),
            width: widths[node],
            height,
            layer,
        }
    };
    let shapes: Vec<Shape> = (0..graph.n_nodes).map(shape).collect();
    let lines = lines(graph, layered, &centres, &shapes, sizes);
    let mut sorted = shapes;
    sorted.sort_by_key(|shape| (shape.layer, shape.x));
    Drawing {
        width: right
            .unwrap_or_default()
            .saturating_add(sizes.margin + sizes.gap),
        height: layers.saturating_mul(row_height) - sizes.drop + 2 * sizes.margin,
        shapes: sorted,
        lines,
    }
}

/// The middle of every stand, from the left edge of the drawing.
fn centres(layered: &Layered, rows: &Rows, widths: &[i32], sizes: &Sizes) -> Vec<i32> {
    let neighbours = Neighbours::of(layered);
    let mut centres = vec![0; widths.len()];
    for row in rows {
        let wished = vec![0; row.len()];
        settle(row, &wished, widths, sizes.gap, &mut centres);
    }
    for pass in 0..PASSES {
        let down = pass % 2 == 0;
        let near = if down {
            &neighbours.above
        } else {
            &neighbours.below
        };
        let mut order: Vec<&Vec<usize>> = rows.iter().collect();
        if !down {
            order.reverse();
        }
        for row in order {
            let wish = |stand: &usize| mean(&near[*stand], &centres).unwrap_or(centres[*stand]);
            let wished: Vec<i32> = row.iter().map(wish).collect();
            settle(row, &wished, widths, sizes.gap, &mut centres);
        }
    }
    let left = (0..widths.len())
        .map(|stand| centres[stand] - widths[stand] / 2)
        .min();
    let shift = sizes.margin - left.unwrap_or_default();
    centres.into_iter().map(|centre| centre + shift).collect()
}

fn mean(stands: &[usize], centres: &[i32]) -> Option<i32> {
    let sum: i64 = stands.iter().map(|stand| i64::from(centres[*stand])).sum();
    let mean = sum.checked_div(i64::try_from(stands.len()).ok()?)?;
    i32::try_from(mean).ok()
}

/// Puts the stands of a row as near to their wishes as order and distance allow: the mean of what
/// a pass from the left and a pass from the right give, which both keep the distances.
fn settle(row: &[usize], wished: &[i32], widths: &[i32], gap: i32, centres: &mut [i32]) {
    let apart = |left: usize, right: usize| {
        let space = if widths[row[left]] < gap || widths[row[right]] < gap {
            gap / 2
        } else {
            gap
        };
        widths[row[left]] / 2 + widths[row[right]] / 2 + space
    };
    let mut from_left = wished.to_vec();
    for at in 1..row.len() {
        from_left[at] = from_left[at].max(from_left[at - 1] + apart(at - 1, at));
    }
    let mut from_right = wished.to_vec();
    for at in (1..row.len()).rev() {
        from_right[at - 1] = from_right[at - 1].min(from_right[at] - apart(at - 1, at));
    }
    for (at, stand) in row.iter().enumerate() {
        centres[*stand] = from_left[at].midpoint(from_right[at]);
    }
    // Halving may have brought two a pixel too near.
    for at in 1..row.len() {
        let least = centres[row[at - 1]] + apart(at - 1, at);
        centres[row[at]] = centres[row[at]].max(least);
    }
}

fn lines(
    graph: &Graph,
    layered: &Layered,
    centres: &[i32],
    shapes: &[Shape],
    sizes: &Sizes,
) -> Vec<Line> {
    let row_height = sizes.height + sizes.drop;
    let middle = |stand: usize| {
        let row = i32::try_from(layered.layer_of[stand]).unwrap_or(i32::MAX);
        row.saturating_mul(row_height)
            .saturating_add(sizes.margin + sizes.height / 2)
    };
    let line = |(edge, chain): (&super::layers::Edge, &Vec<usize>)| {
        let mut points: Vec<(i32, i32)> = if edge.course == Course::Loop {
            around(&shapes[edge.from], sizes)
        } else {
            chain
                .iter()
                .map(|stand| (centres[*stand], middle(*stand)))
                .collect()
        };
        if edge.course != Course::Loop {
            let (upper, lower) = (shapes[chain[0]], shapes[chain[chain.len() - 1]]);
            // Lines back stand beside the lines forward.
            let aside = if edge.course == Course::Back {
                sizes.lane
            } else {
                0
            };
            let last = points.len() - 1;
            points[0] = (points[0].0 + aside, upper.y + upper.height);
            points[last] = (points[last].0 + aside, lower.y);
        }
        if edge.course == Course::Back {
            points.reverse();
        }
        Line {
            from: graph.ends[edge.from],
            to: graph.ends[edge.to],
            count: edge.count,
            course: edge.course,
            points,
        }
    };
    // The graph has the most frequent first.
    graph
        .edges
        .iter()
        .zip(&layered.chains)
        .rev()
        .map(line)
        .collect()
}

/// The points of a loop at the right of a box.
fn around(shape: &Shape, sizes: &Sizes) -> Vec<(i32, i32)> {
    let right = shape.x + shape.width;
    let (upper, lower) = (shape.y + shape.height / 4, shape.y + shape.height * 3 / 4);
    let out = right + sizes.gap / 2;
    vec![(right, upper), (out, upper), (out, lower), (right, lower)]
}
