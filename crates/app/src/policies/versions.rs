//! What administrators see of policy files: the text in use and every version there was. Reading
//! needs no leave: a rule that lights a project red must be open to whoever is lit.

use gangmu_domain::organisation::{Action, UserId};
use gangmu_store::policies;
use serde::Serialize;

use crate::error::{AppError, OrNotFound};
use crate::{Actor, App, ReferenceKind};

/// One version of a policy file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyVersionView {
    /// The kind's word.
    pub kind: String,
    /// Counts the versions of the kind.
    pub version: i64,
    /// The first day it applies on.
    pub valid_from: String,
    /// When it was loaded, in milliseconds since 1970.
    pub at: i64,
    /// Who loaded it.
    pub who: String,
}

impl App {
    /// Lists all versions that were loaded, newest first; what ships is not among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn policy_versions(&self) -> Result<Vec<PolicyVersionView>, AppError> {
        let users = self.user_names().await?;
        let versions = policies::policy_list(&self.db).await?;
        Ok(versions
            .into_iter()
            .map(|version| PolicyVersionView {
                who: users
                    .get(&UserId(version.user_id))
                    .cloned()
                    .unwrap_or_default(),
                kind: version.kind,
                version: version.version,
                valid_from: version.valid_from,
                at: version.at,
            })
            .collect())
    }

    /// Returns the text of the policy file in use today.
    ///
    /// # Errors
    /// When the kind is no policy, or the actor may neither read nor manage policies.
    pub async fn policy_text(
        &self,
        actor: &Actor,
        kind: ReferenceKind,
    ) -> Result<String, AppError> {
        if !actor.may(Action::Read) {
            actor.grant(Action::ManagePolicies)?;
        }
        Some(kind)
            .filter(|kind| kind.is_policy())
            .or_not_found("page")?;
        self.policy(kind.word(), self.today()).await
    }
}
