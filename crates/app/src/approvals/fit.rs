//! Fitting a case to changed facts, another route, the current catalogue, or to what its keepers
//! know better than a rule does.
//!
//! What a reader would get wrong: a new catalogue changes nothing by itself. A case is fitted by a
//! person, one at a time, and only matters nobody has touched yet move. What a person marks becomes
//! acts of the matters, with the reason, so that the next fitting leaves it alone and an act can
//! strike it out.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::approvals::{
    Act, Catalogue, Course, Graph, Instance, MatterGroup, Phase, Plan, Refused, Route, Standing,
    planned_length,
};
use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::organisation::Action;
use gangmu_store::Tx;
use gangmu_store::approvals::{self, ItemRow};
use gangmu_store::library::Project;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::act::{ActInput, cannot};
use super::desk::Entered;
use super::load::{Loaded, setup_of};
use super::make::{new_row, tally};
use crate::change::audit;
use crate::error::{AppError, OrNotFound};
use crate::library::locked;
use crate::{Actor, App};

/// A change of a case: other facts, another route, the current catalogue, marks by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseChange {
    /// Another route.
    pub route: Option<Route>,
    /// Whether the current catalogue is taken over.
    pub current_catalogue: bool,
    /// Matters marked by hand: needed or not.
    pub marks: BTreeMap<String, bool>,
    /// Matters of the catalogue added although the route has them not; they are needed.
    pub added: BTreeSet<String>,
    /// Why; must say something.
    pub reason: String,
}

/// What fitting a case would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CasePreview {
    /// The route it would have, a word.
    pub route: String,
    /// The matters that would change.
    pub changes: Vec<ItemChange>,
    /// Matters that run and would be handled under other rules: the catalogue cannot be taken over
    /// before they are decided.
    pub disturbed: Vec<String>,
    /// The plan as it is.
    pub before: PlanView,
    /// The plan as it would be.
    pub after: PlanView,
}

/// A plan in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanView {
    /// How long the whole takes from nothing, in working days.
    pub length: u32,
    /// How many matters before the works it has.
    pub matters: usize,
    /// The codes of the critical path, in order.
    pub critical: Vec<String>,
}

/// One matter that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemChange {
    /// The matter.
    pub code: String,
    /// What happens: `added`, `removed`, `changed`, `marked` by hand, `kept` for one that runs and
    /// is left alone.
    pub what: String,
    /// Standing and level before, two words; empty for an added one.
    pub before: String,
    /// The same after; empty for a removed one.
    pub after: String,
}

impl PlanView {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            length: plan.length,
            matters: plan.slots.len(),
            critical: plan.critical().map(|slot| slot.code.clone()).collect(),
        }
    }
}

impl App {
    /// Shows what fitting a case would change, without changing anything.
    ///
    /// # Errors
    /// When the project may not be seen or has no case; what a mark is refused for.
    pub async fn case_preview(
        &self,
        actor: &Actor,
        project: ProjectId,
        change: &CaseChange,
    ) -> Result<CasePreview, AppError> {
        let found = self.visible(actor, Action::Read, project).await?;
        let loaded = self.load_case(&self.db, project).await?;
        let fitted = self.fit(&loaded, &found, change).await?;
        self.judge_marks(&loaded, &fitted, change).await?;
        fitted.preview(&loaded, &found)
    }

    /// Fits a case to the facts of its project, another route, the current catalogue, or marks.
    ///
    /// Matters somebody has worked on stay as they are; a changed text of the catalogue is taken
    /// over only when the matters that run read the same in both.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason; [`AppError::State`] when a running matter would be
    /// handled under other rules, a mark is not allowed, or the case is closed.
    pub async fn case_fit(
        &self,
        actor: &Actor,
        project: ProjectId,
        version: i64,
        change: &CaseChange,
    ) -> Result<CasePreview, AppError> {
        if change.reason.trim().is_empty() {
            return Err(AppError::invalid(
                "approvals.refused.reason_missing",
                "reason",
            ));
        }
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let found = locked(work.tx, actor, Action::ManageCase, project).await?;
        approvals::case_lock(work.tx, project)
            .await?
            .or_not_found("case")?;
        let loaded = self.load_case(work.tx, project).await?;
        if loaded.case.closed_on.is_some() {
            return Err(cannot(&Refused::Closed));
        }
        if loaded.case.version != version {
            return Err(AppError::Changed { what: "case" });
        }
        let fitted = self.fit(&loaded, &found, change).await?;
        if let Some(code) = fitted.disturbed.first() {
            return Err(AppError::State {
                code: "approvals.refused.catalogue_disturbs",
                params: vec![code.clone()],
            });
        }
        let preview = fitted.preview(&loaded, &found)?;
        let mut case = loaded.case.clone();
        if let Some(text) = &fitted.text {
            case.catalogue = self.keep_catalogue(work.tx, text).await?;
        }
        case.route = fitted.route;
        case.planned_start = found.record.date(Field::PlannedStart);
        for row in &fitted.rows {
            match loaded.item(&row.item) {
                Ok(before) if before == row => {}
                Ok(_) => save_row(work.tx, row).await?,
                Err(_) => approvals::item_insert(work.tx, row).await?,
            }
        }
        (case.total, case.done) = tally(&fitted.catalogue, &fitted.rows);
        if !approvals::case_update(work.tx, &case).await? {
            return Err(AppError::Changed { what: "case" });
        }
        let counts = MatterCounts {
            all: case.total,
            done: case.done,
        };
        work.recount(&[(project, counts)]).await?;
        let marks = change.acts();
        let entered: Vec<Entered<'_>> = marks
            .iter()
            .map(|(item, input)| Entered {
                actor,
                project,
                item,
                input,
                by_sitting: false,
            })
            .collect();
        self.acts_within(&mut work, &entered).await?;
        let subject = format!("project:{project}");
        let detail = serde_json::json!({ "reason": change.reason }).to_string();
        audit(work.tx, actor, self.now(), "case_fit", &subject, &detail).await?;
        begun.commit().await?;
        Ok(preview)
    }

    async fn fit(
        &self,
        loaded: &Loaded,
        project: &Project,
        change: &CaseChange,
    ) -> Result<Fitted, AppError> {
        let reference = self.reference().await?;
        let (catalogue, text) = match change.current_catalogue {
            true => {
                let (catalogue, text) = self.current_catalogue().await?;
                (catalogue, Some(text))
            }
            false => (loaded.catalogue.as_ref().clone(), None),
        };
        let route = change.route.unwrap_or(loaded.case.route);
        let own = reference.level(&loaded.case.unit);
        let mut codes = catalogue
            .template(route)
            .map_or_else(Vec::new, |one| one.matters.clone());
        let ordinary = codes.len();
        for code in &change.added {
            if catalogue.matter(code).is_none() {
                return Err(AppError::NotFound { what: "matter" });
            }
            // What the route has already is marked, not added.
            if codes.contains(code) || loaded.item(code).is_ok() {
                return Err(AppError::State {
                    code: "approvals.refused.has_matter",
                    params: vec![code.clone()],
                });
            }
            codes.push(code.clone());
        }
        let mut instances = catalogue.instances(&codes, &project.record, own);
        for added in instances.iter_mut().skip(ordinary) {
            // The act that follows says that it is needed after all, and why.
            added.standing = Standing::NotNeeded;
            added.because = BTreeSet::new();
        }
        let mut fitted = Fitted {
            route,
            text,
            rows: Vec::new(),
            changes: Vec::new(),
            disturbed: Vec::new(),
            marks: change.needs(),
            catalogue,
        };
        let last = loaded.items.iter().map(|row| row.position).max();
        for (position, instance) in (1..).zip(&instances) {
            let mut fresh = new_row(&reference, &fitted.catalogue, project, instance, position)?;
            if change.added.contains(&instance.code) {
                fresh.position += last.unwrap_or(0);
            }
            fitted.take(loaded, fresh);
        }
        fitted.keep_the_rest(loaded, &instances);
        fitted.note_marks();
        Ok(fitted)
    }

    /// Sees whether the marks may be made, as the acts they become will be judged.
    async fn judge_marks(
        &self,
        loaded: &Loaded,
        fitted: &Fitted,
        change: &CaseChange,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let today = self.today();
        for (code, needed) in &change.marks {
            let row = fitted.rows.iter().find(|row| row.item == *code);
            let row = row.or_not_found("matter")?;
            let setup = setup_of(&fitted.catalogue, row, loaded.case.planned_start)?;
            // The reason is asked for when it is done, not while one looks.
            let act = mark(*needed, "—");
            let events = loaded.acts(code);
            setup
                .judge(events, &[], today, &act, &reference.calendar, today)
                .map_err(|problem| cannot(&problem))?;
        }
        Ok(())
    }
}

impl CaseChange {
    /// Which matters would be needed or not by hand.
    fn needs(&self) -> BTreeMap<String, bool> {
        let added = self.added.iter().map(|code| (code.clone(), true));
        self.marks.clone().into_iter().chain(added).collect()
    }

    /// The acts the marks become.
    fn acts(&self) -> Vec<(String, ActInput)> {
        let marks = self.needs().into_iter();
        marks
            .map(|(code, needed)| (code, ActInput::new(None, mark(needed, &self.reason))))
            .collect()
    }
}

fn mark(needed: bool, reason: &str) -> Act {
    let reason = reason.trim().to_owned();
    match needed {
        true => Act::Require { reason },
        false => Act::Exempt { reason },
    }
}

/// A case as it would be after fitting.
struct Fitted {
    catalogue: Catalogue,
    text: Option<String>,
    route: Route,
    rows: Vec<ItemRow>,
    changes: Vec<ItemChange>,
    /// Matters that run and would run under other rules.
    disturbed: Vec<String>,
    /// Matters that are marked by hand, needed or not.
    marks: BTreeMap<String, bool>,
}

impl Fitted {
    fn take(&mut self, loaded: &Loaded, fresh: ItemRow) {
        let Ok(before) = loaded.item(&fresh.item) else {
            self.note(&fresh.item, "added", None, Some(&fresh));
            self.rows.push(fresh);
            return;
        };
        let touched = !loaded.acts(&before.item).is_empty();
        let same = (
            before.standing,
            before.level,
            before.variant,
            &before.because,
        ) == (fresh.standing, fresh.level, fresh.variant, &fresh.because);
        if touched {
            if !same {
                self.note(&before.item, "kept", Some(before), Some(&fresh));
            }
            let now = self.catalogue.matter(&before.item);
            let moved = self.text.is_some() && now != loaded.catalogue.matter(&before.item);
            if moved && before.open {
                self.disturbed.push(before.item.clone());
            }
            self.rows.push(before.clone());
            return;
        }
        if !same {
            self.note(&before.item, "changed", Some(before), Some(&fresh));
        }
        self.rows.push(ItemRow {
            version: before.version,
            position: before.position,
            department: fresh.department,
            ..fresh
        });
    }

    /// A matter the new template does not have: it becomes not needed, or stays when it runs.
    fn keep_the_rest(&mut self, loaded: &Loaded, instances: &[Instance]) {
        let wanted: BTreeSet<&str> = instances.iter().map(|one| one.code.as_str()).collect();
        for before in &loaded.items {
            if wanted.contains(before.item.as_str()) {
                continue;
            }
            let mut row = before.clone();
            if loaded.acts(&before.item).is_empty() {
                row.standing = Standing::NotNeeded;
                row.phase = Phase::NotNeeded;
                row.because = BTreeSet::from([Field::ApprovalRoute]);
                self.note(&before.item, "removed", Some(before), None);
            } else if self.catalogue.matter(&before.item) != loaded.catalogue.matter(&before.item)
                && before.open
            {
                self.disturbed.push(before.item.clone());
            }
            self.rows.push(row);
        }
    }

    /// Says of every mark what it makes of its matter; an added one is said to be added already.
    fn note_marks(&mut self) {
        for (code, needed) in self.marks.clone() {
            let Some(row) = self.rows.iter().find(|row| row.item == code).cloned() else {
                continue;
            };
            let standing = match needed {
                true => Standing::Needed,
                false => Standing::NotNeeded,
            };
            let after = format!("{} {}", standing.word(), row.level.word());
            match self.changes.iter_mut().find(|one| one.code == code) {
                Some(noted) => noted.after = after,
                None => self.changes.push(ItemChange {
                    before: format!("{} {}", standing_now(&row).word(), row.level.word()),
                    what: String::from("marked"),
                    code,
                    after,
                }),
            }
        }
    }

    fn note(&mut self, code: &str, what: &str, before: Option<&ItemRow>, after: Option<&ItemRow>) {
        let words = |row: Option<&ItemRow>| {
            row.map_or_else(String::new, |row| {
                format!("{} {}", row.standing.word(), row.level.word())
            })
        };
        self.changes.push(ItemChange {
            code: code.to_owned(),
            what: what.to_owned(),
            before: words(before),
            after: words(after),
        });
    }

    fn preview(&self, loaded: &Loaded, project: &Project) -> Result<CasePreview, AppError> {
        let start = project.record.date(Field::PlannedStart);
        let none = BTreeMap::new();
        let before = plan(&loaded.catalogue, loaded, &loaded.items, &none, start)?;
        let after = plan(&self.catalogue, loaded, &self.rows, &self.marks, start)?;
        Ok(CasePreview {
            route: self.route.word().to_owned(),
            changes: self.changes.clone(),
            disturbed: self.disturbed.clone(),
            before: PlanView::new(&before),
            after: PlanView::new(&after),
        })
    }
}

/// Whether a matter is needed after what was done with it.
fn standing_now(row: &ItemRow) -> Standing {
    match row.phase {
        Phase::NotNeeded => Standing::NotNeeded,
        Phase::ToClarify => Standing::ToClarify,
        _ => Standing::Needed,
    }
}

/// Plans the matters before the works from nothing, as [`gangmu_domain::approvals::Case::plan`]
/// does, with marks that have not become acts yet.
fn plan(
    catalogue: &Catalogue,
    loaded: &Loaded,
    rows: &[ItemRow],
    marks: &BTreeMap<String, bool>,
    planned_start: Option<Date>,
) -> Result<Plan, AppError> {
    let phase = |row: &ItemRow| match marks.get(&row.item) {
        Some(true) => Phase::NotReceived,
        Some(false) => Phase::NotNeeded,
        None => row.phase,
    };
    let mut lengths = BTreeMap::new();
    for row in rows.iter().filter(|row| phase(row) != Phase::NotNeeded) {
        let setup = setup_of(catalogue, row, planned_start)?;
        if setup.matter.group == MatterGroup::Acceptance {
            continue;
        }
        let course = Course::of(&setup, loaded.acts(&row.item));
        let length = planned_length(setup.limits(), setup.promised(&course), setup.service);
        lengths.insert(row.item.clone(), length);
    }
    let phases = rows.iter().map(|row| (row.item.as_str(), phase(row)));
    Ok(Plan::new(&lengths, &Graph::new(catalogue, phases).edges))
}

async fn save_row(tx: &Tx, row: &ItemRow) -> Result<(), AppError> {
    match approvals::item_update(tx, row).await? {
        true => Ok(()),
        false => Err(AppError::Changed { what: "matter" }),
    }
}
