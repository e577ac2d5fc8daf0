//! Values that are handed in for reported indicators, each with what proves it.
//!
//! What a reader would get wrong: a value is added, never changed; a later one of the same day
//! stands in its place, and both stay on record.

use gangmu_domain::plans::{PlanId, PlanState, Source};
use gangmu_store::StoreError;
use gangmu_store::plans::{self, ValueRow};
use jiff::civil::Date;
use serde_json::json;

use super::draft::lock;
use super::input::Reading;
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App};

/// A value as a person hands it in.
#[derive(Clone, Debug, Default)]
pub struct ValueInput {
    /// The day it was true; today when absent.
    pub on: Option<Date>,
    /// The value in the indicator's unit.
    pub value: String,
    /// What proves it: a document, a table, where it was published.
    pub evidence: String,
}

impl App {
    /// Hands a value in for a reported indicator of a plan in force.
    ///
    /// # Errors
    /// [`AppError::State`] `plans.not_reported` for an indicator that is computed: its value is
    /// never typed; [`AppError::Invalid`] with what is wrong with the form.
    pub async fn plan_value_put(
        &self,
        actor: &Actor,
        id: PlanId,
        indicator: u32,
        input: &ValueInput,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let plan = lock(&tx, actor, id, None).await?;
        if plan.state != PlanState::Adopted {
            return Err(AppError::state("plans.not_in_force"));
        }
        let version = plans::plan_version_get(&tx, id, plan.version).await?;
        let content = version.or_not_found("plan")?.content;
        let (_, one) = content.indicator(indicator).or_not_found("indicator")?;
        if one.source != Source::Reported {
            return Err(AppError::state("plans.not_reported"));
        }
        let on = input.on.unwrap_or(self.today());
        let mut reading = Reading::new(&reference);
        if on > self.today() {
            reading.told("plans.value_later", "on", &[]);
        }
        let evidence = reading.text(&input.evidence, "evidence", true, 500);
        let quantity = reading.quantity(&one.unit, &input.value, "value");
        let value = reading.done(quantity.map(|quantity| ValueRow {
            on,
            quantity,
            evidence,
            user: actor.user,
            at: self.now(),
        }))?;
        match plans::plan_value_insert(&tx, id, indicator, &value).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::Changed { what: "plan" }),
            other => other?,
        }
        let detail = json!({ "indicator": indicator, "on": on.to_string() });
        self.plan_audit(&tx, actor, "plan_value", id, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
