//! Opening plus lines is closing, whatever happened and whenever one looks.

use gangmu_domain::Yuan;
use gangmu_domain::library::ProjectId;
use gangmu_domain::pipeline::{Bridge, ProgrammeChange, ProgrammeChangeKind, Tally};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;

use crate::day;

fn on(offset: i32) -> Date {
    day("2025-01-01").saturating_add(offset.days())
}

fn tally(projects: i64, total: i64, plan: i64) -> Tally {
    Tally {
        projects,
        total: Yuan(total),
        plan: Yuan(plan),
    }
}

fn change() -> impl Strategy<Value = ProgrammeChange> {
    let kinds = prop::sample::select(ProgrammeChangeKind::ALL);
    let delta = (
        -3_i64..4,
        -1_000_000_000_i64..1_000_000_000,
        -1_000_000_i64..1_000_000,
    );
    (0_i64..50, 0_i32..400, kinds, delta).prop_map(|(project, at, kind, (n, total, plan))| {
        ProgrammeChange {
            project: ProjectId(project),
            on: on(at),
            kind,
            delta: tally(n, total, plan),
            category: None,
            reason: String::new(),
            document_no: String::new(),
        }
    })
}

fn deltas(bridge: &Bridge) -> Tally {
    let lines = bridge.lines.iter();
    lines.fold(Tally::default(), |sum, line| sum + line.delta)
}

proptest! {
    #[test]
    fn a_bridge_adds_up_whatever_happened(
        changes in prop::collection::vec(change(), 0..40), from in -10_i32..410, to in -10_i32..410
    ) {
        let bridge = Bridge::between(&changes, on(from), on(to));
        prop_assert!(bridge.adds_up());
        prop_assert_eq!(bridge.opening + deltas(&bridge), bridge.closing);
    }

    #[test]
    fn consecutive_bridges_make_the_long_one(
        changes in prop::collection::vec(change(), 0..40), mut days in prop::array::uniform3(0_i32..400)
    ) {
        days.sort_unstable();
        let [a, b, c] = days.map(on);
        let (first, second) = (Bridge::between(&changes, a, b), Bridge::between(&changes, b, c));
        let whole = Bridge::between(&changes, a, c);
        prop_assert_eq!(first.closing, second.opening);
        prop_assert_eq!(first.opening, whole.opening);
        prop_assert_eq!(second.closing, whole.closing);
        prop_assert_eq!(deltas(&first) + deltas(&second), deltas(&whole));
        let count = |bridge: &Bridge| bridge.lines.iter().map(|l| l.changes.len()).sum::<usize>();
        prop_assert_eq!(count(&first) + count(&second), count(&whole));
    }
}

#[test]
fn the_year_of_the_region_reads_line_by_line() {
    // 3,336 adopted, 3,352 in July, 3,343 at the end: as the region printed them.
    let change = |at: &str, kind, projects| ProgrammeChange {
        project: ProjectId(1),
        on: day(at),
        kind,
        delta: tally(projects, 0, 0),
        category: None,
        reason: String::new(),
        document_no: String::new(),
    };
    use ProgrammeChangeKind as K;
    let changes = [
        change("2025-12-01", K::Removed, -9),
        change("2025-01-31", K::Adopted, 3_336),
        change("2025-07-01", K::Added, 20),
        change("2025-07-15", K::Merged, -4),
    ];
    let bridge = Bridge::between(&changes, day("2025-01-31"), day("2025-07-31"));
    assert_eq!(
        (bridge.opening.projects, bridge.closing.projects),
        (3_336, 3_352)
    );
    let lines: Vec<(&str, i64)> = bridge
        .lines
        .iter()
        .map(|line| (line.kind.word(), line.delta.projects))
        .collect();
    assert_eq!(lines, [("added", 20), ("merged", -4)]);
    let year = Bridge::between(&changes, day("2024-12-31"), day("2025-12-31"));
    assert_eq!(
        (year.opening, year.closing.projects),
        (Tally::default(), 3_343)
    );
}
