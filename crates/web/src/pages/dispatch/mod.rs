//! The monthly dispatch: the grid of a month, the same month as a list that needs no script, and
//! the form of one return. What one would get wrong: the newest period is where people go, so
//! `/dispatch` only leads there. (月度调度)

pub(crate) mod file;
pub mod form;
pub mod grid;
pub mod list;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use gangmu_app::AppError;
use gangmu_app::domain::Period;
use gangmu_app::domain::dispatch::SiteStatus;
use gangmu_app::domain::library::FundingSource;
use gangmu_app::domain::organisation::{Action, Role};
use gangmu_app::library::{ListPage, ListQuery, facet_from_word};
use serde::Serialize;

use super::work;
use crate::i18n::{Message, Texts};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{Choice, Link, Query};

/// The addresses of the dispatch.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/dispatch", get(newest))
        .route("/dispatch/{period}", get(month))
        .route(
            "/dispatch/{period}/{project}",
            get(form::show).post(file::file),
        )
}

/// What stands above a month's returns, whether as a grid or as a list.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    pub period: String,
    pub unit_name: String,
    pub due_on: String,
    /// Negative when the day has passed.
    pub days_left: i64,
    pub closed: bool,
    pub query: Query,
    pub periods: Vec<Choice>,
    pub units: Vec<Choice>,
    pub statuses: Vec<&'static str>,
    pub projects: i64,
    pub late: i64,
    pub sent_back: i64,
    pub may_chase: bool,
}

impl Head {
    pub(crate) fn sample() -> Self {
        Self {
            period: "2025-12".into(),
            unit_name: "通辽市".into(),
            due_on: "2026-01-08".into(),
            days_left: 3,
            closed: false,
            query: Query::new("/dispatch/2025-12", &[("unit", "150500")]),
            periods: vec![
                Choice::new("2025-12", "2025-12"),
                Choice::new("2025-11", "2025-11"),
            ],
            units: vec![
                Choice::new("150500", "通辽市"),
                Choice::new("150502", "　科尔沁区"),
            ],
            statuses: STATUSES.to_vec(),
            projects: 42,
            late: 12,
            sent_back: 2,
            may_chase: true,
        }
    }
}

/// There is no month yet.
#[derive(Clone, Debug, Serialize)]
pub struct NoPeriod {
    pub may_open: bool,
}

impl Page for NoPeriod {
    const TEMPLATE: &'static str = "pages/dispatch_none.html";

    fn samples() -> Vec<Self> {
        vec![Self { may_open: true }, Self { may_open: false }]
    }
}

const STATUSES: [&str; 5] = ["due", "draft", "sent_back", "submitted", "accepted"];

async fn newest(visit: Visit) -> Answer {
    let periods = visit.app.period_list().await?;
    let wanted = visit.here.get("period").map(ToOwned::to_owned);
    let Some(period) = wanted.or_else(|| periods.first().map(|row| row.period.clone())) else {
        let may_open = visit.may(Action::OpenPeriod);
        return visit.page(&NoPeriod { may_open }).await;
    };
    let mut query = visit.here.with("period", "");
    query.path = format!("/dispatch/{}", work::period(&period)?);
    Ok(Redirect::to(&query.href()).into_response())
}

async fn month(visit: Visit, Path(period): Path<String>) -> Answer {
    let period = work::period(&period)?;
    let head = head(&visit, period).await?;
    // Whoever reports for a single project gets its form at once: that is all they come for.
    if head.projects == 1 && only_reports(&visit) && visit.here.params.is_empty() {
        let one = listed(&visit, period, &[], 1).await?;
        if let Some(row) = one.rows.first() {
            let to = format!("/dispatch/{period}/{}", row.row.project_id);
            return Ok(Redirect::to(&to).into_response());
        }
    }
    match visit.here.get("view") {
        Some("list") => list::show(&visit, period, head).await,
        _ => grid::show(&visit, head).await,
    }
}

fn only_reports(visit: &Visit) -> bool {
    visit
        .actor
        .posts()
        .iter()
        .all(|post| post.role == Role::Reporter)
}

async fn head(visit: &Visit, period: Period) -> Result<Head, Failure> {
    let known = visit.app.period_list().await?;
    let row = known
        .iter()
        .find(|row| row.period == period.to_string())
        .ok_or(AppError::NotFound { what: "period" })?;
    let units = work::units(visit).await?;
    let count =
        async |facets: &[&str]| Ok::<_, Failure>(listed(visit, period, facets, 1).await?.projects);
    let mut sent_back = base(visit, period, 1);
    sent_back.filter.statuses = vec!["sent_back".into()];
    Ok(Head {
        period: row.period.clone(),
        unit_name: work::chosen(&units, visit.here.get("unit").unwrap_or_default()),
        due_on: row.due_on.clone(),
        days_left: work::days_until(visit.app.today(), &row.due_on),
        closed: row.state == "closed",
        query: visit.here.clone(),
        periods: work::periods(visit).await?,
        units,
        statuses: STATUSES.to_vec(),
        projects: count(&[]).await?,
        late: count(&["not_reported"]).await?,
        sent_back: visit
            .app
            .project_list(&visit.actor, &sent_back)
            .await?
            .projects,
        may_chase: visit.may(Action::Chase),
    })
}

fn base(visit: &Visit, period: Period, per_page: i64) -> ListQuery {
    ListQuery {
        period: Some(period),
        on_list: true,
        unit: visit.here.get("unit").map(ToOwned::to_owned),
        page: 1,
        per_page,
        ..ListQuery::default()
    }
}

async fn listed(
    visit: &Visit,
    period: Period,
    facets: &[&str],
    per_page: i64,
) -> Result<ListPage, Failure> {
    let mut query = base(visit, period, per_page);
    query.filter.facets = facets
        .iter()
        .filter_map(|word| facet_from_word(word))
        .collect();
    Ok(visit.app.project_list(&visit.actor, &query).await?)
}

/// The sources of money, worded.
pub(crate) fn funds(texts: &Texts) -> Vec<Choice> {
    let words = FundingSource::ALL.iter().map(|source| source.word());
    worded(texts, "funding.", words)
}

/// What may be going on at a site, worded.
pub(crate) fn site_statuses(texts: &Texts) -> Vec<Choice> {
    let words = SiteStatus::ALL.iter().map(|status| status.word());
    worded(texts, "site_status.", words)
}

fn worded<'a>(texts: &Texts, prefix: &str, words: impl Iterator<Item = &'a str>) -> Vec<Choice> {
    let text = |word: &str| texts.message(&Message::new(format!("{prefix}{word}")));
    words.map(|word| Choice::new(word, text(word))).collect()
}

/// The way back to the month, for the pages below it.
pub(crate) fn crumbs(visit: &Visit, period: &str) -> Result<Vec<Link>, Failure> {
    let texts = visit.texts()?;
    let date = crate::dates::parse(period).unwrap_or_default();
    let title = Message::new("dispatch.title").with("month", crate::dates::month(date, visit.lang));
    Ok(vec![Link::new(
        texts.message(&title),
        format!("/dispatch/{period}"),
    )])
}
