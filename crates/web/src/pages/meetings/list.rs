//! The series and the meetings; adding a series, preparing its next meeting.

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::domain::meetings::Rhythm;
use gangmu_app::domain::organisation::Action;
use gangmu_app::meetings::{MeetingRowView, SeriesInput, SeriesView};
use gangmu_app::{AppError, Message as AppMessage};
use serde::Serialize;

use crate::assignments::day;
use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, name, refused, unit_name, worded};
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, Form};

/// The series and the meetings.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingList {
    pub series: Vec<Series>,
    pub meetings: Vec<Meeting>,
    pub rhythms: Vec<Choice>,
    pub units: Vec<Choice>,
    /// What a series may be narrowed to.
    pub abouts: Vec<Choice>,
    pub today: String,
    pub may_hold: bool,
    pub typed: Form,
}

/// A series.
#[derive(Clone, Debug, Serialize)]
pub struct Series {
    pub id: i64,
    pub title: String,
    pub unit: String,
    /// What it is narrowed to; empty for all projects of the unit.
    pub about: String,
    pub rhythm: String,
    pub next_on: String,
    pub missed: u32,
    pub ended: bool,
    /// The meeting that is being prepared; empty for none.
    pub prepared: String,
    pub may_hold: bool,
}

/// A meeting.
#[derive(Clone, Debug, Serialize)]
pub struct Meeting {
    pub id: i64,
    pub version: i64,
    pub href: String,
    pub title: String,
    pub unit: String,
    pub on: String,
    pub state: String,
    pub attendees: String,
    pub summary: String,
    /// How many projects the agenda had no room for.
    pub left_off: i64,
    pub by: String,
}

pub async fn show(visit: Visit) -> Answer {
    let page = MeetingList::load(&visit, Form::default()).await?;
    visit.page(&page).await
}

pub async fn add(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let done = match read(&form) {
        Ok(input) => visit.app.series_add(&visit.actor, &input).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            visit
                .done(Message::new("meetings.added"), "/meetings")
                .await
        }
        Err(error) => again(&visit, form, error).await,
    }
}

pub async fn prepare(visit: Visit, Path(series): Path<i64>) -> Answer {
    match visit.app.meeting_prepare(&visit.actor, series).await {
        Ok(id) => {
            let next = format!("/meetings/{id}");
            visit.done(Message::new("meetings.prepared"), &next).await
        }
        Err(error) => again(&visit, Vec::new(), error).await,
    }
}

pub async fn end(visit: Visit, Path(series): Path<i64>) -> Answer {
    visit.app.series_end(&visit.actor, series).await?;
    visit
        .done(Message::new("meetings.ended"), "/meetings")
        .await
}

async fn again(visit: &Visit, form: Sent, error: AppError) -> Answer {
    let errors = form_errors(visit, error)?;
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let page = MeetingList::load(visit, typed).await?;
    refused(visit, &page).await
}

/// Reads a series as it was typed, for the page's form and the API alike.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is missing or cannot be read.
pub fn read(form: &Sent) -> Result<SeriesInput, AppError> {
    let mut wrong = Vec::new();
    let rhythm = Rhythm::from_word(sent(form, "rhythm"));
    if rhythm.is_none() {
        wrong.push(AppMessage::new("field.missing", "rhythm", []));
    }
    let first = day(form, "first", &mut wrong);
    match rhythm {
        Some(rhythm) if wrong.is_empty() => Ok(SeriesInput {
            title: sent(form, "title").to_owned(),
            unit: sent(form, "unit").to_owned(),
            about: sent(form, "about").to_owned(),
            rhythm,
            first,
        }),
        _ => Err(AppError::Invalid { messages: wrong }),
    }
}

/// What a series is narrowed to: the kind and what it is called.
fn about(texts: &Texts, word: &str, label: &str) -> String {
    let kind = worded(texts, "meetings.about.", word);
    let colon = texts.message(&Message::new("punctuation.colon"));
    format!("{kind}{colon}{label}")
}

/// What a series may be narrowed to: departments, chains, people who hold duties.
async fn abouts(visit: &Visit) -> Result<Vec<Choice>, Failure> {
    let texts = visit.texts()?;
    let lang = texts.lang();
    let reference = visit.app.reference().await?;
    let labelled = |word: &str, key: &str, label: &str| {
        Choice::new(format!("{word}:{key}"), about(texts, word, label))
    };
    let mut all: Vec<Choice> = Vec::new();
    for one in &reference.departments {
        let label = name(lang, &one.short_name, &one.name_en);
        all.push(labelled("department", &one.code, &label));
    }
    for one in reference.chains().into_iter().flat_map(|one| &one.groups) {
        let label = name(lang, &one.name, &one.name_en);
        all.push(labelled("chain", &one.code, &label));
    }
    if visit.may(Action::Assign) {
        for one in visit.app.assign_candidates(&visit.actor).await? {
            let unit = unit_name(lang, &one.unit);
            let label = format!("{} · {unit}", one.name);
            all.push(labelled("holder", &one.user_id.to_string(), &label));
        }
    }
    all.dedup_by(|one, other| one.value == other.value);
    Ok(all)
}

impl MeetingList {
    async fn load(visit: &Visit, typed: Form) -> Result<Self, Failure> {
        let found = visit.app.meetings(&visit.actor).await?;
        let texts = visit.texts()?;
        let rhythm = |one: &Rhythm| {
            let label = words::word(texts, "meetings.rhythm.", one.word());
            Choice::new(one.word(), label)
        };
        Ok(Self {
            series: found.series.iter().map(|one| series(texts, one)).collect(),
            meetings: found
                .meetings
                .iter()
                .map(|one| meeting(texts, one))
                .collect(),
            rhythms: Rhythm::ALL.iter().map(rhythm).collect(),
            units: work::units(visit).await?,
            abouts: match visit.may(Action::HoldMeeting) {
                true => abouts(visit).await?,
                false => Vec::new(),
            },
            today: visit.app.today().to_string(),
            may_hold: visit.may(Action::HoldMeeting),
            typed,
        })
    }
}

fn series(texts: &Texts, view: &SeriesView) -> Series {
    Series {
        id: view.series_id,
        title: view.title.clone(),
        unit: unit_name(texts.lang(), &view.unit),
        about: match view.about {
            "" => String::new(),
            word => {
                let of = name(texts.lang(), &view.about_name, &view.about_name_en);
                about(texts, word, &of)
            }
        },
        rhythm: view.rhythm.to_owned(),
        next_on: view.next_on.clone(),
        missed: view.missed,
        ended: view.ended,
        prepared: view
            .prepared
            .map_or_else(String::new, |id| format!("/meetings/{id}")),
        may_hold: view.may_hold,
    }
}

/// Words a meeting.
pub fn meeting(texts: &Texts, view: &MeetingRowView) -> Meeting {
    Meeting {
        id: view.meeting_id,
        version: view.version,
        href: format!("/meetings/{}", view.meeting_id),
        title: view.title.clone(),
        unit: unit_name(texts.lang(), &view.unit),
        on: view.on.clone(),
        state: view.state.to_owned(),
        attendees: view.attendees.clone(),
        summary: view.summary.clone(),
        left_off: view.left_off,
        by: view.by.clone(),
    }
}
