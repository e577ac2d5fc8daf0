//! What a light says beyond its colour. The shipped presets are tested where they are read.

use gangmu_domain::metrics::{
    Band, Basis, Dimension, Light, LightPolicy, LightRule, Lit, months_late, months_missed,
};
use gangmu_domain::{Ratio, Yuan};
use proptest::prelude::*;

use crate::period;

fn band(light: Light, from: Option<i64>, below: Option<i64>) -> Band {
    Band { light, from, below }
}

fn policy(basis: Basis, exemptible: bool) -> LightPolicy {
    LightPolicy {
        code: "test".to_owned(),
        name: "测试".to_owned(),
        name_en: "Test".to_owned(),
        source: "test".to_owned(),
        rules: vec![LightRule {
            dimension: Dimension::Progress,
            basis,
            bands: vec![
                band(Light::Red, None, Some(-3_000)),
                band(Light::Yellow, Some(-3_000), Some(-999)),
                band(Light::Green, Some(0), None),
            ],
            exemptible,
        }],
    }
}

#[test]
fn a_light_says_by_what_value_and_which_band_it_is_lit() {
    let policy = policy(Basis::GapToTime, true);
    let light = |done| policy.progress(Yuan(done), Yuan(10_000), Yuan::ZERO, Ratio::new(6, 12));
    let yellow = light(2_000);
    assert_eq!(
        yellow,
        Lit {
            light: Light::Yellow,
            basis: Basis::GapToTime,
            value: Some(-3_000),
            band: Some(band(Light::Yellow, Some(-3_000), Some(-999))),
            exemptible: true,
            excused: false,
        }
    );
    // The rule is silent between −10 and 0: undefined, but the value is known.
    let silent = light(4_500);
    assert_eq!((silent.light, silent.value), (Light::Undefined, Some(-500)));
    assert_eq!(silent.band, None);
    let unplanned = policy.progress(Yuan(1), Yuan::ZERO, Yuan::ZERO, Ratio::new(6, 12));
    assert_eq!((unplanned.light, unplanned.value), (Light::Undefined, None));
    // No rule for starts.
    assert_eq!(policy.start(5).light, Light::Undefined);
}

#[test]
fn the_month_a_start_is_due_counts_as_one_month_late() {
    let check = |due, started, now, months| {
        assert_eq!(months_late(period(due), started, period(now)), months);
    };
    check("2025-03", false, "2025-02", 0);
    check("2025-03", false, "2025-03", 1);
    check("2025-03", false, "2025-05", 3);
    check("2024-11", false, "2025-02", 4);
    check("2025-03", true, "2025-05", 0);
}

#[test]
fn only_the_months_running_up_to_the_newest_count_as_missed() {
    let months = |newest_first: &[(i64, i64)]| {
        let pairs = newest_first
            .iter()
            .map(|(done, plan)| (Yuan(*done), Yuan(*plan)));
        months_missed(pairs)
    };
    assert_eq!(months(&[(9, 10), (4, 5), (5, 5), (0, 5)]), 2);
    assert_eq!(months(&[(10, 10), (4, 5)]), 0);
    assert_eq!(months(&[(0, 0)]), 0, "no target is none missed");
    assert_eq!(months(&[]), 0);
}

proptest! {
    #[test]
    fn the_range_of_a_light_holds_exactly_what_it_lights(done in -10_000_i64..20_000) {
        let policy = policy(Basis::GapToTime, false);
        let lit = policy.progress(Yuan(done), Yuan(10_000), Yuan::ZERO, Ratio::new(6, 12));
        let value = lit.value.unwrap();
        for light in [Light::Red, Light::Yellow, Light::Green] {
            let range = policy.progress_range(light).unwrap();
            prop_assert_eq!(range.basis, lit.basis);
            let band = range.band;
            let inside = band.from.is_none_or(|n| value >= n) && band.below.is_none_or(|n| value < n);
            prop_assert_eq!(inside, lit.light == light);
        }
        prop_assert_eq!(policy.progress_range(Light::Ahead), None);
    }

    #[test]
    fn no_amount_makes_a_light_panic(done: i64, plan: i64, to_date: i64, n: i64, d: i64) {
        for basis in Basis::ALL {
            let lit = policy(*basis, false)
                .progress(Yuan(done), Yuan(plan), Yuan(to_date), Ratio::new(n, d));
            prop_assert_eq!(lit.band.map_or(Light::Undefined, |b| b.light), lit.light);
        }
    }
}
