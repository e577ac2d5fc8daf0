//! Exact ratios against plain arithmetic in wide integers.

use gangmu_domain::money::{div_round, fixed};
use gangmu_domain::{Period, Ratio, Yuan};
use proptest::prelude::*;

#[test]
fn rounding_is_half_away_from_zero() {
    let rows = [
        (1, 2, 1),
        (-1, 2, -1),
        (1, -2, -1),
        (-1, -2, 1),
        (1, 3, 0),
        (2, 3, 1),
        (5, 10, 1),
        (25, 10, 3),
        (-25, 10, -3),
        (24, 10, 2),
    ];
    for (n, d, expected) in rows {
        assert_eq!(div_round(n, d), Some(expected), "{n}/{d}");
    }
    assert_eq!(div_round(1, 0), None);
    assert_eq!(div_round(i128::MIN, -1), None);
    assert_eq!(div_round(i128::MAX, i128::MAX), Some(1));
    assert_eq!(div_round(i128::MIN, i128::MIN), Some(1));
}

#[test]
fn figures_print_with_their_decimals() {
    let rows = [
        (0, 0, "0"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (-1_292, 2, "-12.92"),
        (100, 1, "10.0"),
        (i64::MIN, 3, "-9223372036854775.808"),
    ];
    for (value, decimals, expected) in rows {
        assert_eq!(fixed(value, decimals), expected);
    }
}

proptest! {
    #[test]
    fn a_rounded_quotient_is_never_more_than_half_off(n: i64, d: i64) {
        prop_assume!(d != 0);
        let (n, d) = (i128::from(n), i128::from(d));
        let q = i128::from(div_round(n, d).unwrap_or(i64::MAX));
        prop_assert!((n - q * d).abs() * 2 <= d.abs() || q == i128::from(i64::MAX));
        // Away from zero: never nearer to it than the exact quotient when it lies half-way.
        if (n - q * d).abs() * 2 == d.abs() {
            prop_assert!((q * d).abs() > n.abs());
        }
    }

    #[test]
    fn no_ratio_panics(a: i64, b: i64, c: i64, d: i64, factor: i64, decimals in 0_u32..30) {
        let (r, s) = (Ratio::new(a, b), Ratio::new(c, d));
        prop_assert_eq!(r.percent(decimals).is_some() && !r.has_value(), false);
        let _ = (r.scaled(factor), r.minus_scaled(s, factor), r.growth(), fixed(a, decimals));
        let _ = (div_round(i128::from(a) << 64, i128::from(b)), Yuan(a) + Yuan(b), -Yuan(a));
    }

    #[test]
    fn a_difference_is_rounded_once(
        a in 0_i64..1_000_000_000_000, b in 1_i64..1_000_000_000_000, month in 1_i8..=12
    ) {
        let time = Period::new(2025, month).unwrap().time_progress();
        let m = i128::from(month);
        let exact = div_round(
            (i128::from(a) * 12 - m * i128::from(b)) * 10_000,
            i128::from(b) * 12,
        );
        prop_assert_eq!(Ratio::new(a, b).minus_scaled(time, 10_000), exact);
    }

    #[test]
    fn what_is_printed_reads_back(value: i64, decimals in 1_u32..18) {
        let printed = fixed(value, decimals);
        let (whole, part) = printed.split_once('.').unwrap();
        prop_assert_eq!(part.len(), decimals as usize);
        prop_assert_eq!(format!("{whole}{part}").parse::<i64>().unwrap(), value);
    }

    #[test]
    fn periods_count_months_and_read_back(year in 2000_i16..2200, month in 1_i8..=12) {
        let period = Period::new(year, month).unwrap();
        prop_assert_eq!(period.to_string().parse(), Ok(period));
        prop_assert_eq!(Period::from_number(period.number()), Some(period));
        prop_assert_eq!(Period::of(period.last_day()), Some(period));
        if period.next() != period {
            prop_assert_eq!(period.next().previous(), period);
        }
    }
}

#[test]
fn only_a_month_is_a_period() {
    for text in [
        "2025-+1", "2025-13", "2025-00", "1999-12", "2200-01", "25-01", "2025-1", "", "二",
    ] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}
