//! Problems of the demo: what December's returns name becomes problems, in every state of their
//! life, by the same use cases as real ones.

use gangmu_domain::Period;
use gangmu_domain::problems::{Act, Party};

use super::story::{Teller, following};
use crate::Actor;
use crate::error::{AppError, OrNotFound};
use crate::problems::StepInput;

/// How many problems of each league are told.
const TOLD: usize = 5;

/// Raises the problems of a month's returns and takes each a step further than the one before.
pub(super) async fn problems(teller: &Teller<'_>, period: Period) -> Result<(), AppError> {
    let reference = teller.app.reference().await?;
    for (league, clerk) in &teller.clerks {
        let unit = &reference.unit_by_code(league).or_not_found("unit")?.path;
        let troubled = teller.typed(period, league);
        let troubled = troubled
            .iter()
            .filter(|typed| !typed.figures.problems.is_empty());
        for (at, typed) in troubled.take(TOLD).enumerate() {
            teller.clock.set(following(period, 12));
            let app = teller.app;
            let id = app
                .problem_from_return(clerk, typed.project, period)
                .await?;
            let view = app.problem_view(clerk, id, None).await?;
            let kind = view.row.kind.code;
            let party = Party::Office {
                unit: unit.clone(),
                department: None,
            };
            for (day, who, act) in steps(teller, clerk, kind, party).into_iter().take(at * 2) {
                teller.clock.set(following(period, day));
                app.problem_act(who, id, &StepInput::new(None, act)).await?;
            }
        }
    }
    Ok(())
}

/// The whole life of a problem: the day of the month, who, and what.
fn steps<'a>(
    teller: &'a Teller<'_>,
    clerk: &'a Actor,
    kind: String,
    to: Party,
) -> Vec<(i8, &'a Actor, Act)> {
    let text = |text: &str| text.to_owned();
    vec![
        (
            13,
            clerk,
            Act::Accept {
                kind,
                grade: text("serious"),
            },
        ),
        (
            14,
            clerk,
            Act::HandOver {
                to,
                assisting: Vec::new(),
                due_on: None,
                demand: text("会同有关部门现场办公，限期解决并书面反馈"),
            },
        ),
        (
            20,
            clerk,
            Act::Progress {
                text: text("已召开协调会，明确了各方责任"),
            },
        ),
        (
            22,
            clerk,
            Act::Answer {
                measures: text("现场办公，逐项对接"),
                result: text("问题已解决，施工恢复正常"),
            },
        ),
        (
            23,
            &teller.region,
            Act::Verify {
                finding: text("查看现场照片和会议纪要，情况属实"),
            },
        ),
        (
            26,
            &teller.region,
            Act::StrikeOff {
                remark: String::new(),
            },
        ),
    ]
}
