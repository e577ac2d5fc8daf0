//! Who missed which round. (漏报迟报)

use gangmu_app::AppError;
use gangmu_app::domain::organisation::Action;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::supervision::{MissedPage, MissedQuery};
use serde::Serialize;

use super::period;
use crate::pages::imports::workbook;
use crate::server::{Answer, Visit};
use crate::view::{Choice, Query};

/// Reports that are missing or came late.
#[derive(Clone, Debug, Serialize)]
pub struct MissedList {
    pub query: Query,
    pub missed: MissedPage,
    pub plans: Vec<Choice>,
    pub periods: Vec<Choice>,
    pub may_export: bool,
    pub today: String,
}

fn query(here: &Query) -> Result<MissedQuery, AppError> {
    let plan = here.get("plan").filter(|text| !text.is_empty());
    let nowhere = |_| AppError::NotFound { what: "page" };
    let plan: Option<i64> = plan.map(str::parse).transpose().map_err(nowhere)?;
    let asked = here.get("period").is_some_and(|text| !text.is_empty());
    Ok(MissedQuery {
        plan: plan.map(PlanId),
        period: if asked { period(here)? } else { None },
    })
}

pub async fn show(visit: Visit) -> Answer {
    let (app, actor) = (&visit.app, &visit.actor);
    let page = app.supervision_missed(actor, query(&visit.here)?).await?;
    let plans = app.supervision_page(actor).await?.rows;
    let all = app
        .supervision_missed(actor, MissedQuery::default())
        .await?;
    let lang = visit.texts()?.lang();
    let mut months: Vec<String> = all.rows.into_iter().map(|row| row.period).collect();
    months.sort_unstable_by(|a, b| b.cmp(a));
    months.dedup();
    let month = |text: String| {
        let label = crate::dates::month_of(&text, lang);
        Choice::new(text, label)
    };
    let list = MissedList {
        query: visit.here.clone(),
        missed: page,
        plans: plans
            .into_iter()
            .map(|row| Choice::new(row.plan_id.to_string(), row.title))
            .collect(),
        periods: months.into_iter().map(month).collect(),
        may_export: visit.may(Action::Export),
        today: app.today().to_string(),
    };
    visit.page(&list).await
}

pub async fn workbook_of_missed(visit: Visit) -> Answer {
    let query = query(&visit.here)?;
    let made = visit.app.export_supervision_missed(&visit.actor, query);
    let made = made.await?;
    Ok(workbook(&made.name, made.bytes))
}
