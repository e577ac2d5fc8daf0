//! Proving that the totals are what the entries say.
//!
//! Everything is recomputed from the returns and the year's lists by the same functions that
//! keep it up, and compared cell by cell. It changes nothing.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::{CellKey, Edition, Measures};
use gangmu_domain::organisation::Scope;
use gangmu_domain::pipeline::Bridge;
use gangmu_store::{dispatch, library, metrics, pipeline};
use serde::Serialize;

use crate::App;
use crate::error::AppError;

/// What a check-up found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckUp {
    /// Periods compared.
    pub periods: usize,
    /// Returns read.
    pub returns: usize,
    /// Cells compared.
    pub cells: usize,
    /// What does not agree.
    pub faults: Vec<Fault>,
}

/// One thing that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What: `cell`, `elsewhere`, `programme`, `matter`, `case`, `matter_counts`, `problem`,
    /// `winter`, `plan` or `supervision`.
    pub what: &'static str,
    /// Where.
    pub place: String,
    /// What is stored.
    pub stored: String,
    /// What the entries say.
    pub computed: String,
}

const PAGE: i64 = 5_000;
const MOST_FAULTS: i64 = 100;

impl App {
    /// Recomputes all totals and compares (invariant 10).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_up(&self) -> Result<CheckUp, AppError> {
        let mut check_up = CheckUp::default();
        let mut periods = metrics::cell_periods(&self.db, Edition::Current).await?;
        periods.extend(
            dispatch::period_list(&self.db)
                .await?
                .iter()
                .map(|row| row.period),
        );
        periods.sort();
        periods.dedup();
        for period in periods {
            self.check_period(period, &mut check_up).await?;
        }
        self.check_elsewhere(&mut check_up).await?;
        self.check_programmes(&mut check_up).await?;
        let faults = self.check_approvals().await?;
        check_up.faults.extend(faults);
        let faults = self.check_problems().await?;
        check_up.faults.extend(faults);
        let faults = self.check_winters().await?;
        check_up.faults.extend(faults);
        let faults = self.check_plans().await?;
        check_up.faults.extend(faults);
        let faults = self.check_supervision().await?;
        check_up.faults.extend(faults);
        check_up
            .faults
            .truncate(usize::try_from(MOST_FAULTS).unwrap_or(0));
        Ok(check_up)
    }

    async fn check_period(&self, period: Period, check_up: &mut CheckUp) -> Result<(), AppError> {
        let mut computed: BTreeMap<CellKey, Measures> = BTreeMap::new();
        let mut after = ProjectId(i64::MIN);
        loop {
            let page = dispatch::return_page(&self.db, period, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.project;
            check_up.returns += page.len();
            for row in &page {
                let measures = row.position.measures(period);
                for cell in row.position.entry.coordinates.cells(period) {
                    *computed.entry(cell).or_default() += measures;
                }
            }
        }
        computed.retain(|_, measures| !measures.is_zero());
        let stored = metrics::cell_dump(&self.db, Edition::Current, period).await?;
        check_up.periods += 1;
        check_up.cells += stored.len();
        let keys = computed
            .keys()
            .chain(stored.keys().filter(|k| !computed.contains_key(k)));
        for key in keys {
            let (a, b) = (stored.get(key), computed.get(key));
            if a != b {
                check_up.faults.push(Fault {
                    what: "cell",
                    place: format!(
                        "{period} {} {} {} {}",
                        key.cut.word(),
                        key.unit.as_str(),
                        key.department,
                        key.member
                    ),
                    stored: format!("{:?}", a.map(Measures::numbers)),
                    computed: format!("{:?}", b.map(Measures::numbers)),
                });
            }
        }
        Ok(())
    }

    /// Returns stand where their projects stand, but for the months that are noted.
    async fn check_elsewhere(&self, check_up: &mut CheckUp) -> Result<(), AppError> {
        for found in library::elsewhere_unnoted(&self.db, MOST_FAULTS).await? {
            check_up.faults.push(Fault {
                what: "elsewhere",
                place: format!("{} {}", found.project_id, found.period),
                stored: found.elsewhere_until.to_string(),
                computed: found.period.to_string(),
            });
        }
        Ok(())
    }

    /// The sum of a list's changes is the list as it stands.
    async fn check_programmes(&self, check_up: &mut CheckUp) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let scope = Scope::subtree(reference.root()?.path.clone());
        let end = jiff::civil::Date::MAX;
        for programme in pipeline::programme_list(&self.db).await? {
            let changes = pipeline::change_list(&self.db, &scope, programme.year).await?;
            let bridge = Bridge::between(&changes, end, end);
            let stands = pipeline::entry_tally(&self.db, &scope, programme.year).await?;
            if bridge.closing != stands {
                check_up.faults.push(Fault {
                    what: "programme",
                    place: programme.year.to_string(),
                    stored: format!("{stands:?}"),
                    computed: format!("{:?}", bridge.closing),
                });
            }
        }
        Ok(())
    }
}
