//! The steps of a random history.

use gangmu_app::dispatch::Filing;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

/// A project, picked among those there are.
pub type Pick = u8;

/// What somebody does; numbers pick a project, a month, a unit among those there are.
#[derive(Clone, Debug)]
pub enum Step {
    Enter(u8, i64),
    SetTotal(Pick, i64),
    SetUnit(Pick, u8),
    SetDepartment(Pick, u8),
    SetIndustry(Pick, u8),
    SetInvestedBefore(Pick, i64),
    SetStart(Pick, Option<u8>),
    Adopt(i16),
    List(Pick, i16, u8, i64),
    Unlist(Pick, i16),
    Open,
    Close,
    CloseUnit(u8),
    File(Pick, u8, i64, u8, Filing),
    Review(Pick, u8, u8, i64),
    SendBack(Pick, u8, u8),
    Correct(Pick, u8, i64, u8),
    Split(Pick, i64),
    Merge(Pick, Pick),
    Suspend(Pick, bool),
    Withdraw(Pick),
    Wait(u8),
}

pub fn step() -> impl Strategy<Value = Step> {
    use Step as S;
    let p = || any::<Pick>();
    let small = || any::<u8>();
    let money = || 1_i64..3_000;
    let month = || -40_i64..260;
    let year = || 2024_i16..2027;
    let filing = prop_oneof![1 => Just(Filing::Draft), 4 => Just(Filing::Submit)];
    prop_oneof![
        3 => (small(), money()).prop_map(|(u, t)| S::Enter(u, t)),
        2 => (p(), money()).prop_map(|(p, t)| S::SetTotal(p, t)),
        2 => (p(), small()).prop_map(|(p, u)| S::SetUnit(p, u)),
        1 => (p(), small()).prop_map(|(p, d)| S::SetDepartment(p, d)),
        1 => (p(), small()).prop_map(|(p, i)| S::SetIndustry(p, i)),
        1 => (p(), money()).prop_map(|(p, m)| S::SetInvestedBefore(p, m)),
        1 => (p(), proptest::option::of(small())).prop_map(|(p, d)| S::SetStart(p, d)),
        1 => year().prop_map(S::Adopt),
        4 => (p(), year(), small(), -1_i64..2_000).prop_map(|(p, y, c, m)| S::List(p, y, c, m)),
        1 => (p(), year()).prop_map(|(p, y)| S::Unlist(p, y)),
        5 => Just(S::Open),
        4 => Just(S::Close),
        1 => small().prop_map(S::CloseUnit),
        12 => (p(), small(), month(), small(), filing)
            .prop_map(|(p, m, y, s, f)| S::File(p, m, y, s, f)),
        5 => (p(), small(), small(), -1_i64..1).prop_map(|(p, m, l, v)| S::Review(p, m, l, v)),
        2 => (p(), small(), small()).prop_map(|(p, m, l)| S::SendBack(p, m, l)),
        3 => (p(), small(), month(), small()).prop_map(|(p, m, y, s)| S::Correct(p, m, y, s)),
        2 => (p(), 0_i64..=100).prop_map(|(p, share)| S::Split(p, share)),
        3 => (p(), p()).prop_map(|(p, q)| S::Merge(p, q)),
        1 => (p(), any::<bool>()).prop_map(|(p, s)| S::Suspend(p, s)),
        1 => p().prop_map(S::Withdraw),
        2 => (1_u8..60).prop_map(S::Wait),
    ]
}
