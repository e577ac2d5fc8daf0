//! Who answers for an industrial chain or a task of a plan (链长、任务责任人).
//!
//! What a reader would get wrong: which projects a chain has is not stored. It is read from the
//! industries of the grouping that reference data marks as chains, so a project that changes its
//! industry changes its chain.

use gangmu_domain::liaison::{self, About, Assignment, Refused};
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::Light;
use gangmu_domain::organisation::{Action, UserId};
use gangmu_domain::plans::PlanId;
use gangmu_store::Tx;
use gangmu_store::liaison::{self as rows, AssignmentRow};
use gangmu_store::library::ListFilter;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::assign::{check_form, check_holder, reaches, told};
use super::tell::Charged;
use super::{AssignInput, AssignmentView, Instead, cannot};
use crate::change::audit;
use crate::error::{AppError, OrNotFound};
use crate::library::ListQuery;
use crate::problems::NamedView;
use crate::{Actor, App, Reference};

/// What somebody answers for that is no project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AboutView {
    /// project, chain, task.
    pub kind: &'static str,
    /// The chain's code; empty for a task.
    pub code: String,
    /// The plan; none for a chain.
    pub plan_id: Option<i64>,
    /// The task's key in the plan; none for a chain.
    pub task: Option<u32>,
    /// What it is called.
    pub name: String,
    /// The same in English; empty where it has no English name.
    pub name_en: String,
}

/// Something that is no project, with who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChargeView {
    /// What it is.
    pub about: AboutView,
    /// The assignment.
    pub held: AssignmentView,
    /// The chain's projects on that side; none for a task.
    pub chain: Option<ChainSumView>,
}

/// What a chain comes to on one unit's side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChainSumView {
    /// The divisions of GB/T 4754 it is made of.
    pub divisions: Vec<String>,
    /// The code of the unit on whose side it is held.
    pub unit_code: String,
    /// How many projects in hand.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
    /// How many of them have a red light.
    pub red: i64,
}

/// An industrial chain with its projects and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChainView {
    /// The chain.
    pub chain: NamedView,
    /// The divisions of GB/T 4754 it is made of.
    pub divisions: Vec<String>,
    /// How many projects in hand.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
    /// How many of them have a red light.
    pub red: i64,
    /// Who answers for it today.
    pub standing: Vec<AssignmentView>,
    /// Who did, the newest first.
    pub others: Vec<AssignmentView>,
}

/// The chains of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChainsView {
    /// The day it is true for.
    pub day: String,
    /// What the grouping is called; none when reference data marks none as chains.
    pub grouping: Option<NamedView>,
    /// The chains in the order of the grouping.
    pub chains: Vec<ChainView>,
    /// Whether the person may set who answers.
    pub may_assign: bool,
}

impl App {
    /// Lists the industrial chains with their projects in a unit and who answers for each.
    ///
    /// # Errors
    /// When nothing may be read, or the unit lies outside what may be seen.
    pub async fn chains(&self, actor: &Actor, unit: Option<&str>) -> Result<ChainsView, AppError> {
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let (day, grouping) = (self.today(), reference.chains());
        let groups = grouping
            .map(|one| one.groups.as_slice())
            .unwrap_or_default();
        let abouts: Vec<About> = groups
            .iter()
            .map(|one| About::Chain(one.code.clone()))
            .collect();
        let held = rows::assignment_list_about(&self.db, &abouts).await?;
        let mut chains = Vec::with_capacity(groups.len());
        for (group, about) in groups.iter().zip(&abouts) {
            let (projects, total_investment, red) =
                self.chain_sums(actor, unit, &group.divisions).await?;
            // Those of this unit, of units below it, and of those above, whose chain it is too.
            let own = held.iter().filter(|row| {
                let side = &row.says.unit;
                row.about == *about && (scope.unit.contains(side) || side.contains(&scope.unit))
            });
            let views = own.map(|row| AssignmentView::new(&reference, &users, row, day));
            let (standing, mut others): (Vec<_>, Vec<_>) = views.partition(|one| one.standing);
            others.sort_by(|one, other| other.from.cmp(&one.from));
            chains.push(ChainView {
                chain: NamedView {
                    code: group.code.clone(),
                    name: group.name.clone(),
                    name_en: group.name_en.clone(),
                },
                divisions: group.divisions.clone(),
                projects,
                total_investment,
                red,
                standing,
                others,
            });
        }
        Ok(ChainsView {
            day: day.to_string(),
            grouping: grouping.map(|one| NamedView {
                code: one.code.clone(),
                name: one.name.clone(),
                name_en: one.name_en.clone(),
            }),
            chains,
            may_assign: actor.may(Action::Assign),
        })
    }

    /// How many projects in hand some industries have in a unit, their total investment, and how many
    /// of them have a red light.
    async fn chain_sums(
        &self,
        actor: &Actor,
        unit: Option<&str>,
        divisions: &[String],
    ) -> Result<(i64, i64, i64), AppError> {
        let (projects, total) = self.chain_sum(actor, unit, divisions, None).await?;
        let red = Some(Light::Red);
        let (red, _) = self.chain_sum(actor, unit, divisions, red).await?;
        Ok((projects, total, red))
    }

    /// How many projects in hand some industries have in a unit, and their total investment.
    async fn chain_sum(
        &self,
        actor: &Actor,
        unit: Option<&str>,
        divisions: &[String],
        light: Option<Light>,
    ) -> Result<(i64, i64), AppError> {
        // No industry would not narrow the list at all.
        if divisions.is_empty() {
            return Ok((0, 0));
        }
        let query = ListQuery {
            unit: unit.map(str::to_owned),
            light,
            filter: ListFilter {
                stages: liaison::IN_HAND
                    .map(|stage| stage.word().to_owned())
                    .to_vec(),
                industries: divisions.to_vec(),
                ..ListFilter::default()
            },
            page: 1,
            per_page: 1,
            ..ListQuery::default()
        };
        let page = self.project_list(actor, &query).await?;
        Ok((page.projects, page.total_investment))
    }

    /// Sets who answers for a chain or a task; the projects of the input are not looked at.
    ///
    /// # Errors
    /// [`AppError::Refused`] for a unit beyond the actor's; [`AppError::NotFound`] for a chain or
    /// task there is not; [`AppError::Invalid`] with what stands against it.
    pub async fn charge(
        &self,
        actor: &Actor,
        about: &About,
        input: &AssignInput,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let unit = input.unit_within(actor, &reference)?;
        check_form(input)?;
        let name = self.about_view(actor, about).await?.name;
        let named = |problem: Refused| AppError::Invalid {
            messages: vec![told(&problem, &name)],
        };
        let tx = self.db.begin().await?;
        // Of two who set somebody at once the second sees what the first set.
        rows::assignment_turn(&tx).await?;
        check_holder(&tx, &reference, &unit, &input.holder).await?;
        let new = input.assignment(unit, self.today());
        let mut others = rows::assignment_list_about(&tx, std::slice::from_ref(about)).await?;
        if input.instead == Instead::Relieve {
            for other in others.iter_mut().filter(|one| one.in_the_way_of(&new)) {
                let term = liaison::relieved(other.says.term, new.term.from);
                other.says.term = term.map_err(named)?;
                let last = other.says.term.to.unwrap_or(new.term.from);
                rows::assignment_end(&tx, &other.about, other.id, last, actor.user).await?;
            }
        }
        let beside: Vec<Assignment> = others.into_iter().map(|one| one.says).collect();
        liaison::check(&new, &new.unit, &beside).map_err(named)?;
        let row = AssignmentRow {
            about: about.clone(),
            id: 0,
            says: new,
            reason: input.reason.trim().to_owned(),
            set_by: actor.user,
            at: self.now(),
            ended_by: UserId(0),
            handover: 0,
        };
        self.charge_row(&tx, actor, &row).await?;
        let charged = Charged {
            holder: &row.says.holder,
            unit: &row.says.unit,
            act: row.says.duty.word(),
            name: Some(name),
            n: 1,
            from: row.says.term.from,
            handover: None,
        };
        self.charged_told(&tx, actor, charged).await?;
        Ok(tx.commit().await?)
    }

    /// Adds a row about no project, with its line in the audit trail.
    pub(super) async fn charge_row(
        &self,
        tx: &Tx,
        actor: &Actor,
        row: &AssignmentRow,
    ) -> Result<(), AppError> {
        let id = rows::assignment_insert(tx, row).await?;
        let detail = json!({
            "assignment": id, "duty": row.says.duty.word(), "unit": row.says.unit.as_str(),
            "holder": row.says.holder.word(), "from": row.says.term.from.to_string(),
        });
        let (subject, detail) = (row.about.text(), detail.to_string());
        audit(tx, actor, self.now(), "assign", &subject, &detail).await
    }

    /// Ends what somebody answers for that is no project, on a day, its last; today when absent.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none that stands; [`AppError::Invalid`] for a day
    /// before its first.
    pub async fn charge_end(
        &self,
        actor: &Actor,
        about: &About,
        id: i64,
        last: Option<Date>,
    ) -> Result<(), AppError> {
        let last = last.unwrap_or(self.today());
        let tx = self.db.begin().await?;
        rows::assignment_turn(&tx).await?;
        let row = rows::assignment_list_about(&tx, std::slice::from_ref(about))
            .await?
            .into_iter()
            .find(|one| one.id == id && one.says.term.to.is_none_or(|to| to >= self.today()))
            .or_not_found("assignment")?;
        reaches(actor, &row.says.unit)?;
        if last < row.says.term.from {
            return Err(cannot(&Refused::EndsBefore));
        }
        rows::assignment_end(&tx, about, id, last, actor.user).await?;
        let detail = json!({ "assignment": id, "to": last.to_string() }).to_string();
        let (now, subject) = (self.now(), about.text());
        audit(&tx, actor, now, "assignment_end", &subject, &detail).await?;
        Ok(tx.commit().await?)
    }

    /// Lists who answers and answered for a task, those who do first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such task within reach.
    pub async fn charges_of_task(
        &self,
        actor: &Actor,
        plan: PlanId,
        task: u32,
    ) -> Result<Vec<AssignmentView>, AppError> {
        let about = About::Task { plan, task };
        self.about_view(actor, &about).await?;
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let found = rows::assignment_list_about(&self.db, &[about]).await?;
        let view = |row| AssignmentView::new(&reference, &users, row, self.today());
        let mut views: Vec<AssignmentView> = found.iter().map(view).collect();
        views.sort_by_key(|one| !one.standing);
        Ok(views)
    }

    /// Lists the chains and tasks a person answers for today.
    pub(super) async fn charges_held(&self, actor: &Actor) -> Result<Vec<ChargeView>, AppError> {
        let day = self.today();
        let held = rows::assignment_list_held(&self.db, actor.user, None, day).await?;
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let mut views = Vec::new();
        for row in held.iter().filter(|row| row.says.term.holds_on(day)) {
            if row.about.project().is_some() {
                continue;
            }
            views.push(ChargeView {
                about: self.about_shown(actor, &row.about).await?,
                held: AssignmentView::new(&reference, &users, row, day),
                chain: self.chain_held(actor, &reference, row).await?,
            });
        }
        Ok(views)
    }

    /// What a chain that somebody holds comes to on their side; none for what is no chain.
    async fn chain_held(
        &self,
        actor: &Actor,
        reference: &Reference,
        row: &AssignmentRow,
    ) -> Result<Option<ChainSumView>, AppError> {
        let About::Chain(code) = &row.about else {
            return Ok(None);
        };
        let Some(group) = reference.chain(code) else {
            return Ok(None);
        };
        let unit_code = row.says.unit.codes().last().unwrap_or_default().to_owned();
        let unit = Some(unit_code.as_str());
        let (projects, total_investment, red) =
            self.chain_sums(actor, unit, &group.divisions).await?;
        Ok(Some(ChainSumView {
            divisions: group.divisions.clone(),
            projects,
            total_investment,
            red,
            unit_code,
        }))
    }

    /// What a chain or task is called; refused when there is none.
    async fn about_view(&self, actor: &Actor, about: &About) -> Result<AboutView, AppError> {
        let reference = self.reference().await?;
        match about {
            About::Project(_) => Err(AppError::NotFound { what: "chain" }),
            About::Chain(code) => {
                let group = reference.chain(code).or_not_found("chain")?;
                Ok(AboutView {
                    name: group.name.clone(),
                    name_en: group.name_en.clone(),
                    ..AboutView::bare(about)
                })
            }
            About::Task { plan, task } => Ok(AboutView {
                name: self.task_title(actor, *plan, *task).await?,
                ..AboutView::bare(about)
            }),
        }
    }

    /// The same for what was once set: what there is no more is shown by its code.
    pub(super) async fn about_shown(
        &self,
        actor: &Actor,
        about: &About,
    ) -> Result<AboutView, AppError> {
        match self.about_view(actor, about).await {
            Err(AppError::NotFound { .. } | AppError::Refused { .. }) => Ok(AboutView::bare(about)),
            other => other,
        }
    }
}

impl AboutView {
    fn bare(about: &About) -> Self {
        let (code, plan_id, task) = match about {
            About::Project(ProjectId(id)) => (id.to_string(), None, None),
            About::Chain(code) => (code.clone(), None, None),
            About::Task { plan, task } => (String::new(), Some(plan.0), Some(*task)),
        };
        Self {
            kind: about.word(),
            name: about.text(),
            name_en: String::new(),
            code,
            plan_id,
            task,
        }
    }
}

impl Reference {
    /// The grouping of industries whose groups are industrial chains (产业链), if one is marked.
    #[must_use]
    pub fn chains(&self) -> Option<&crate::policies::Grouping> {
        self.groupings.iter().find(|one| one.chains)
    }

    /// Finds a chain by its code.
    #[must_use]
    pub fn chain(&self, code: &str) -> Option<&crate::policies::IndustryGroup> {
        let mut groups = self.chains().into_iter().flat_map(|one| &one.groups);
        groups.find(|one| one.code == code)
    }
}
