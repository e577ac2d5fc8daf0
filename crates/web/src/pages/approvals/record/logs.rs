//! Somebody else's log, analysed where it is handed in. What one would get wrong: nothing is kept,
//! neither the file nor the figures, so the page that shows them has no address to come back to.
//! (外部日志)

use axum::extract::Multipart;
use gangmu_app::domain::organisation::Action;
use gangmu_app::event_logs::{AnalyseOptions, DeadlineView, LogAnalysis, LogError};
use gangmu_app::{AppError, Language, Message as AppMessage};
use serde::Serialize;

use super::Frame;
use super::found::{Figures, Found, Wording, count, rarities};
use super::process::drawn;
use crate::i18n::{Lang, Message, Texts};
use crate::import_form::HandedIn;
use crate::pages::common::{form_errors, keyed, refused};
use crate::pages::work;
use crate::server::{Answer, Visit};
use crate::view::{Choice, Form, Query, Rate};

/// The form, and what the log taught that was handed in.
#[derive(Clone, Debug, Serialize)]
pub struct LogsPage {
    pub frame: Frame,
    pub form: Form,
    pub rarities: Vec<Choice>,
    pub analysed: Option<Analysed>,
}

/// What a log taught.
#[derive(Clone, Debug, Serialize)]
pub struct Analysed {
    pub file: String,
    pub found: Found,
    pub events_left_out: i64,
    pub values_left_out: i64,
    pub backward: i64,
    /// The first values that were not what their type says.
    pub problems: Vec<String>,
    pub deadlines: Option<Deadlines>,
}

/// How the cases stand to their deadlines.
#[derive(Clone, Debug, Serialize)]
pub struct Deadlines {
    pub deadline: String,
    /// The attribute with the end; empty when the last event is the end.
    pub closed_by: String,
    pub closed: i64,
    pub open: i64,
    pub with_deadline: i64,
    pub late: i64,
    pub on_time: Rate,
    /// Median, P80, longest, in words; empty when none was late.
    pub lateness: Vec<String>,
    pub unreadable: i64,
}

/// Where the form stands; its answer is shown in the same place.
const PLACE: &str = "/approvals/logs";

pub async fn form(visit: Visit) -> Answer {
    visit.actor.grant(Action::Read)?;
    let page = LogsPage {
        frame: Frame::load(&visit).await?,
        form: Form::default(),
        rarities: rarities(visit.texts()?),
        analysed: None,
    };
    visit.page(&page).await
}

pub async fn analyse(mut visit: Visit, multipart: Multipart) -> Answer {
    visit.here = Query::new(PLACE, &[]);
    let mut handed = HandedIn::read(multipart).await?;
    let file = handed.files.drain(..).next();
    let mut page = LogsPage {
        frame: Frame::load(&visit).await?,
        form: Form {
            values: handed.form.iter().cloned().collect(),
            errors: Vec::new(),
        },
        rarities: rarities(visit.texts()?),
        analysed: None,
    };
    let asked = async {
        let file = file.ok_or_else(|| AppError::invalid("field.missing", "file"))?;
        let options = options(&handed.form)?;
        let found = visit.app.log_analyse(&visit.actor, file.bytes, options);
        let found = found.await?.map_err(|error| told(&error, visit.lang))?;
        Ok::<_, AppError>((file.name, found))
    };
    match asked.await {
        Ok((name, found)) => {
            page.analysed = Some(Analysed::new(visit.texts()?, name, &found));
            visit.page(&page).await
        }
        Err(error) => {
            page.form.errors = form_errors(&visit, error)?;
            refused(&visit, &page).await
        }
    }
}

/// Reads what to analyse a log by; what was left empty is found where it usually stands.
pub fn options(form: &work::Sent) -> Result<AnalyseOptions, AppError> {
    let own = |name: &str| Some(work::sent(form, name).to_owned()).filter(|text| !text.is_empty());
    let rare = own("rare").unwrap_or_default();
    Ok(AnalyseOptions {
        deadline: own("deadline"),
        closed: own("closed"),
        object: own("object"),
        drawn: drawn(&Query::new("", &[("rare", &rare)]))?,
        ..AnalyseOptions::default()
    })
}

/// Puts why a log was refused beside the field it came from.
pub fn told(error: &LogError, lang: Lang) -> AppError {
    let field = match error {
        LogError::Refused(_) => "file",
        LogError::NoAttribute { .. } => "deadline",
        LogError::ObjectType { .. } => "object",
    };
    let language = match lang {
        Lang::ZhCn => Language::Chinese,
        Lang::En => Language::English,
    };
    AppError::Invalid {
        messages: vec![AppMessage::new(
            "field.log_refused",
            field,
            [error.message(language)],
        )],
    }
}

impl Analysed {
    /// Words what a log taught.
    pub fn new(texts: &Texts, file: String, view: &LogAnalysis) -> Self {
        let name = |word: &str| word.to_owned();
        let length = |milliseconds| length(texts, milliseconds);
        let wording = Wording {
            texts,
            name: &name,
            length: &length,
            short: &length,
        };
        let figures = Figures {
            cases: view.cases,
            events: view.events,
            duration: view.duration,
            map: &view.map,
            graph: &view.graph,
            activities: &view.activities,
            variants: &view.variants,
        };
        let language = match texts.lang() {
            Lang::ZhCn => Language::Chinese,
            Lang::En => Language::English,
        };
        Self {
            file,
            found: wording.found(&figures),
            events_left_out: count(view.events_left_out),
            values_left_out: count(view.values_left_out),
            backward: count(view.graph.backward),
            problems: view
                .problems
                .iter()
                .map(|one| one.message(language))
                .collect(),
            deadlines: view
                .deadlines
                .as_ref()
                .map(|one| Deadlines::new(texts, one)),
        }
    }
}

impl Deadlines {
    fn new(texts: &Texts, view: &DeadlineView) -> Self {
        let late = view.lateness.map(|one| [one.median, one.p80, one.most]);
        Self {
            deadline: view.deadline.clone(),
            closed_by: view.closed_by.clone().unwrap_or_default(),
            closed: count(view.closed),
            open: count(view.open),
            with_deadline: count(view.with_deadline),
            late: count(view.late),
            on_time: Rate {
                num: count(view.with_deadline - view.late),
                den: count(view.with_deadline),
            },
            lateness: late.map_or_else(Vec::new, |late| {
                late.map(|milliseconds| length(texts, milliseconds)).into()
            }),
            unreadable: count(view.unreadable),
        }
    }
}

/// A length in the largest unit that gives more than one: days, hours, minutes, seconds.
fn length(texts: &Texts, milliseconds: i64) -> String {
    const UNITS: [(i64, &str); 3] = [
        (86_400_000, "days"),
        (3_600_000, "hours"),
        (60_000, "minutes"),
    ];
    let fits = UNITS.iter().find(|(unit, _)| milliseconds >= *unit);
    let (unit, word) = fits.copied().unwrap_or((1_000, "seconds"));
    let tenths = crate::number::grouped(i128::from(milliseconds / (unit / 10)), 1);
    let message: Message = keyed("record.length.", word);
    texts.message(&message.with("n", tenths))
}
