//! A leader's page for the phone: my projects by light, what changed since I looked, what is asked
//! of me, a note in one tap. What one would get wrong: looking notes nothing as seen; the button
//! does. (包联领导手机页)

use axum::routing::{get, post};
use axum::{Form as Posted, Router};
use gangmu_app::domain::organisation::Action;
use gangmu_app::liaison::{DeskProjectView, HappenedView};
use gangmu_app::supervision::AskedView;
use serde::Serialize;

use super::common::{LightMark, light_mark, unit_name, worded};
use super::project::reason;
use super::work::{Sent, instant, page_of, pager_of, sent};
use super::{liaison, problems, resolutions, supervision};
use crate::i18n::{Message, Texts};
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::{Light, Pager, Rate};

/// The addresses of the page.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/my", get(show))
        .route("/my/seen", post(seen))
}

/// The page.
#[derive(Clone, Debug, Serialize)]
pub struct Desk {
    pub today: String,
    pub period: String,
    /// Red, yellow, green, no light: the word and how many.
    pub lights: Vec<(Light, usize)>,
    /// Chains and tasks I answer for.
    pub charges: Vec<liaison::Charge>,
    pub projects: Vec<Mine>,
    pub total: i64,
    /// RFC 3339; none when one never looked.
    pub seen_at: Option<String>,
    /// To note as seen, in milliseconds.
    pub now: i64,
    /// A page of what changed; `None` for the pager when there is nothing.
    pub changes: Vec<Change>,
    pub changes_pager: Option<Pager>,
    pub to_verify: Vec<problems::Row>,
    pub to_confirm: Vec<resolutions::Row>,
    pub unkept: Vec<resolutions::Row>,
    /// Items of my tasks that are behind or not reported, and letters over them.
    pub supervision: AskedView,
    pub may_record: bool,
}

/// One of my projects.
#[derive(Clone, Debug, Serialize)]
pub struct Mine {
    pub id: i64,
    pub name: String,
    pub unit: String,
    pub stage: String,
    pub duties: Vec<String>,
    pub light: LightMark,
    /// None where the project is not on the year's list.
    pub completion: Option<Rate>,
    /// In yuan.
    pub investment: i64,
    pub problems: usize,
    pub changes: i64,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub project: String,
    pub href: String,
    /// RFC 3339.
    pub at: String,
    pub who: String,
    pub title: String,
    pub text: String,
}

/// The name of the page of what changed, in the address.
const CHANGES_PAGE: &str = "changes";

async fn show(visit: Visit) -> Answer {
    let turned = page_of(&visit.here, CHANGES_PAGE);
    let found = visit.app.desk(&visit.actor, turned).await?;
    let lines = (found.changes_page, found.changes_size, found.changes_total);
    let texts = visit.texts()?;
    let kinds = [Light::Red, Light::Yellow, Light::Green, Light::Undefined];
    let page = Desk {
        today: found.day,
        period: found.period,
        lights: kinds.into_iter().zip(found.lights).collect(),
        charges: found
            .charges
            .iter()
            .map(|one| liaison::charge(texts, one))
            .collect(),
        projects: found.projects.iter().map(|one| mine(texts, one)).collect(),
        total: found.total,
        seen_at: (found.seen_at > 0).then(|| instant(found.seen_at)),
        now: found.now,
        changes: found.changes.iter().map(|one| change(texts, one)).collect(),
        changes_pager: (found.changes_total > 0)
            .then(|| pager_of((&visit.here, CHANGES_PAGE), lines)),
        to_verify: found
            .to_verify
            .iter()
            .map(|one| problems::Row::new(texts, one))
            .collect(),
        to_confirm: found
            .to_confirm
            .iter()
            .map(|one| resolutions::Row::new(texts, one))
            .collect(),
        unkept: found
            .unkept
            .iter()
            .map(|one| resolutions::Row::new(texts, one))
            .collect(),
        supervision: found.supervision,
        may_record: visit.may(Action::RecordVisit),
    };
    visit.page(&page).await
}

async fn seen(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let at = sent(&form, "at").parse().unwrap_or_default();
    visit.app.desk_seen(&visit.actor, at).await?;
    visit.done(Message::new("desk.noted"), "/my").await
}

fn mine(texts: &Texts, view: &DeskProjectView) -> Mine {
    let row = &view.project.row;
    Mine {
        id: row.project_id,
        name: row.name.clone(),
        unit: unit_name(texts.lang(), &view.project.unit),
        stage: row.stage.clone(),
        duties: view.duties.iter().map(|one| (*one).to_owned()).collect(),
        light: light_mark(texts, &view.project.light),
        completion: row.annual_plan.map(|_| view.project.completion.into()),
        investment: row.total_investment,
        problems: view.problems,
        changes: view.changes,
    }
}

fn change(texts: &Texts, view: &HappenedView) -> Change {
    let project = view.project_id;
    if view.what == "meeting" {
        return Change {
            href: format!("/meetings/{}", view.reference),
            title: texts.message(&Message::new("meetings.on_agenda")),
            ..lined(view, view.text.clone())
        };
    }
    let (family, href) = match view.what.as_str() {
        "return" => ("return.event.", format!("/projects/{project}")),
        "problem" => ("problems.act.", format!("/problems/{}", view.reference)),
        "approval" => ("approvals.act.", format!("/projects/{project}/approvals")),
        "visit" => ("visits.kind.", format!("/visits/{}", view.reference)),
        _ => ("project.event.", format!("/projects/{project}#story")),
    };
    let text = match view.what.as_str() {
        "event" => reason(texts, &view.word, &view.text),
        _ => view.text.clone(),
    };
    Change {
        href,
        title: worded(texts, family, &view.word),
        ..lined(view, text)
    }
}

fn lined(view: &HappenedView, text: String) -> Change {
    Change {
        project: view.project_name.clone(),
        href: String::new(),
        at: instant(view.at),
        who: view.who.clone(),
        title: String::new(),
        text,
    }
}

impl Page for Desk {
    const TEMPLATE: &'static str = "pages/desk.html";

    fn samples() -> Vec<Self> {
        let mark = |light| LightMark {
            light,
            reason: "< -10 pp".into(),
        };
        let mine = Mine {
            id: 1,
            name: "铝镍硅新材料一期".into(),
            unit: "霍林郭勒市".into(),
            stage: "implementation".into(),
            duties: vec!["leader".into()],
            light: mark(Light::Red),
            completion: Some(Rate { num: 61, den: 100 }),
            investment: 3_000_000_000,
            problems: 2,
            changes: 1,
        };
        let quiet = Mine {
            id: 2,
            light: mark(Light::Undefined),
            completion: None,
            problems: 0,
            changes: 0,
            duties: Vec::new(),
            ..mine.clone()
        };
        let full = Self {
            today: "2026-01-08".into(),
            period: "2025-12".into(),
            lights: vec![
                (Light::Red, 1),
                (Light::Yellow, 0),
                (Light::Green, 0),
                (Light::Undefined, 1),
            ],
            charges: vec![liaison::Charge {
                kind: "chain".into(),
                name: "铝基新材料".into(),
                href: "/liaison/chains#aluminium".into(),
                duty: "leader".into(),
                unit: "通辽市".into(),
                from: "2025-02-10".into(),
                chain: Some(liaison::Sum {
                    projects: 41,
                    investment: 61_300_000_000,
                    red: 3,
                    href: "/projects?industry=32".into(),
                    red_href: "/projects?industry=32&light=red".into(),
                }),
            }],
            projects: vec![mine, quiet],
            total: 2,
            seen_at: Some("2026-01-06T08:00:00Z".into()),
            now: 1_767_859_200_000,
            changes: vec![Change {
                project: "铝镍硅新材料一期".into(),
                href: "/problems/17".into(),
                at: "2026-01-07T08:00:00Z".into(),
                who: "通辽市能源局".into(),
                title: "反馈".into(),
                text: "110 千伏外部供电线路尚未核准".into(),
            }],
            changes_pager: Some(Pager {
                total: 31,
                first: 1,
                last: 30,
                previous: None,
                next: Some("/my?changes=2".into()),
            }),
            to_verify: problems::sample_rows(),
            to_confirm: resolutions::sample_rows(),
            unkept: resolutions::sample_rows(),
            supervision: supervision::sample_asked(),
            may_record: true,
        };
        let empty = Self {
            charges: Vec::new(),
            projects: Vec::new(),
            total: 0,
            seen_at: None,
            changes: Vec::new(),
            changes_pager: None,
            to_verify: Vec::new(),
            to_confirm: Vec::new(),
            unkept: Vec::new(),
            supervision: AskedView::default(),
            may_record: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}
