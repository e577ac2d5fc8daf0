//! Looking at the audit trail; writing it is part of every change.

use gangmu_domain::organisation::{Action, UserId};
use gangmu_store::accounts;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::AppError;
use crate::{Actor, App};

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditView {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Their number; zero for the system itself.
    pub user_id: i64,
    /// Who.
    pub who: String,
    /// What, a stable word.
    pub action: String,
    /// On what, such as `project:17`.
    pub subject: String,
    /// Further facts as JSON.
    pub detail: String,
}

const PAGE: i64 = 100;

impl App {
    /// Lists a page of 100 lines, newest first, of one subject unless it is empty.
    ///
    /// # Errors
    /// When the actor may not read the audit trail.
    pub async fn audit_list(
        &self,
        actor: &Actor,
        subject: &str,
        page: i64,
    ) -> Result<Vec<AuditView>, AppError> {
        actor.grant(Action::ReadAudit)?;
        let users = self.user_names().await?;
        let offset = (page.max(1) - 1).saturating_mul(PAGE);
        let rows = accounts::audit_list(&self.db, subject, offset, PAGE).await?;
        Ok(rows
            .into_iter()
            .map(|row| AuditView {
                at: row.at,
                who: users.get(&UserId(row.user_id)).cloned().unwrap_or_default(),
                user_id: row.user_id,
                action: row.action,
                subject: row.subject,
                detail: row.detail,
            })
            .collect())
    }
}
