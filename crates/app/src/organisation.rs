//! The tree of units and who may look where.

use gangmu_domain::Period;
use gangmu_domain::organisation::{Action, DepartmentId, Role, Scope, UnitLevel, UnitPath, allows};
use gangmu_store::{Conn, dispatch, notices};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::{Actor, App, Reference};

/// A unit with those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitNode {
    /// The unit.
    #[serde(flatten)]
    pub unit: UnitView,
    /// `division` or `zone`.
    pub kind: String,
    /// The level's number: 0 region, 1 league, 2 banner.
    pub level: i16,
    /// The units directly below.
    #[schema(no_recursion)]
    pub children: Vec<UnitNode>,
}

impl App {
    /// Returns the tree of units the actor may look into.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn unit_tree(&self, actor: &Actor) -> Result<UnitNode, AppError> {
        let reference = self.reference().await?;
        let top = match actor.grant(Action::Read) {
            Ok(grant) => grant.scope.unit,
            // Administrators read no figures but need the tree to give posts.
            Err(_) if actor.may(Action::ManageUsers) || actor.may(Action::ManageReference) => {
                reference.root()?.path.clone()
            }
            Err(refused) => return Err(refused),
        };
        let unit = reference.unit(&top).or_not_found("unit")?;
        Ok(node(&reference, unit))
    }

    /// Narrows what the actor may do to a unit named by code; the whole scope when none is named.
    pub(crate) async fn scope_in(
        &self,
        actor: &Actor,
        action: Action,
        unit_code: Option<&str>,
    ) -> Result<Scope, AppError> {
        let scope = actor.grant(action)?.scope;
        let Some(code) = unit_code.filter(|code| !code.is_empty()) else {
            return Ok(scope);
        };
        let reference = self.reference().await?;
        let unit = reference.unit_by_code(code).or_not_found("unit")?;
        scope.within(&unit.path).or_not_found("unit")
    }

    /// Returns the period asked for, else the newest there is.
    pub(crate) async fn period_or_newest(
        &self,
        period: Option<Period>,
    ) -> Result<Period, AppError> {
        if let Some(period) = period {
            return Ok(period);
        }
        let newest = dispatch::period_list(&self.db).await?;
        newest
            .first()
            .map(|row| row.period)
            .or_else(|| Period::of(self.today()))
            .or_not_found("period")
    }
}

fn node(reference: &crate::Reference, unit: &gangmu_store::organisation::Unit) -> UnitNode {
    UnitNode {
        unit: UnitView::new(reference, &unit.path),
        kind: unit.kind.clone(),
        level: unit.level.number(),
        children: reference
            .children(&unit.path)
            .into_iter()
            .map(|child| node(reference, child))
            .collect(),
    }
}

/// Says whether anybody with a post at a unit may do something; `speaks` says of which departments
/// (none: all of the unit) a post is asked.
pub(crate) async fn somebody_may(
    conn: &impl Conn,
    reference: &Reference,
    (unit, action): (&UnitPath, Action),
    speaks: impl Fn(Option<DepartmentId>) -> bool,
) -> Result<bool, AppError> {
    let level = reference.level(unit);
    let posts = notices::post_list_above(conn, unit).await?;
    Ok(posts.iter().any(|post| {
        post.unit == *unit && acts_for_office(post.role, level, action) && speaks(post.department)
    }))
}

/// Says whether a role may do something for its office; an owner's reporter does it for projects alone.
pub(crate) fn acts_for_office(role: Role, level: UnitLevel, action: Action) -> bool {
    role != Role::Reporter && allows(role, level, action)
}
