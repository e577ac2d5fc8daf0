//! A process as found in any log, in words: the map, ways, steps, work done again. What one would
//! get wrong: lengths are working days in our own record and milliseconds around the clock in
//! somebody else's log, so whoever asks says how they read. (办件轨迹)

use gangmu_app::event_logs::{
    ActivityView, BoxView, GraphView, LengthView, LineView, MapView, SpotView, StepView,
    VariantView,
};
use serde::Serialize;

use crate::i18n::{Message, Texts};
use crate::pages::common::keyed;
use crate::view::{Choice, Rate};

/// Ways that are shown; a log of identifiers has as many as cases.
const MOST_WAYS: usize = 15;
const MOST_STEPS: usize = 40;

/// What was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Found {
    pub cases: i64,
    pub events: i64,
    pub duration: Option<Length>,
    pub map: Map,
    pub ways: Vec<Way>,
    pub n_ways: i64,
    pub activities: Vec<Activity>,
    pub again: Vec<Again>,
    pub steps: Vec<Step>,
    pub n_steps: i64,
}

/// A length in words.
#[derive(Clone, Debug, Serialize)]
pub struct Length {
    pub median: String,
    pub p80: String,
    pub most: String,
}

/// Boxes and lines in pixels.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Map {
    pub width: i32,
    pub height: i32,
    pub boxes: Vec<MapBox>,
    pub lines: Vec<MapLine>,
    pub activities_left_out: i64,
    pub steps_left_out: i64,
}

/// A box; `kind` is `start`, `activity` or `finish`.
#[derive(Clone, Debug, Serialize)]
pub struct MapBox {
    pub kind: &'static str,
    /// The name, broken into lines that fit.
    pub lines: Vec<String>,
    pub title: String,
    pub count: i64,
    /// How wide the bar under the name is.
    pub bar: i32,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// A line; `course` is `forward`, `back` or `loop`.
#[derive(Clone, Debug, Serialize)]
pub struct MapLine {
    pub course: &'static str,
    pub title: String,
    pub label: String,
    pub weight: usize,
    pub path: String,
    /// Where the label stands; none where there is no room.
    pub spot: Option<SpotView>,
}

/// Cases that went the same way.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    pub count: i64,
    pub share: Rate,
    pub duration: Length,
    pub activities: Vec<String>,
}

/// An activity and its figures.
#[derive(Clone, Debug, Serialize)]
pub struct Activity {
    pub name: String,
    pub events: i64,
    pub cases: i64,
    pub ends: i64,
    pub wait: Option<Length>,
}

/// An activity that was done again.
#[derive(Clone, Debug, Serialize)]
pub struct Again {
    pub name: String,
    pub cases: i64,
    pub of: i64,
    pub repeats: i64,
    pub at_once: i64,
    pub length: Option<Length>,
}

/// What followed what.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub from: String,
    pub to: String,
    pub count: i64,
    pub gap: Length,
}

/// What was found, before it is put into words.
pub struct Figures<'a> {
    pub cases: usize,
    pub events: usize,
    pub duration: Option<LengthView>,
    pub map: &'a MapView,
    pub graph: &'a GraphView,
    pub activities: &'a [ActivityView],
    pub variants: &'a [VariantView],
}

/// How activities are named and lengths read.
pub struct Wording<'a> {
    pub texts: &'a Texts,
    pub name: &'a dyn Fn(&str) -> String,
    pub length: &'a dyn Fn(i64) -> String,
    /// The same where there is little room.
    pub short: &'a dyn Fn(i64) -> String,
}

impl Wording<'_> {
    /// Words all that was found.
    pub fn found(&self, figures: &Figures<'_>) -> Found {
        let again = figures.activities.iter().filter(|one| one.repeats > 0);
        let mut again: Vec<Again> = again.map(|one| self.again(one)).collect();
        again.sort_by_key(|one| std::cmp::Reverse((one.cases, one.repeats)));
        let ways = figures.variants.iter().take(MOST_WAYS);
        let steps = figures.graph.steps.iter().take(MOST_STEPS);
        Found {
            cases: count(figures.cases),
            events: count(figures.events),
            duration: figures.duration.map(|one| self.length_of(one)),
            map: self.map(figures.map),
            ways: ways.map(|one| self.way(one, figures.cases)).collect(),
            n_ways: count(figures.variants.len()),
            activities: figures
                .activities
                .iter()
                .map(|one| self.activity(one))
                .collect(),
            again,
            steps: steps.map(|one| self.step(one)).collect(),
            n_steps: count(figures.graph.steps.len()),
        }
    }

    fn length_of(&self, view: LengthView) -> Length {
        let [median, p80, most] = [view.median, view.p80, view.most].map(self.length);
        Length { median, p80, most }
    }

    fn way(&self, view: &VariantView, cases: usize) -> Way {
        let names = view.activities.iter();
        Way {
            count: count(view.count),
            share: Rate {
                num: count(view.count),
                den: count(cases),
            },
            duration: self.length_of(view.duration),
            activities: names.map(|one| (self.name)(one)).collect(),
        }
    }

    fn activity(&self, view: &ActivityView) -> Activity {
        Activity {
            name: (self.name)(&view.name),
            events: count(view.events),
            cases: count(view.cases),
            ends: count(view.ends),
            wait: view.wait.map(|one| self.length_of(one)),
        }
    }

    fn again(&self, view: &ActivityView) -> Again {
        Again {
            name: (self.name)(&view.name),
            cases: count(view.rework_cases),
            of: count(view.cases),
            repeats: count(view.repeats),
            at_once: count(view.at_once),
            length: view.rework.map(|one| self.length_of(one)),
        }
    }

    fn step(&self, view: &StepView) -> Step {
        Step {
            from: (self.name)(&view.from),
            to: (self.name)(&view.to),
            count: count(view.count),
            gap: self.length_of(view.gap),
        }
    }

    fn map(&self, view: &MapView) -> Map {
        let activities = view.boxes.iter().filter(|one| one.kind == "activity");
        let most = activities.map(|one| one.count).max().unwrap_or(1).max(1);
        Map {
            width: view.width,
            height: view.height,
            boxes: view.boxes.iter().map(|one| self.shape(one, most)).collect(),
            lines: self.lines(view),
            activities_left_out: count(view.activities_left_out),
            steps_left_out: count(view.steps_left_out),
        }
    }

    fn shape(&self, view: &BoxView, most: usize) -> MapBox {
        let name = match view.kind {
            "activity" => (self.name)(&view.name),
            kind => self.texts.message(&keyed("record.map.", kind)),
        };
        let times = Message::new("record.map_times").with("n", count(view.count));
        let share = i128::try_from(view.count).unwrap_or_default() * i128::from(view.width - 16);
        let bar = share / i128::try_from(most).unwrap_or(1);
        MapBox {
            kind: view.kind,
            lines: broken(&name, view.width - 16),
            title: format!("{name} · {}", self.texts.message(&times)),
            count: count(view.count),
            bar: i32::try_from(bar).unwrap_or_default().clamp(0, view.width),
            x: view.x,
            y: view.y,
            width: view.width,
            height: view.height,
        }
    }

    /// Words the lines; the most frequent, which come last, take their places for labels first.
    fn lines(&self, view: &MapView) -> Vec<MapLine> {
        let mut taken: Vec<Taken> = view.boxes.iter().map(Taken::of_box).collect();
        let mut lines: Vec<MapLine> = view
            .lines
            .iter()
            .rev()
            .map(|one| {
                let mut line = self.line(one);
                let wide: i32 = line.label.chars().map(wide).sum();
                let place = |spot: &SpotView| Taken::of_label(*spot, wide);
                let free = |spot: &&SpotView| taken.iter().all(|one| !one.meets(&place(spot)));
                line.spot = one.spots.iter().find(free).copied();
                taken.extend(line.spot.as_ref().map(place));
                line
            })
            .collect();
        lines.reverse();
        lines
    }

    fn line(&self, view: &LineView) -> MapLine {
        let end = |name: &str, kind: &str| match name {
            "" => self.texts.message(&keyed("record.map.", kind)),
            name => (self.name)(name),
        };
        let (from, to) = (end(&view.from, "start"), end(&view.to, "finish"));
        let times = Message::new("record.map_times").with("n", count(view.count));
        let mut title = format!("{from} → {to} · {}", self.texts.message(&times));
        let mut label = crate::number::grouped(i128::try_from(view.count).unwrap_or_default(), 0);
        if let Some(gap) = view.gap {
            let length = (self.length)(gap.median);
            let median = Message::new("record.map_median").with("length", length.clone());
            title = format!("{title} · {}", self.texts.message(&median));
            if gap.median > 0 {
                label = format!("{label} · {}", (self.short)(gap.median));
            }
        }
        MapLine {
            course: view.course,
            title,
            label,
            weight: view.weight,
            path: view.path.clone(),
            spot: None,
        }
    }
}

/// Room on the map that something has taken.
struct Taken {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

/// Half the height of a label.
const HALF_LINE: i32 = 7;

impl Taken {
    fn of_box(view: &BoxView) -> Self {
        Self {
            left: view.x,
            right: view.x + view.width,
            top: view.y,
            bottom: view.y + view.height,
        }
    }

    fn of_label(spot: SpotView, wide: i32) -> Self {
        Self {
            left: spot.x - wide / 2,
            right: spot.x + wide / 2,
            top: spot.y - HALF_LINE,
            bottom: spot.y + HALF_LINE,
        }
    }

    const fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// About how many pixels a letter takes.
const fn wide(c: char) -> i32 {
    if c.is_ascii() { 7 } else { 12 }
}

/// Lines of a box that hold a name.
const LINES: usize = 2;

/// Breaks a name into lines of at most so many pixels; what does not fit ends in an ellipsis.
fn broken(name: &str, width: i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in name.chars() {
        if used + wide(c) > width {
            if lines.len() == LINES {
                if let Some(last) = lines.last_mut() {
                    last.pop();
                    last.push('…');
                }
                return lines;
            }
            // A word of letters goes to the next line whole, where it began on this one.
            let carried = lines.last().and_then(|line| line.rsplit_once(' '));
            let carried = carried.map(|(kept, word)| (kept.to_owned(), word.to_owned()));
            match carried.filter(|_| c.is_ascii() && c != ' ') {
                Some((kept, word)) => {
                    used = word.chars().map(wide).sum();
                    if let Some(last) = lines.last_mut() {
                        *last = kept;
                    }
                    lines.push(word);
                }
                None => {
                    used = 0;
                    lines.push(String::new());
                }
            }
        }
        if let Some(last) = lines.last_mut() {
            last.push(c);
        }
        used += wide(c);
    }
    lines
}

/// How rare a step may be that is drawn, as choices; without one, the usual map.
pub fn rarities(texts: &Texts) -> Vec<Choice> {
    [0_i64, 1, 2, 5, 10, 20]
        .iter()
        .map(|share| {
            let message = match share {
                0 => Message::new("record.rare_all"),
                share => Message::new("record.rare_from").with("n", *share),
            };
            Choice::new(share.to_string(), texts.message(&message))
        })
        .collect()
}

pub fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn names_are_broken_where_they_fit_and_words_stay_whole() {
        assert_eq!(broken("受理", 152), ["受理"]);
        assert_eq!(
            broken("建设项目用地预审与选址意见书核发", 152),
            ["建设项目用地预审与选址意", "见书核发"]
        );
        assert_eq!(
            broken("Confirmation of receipt of the application", 152),
            ["Confirmation of", "receipt of the appli…"]
        );
        assert_eq!(broken("", 152), [""]);
    }
}
