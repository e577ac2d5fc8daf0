//! A return in every state, under every operation, by every level.

use gangmu_domain::Yuan;
use gangmu_domain::dispatch::{CannotReport, Figures, Return, ReturnStatus};
use gangmu_domain::organisation::UnitLevel;

const LEVELS: [UnitLevel; 3] = [UnitLevel::Region, UnitLevel::League, UnitLevel::Banner];

fn states() -> Vec<Return> {
    let state = |status, awaiting| Return {
        version: 7,
        status,
        awaiting,
        figures: Figures {
            month: Some(Yuan::wan(100)),
            ..Figures::default()
        },
    };
    let mut states = Vec::new();
    for status in ReturnStatus::ALL {
        if *status == ReturnStatus::Submitted {
            states.extend(LEVELS.map(|level| state(*status, Some(level))));
        } else {
            states.push(state(*status, None));
        }
    }
    states
}

fn named(status: ReturnStatus, awaiting: Option<UnitLevel>) -> String {
    match awaiting {
        Some(level) => format!("{} → {level:?}", status.word()),
        None => status.word().to_owned(),
    }
}

fn outcome(before: &Return, after: Result<Return, CannotReport>) -> String {
    match after {
        Ok(after) => {
            assert_eq!(after.version, before.version + 1, "every change is counted");
            assert_eq!(
                after.awaiting.is_some(),
                after.status == ReturnStatus::Submitted,
                "only a submitted return waits"
            );
            named(after.status, after.awaiting)
        }
        Err(refusal) => format!("no: {refusal}"),
    }
}

#[test]
fn the_way_of_a_return_is_the_one_written_down() {
    let mut table = String::new();
    for state in states() {
        table += &format!("{}\n", named(state.status, state.awaiting));
        let mut row = |operation: String, after| {
            table += &format!("  {operation:<22} {}\n", outcome(&state, after));
        };
        row("save".to_owned(), state.save_draft(Figures::default()));
        for level in LEVELS.into_iter().rev() {
            row(format!("submit in a {level:?}"), state.submit(level));
        }
        for level in LEVELS.into_iter().rev() {
            row(format!("review by {level:?}"), state.review(level));
            row(
                format!("send back by {level:?}"),
                state.send_back(level, "数据存疑"),
            );
            row("… without a reason".to_owned(), state.send_back(level, " "));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn no_review_changes_what_was_typed_and_figures_count_once_handed_in() {
    for state in states() {
        for level in LEVELS {
            let reviews = [state.review(level), state.send_back(level, "数据存疑")];
            for after in reviews.into_iter().flatten() {
                assert_eq!(after.figures, state.figures);
            }
        }
        let handed_in = matches!(
            state.status,
            ReturnStatus::Submitted | ReturnStatus::Accepted
        );
        assert_eq!(state.counts(), handed_in);
    }
    assert!(!Return::due().counts());
}
