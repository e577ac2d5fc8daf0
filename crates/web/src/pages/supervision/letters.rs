//! Letters of supervisors: the list, one letter with what came of it, answering and looking again.

use axum::extract::{Multipart, Path};
use gangmu_app::AppError;
use gangmu_app::domain::supervision::{LetterAct, LetterState};
use gangmu_app::library::Upload;
use gangmu_app::supervision::{
    LetterActInput, LetterDetail, LetterEventView, LetterRowView, LettersQuery,
};
use jiff::civil::Date;
use serde::Serialize;

use super::{Step, steps, told};
use crate::api::DOCX;
use crate::api::download;
use crate::pages::common::keyed;
use crate::pages::work::{self, Sent, instant, sent};
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, Form, Pager, Query};

/// The letters.
#[derive(Clone, Debug, Serialize)]
pub struct LetterList {
    pub query: Query,
    pub rows: Vec<LetterRowView>,
    pub pager: Pager,
    pub states: Vec<Choice>,
    pub today: String,
}

/// A letter.
#[derive(Clone, Debug, Serialize)]
pub struct LetterPage {
    pub letter: LetterDetail,
    /// What came of it, newest first, each with its instant.
    pub events: Vec<(String, LetterEventView)>,
    /// The steps of the ladder that fired, newest first, each with its instant.
    pub steps: Vec<(String, Step)>,
    /// reply, recheck; none for no form.
    pub opened: Option<String>,
    pub typed: Form,
    pub today: String,
}

/// What a letter is called by in an address.
type Called = (String, i16, i64);

pub async fn list(visit: Visit) -> Answer {
    let asked = visit.here.get("state").filter(|text| !text.is_empty());
    let state =
        asked.map(|word| LetterState::from_word(word).ok_or(AppError::NotFound { what: "page" }));
    let (app, actor) = (&visit.app, &visit.actor);
    let at = work::page(&visit.here);
    let query = LettersQuery {
        state: state.transpose()?,
        page: at,
        ..LettersQuery::default()
    };
    let found = app.supervision_letters(actor, &query).await?;
    let texts = visit.texts()?;
    let choice = |one: &LetterState| {
        let label = words::word(texts, "supervision.letter_state.", one.word());
        Choice::new(one.word(), label)
    };
    let page = LetterList {
        pager: work::pager_of(
            (&visit.here, "page"),
            (found.page, found.page_size, found.total),
        ),
        query: visit.here.clone(),
        rows: found.rows,
        states: LetterState::ALL.iter().map(choice).collect(),
        today: app.today().to_string(),
    };
    visit.page(&page).await
}

pub async fn show(visit: Visit, Path(called): Path<Called>) -> Answer {
    let opened = visit.here.get("do").map(str::to_owned);
    let page = LetterPage::load(&visit, &called, opened, None).await?;
    visit.page(&page).await
}

pub async fn file(visit: Visit, Path((unit, year, seq)): Path<Called>) -> Answer {
    let (app, actor) = (&visit.app, &visit.actor);
    let (name, bytes) = app
        .supervision_letter_file(actor, &unit, (year, seq))
        .await?;
    Ok(download(&name, DOCX, bytes.into()))
}

pub async fn evidence(
    visit: Visit,
    Path((unit, year, seq, act, number)): Path<(String, i16, i64, i64, i64)>,
) -> Answer {
    let (app, actor) = (&visit.app, &visit.actor);
    let (name, media_type, bytes) = app
        .supervision_letter_evidence(actor, &unit, (year, seq), (act, number))
        .await?;
    Ok(download(&name, &media_type, bytes))
}

pub async fn act(
    visit: Visit,
    Path((unit, year, seq, word)): Path<(String, i16, i64, String)>,
    parts: Multipart,
) -> Answer {
    let (form, files) = work::with_files(parts).await?;
    let called = (unit, year, seq);
    let error = match perform(&visit, &called, &word, &form, files).await {
        Ok(()) => {
            let next = format!("/supervision/letters/{}/{year}/{seq}", called.0);
            return visit.done(keyed("supervision.done.", &word), &next).await;
        }
        Err(error) => error,
    };
    let (status, errors) = told(&visit, error)?;
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let page = LetterPage::load(&visit, &called, Some(word), Some(typed)).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

async fn perform(
    visit: &Visit,
    (unit, year, seq): &Called,
    word: &str,
    form: &Sent,
    files: Vec<Upload>,
) -> Result<(), AppError> {
    let act = match word {
        "reply" => LetterAct::Reply {
            text: sent(form, "text").to_owned(),
        },
        "recheck" => LetterAct::Recheck {
            settled: sent(form, "settled") == "yes",
            note: sent(form, "note").to_owned(),
            reply_by: match sent(form, "reply_by") {
                "" => None,
                text => Some(
                    text.parse::<Date>()
                        .map_err(|_| AppError::invalid("field.not_a_date", "reply_by"))?,
                ),
            },
        },
        _ => return Err(AppError::NotFound { what: "action" }),
    };
    let input = LetterActInput {
        version: sent(form, "version").parse().ok(),
        act,
        files,
    };
    let app = &visit.app;
    app.supervision_letter_act(&visit.actor, unit, (*year, *seq), input)
        .await?;
    Ok(())
}

impl LetterPage {
    async fn load(
        visit: &Visit,
        (unit, year, seq): &Called,
        opened: Option<String>,
        typed: Option<Form>,
    ) -> Result<Self, Failure> {
        let app = &visit.app;
        let letter = app
            .supervision_letter(&visit.actor, unit, (*year, *seq))
            .await?;
        Ok(Self {
            steps: steps(visit.texts()?, &letter.steps),
            events: letter
                .events
                .iter()
                .rev()
                .map(|event| (instant(event.at), event.clone()))
                .collect(),
            opened: opened.filter(|word| letter.offers.iter().any(|one| one == word)),
            letter,
            typed: typed.unwrap_or_default(),
            today: app.today().to_string(),
        })
    }
}
