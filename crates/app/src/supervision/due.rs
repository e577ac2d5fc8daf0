//! What supervision wants of a person by a day: reports of open rounds and answers to letters. The
//! calendar of their deadlines holds it.

use std::collections::BTreeSet;

use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_domain::supervision::LetterState;
use gangmu_store::plans;
use gangmu_store::supervision::{self, LetterFilter};

use super::letters::LetterRowView;
use super::load::load_all;
use super::may_report;
use crate::error::AppError;
use crate::notices::DeadlineView;
use crate::{Actor, App};

/// So many letters that wait for an answer of one unit are looked through.
const LETTERS: i64 = 500;

impl App {
    /// Adds the reports a person's office has not handed in and the letters it has not answered.
    pub(crate) async fn supervision_due(
        &self,
        actor: &Actor,
        to: &mut Vec<DeadlineView>,
    ) -> Result<(), AppError> {
        let (reference, today) = (self.reference().await?, self.today());
        let rows = plans::plan_list(&self.db, &self.supervised_filter(actor)?).await?;
        for loaded in load_all(&self.db, &reference, today, rows).await? {
            for round in &loaded.rounds {
                if loaded.closed.contains_key(&round.period) {
                    continue;
                }
                let lines = loaded.lines(&reference, *round, today)?;
                let open = lines.iter().filter(|line| line.is_open());
                let n = open
                    .filter(|line| may_report(actor, &line.office()))
                    .count();
                if n > 0 {
                    to.push(DeadlineView::Reports {
                        plan_id: loaded.plan.id.0,
                        plan: loaded.plan.title.clone(),
                        period: round.period.to_string(),
                        n,
                        on: round.due_on,
                    });
                }
            }
        }
        let grants = actor.grants(Action::ReportTask);
        let units: BTreeSet<UnitPath> = grants.into_iter().map(|one| one.scope.unit).collect();
        for unit in units {
            let filter = LetterFilter {
                to: Some(unit),
                state: Some(LetterState::Awaiting),
                limit: LETTERS,
                ..LetterFilter::default()
            };
            let letters = supervision::supervision_letter_list(&self.db, &filter).await?;
            for row in letters.iter().filter(|row| may_report(actor, &row.office)) {
                let shown = LetterRowView::new(&reference, row, today);
                to.push(DeadlineView::Letter {
                    from: shown.from,
                    year: shown.year,
                    seq: shown.seq,
                    number: shown.number,
                    items: shown.items,
                    on: row.due,
                });
            }
        }
        Ok(())
    }
}
