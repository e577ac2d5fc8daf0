//! Times the what-if over all cases: `cargo run --release --example what_if [CASES] [MATTERS]`.
//!
//! Prints JSON: milliseconds for the finishes of all plans, for one cut, and for the whole ranking.

use std::time::Instant;

use gangmu_analysis::network::{Change, Plan, Plans, PlansBuilder, Step};

fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse().ok());
    let n_cases = numbers.next().unwrap_or(3343);
    let n_matters = numbers.next().unwrap_or(40);
    let plans = plans(n_cases, n_matters);
    let (finishes, now) = timed(|| plans.finishes());
    let (cut, _) = timed(|| plans.effect(&now, Change::Cut { matter: 3, days: 1 }));
    let (ranking, ranked) = timed(|| plans.rank_cuts(1));
    let (parallels, pairs) = timed(|| plans.rank_parallels());
    let first = ranked[0];
    println!(
        "{{\"cases\": {n_cases}, \"steps\": {}, \"finishes_ms\": {finishes}, \"cut_ms\": {cut}, \
         \"ranking_ms\": {ranking}, \"cuts\": {}, \"parallels_ms\": {parallels}, \"pairs\": {}, \
         \"first\": \"{:?} frees {} days\"}}",
        plans.n_steps(),
        ranked.len(),
        pairs.len(),
        first.change,
        first.days
    );
}

/// The best of five, in milliseconds.
fn timed<T>(work: impl Fn() -> T) -> (f64, T) {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let begun = Instant::now();
        std::hint::black_box(work());
        best = best.min(begun.elapsed().as_secs_f64() * 1000.0);
    }
    (best, work())
}

/// Plans like those of approvals: eight layers, each matter waiting for one to three before it.
/// The numbers are drawn by a fixed generator, so every run is of the same plans.
fn plans(n_cases: usize, n_matters: usize) -> Plans {
    let mut state = 20_260_105_u64;
    let mut draw = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below.max(1)
    };
    let layer = n_matters.div_ceil(8).max(1);
    let mut builder = PlansBuilder::default();
    for _ in 0..n_cases {
        let steps = (0..n_matters)
            .map(|matter| {
                let before = (matter / layer * layer).saturating_sub(layer)..matter / layer * layer;
                let waits = if before.is_empty() { 0 } else { 1 + draw(3) };
                Step {
                    matter: u32::try_from(matter).unwrap_or(u32::MAX),
                    days: u32::try_from(5 + draw(26)).unwrap_or(0),
                    not_before: 0,
                    after: (0..waits)
                        .map(|_| before.start + draw(before.len()))
                        .collect(),
                    not_done_before: Vec::new(),
                }
            })
            .collect();
        let investment = i64::try_from(50_000_000 + draw(5_000) * 1_000_000).unwrap_or(0);
        let taken = builder.add(&Plan { investment, steps });
        taken.expect("a matter waits for earlier ones only");
    }
    builder.finish()
}
