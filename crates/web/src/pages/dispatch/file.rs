//! Taking a typed return. What one would get wrong: a return is always kept as a draft first, so
//! that one that may not be handed in yet is not lost with the refusal.

use std::collections::BTreeMap;

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use gangmu_app::AppError;
use gangmu_app::dispatch::{Filing, KeptDates, TypedReturn};
use gangmu_app::domain::dispatch::{Figures, SiteStatus};
use gangmu_app::domain::library::{FundingSource, ProjectId};
use gangmu_app::domain::{Period, Yuan};
use jiff::civil::Date;

use super::form::ReturnForm;
use crate::i18n::Message;
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Visit};
use crate::view::{FieldError, Form};

const LONGEST_TEXT: usize = 4_000;

pub(super) async fn file(
    visit: Visit,
    Path((period, project)): Path<(String, i64)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let (period, project) = (work::period(&period)?, ProjectId(project));
    let (typed, figures) = read(&form);
    let figures = match figures {
        Ok(figures) => figures,
        Err(errors) => return again(&visit, period, project, Form { errors, ..typed }).await,
    };
    let version = sent(&form, "version").parse().unwrap_or(-1);
    let save = TypedReturn {
        project,
        version,
        figures,
        kept: KeptDates::default(),
    };
    match visit
        .app
        .return_save(&visit.actor, period, save.clone())
        .await
    {
        Ok(row) if sent(&form, "do") == "submit" => {
            let saved = TypedReturn {
                version: row.version,
                ..save
            };
            submit(&visit, period, saved).await
        }
        Ok(_) => {
            let to = format!("/dispatch/{period}/{project}");
            visit.done(Message::new("return.saved"), &to).await
        }
        Err(AppError::Changed { .. }) => contested(&visit, period, project, typed).await,
        Err(error) => refused(&visit, period, project, typed, error).await,
    }
}

/// Hands in what was just saved; what stops it is shown beside its field.
async fn submit(visit: &Visit, period: Period, typed: TypedReturn) -> Answer {
    let project = typed.project;
    let filed = visit
        .app
        .returns_file(&visit.actor, period, vec![typed], Filing::Submit)
        .await;
    match filed {
        Ok(()) => {
            let to = format!("/dispatch/{period}/{project}");
            visit.done(Message::new("return.submitted"), &to).await
        }
        Err(AppError::Invalid { .. }) => {
            let mut page = ReturnForm::load(visit, period, project).await?;
            page.form.errors = page
                .findings
                .iter()
                .filter(|found| !found.explained)
                .map(|found| FieldError {
                    field: found.field.clone(),
                    message: found.message.clone(),
                })
                .collect();
            page.refused(visit, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows the form again as it was typed, with what is wrong.
async fn again(visit: &Visit, period: Period, project: ProjectId, typed: Form) -> Answer {
    let mut page = ReturnForm::load(visit, period, project).await?;
    page.form = typed;
    page.refused(visit, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn refused(
    visit: &Visit,
    period: Period,
    project: ProjectId,
    typed: Form,
    error: AppError,
) -> Answer {
    let errors = work::problems(visit, error)?;
    again(visit, period, project, Form { errors, ..typed }).await
}

/// Shows what was typed beside what somebody else saved; saving again then replaces it knowingly.
async fn contested(visit: &Visit, period: Period, project: ProjectId, typed: Form) -> Answer {
    let mut page = ReturnForm::load(visit, period, project).await?;
    page.retype(typed);
    page.refused(visit, StatusCode::CONFLICT).await
}

/// Reads a return as it was sent, with everything that is wrong with it.
pub(crate) fn read(form: &Sent) -> (Form, Result<Figures, Vec<FieldError>>) {
    let mut reading = Reading::default();
    let figures = Figures {
        month: reading.amount(form, "month_investment"),
        funds: reading.funds(form),
        site_status: SiteStatus::from_word(sent(form, "site_status")),
        started_on: reading.date(form, "started_on"),
        finished_on: reading.date(form, "finished_on"),
        image_progress: reading.text(form, "image_progress"),
        problems: reading.text(form, "problems"),
        correction_reason: reading.text(form, "correction_reason"),
        explanations: reading.explanations(form),
    };
    let typed = Form {
        values: form
            .iter()
            .filter(|(name, _)| name != "version" && name != "do" && name != "csrf_token")
            .cloned()
            .collect(),
        errors: Vec::new(),
    };
    let read = if reading.errors.is_empty() {
        Ok(figures)
    } else {
        Err(reading.errors)
    };
    (typed, read)
}

#[derive(Default)]
struct Reading {
    errors: Vec<FieldError>,
}

impl Reading {
    fn wrong(&mut self, field: &str, message: Message) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message,
        });
    }

    fn amount(&mut self, form: &Sent, name: &str) -> Option<Yuan> {
        let typed = sent(form, name);
        if typed.is_empty() {
            return None;
        }
        let amount = work::yuan(typed);
        if amount.is_none() {
            self.wrong(
                name,
                Message::new("return.not_an_amount").with("found", typed),
            );
        }
        amount.map(Yuan)
    }

    fn funds(&mut self, form: &Sent) -> BTreeMap<FundingSource, Yuan> {
        let mut funds = BTreeMap::new();
        for source in FundingSource::ALL {
            if let Some(amount) = self.amount(form, &format!("funds.{}", source.word())) {
                funds.insert(*source, amount);
            }
        }
        funds
    }

    fn date(&mut self, form: &Sent, name: &str) -> Option<Date> {
        let typed = sent(form, name);
        if typed.is_empty() {
            return None;
        }
        let date = typed.parse().ok();
        if date.is_none() {
            self.wrong(name, Message::new("return.not_a_date").with("found", typed));
        }
        date
    }

    fn text(&mut self, form: &Sent, name: &str) -> String {
        let typed = sent(form, name).replace("\r\n", "\n");
        if typed.chars().count() > LONGEST_TEXT {
            self.wrong(name, Message::new("return.too_long"));
        }
        typed
    }

    fn explanations(&mut self, form: &Sent) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (name, _) in form {
            if let Some(code) = name.strip_prefix("explanations.") {
                let words = self.text(form, name);
                if !words.is_empty() {
                    all.insert(code.to_owned(), words);
                }
            }
        }
        all
    }
}
