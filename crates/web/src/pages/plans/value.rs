//! A value that is handed in for a reported indicator, with the files that prove it; and such a file.

use axum::extract::{Multipart, Path};
use gangmu_app::AppError;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::library::Upload;
use gangmu_app::plans::ValueInput;

use super::read;
use super::show::told;
use super::task::TaskPage;
use crate::api::attachments::download;
use crate::import_form::HandedIn;
use crate::pages::common::keyed;
use crate::pages::work::{Sent, sent};
use crate::server::{Answer, Visit};
use crate::view::Form;

pub async fn hand_in(
    visit: Visit,
    Path((id, task)): Path<(i64, u32)>,
    multipart: Multipart,
) -> Answer {
    let HandedIn { files, form } = HandedIn::read(multipart).await?;
    let files = files.into_iter().map(|file| Upload {
        file_name: file.name,
        bytes: file.bytes,
    });
    let plan = PlanId(id);
    let key: Option<u32> = sent(&form, "key").parse().ok();
    let error = match put(&visit, plan, key, &form, files.collect()).await {
        Ok(()) => {
            let next = format!("/plans/{id}/tasks/{task}");
            return visit.done(keyed("plans.done.", "value"), &next).await;
        }
        Err(error) => error,
    };
    let (status, errors) = told(&visit, error)?;
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let opened = Some("value".to_owned());
    let page = TaskPage::load(&visit, (plan, task), None, opened, key, Some(typed)).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

async fn put(
    visit: &Visit,
    plan: PlanId,
    key: Option<u32>,
    form: &Sent,
    files: Vec<Upload>,
) -> Result<(), AppError> {
    let indicator = key.ok_or(AppError::NotFound { what: "indicator" })?;
    let input = ValueInput {
        on: read::day(form, "on")?,
        value: sent(form, "value").to_owned(),
        evidence: sent(form, "evidence").to_owned(),
        files,
    };
    let app = &visit.app;
    app.plan_value_put(&visit.actor, plan, indicator, input)
        .await?;
    Ok(())
}

pub async fn file(
    visit: Visit,
    Path((id, indicator, value, file)): Path<(i64, u32, i64, i64)>,
) -> Answer {
    let place = (indicator, value, file);
    let found = visit
        .app
        .plan_evidence_read(&visit.actor, PlanId(id), place)
        .await?;
    let (row, bytes) = found;
    Ok(download(&row.file_name, &row.media_type, bytes))
}
