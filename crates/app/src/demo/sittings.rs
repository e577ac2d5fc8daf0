//! Joint sittings of the demo: one that was held and closed, three that are under way on the last
//! day.
//!
//! What one would get wrong: a sitting decides what an office would have decided later. The wish
//! that it decides is fulfilled here and taken off the list.

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::DepartmentId;
use jiff::civil::{Date, date};

use super::people;
use super::story::Teller;
use crate::approvals::{ActInput, AgendaView, SittingCall, Stance};
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App};

/// A sitting of the story: who calls it, where, over how many projects, and its days.
struct Planned {
    login: &'static str,
    unit: &'static str,
    title: &'static str,
    projects: usize,
    called_on: Date,
    /// When departments answer.
    said_on: Date,
    closed_on: Option<Date>,
}

const PLANNED: [Planned; 4] = [
    Planned {
        login: "tongliao",
        unit: "150500",
        title: "一季度拟开工项目联审会（演示）",
        projects: 6,
        called_on: date(2026, 1, 8),
        said_on: date(2026, 1, 13),
        closed_on: Some(date(2026, 1, 21)),
    },
    Planned {
        login: "tongliao",
        unit: "150500",
        title: "二季度拟开工项目联审会（演示）",
        projects: 4,
        called_on: date(2026, 1, 29),
        said_on: date(2026, 2, 3),
        closed_on: None,
    },
    Planned {
        login: "region",
        unit: "150000",
        title: "自治区重大项目前期手续联审会（演示）",
        projects: 5,
        called_on: date(2026, 2, 2),
        said_on: date(2026, 2, 4),
        closed_on: None,
    },
    Planned {
        login: "horqin",
        unit: "150502",
        title: "科尔沁区前期项目联审会（演示）",
        projects: 3,
        called_on: date(2026, 2, 3),
        said_on: date(2026, 2, 4),
        closed_on: None,
    },
];

/// The sittings of the story and the numbers of those that were called.
#[derive(Default)]
pub(super) struct Sittings([Option<i64>; PLANNED.len()]);

impl Teller<'_> {
    /// Calls, answers and closes what is due on a day.
    pub(super) async fn sit(&mut self, system: &Actor, day: Date) -> Result<(), AppError> {
        for (at, planned) in PLANNED.iter().enumerate() {
            let holder = people::actor(self.app, system, planned.login).await?;
            if planned.called_on == day {
                self.sittings.0[at] = Some(call(self.app, &holder, planned).await?);
            }
            let Some(sitting) = self.sittings.0[at] else {
                continue;
            };
            if planned.said_on == day {
                self.answer(&holder, planned, sitting).await?;
            }
            if planned.closed_on == Some(day) {
                self.close(&holder, sitting).await?;
            }
        }
        Ok(())
    }

    /// Of three departments that have an officer two answer; the third may still, or is silent.
    async fn answer(
        &self,
        holder: &Actor,
        planned: &Planned,
        sitting: i64,
    ) -> Result<(), AppError> {
        let reference = self.app.reference().await?;
        let unit = &reference
            .unit_by_code(planned.unit)
            .or_not_found("unit")?
            .path;
        let mut n = 0_usize;
        for one in self.app.sitting_view(holder, sitting).await?.agenda {
            for opinion in &one.opinions {
                let department = DepartmentId(opinion.department.department_id);
                let code = reference.department(department).map(|found| &found.code);
                let officer = code.and_then(|code| self.offices.officer(unit, code));
                // An office that has no post of the very department sends word to the holder.
                let of_it = |officer: &&Actor| {
                    let mut posts = officer.posts().iter();
                    posts.any(|post| post.unit == *unit && post.department == Some(department))
                };
                let speaker = officer.filter(of_it).unwrap_or(holder);
                n += 1;
                let said = match n % 6 {
                    0 | 3 => continue,
                    5 => (Stance::Conditional, "原则同意，请补充与相邻地块的避让说明"),
                    _ => (Stance::Agree, ""),
                };
                let matter = (ProjectId(one.project_id), one.item.as_str());
                self.app
                    .sitting_say(speaker, sitting, matter, department, said)
                    .await?;
            }
        }
        Ok(())
    }

    /// Takes over what the sitting agreed on and an office could decide that day.
    async fn close(&mut self, holder: &Actor, sitting: i64) -> Result<(), AppError> {
        let view = self.app.sitting_view(holder, sitting).await?;
        let mut decisions = Vec::new();
        for one in view.agenda.iter().filter(|one| one.agreed && one.open) {
            let project = ProjectId(one.project_id);
            if ripe(self.app, holder, one).await?
                && let Some(act) = self.offices.take_grant(project, &one.item)
            {
                decisions.push((project, one.item.clone(), ActInput::new(None, act)));
            }
        }
        self.app
            .sitting_close(holder, sitting, view.version, &decisions)
            .await
    }
}

/// Calls a sitting over projects whose matters are not late yet.
async fn call(app: &App, holder: &Actor, planned: &Planned) -> Result<i64, AppError> {
    let reference = app.reference().await?;
    let unit = &reference
        .unit_by_code(planned.unit)
        .or_not_found("unit")?
        .path;
    let today = app.today().to_string();
    let found = app.sitting_candidates(holder, unit).await?;
    let in_time = found
        .iter()
        .filter(|one| one.due_on.as_ref().is_some_and(|due| *due >= today));
    let projects = in_time.take(planned.projects);
    let call = SittingCall {
        title: planned.title.to_owned(),
        unit: unit.clone(),
        projects: projects.map(|one| ProjectId(one.project_id)).collect(),
    };
    app.sitting_call(holder, &call).await
}

/// Says whether a matter waits for nothing but the decision.
async fn ripe(app: &App, holder: &Actor, one: &AgendaView) -> Result<bool, AppError> {
    let view = app
        .case_view(holder, ProjectId(one.project_id), None)
        .await?;
    let item = view.items.iter().find(|item| item.code == one.item);
    Ok(one.phase == "running"
        && item.is_some_and(|item| item.before.iter().all(|before| before.done)))
}
