//! What offices hear of winters: a plan was handed in or sent back; plans are to be filed, or were not.
//!
//! What a reader would get wrong: a unit is reminded once for all its projects before the day plans are
//! to be filed by, and once after it.

use std::collections::BTreeMap;

use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_domain::winter::{ActKind, Season};
use gangmu_store::Tx;
use gangmu_store::accounts::Notice;
use gangmu_store::library::Project;
use gangmu_store::winter::{self, WinterFilter};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::error::AppError;
use crate::notices::NoticeBody;
use crate::{Actor, App, Reference};

/// Days before plans are to be filed from which units are reminded.
const AHEAD: i64 = 10;

/// The steps of reminding; their words stand in `notices.winter_told`.
const SOON: &str = "soon";
const LATE: &str = "late";

impl App {
    /// Tells whoever has the next act of a plan that was handed in or sent back.
    pub(super) async fn winter_told(
        &self,
        tx: &Tx,
        actor: &Actor,
        (project, season): (&Project, Season),
        kind: ActKind,
    ) -> Result<(), AppError> {
        // A plan is put on file where the project is, or one level up.
        let offices: Vec<(UnitPath, Option<i64>)> = match kind {
            ActKind::Submit => {
                let above = project.unit.ancestry().collect::<Vec<_>>();
                let two = above.into_iter().rev().take(2);
                two.map(|unit| (unit, None)).collect()
            }
            ActKind::SendBack => vec![(project.unit.clone(), project.department.map(|id| id.0))],
            _ => Vec::new(),
        };
        for (unit, department) in offices {
            let body = NoticeBody {
                act: Some(kind.word().to_owned()),
                season: Some(season.year),
                due_on: Some(season.file_by.to_string()),
                department,
                ..NoticeBody::default()
            };
            let notice = self.winter_notice(actor, &unit, Some(project.id.0), &body);
            self.notify(tx, &notice).await?;
        }
        Ok(())
    }

    fn winter_notice(
        &self,
        actor: &Actor,
        unit: &UnitPath,
        project: Option<i64>,
        body: &NoticeBody,
    ) -> Notice {
        Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: unit.as_str().to_owned(),
            project_id: project,
            period: None,
            kind: "winter".to_owned(),
            body: serde_json::to_string(body).unwrap_or_default(),
        }
    }

    /// Reminds units of plans that are to be filed, before the day and after it, each time once, and
    /// returns how many reminders were sent.
    ///
    /// Several servers may run this at once: each step is claimed in the transaction that tells.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may chase.
    pub async fn winter_remind(&self, actor: &Actor) -> Result<usize, AppError> {
        let scope = actor.grant(Action::Chase)?.scope;
        let (reference, year) = (self.reference().await?, self.winter_of_today());
        let due = self.winter_due(&reference, year);
        let filter = WinterFilter {
            unfiled_in: Some(due.keys().cloned().collect()),
            ..WinterFilter::all(scope, year)
        };
        let mut open: BTreeMap<UnitPath, i64> = BTreeMap::new();
        for row in winter::winter_count(&self.db, &filter).await? {
            let unit = UnitPath::from_stored(row.unit_path);
            *open.entry(unit).or_default() += row.projects;
        }
        let mut sent = 0;
        for (unit, late) in open {
            let Some((step, season)) = due.get(&unit) else {
                continue;
            };
            let tx = self.db.begin().await?;
            if !winter::winter_remind(&tx, &unit, year, step, self.now()).await? {
                continue;
            }
            let body = NoticeBody {
                act: Some((*step).to_owned()),
                season: Some(year),
                late: Some(late),
                due_on: Some(season.file_by.to_string()),
                ..NoticeBody::default()
            };
            let notice = self.winter_notice(actor, &unit, None, &body);
            self.notify(&tx, &notice).await?;
            tx.commit().await?;
            sent += 1;
        }
        Ok(sent)
    }

    /// Counts the projects a person reports for that have neither a plan on file nor a reason to rest,
    /// by the day plans are to be filed by.
    pub(crate) async fn winter_unfiled(
        &self,
        actor: &Actor,
    ) -> Result<BTreeMap<Date, i64>, AppError> {
        let scope = actor.grant(Action::Report)?.scope;
        let (reference, year) = (self.reference().await?, self.winter_of_today());
        let by =
            |path: &UnitPath| Some((path.clone(), reference.winter.season(path, year)?.file_by));
        let by: BTreeMap<UnitPath, Date> = reference
            .units
            .iter()
            .filter_map(|unit| by(&unit.path))
            .collect();
        let filter = WinterFilter {
            unfiled_in: Some(by.keys().cloned().collect()),
            ..WinterFilter::all(scope, year)
        };
        let mut open: BTreeMap<Date, i64> = BTreeMap::new();
        for row in winter::winter_count(&self.db, &filter).await? {
            if let Some(day) = by.get(&UnitPath::from_stored(row.unit_path)) {
                *open.entry(*day).or_default() += row.projects;
            }
        }
        Ok(open)
    }

    /// The units whose plans are to be filed soon, or were to be, while their winter lasts.
    fn winter_due(
        &self,
        reference: &Reference,
        year: i16,
    ) -> BTreeMap<UnitPath, (&'static str, Season)> {
        let today = self.today();
        let step = |season: Season| {
            let from = season.file_by.saturating_sub(AHEAD.days());
            match (today > season.file_by, today >= from) {
                (true, _) if today <= season.to => Some(LATE),
                (false, true) => Some(SOON),
                _ => None,
            }
        };
        let due = |path: &UnitPath| {
            let season = reference.winter.season(path, year)?;
            Some((path.clone(), (step(season)?, season)))
        };
        reference
            .units
            .iter()
            .filter_map(|unit| due(&unit.path))
            .collect()
    }
}
