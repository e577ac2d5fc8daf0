//! Every move from every stage to every stage.

use gangmu_domain::library::ProjectRecord;
use gangmu_domain::pipeline::{CannotMove, Exit, Gate, GateFacts, Passed, Stage};

use crate::day;

fn passed(to: Stage) -> Passed {
    let gate = Gate {
        to,
        conditions: Vec::new(),
    };
    let facts = GateFacts {
        record: &ProjectRecord::default(),
        photos: 0,
        documents: 0,
        matters: None,
    };
    gate.pass(facts, day("2025-01-01")).unwrap()
}

#[test]
fn stages_move_one_at_a_time_and_exits_are_final() {
    let mut table = String::new();
    for from in Stage::ALL {
        table += &format!("{}:", from.word());
        for to in Stage::ALL {
            let forward = from.advance(&passed(*to));
            let back = from.step_back(*to, "资料有误");
            assert!(forward.is_err() || back.is_err(), "{from:?} {to:?}");
            if forward == Ok(*to) {
                table += &format!(" forward to {},", to.word());
            }
            if back == Ok(*to) {
                table += &format!(" back to {},", to.word());
                assert_eq!(from.step_back(*to, " "), Err(CannotMove::NoReason));
            }
            let refusal = if from.is_active() {
                CannotMove::NotAdjacent {
                    from: *from,
                    to: *to,
                }
            } else {
                CannotMove::Left { stage: *from }
            };
            for moved in [forward, back] {
                assert!(moved == Ok(*to) || moved == Err(refusal.clone()));
            }
        }
        for exit in Exit::ALL {
            match from.leave(*exit, "政策调整") {
                Ok(to) => {
                    assert!(!to.is_active());
                    assert_eq!(to.word(), exit.word());
                    assert_eq!(from.leave(*exit, "\n"), Err(CannotMove::NoReason));
                    table += &format!(" out to {},", to.word());
                }
                Err(refusal) => assert_eq!(refusal, CannotMove::Left { stage: *from }),
            }
        }
        table.truncate(table.trim_end_matches([',', ':']).len());
        table += "\n";
    }
    insta::assert_snapshot!(table);
}
