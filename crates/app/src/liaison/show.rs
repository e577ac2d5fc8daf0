//! Who answers and answered for one project, and who could.

use std::collections::HashMap;

use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::organisation::{Action, UserId};
use gangmu_store::{accounts, liaison};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{AssignmentView, HolderView};
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::{Actor, App};

/// Who answers for a project, and who did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResponsibilityView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// Its unit.
    pub unit: UnitView,
    /// The day asked for.
    pub as_of: String,
    /// Who answers on that day.
    pub standing: Vec<AssignmentView>,
    /// Those before and, where it is known already, after; the newest first.
    pub others: Vec<AssignmentView>,
    /// Fields of the record that an assignment stands in front of.
    pub covered: Vec<&'static str>,
    /// Whether the person may set it.
    pub may_assign: bool,
}

/// Somebody who could be set: a person with a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CandidateView {
    /// Who.
    pub user_id: i64,
    /// How they are named.
    pub name: String,
    /// The role of the post.
    pub role: &'static str,
    /// Where the post is.
    pub unit: UnitView,
}

/// What stands in front of fields of a record, by field.
pub(crate) type Names = HashMap<Field, String>;

impl App {
    /// Says how those are named who stand in front of fields of records on a day: by project.
    pub(crate) async fn names_in_front(
        &self,
        ids: &[i64],
        day: Date,
    ) -> Result<HashMap<i64, Names>, AppError> {
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let mut found: HashMap<i64, Names> = HashMap::new();
        for (project, rows) in liaison::assignment_list_of(&self.db, ids).await? {
            for row in rows.iter().filter(|row| row.says.term.holds_on(day)) {
                if let Some(field) = super::covers_field(&reference, &row.says) {
                    let view = HolderView::new(&reference, &users, &row.says.holder);
                    let names = found.entry(project.0).or_default();
                    names.insert(field, view.official());
                }
            }
        }
        Ok(found)
    }

    /// Shows who answers for a project; `as_of` shows a past day.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project may not be seen.
    pub async fn responsibility(
        &self,
        actor: &Actor,
        id: ProjectId,
        as_of: Option<Date>,
    ) -> Result<ResponsibilityView, AppError> {
        let project = self.visible(actor, Action::Read, id).await?;
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let day = as_of.unwrap_or(self.today());
        let mut rows = liaison::assignment_list(&self.db, id).await?;
        rows.sort_by_key(|row| (row.says.duty, row.says.unit.clone()));
        let standing = rows.iter().filter(|row| row.says.term.holds_on(day));
        let covered = standing
            .filter_map(|row| super::covers_field(&reference, &row.says))
            .map(Field::word)
            .collect();
        let views = rows
            .iter()
            .map(|row| AssignmentView::new(&reference, &users, row, day));
        let (standing, mut others): (Vec<_>, Vec<_>) = views.partition(|view| view.standing);
        others.sort_by(|one, other| other.from.cmp(&one.from));
        let may_assign = actor.grant_on(
            Action::Assign,
            &project.unit,
            project.department,
            project.reporter,
        );
        Ok(ResponsibilityView {
            project_id: id.0,
            project_name: project.name().to_owned(),
            unit: UnitView::new(&reference, &project.unit),
            as_of: day.to_string(),
            standing,
            others,
            covered,
            may_assign: may_assign.is_ok() && as_of.is_none(),
        })
    }

    /// Says how a person is named whose projects are listed.
    ///
    /// # Errors
    /// When nothing may be read, or there is no such person.
    pub async fn holder_named(&self, actor: &Actor, user: UserId) -> Result<String, AppError> {
        actor.grant(Action::Read)?;
        let found = accounts::user_get(&self.db, user).await?;
        Ok(found.or_not_found("user")?.display_name)
    }

    /// Lists who could be set: people with posts in the units the actor sets somebody for.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may set anybody.
    pub async fn assign_candidates(&self, actor: &Actor) -> Result<Vec<CandidateView>, AppError> {
        let scope = actor.grant(Action::Assign)?.scope;
        let reference = self.reference().await?;
        let users = accounts::user_list(&self.db).await?;
        let posts = accounts::post_list(&self.db, None).await?;
        let mut found: Vec<_> = posts
            .iter()
            .filter(|post| scope.unit.contains(&post.unit))
            .filter_map(|post| {
                let user = users
                    .iter()
                    .find(|one| one.user_id == post.user.0 && one.disabled == 0)?;
                let order = (post.unit.clone(), user.display_name.clone());
                let view = CandidateView {
                    user_id: post.user.0,
                    name: user.display_name.clone(),
                    role: post.role.word(),
                    unit: UnitView::new(&reference, &post.unit),
                };
                Some((order, view))
            })
            .collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(found.into_iter().map(|(_, view)| view).collect())
    }
}
