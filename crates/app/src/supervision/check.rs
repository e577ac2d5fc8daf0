//! Proving that the copies of letters are what the acts on them say.

use gangmu_store::supervision::{self, LetterFilter, LetterKey};

use super::letters::copy;
use crate::App;
use crate::doctor::Fault;
use crate::error::AppError;

const PART: i64 = 500;

impl App {
    /// Folds the acts on every letter afresh and compares.
    pub(crate) async fn check_supervision(&self) -> Result<Vec<Fault>, AppError> {
        let mut faults = Vec::new();
        let mut offset = 0;
        loop {
            let filter = LetterFilter {
                limit: PART,
                offset,
                ..LetterFilter::default()
            };
            let rows = supervision::supervision_letter_list(&self.db, &filter).await?;
            if rows.is_empty() {
                return Ok(faults);
            }
            let keys: Vec<LetterKey> = rows.iter().map(|row| row.key.clone()).collect();
            let events = supervision::supervision_letter_event_list(&self.db, &keys).await?;
            for stored in rows {
                let mut computed = stored.clone();
                let of_letter = events.get(&stored.key);
                copy(&mut computed, of_letter.map_or(&[][..], Vec::as_slice));
                if computed != stored {
                    faults.push(Fault {
                        what: "supervision",
                        place: format!("{:?}", stored.key),
                        stored: format!("{} {:?} {}", stored.version, stored.state, stored.due),
                        computed: format!(
                            "{} {:?} {}",
                            computed.version, computed.state, computed.due
                        ),
                    });
                }
            }
            offset += PART;
        }
    }
}
