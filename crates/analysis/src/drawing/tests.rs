//! Drawings of small maps, and what must hold of every one.

use super::*;
use proptest::prelude::*;

fn map(steps: &[(usize, usize, usize)]) -> Map {
    let most = steps.iter().flat_map(|(from, to, _)| [*from, *to]).max();
    Map {
        n_nodes: most.map_or(0, |most| most + 1),
        steps: steps.to_vec(),
        starts: vec![(0, 10)],
        ends: vec![(most.unwrap_or(0), 10)],
    }
}

fn layer(drawing: &Drawing, end: End) -> usize {
    drawing
        .shapes
        .iter()
        .find(|shape| shape.end == end)
        .unwrap()
        .layer
}

fn line(drawing: &Drawing, from: usize, to: usize) -> &Line {
    let ends = (End::Node(from), End::Node(to));
    drawing
        .lines
        .iter()
        .find(|line| (line.from, line.to) == ends)
        .unwrap()
}

#[test]
fn steps_lead_downwards_and_the_rarer_one_of_a_circle_leads_back() {
    let drawing = draw(
        &map(&[(0, 1, 9), (1, 2, 8), (2, 1, 3), (2, 3, 8), (1, 1, 2)]),
        &Sizes::default(),
    );
    let layers: Vec<usize> = (0..4)
        .map(|node| layer(&drawing, End::Node(node)))
        .collect();
    assert_eq!(layers, [1, 2, 3, 4]);
    assert_eq!(
        (layer(&drawing, End::Start), layer(&drawing, End::Finish)),
        (0, 5)
    );
    assert_eq!(line(&drawing, 2, 1).course, Course::Back);
    assert_eq!(line(&drawing, 1, 1).course, Course::Loop);
    assert_eq!(line(&drawing, 1, 2).course, Course::Forward);
    let (down, back) = (line(&drawing, 1, 2), line(&drawing, 2, 1));
    assert!(down.points[0].1 < down.points[1].1);
    assert!(back.points[0].1 > back.points[1].1);
}

/// A check asks for a correction 43 times, the correction leads back to the check 51 times, because
/// others ask for it too.
#[test]
fn a_correction_stands_below_the_check_that_asks_for_it() {
    let drawing = draw(
        &map(&[(0, 1, 90), (1, 2, 43), (2, 1, 51), (3, 2, 8), (1, 3, 80)]),
        &Sizes::default(),
    );
    assert!(layer(&drawing, End::Node(1)) < layer(&drawing, End::Node(2)));
    assert_eq!(line(&drawing, 2, 1).course, Course::Back);
}

#[test]
fn a_straight_process_is_drawn_in_a_straight_line() {
    let drawing = draw(&map(&[(0, 1, 5), (1, 2, 5)]), &Sizes::default());
    let middles: Vec<i32> = drawing
        .shapes
        .iter()
        .map(|shape| shape.x + shape.width / 2)
        .collect();
    assert!(
        middles.windows(2).all(|pair| pair[0] == pair[1]),
        "{middles:?}"
    );
    assert_eq!(
        line(&drawing, 0, 1).path(),
        "M108 176C108 204 108 204 108 232"
    );
}

#[test]
fn lines_that_need_not_cross_do_not() {
    // 0 leads to 1 and 2; 1 to 4, 2 to 3: drawn as they come, the last two would cross.
    let graph = layers::Graph::of(&map(&[(0, 1, 5), (0, 2, 5), (1, 4, 5), (2, 3, 5)]));
    let layered = layers::layer(&graph);
    let rows = order::order(&layered);
    let neighbours = order::Neighbours::of(&layered);
    assert_eq!(order::crossings(&rows, &neighbours), 0);
}

#[test]
fn a_long_line_passes_the_boxes_between_in_a_lane_of_its_own() {
    let drawing = draw(&map(&[(0, 1, 9), (1, 2, 9), (0, 2, 4)]), &Sizes::default());
    let long = line(&drawing, 0, 2);
    assert_eq!(long.points.len(), 3);
    let between = drawing
        .shapes
        .iter()
        .find(|shape| shape.end == End::Node(1))
        .unwrap();
    let (x, _) = long.points[1];
    assert!(x < between.x || x > between.x + between.width);
}

#[test]
fn a_label_stands_on_the_middle_of_a_line_first() {
    let drawing = draw(&map(&[(0, 1, 9), (1, 2, 9), (0, 2, 4)]), &Sizes::default());
    let short = line(&drawing, 0, 1);
    let (from, to) = (short.points[0], short.points[1]);
    let middle = (from.0.midpoint(to.0), from.1.midpoint(to.1));
    assert_eq!(short.spots()[0], middle);
    assert_eq!(line(&drawing, 0, 2).spots().len(), 6);
}

#[test]
fn an_empty_map_is_an_empty_drawing() {
    assert_eq!(draw(&Map::default(), &Sizes::default()), Drawing::default());
}

#[test]
fn the_most_frequent_are_kept_with_a_way_in_and_out() {
    let steps = [(0, 1, 90), (1, 2, 80), (0, 2, 7), (2, 3, 6), (1, 3, 5)];
    let gap = |count| {
        let mut values = vec![1; count];
        crate::statistics::Summary::of(&mut values).unwrap()
    };
    let graph = crate::process::DirectlyFollows {
        steps: steps
            .iter()
            .map(|(from, to, count)| crate::process::Step {
                from: *from,
                to: *to,
                gap: gap(*count),
            })
            .collect(),
        starts: vec![(0, 97)],
        ends: vec![(2, 180), (3, 11), (1, 9), (0, 1)],
        n_backward: 0,
    };
    let counts = [97, 95, 87, 11];
    let most = |nodes, steps, rarest| Most {
        nodes,
        steps,
        rarest,
    };
    let (map, activities) = most_frequent(&graph, &counts, most(4, 2, 0));
    assert_eq!(map.steps, [(0, 1, 90), (1, 2, 80), (2, 3, 6)]);
    assert_eq!(map.ends, [(2, 180), (3, 11), (1, 9)]);
    assert_eq!(activities, [0, 1, 2, 3]);
    let (map, _) = most_frequent(&graph, &counts, most(2, 9, 0));
    assert_eq!((map.steps, map.ends), (vec![(0, 1, 90)], vec![(1, 9)]));
    let (map, _) = most_frequent(&graph, &counts, most(4, 9, 7));
    let expected = [(0, 1, 90), (1, 2, 80), (0, 2, 7), (2, 3, 6)];
    assert_eq!(map.steps, expected, "the last is rare and not needed");
}

fn any_map() -> impl Strategy<Value = Map> {
    (1_usize..12).prop_flat_map(|n_nodes| {
        let node = 0..n_nodes + 1;
        let steps = prop::collection::vec((node.clone(), node.clone(), 0_usize..50), 0..30);
        let ends = prop::collection::vec((node, 0_usize..50), 0..4);
        (steps, ends.clone(), ends).prop_map(move |(steps, starts, ends)| Map {
            n_nodes,
            steps,
            starts,
            ends,
        })
    })
}

proptest! {
    #[test]
    fn boxes_never_overlap_lines_touch_their_boxes_and_all_lies_inside(map in any_map()) {
        let drawing = draw(&map, &Sizes::default());
        prop_assert_eq!(&drawing, &draw(&map, &Sizes::default()));
        prop_assert_eq!(drawing.shapes.len(), map.n_nodes + 2);
        for (at, shape) in drawing.shapes.iter().enumerate() {
            prop_assert!(shape.x >= 0 && shape.x + shape.width <= drawing.width);
            prop_assert!(shape.y >= 0 && shape.y + shape.height <= drawing.height);
            for other in &drawing.shapes[at + 1..] {
                let apart = shape.layer != other.layer || shape.x + shape.width <= other.x || other.x + other.width <= shape.x;
                prop_assert!(apart, "{shape:?} {other:?}");
            }
        }
        for line in &drawing.lines {
            for (x, y) in &line.points {
                prop_assert!((0..=drawing.width).contains(x) && (0..=drawing.height).contains(y));
            }
            let touches = |end: End, (x, y): (i32, i32)| {
                let shape = drawing.shapes.iter().find(|shape| shape.end == end).unwrap();
                (shape.x..=shape.x + shape.width).contains(&x) && (shape.y..=shape.y + shape.height).contains(&y)
            };
            prop_assert!(touches(line.from, line.points[0]), "{line:?}");
            prop_assert!(touches(line.to, line.points[line.points.len() - 1]), "{line:?}");
            prop_assert_eq!(line.spots().len(), 3 * (line.points.len() - 1));
            for (x, y) in line.spots() {
                prop_assert!((0..=drawing.width).contains(&x) && (0..=drawing.height).contains(&y));
            }
            let (first, last) = (line.points[0].1, line.points[line.points.len() - 1].1);
            match line.course {
                Course::Forward => prop_assert!(first < last),
                Course::Back => prop_assert!(first > last),
                Course::Loop => prop_assert!(line.from == line.to),
            }
            prop_assert!(line.path().starts_with('M'));
        }
    }
}
