//! Telling offices of a meeting: its agenda is ready, it moves or is cancelled, its minutes are out.
//!
//! What a reader would get wrong: an office below hears how much of it is about its own projects,
//! and is led to what it has to do; the meeting itself it does not see.

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::UnitPath;
use gangmu_store::accounts::Notice;
use gangmu_store::meetings::MeetingRow;
use gangmu_store::{Tx, library};

use crate::error::AppError;
use crate::notices::NoticeBody;
use crate::{Actor, App};

/// What is told of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Its agenda is ready.
    Agenda,
    /// It was held; its minutes are out.
    Minutes,
    /// It is on another day.
    Moved,
    /// It will not be held.
    Cancelled,
}

impl App {
    /// Tells the meeting's unit, and every unit below that a project of `about` belongs to. A
    /// project named twice counts twice: what was agreed is counted, not projects.
    pub(super) async fn meeting_told(
        &self,
        tx: &Tx,
        actor: &Actor,
        row: &MeetingRow,
        told: Told,
        about: &[Option<ProjectId>],
    ) -> Result<(), AppError> {
        let mut ids: Vec<i64> = about.iter().flatten().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut of_unit: BTreeMap<UnitPath, usize> = BTreeMap::new();
        for project in library::project_list_of(tx, &ids).await? {
            let n = about
                .iter()
                .flatten()
                .filter(|id| **id == project.id)
                .count();
            *of_unit.entry(project.unit).or_default() += n;
        }
        of_unit.insert(row.unit.clone(), about.len());
        for (unit, n) in of_unit {
            let own = unit == row.unit;
            let body = NoticeBody {
                name: Some(row.title.clone()),
                meeting: own.then_some(row.id),
                act: Some(match told {
                    Told::Agenda => "prepared".to_owned(),
                    Told::Minutes => "held".to_owned(),
                    Told::Moved => "moved".to_owned(),
                    Told::Cancelled => "cancelled".to_owned(),
                }),
                due_on: Some(row.on.to_string()),
                late: i64::try_from(n).ok(),
                ..NoticeBody::default()
            };
            let notice = Notice {
                notice_id: 0,
                at: self.now(),
                from_user_id: actor.user.0,
                unit_path: unit.as_str().to_owned(),
                project_id: None,
                period: None,
                kind: "meeting".to_owned(),
                body: serde_json::to_string(&body).unwrap_or_default(),
            };
            self.notify(tx, &notice).await?;
        }
        Ok(())
    }
}
