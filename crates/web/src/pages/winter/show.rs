//! A project's winter: the plan, what was done, and the form of what may be done next.

use std::collections::{BTreeMap, BTreeSet};

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::winter::{Act, ActKind, Plan};
use gangmu_app::domain::{Period, Yuan};
use gangmu_app::winter::{
    WinterChoiceView, WinterEventView, WinterInput, WinterMeasureView, WinterPlanView,
    WinterRulesView, WinterView,
};
use gangmu_app::{AppError, Message as AppMessage};
use jiff::civil::Date;
use serde::Serialize;

use super::list::{season_name, tone};
use crate::i18n::{Lang, Message};
use crate::number;
use crate::pages::common::{form_errors, keyed, name, unit_name};
use crate::pages::work::{self, Sent, instant, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, FieldError, Form, Link};

/// A project's winter.
#[derive(Clone, Debug, Serialize)]
pub struct WinterPageView {
    pub id: i64,
    pub project: String,
    pub unit: String,
    pub season: i16,
    pub season_name: String,
    pub from_on: String,
    pub to_on: String,
    pub file_by: String,
    pub late: bool,
    pub version: i64,
    pub state: String,
    pub tone: &'static str,
    pub reason: String,
    pub plan: Option<WinterPlanView>,
    /// The months of the season.
    pub months: Vec<String>,
    pub filed_on: Option<String>,
    pub spells: Vec<Spell>,
    pub days_stopped: i64,
    pub inspections: usize,
    pub found_wanting: usize,
    /// What a plan sees to, with whether this one does.
    pub measures: Vec<Measure>,
    /// The name of the attachment that holds the plan.
    pub attachment: Option<String>,
    /// Newest first.
    pub events: Vec<Done>,
    pub acts: Vec<String>,
    pub opened: Option<String>,
    pub reasons: Vec<Choice>,
    pub causes: Vec<Choice>,
    pub attachments: Vec<Choice>,
    pub form: Form,
    /// The words of the measures ticked in the form.
    pub ticked: Vec<String>,
    pub today: String,
}

/// A time in which work stood still.
#[derive(Clone, Debug, Serialize)]
pub struct Spell {
    pub from_on: String,
    pub to_on: Option<String>,
    pub cause: String,
    pub note: String,
    pub days: i64,
}

/// Something a plan sees to.
#[derive(Clone, Debug, Serialize)]
pub struct Measure {
    pub code: String,
    pub group: String,
    pub text: String,
    pub threshold: String,
    pub required: bool,
    pub seen_to: bool,
}

/// Something that was done.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    pub act: String,
    pub on: String,
    /// RFC 3339.
    pub at: String,
    pub who: String,
    pub word: String,
    pub note: String,
    /// Photos and papers.
    pub files: Vec<Link>,
    pub sound: Option<bool>,
    pub planned: Option<i64>,
}

/// A project's winter in a line, for its card.
#[derive(Clone, Debug, Serialize)]
pub struct Brief {
    pub season: String,
    pub state: String,
    pub tone: &'static str,
    pub reason: String,
    pub planned: i64,
    pub first_quarter: i64,
    pub from_on: Option<String>,
    pub to_on: Option<String>,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let opened = visit.here.get("do").map(str::to_owned);
    let page = WinterPageView::load(&visit, id, opened.as_deref(), None).await?;
    visit.page(&page).await
}

pub async fn act(
    visit: Visit,
    Path((id, word)): Path<(i64, String)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let season = sent(&form, "season").to_owned();
    let error = match perform(&visit, id, &word, &form).await {
        Ok(()) => {
            let done = keyed("winter.done.", &word);
            return visit
                .done(done, &format!("/projects/{id}/winter?season={season}"))
                .await;
        }
        Err(error) => error,
    };
    let (status, errors) = match error {
        AppError::Changed { .. } => {
            let message = Message::new("winter.changed");
            let field = String::new();
            (StatusCode::CONFLICT, vec![FieldError { field, message }])
        }
        other => (
            StatusCode::UNPROCESSABLE_ENTITY,
            form_errors(&visit, other)?,
        ),
    };
    let page = WinterPageView::load(&visit, id, Some(&word), Some((form, errors))).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

async fn perform(visit: &Visit, id: i64, word: &str, form: &Sent) -> Result<(), AppError> {
    let kind = ActKind::from_word(word).ok_or(AppError::NotFound { what: "action" })?;
    let season = sent(form, "season").parse();
    let season = season.map_err(|_| AppError::NotFound { what: "season" })?;
    let mut reading = Reading {
        form,
        wrong: Vec::new(),
    };
    let on = reading.day("on");
    let act = reading.act(kind);
    if !reading.wrong.is_empty() {
        return Err(AppError::Invalid {
            messages: reading.wrong,
        });
    }
    let input = WinterInput {
        version: Some(sent(form, "version").parse().unwrap_or(-1)),
        on,
        act,
    };
    let project = ProjectId(id);
    visit
        .app
        .winter_act(&visit.actor, project, season, &input)
        .await?;
    Ok(())
}

/// What was typed, with what cannot be read gathered on the way.
struct Reading<'a> {
    form: &'a Sent,
    wrong: Vec<AppMessage>,
}

impl Reading<'_> {
    fn text(&self, name: &str) -> String {
        sent(self.form, name).to_owned()
    }

    fn read<T>(&mut self, name: &str, code: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let found = read(&text);
        if found.is_none() {
            self.wrong.push(AppMessage::new(code, name, [text]));
        }
        found
    }

    fn day(&mut self, name: &str) -> Option<Date> {
        self.read(name, "field.not_a_date", |text| text.parse().ok())
    }

    fn act(&mut self, kind: ActKind) -> Act {
        let note = self.text("note");
        match kind {
            ActKind::Rest => Act::Rest {
                reason: self.text("reason"),
                note,
            },
            ActKind::Plan => Act::Plan(self.plan()),
            ActKind::Submit => Act::Submit,
            ActKind::File => Act::File,
            ActKind::SendBack => Act::SendBack {
                reason: self.text("reason"),
            },
            ActKind::Inspect => Act::Inspect {
                sound: self.text("sound") == "yes",
                findings: self.text("findings"),
                files: {
                    let ticked = self.form.iter().filter(|(key, _)| key == "files");
                    ticked.filter_map(|(_, seq)| seq.parse().ok()).collect()
                },
            },
            ActKind::Stop => Act::Stop {
                cause: self.text("cause"),
                note,
            },
            ActKind::Resume => Act::Resume { note },
        }
    }

    fn plan(&mut self) -> Plan {
        let months: Vec<(String, Period)> = self
            .form
            .iter()
            .filter_map(|(key, _)| {
                let month = key.strip_prefix("month_")?.parse().ok()?;
                Some((key.clone(), month))
            })
            .collect();
        let mut investment = BTreeMap::new();
        for (key, month) in months {
            if let Some(yuan) = self.read(&key, "field.not_money", work::yuan)
                && yuan != 0
            {
                investment.insert(month, Yuan(yuan));
            }
        }
        let ticked = self.form.iter().filter(|(key, _)| key == "measures");
        let measures: BTreeSet<String> = ticked.map(|(_, code)| code.clone()).collect();
        Plan {
            from: self.day("from"),
            to: self.day("to"),
            parts: self.text("parts"),
            investment,
            workers: self.read("workers", "winter.unmet.workers_bad", |text| {
                text.parse().ok().filter(|n| *n <= 100_000)
            }),
            measures,
            further: self.text("further"),
            prepared_on: self.day("prepared_on"),
            supervised_on: self.day("supervised_on"),
            attachment: self.text("attachment").parse().ok(),
        }
    }
}

/// A project's winter for its card; nothing where the place has no winter.
pub async fn of_project(visit: &Visit, project: i64) -> Result<Option<Brief>, Failure> {
    let id = ProjectId(project);
    let view = match visit.app.winter_view(&visit.actor, id, None).await {
        Err(AppError::NotFound { what: "season" }) => return Ok(None),
        other => other?,
    };
    let rules = visit.app.winter_rules().await?;
    let counted = view.plan.as_ref().filter(|_| view.state != "resting");
    Ok(Some(Brief {
        season: season_name(view.season.year),
        tone: tone(&view.state),
        reason: chosen(visit.lang, &rules.reasons, &view.reason),
        planned: counted.map_or(0, |plan| plan.planned),
        first_quarter: counted.map_or(0, |plan| plan.first_quarter),
        from_on: counted.and_then(|plan| plan.from_on.clone()),
        to_on: counted.and_then(|plan| plan.to_on.clone()),
        state: view.state,
    }))
}

/// The words of a code; a code nobody knows any more is shown as it is.
fn chosen(lang: Lang, choices: &[WinterChoiceView], code: &str) -> String {
    let found = choices.iter().find(|one| one.code == code);
    found.map_or_else(
        || code.to_owned(),
        |one| name(lang, &one.text, &one.text_en),
    )
}

impl WinterPageView {
    async fn load(
        visit: &Visit,
        id: i64,
        opened: Option<&str>,
        typed: Option<(Sent, Vec<FieldError>)>,
    ) -> Result<Self, Failure> {
        let typed_season = typed
            .as_ref()
            .map(|(form, _)| sent(form, "season").to_owned());
        let asked = typed_season.or_else(|| visit.here.get("season").map(str::to_owned));
        let season = asked.and_then(|text| text.parse().ok());
        let project = ProjectId(id);
        let view = visit.app.winter_view(&visit.actor, project, season).await?;
        let card = visit.app.project_view(&visit.actor, project, None).await?;
        let rules = visit.app.winter_rules().await?;
        let files: Vec<Choice> = card
            .attachments
            .iter()
            .map(|file| Choice::new(file.seq.to_string(), file.file_name.clone()))
            .collect();
        let (form, ticked) = match typed {
            Some((sent, errors)) => {
                let ticked = sent.iter().filter(|(key, _)| key == "measures");
                let ticked = ticked.map(|(_, code)| code.clone()).collect();
                let values = sent.into_iter().collect();
                (Form { values, errors }, ticked)
            }
            None => {
                let plan = view.plan.as_ref();
                let ticked = plan.map(|plan| plan.measures.clone()).unwrap_or_default();
                (suggested(&view), ticked)
            }
        };
        Ok(
            Self::new(visit.lang, view, &rules, files, visit.app.today())
                .with_form(opened, form, ticked),
        )
    }

    pub(super) fn new(
        lang: Lang,
        view: WinterView,
        rules: &WinterRulesView,
        attachments: Vec<Choice>,
        today: Date,
    ) -> Self {
        let choice =
            |one: &WinterChoiceView| Choice::new(&*one.code, name(lang, &one.text, &one.text_en));
        let seen_to = |code: &str| {
            let plan = view.plan.as_ref();
            plan.is_some_and(|plan| plan.measures.iter().any(|one| one == code))
        };
        let measure = |one: &WinterMeasureView| Measure {
            code: one.code.clone(),
            group: one.group.clone(),
            text: name(lang, &one.text, &one.text_en),
            threshold: name(lang, &one.threshold, &one.threshold_en),
            required: one.required,
            seen_to: seen_to(&one.code),
        };
        let done = |event: &WinterEventView| Done {
            act: event.act.clone(),
            on: event.on.clone(),
            at: instant(event.at),
            who: event.who.clone(),
            word: match event.act.as_str() {
                "rest" => chosen(lang, &rules.reasons, &event.word),
                _ => chosen(lang, &rules.causes, &event.word),
            },
            note: event.note.clone(),
            files: event
                .files
                .iter()
                .filter_map(|seq| {
                    let seq = seq.to_string();
                    let found = attachments.iter().find(|one| one.value == seq)?;
                    let href = format!("/projects/{}/files/{seq}", view.project_id);
                    Some(Link::new(found.label.clone(), href))
                })
                .collect(),
            sound: event.sound,
            planned: event.planned,
        };
        let file = view.plan.as_ref().and_then(|plan| plan.attachment);
        let file = file.map(|seq| seq.to_string());
        Self {
            id: view.project_id,
            unit: unit_name(lang, &view.unit),
            season: view.season.year,
            season_name: season_name(view.season.year),
            late: view.late,
            version: view.version,
            tone: tone(&view.state),
            reason: chosen(lang, &rules.reasons, &view.reason),
            measures: rules.measures.iter().map(measure).collect(),
            attachment: attachments
                .iter()
                .find(|one| Some(&one.value) == file.as_ref())
                .map(|one| one.label.clone()),
            events: view.events.iter().rev().map(done).collect(),
            spells: view
                .spells
                .iter()
                .map(|one| Spell {
                    from_on: one.from_on.clone(),
                    to_on: one.to_on.clone(),
                    cause: chosen(lang, &rules.causes, &one.cause),
                    note: one.note.clone(),
                    days: one.days,
                })
                .collect(),
            reasons: rules.reasons.iter().map(choice).collect(),
            causes: rules.causes.iter().map(choice).collect(),
            project: view.project_name,
            from_on: view.season.from_on,
            to_on: view.season.to_on,
            file_by: view.season.file_by,
            months: view.season.months,
            state: view.state,
            plan: view.plan,
            filed_on: view.filed_on,
            days_stopped: view.days_stopped,
            inspections: view.inspections,
            found_wanting: view.found_wanting,
            acts: view.offers,
            opened: None,
            attachments,
            form: Form::default(),
            ticked: Vec::new(),
            today: today.to_string(),
        }
    }

    pub(super) fn with_form(self, opened: Option<&str>, form: Form, ticked: Vec<String>) -> Self {
        let opened = opened.filter(|word| self.acts.iter().any(|one| one == word));
        Self {
            opened: opened.map(str::to_owned),
            form,
            ticked,
            ..self
        }
    }
}

/// What the form of a plan begins with: the plan as it is, else the season's own days.
fn suggested(view: &WinterView) -> Form {
    let form = Form::default();
    let Some(plan) = &view.plan else {
        return form
            .value("from", view.season.from_on.clone())
            .value("to", view.season.to_on.clone());
    };
    let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
    let form = form
        .value("from", or_none(&plan.from_on))
        .value("to", or_none(&plan.to_on))
        .value("parts", plan.parts.clone())
        .value("further", plan.further.clone())
        .value("prepared_on", or_none(&plan.prepared_on))
        .value("supervised_on", or_none(&plan.supervised_on))
        .value(
            "workers",
            plan.workers.map(|n| n.to_string()).unwrap_or_default(),
        )
        .value(
            "attachment",
            plan.attachment.map(|n| n.to_string()).unwrap_or_default(),
        );
    plan.investment.iter().fold(form, |form, (month, yuan)| {
        form.value(
            &format!("month_{month}"),
            number::wan_exact(i128::from(*yuan)),
        )
    })
}
