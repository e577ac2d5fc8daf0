//! The calendar of one's deadlines, which calendar programs fetch by a secret address (日历订阅).
//!
//! What one would get wrong: whoever knows the address reads the calendar, so the database holds
//! only its digest, the address is shown once, and a new one makes the old one void. What the
//! calendar holds is asked anew each time, as the person it belongs to, with the posts they have
//! then.

use gangmu_domain::organisation::{Action, UserId};
use gangmu_domain::problems::Phase;
use gangmu_exchange::icalendar::{Calendar, Deadline, write_calendar};
use gangmu_store::notices;
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::outbox::random_hex;
use crate::approvals::WorkQuery;
use crate::change::audit;
use crate::error::{AppError, OrNotFound};
use crate::liaison::ResolutionPart;
use crate::problems::{ProblemQuery, ProblemRowView, Standing};
use crate::{Actor, App};

/// Something a person has to do by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadlineView {
    /// An approval matter of one's office.
    Matter {
        /// The project.
        project_id: i64,
        /// Its name.
        project: String,
        /// The matter's code.
        code: String,
        /// What people call it.
        name: String,
        /// The same in English.
        name_en: String,
        /// What must be done, a word.
        what: String,
        /// The day.
        on: Date,
    },
    /// A problem that waits for one's office, or an answer that waits for oneself.
    Problem {
        /// The problem.
        problem_id: i64,
        /// What it is.
        title: String,
        /// Where it stands, a word.
        phase: String,
        /// The day.
        on: Date,
    },
    /// Opinions a joint sitting asks of one's department (联审会征求意见).
    Opinions {
        /// The sitting.
        sitting_id: i64,
        /// What it is called.
        title: String,
        /// How many.
        n: usize,
        /// The first day after which silence agrees to one of them.
        on: Date,
    },
    /// Projects being built that have neither a winter plan on file nor a reason to rest.
    Winter {
        /// The year the winter begins in.
        season: i16,
        /// How many.
        n: i64,
        /// The day plans are to be filed by.
        on: Date,
    },
    /// Something agreed that one's office has to do and report.
    Resolution {
        /// Its number.
        resolution_id: i64,
        /// What is to be done.
        body: String,
        /// The project; empty for one that is about none.
        project: String,
        /// The day.
        on: Date,
    },
    /// Reports on supervised tasks of one's office that have not been handed in.
    Reports {
        /// The plan.
        plan_id: i64,
        /// What it is called.
        plan: String,
        /// The month of the round, 2026-01.
        period: String,
        /// How many items.
        n: usize,
        /// The day.
        on: Date,
    },
    /// A supervisor's letter that one's office has not answered.
    Letter {
        /// The code of the unit that wrote.
        from: String,
        /// The year of its number.
        year: i16,
        /// Its number.
        seq: i64,
        /// The number as it is printed.
        number: String,
        /// How many items it lists.
        items: usize,
        /// By when an answer is asked for.
        on: Date,
    },
    /// Returns of a month that have not been handed in.
    Returns {
        /// 2025-12.
        period: String,
        /// How many.
        n: usize,
        /// The day.
        on: Date,
    },
}

/// A person's deadlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineList {
    /// Who.
    pub user: UserId,
    /// The language: `zh-CN`, `en`, or empty for the house's.
    pub locale: String,
    /// Where the pages are, without a slash at the end; empty when there shall be no links.
    pub home: String,
    /// The deadlines.
    pub deadlines: Vec<DeadlineView>,
}

/// A deadline in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordedDeadline {
    /// What it is, in a line.
    pub summary: String,
    /// More of it; empty for nothing.
    pub description: String,
    /// Where the work is, a path; empty for nowhere.
    pub href: String,
}

/// The most pages of matters or problems a calendar holds.
const MOST_PAGES: i64 = 20;

impl App {
    /// Gives one's calendar a new secret address and returns the secret; an older one is void.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn calendar_open(&self, actor: &Actor) -> Result<String, AppError> {
        let secret = random_hex();
        let now = self.now();
        let tx = self.db.begin().await?;
        notices::calendar_feed_put(&tx, actor.user, &digest(&secret), now).await?;
        let subject = format!("user:{}", actor.user);
        audit(&tx, actor, now, "calendar_open", &subject, "{}").await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Makes the secret address of one's calendar void.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn calendar_close(&self, actor: &Actor) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let closed = notices::calendar_feed_delete(&tx, actor.user).await?;
        closed.then_some(()).or_not_found("calendar")?;
        let subject = format!("user:{}", actor.user);
        audit(&tx, actor, self.now(), "calendar_close", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }

    /// Returns since when one's calendar has its address, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn calendar_since(&self, actor: &Actor) -> Result<Option<i64>, AppError> {
        Ok(notices::calendar_feed_get(&self.db, actor.user).await?)
    }

    /// Lists the deadlines of the person whose calendar a secret opens.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it opens none, or the account is closed.
    pub async fn calendar_read(&self, secret: &str) -> Result<DeadlineList, AppError> {
        let user = notices::calendar_feed_user(&self.db, &digest(secret)).await?;
        let user = user.or_not_found("calendar")?;
        let actor = match self.actor(user).await {
            Err(AppError::NotLoggedIn) => return Err(AppError::NotFound { what: "calendar" }),
            other => other?,
        };
        let mut deadlines = Vec::new();
        if actor.may(Action::HandleMatter) {
            self.matters_due(&actor, &mut deadlines).await?;
            self.opinions_due(&actor, &mut deadlines).await?;
        }
        if actor.may(Action::Read) {
            self.problems_due(&actor, &mut deadlines).await?;
            self.resolutions_due(&actor, &mut deadlines).await?;
            // Who reports for no office owes no report and no answer to a letter.
            if actor.may(Action::ReportTask) {
                self.supervision_due(&actor, &mut deadlines).await?;
            }
        }
        if actor.may(Action::Report) {
            self.returns_due(&actor, &mut deadlines).await?;
            let season = self.winter_of_today();
            let unfiled = self.winter_unfiled(&actor).await?.into_iter();
            deadlines.extend(unfiled.map(|(on, n)| DeadlineView::Winter { season, n, on }));
        }
        Ok(DeadlineList {
            user,
            home: self.channels.home.clone(),
            locale: actor.locale,
            deadlines,
        })
    }

    async fn matters_due(&self, actor: &Actor, to: &mut Vec<DeadlineView>) -> Result<(), AppError> {
        for page in 1..=MOST_PAGES {
            let query = WorkQuery {
                page,
                ..WorkQuery::default()
            };
            let found = self.approval_work(actor, &query).await?;
            let last = found.total <= page.saturating_mul(found.page_size);
            to.extend(found.rows.into_iter().filter_map(|row| {
                let due = row.due?;
                Some(DeadlineView::Matter {
                    project_id: row.project_id,
                    project: row.project_name,
                    code: row.code,
                    name: row.name,
                    name_en: row.name_en,
                    on: due.on.parse().ok()?,
                    what: due.what,
                })
            }));
            if last {
                break;
            }
        }
        Ok(())
    }

    async fn problems_due(
        &self,
        actor: &Actor,
        to: &mut Vec<DeadlineView>,
    ) -> Result<(), AppError> {
        for page in 1..=MOST_PAGES {
            let query = ProblemQuery {
                standing: Standing::Mine,
                page,
                ..ProblemQuery::default()
            };
            let found = self.problem_ledger(actor, &query).await?;
            let last = found.total <= page.saturating_mul(found.page_size);
            to.extend(found.rows.into_iter().filter_map(problem_due));
            if last {
                break;
            }
        }
        // Whoever answers for a project also looks at what was answered about its problems.
        let known: Vec<i64> = to
            .iter()
            .filter_map(|one| match one {
                DeadlineView::Problem { problem_id, .. } => Some(*problem_id),
                _ => None,
            })
            .collect();
        let answered = self.held_problems(actor, &[Phase::Answered]).await?;
        let fresh = answered.into_iter();
        let fresh = fresh.filter(|row| !known.contains(&row.problem_id));
        to.extend(fresh.filter_map(problem_due));
        Ok(())
    }

    /// What departments are asked by sittings that are not closed; only one's own department answers.
    async fn opinions_due(
        &self,
        actor: &Actor,
        to: &mut Vec<DeadlineView>,
    ) -> Result<(), AppError> {
        let asking = self.sitting_list(actor).await?.into_iter();
        for row in asking.filter(|row| row.mine > 0) {
            let view = self.sitting_view(actor, row.sitting_id).await?;
            let opinions = view.agenda.iter().flat_map(|matter| &matter.opinions);
            let days: Vec<Date> = opinions
                .filter(|one| one.stance == "asked" && one.may_answer && !one.as_holder)
                .filter_map(|one| one.answer_by.as_deref()?.parse().ok())
                .collect();
            to.extend(days.iter().min().map(|on| DeadlineView::Opinions {
                sitting_id: row.sitting_id,
                title: row.title.clone(),
                n: days.len(),
                on: *on,
            }));
        }
        Ok(())
    }

    /// What is bound to a problem or a matter is there under that.
    async fn resolutions_due(
        &self,
        actor: &Actor,
        to: &mut Vec<DeadlineView>,
    ) -> Result<(), AppError> {
        for page in 1..=MOST_PAGES {
            let found = self.resolution_page(actor, ResolutionPart::Mine, page);
            let found = found.await?;
            let last = found.total <= page.saturating_mul(found.page_size);
            let own = found.rows.into_iter();
            let own = own.filter(|row| row.offers.contains(&"report"));
            to.extend(own.filter_map(|row| {
                Some(DeadlineView::Resolution {
                    resolution_id: row.resolution_id,
                    on: row.due_on.parse().ok()?,
                    body: row.body,
                    project: row.project_name,
                })
            }));
            if last {
                break;
            }
        }
        Ok(())
    }

    async fn returns_due(&self, actor: &Actor, to: &mut Vec<DeadlineView>) -> Result<(), AppError> {
        for period in self.period_list().await? {
            let (Ok(month), Ok(on)) = (period.period.parse(), period.due_on.parse()) else {
                continue;
            };
            if period.state != "open" {
                continue;
            }
            let n = self.late_list(actor, month, None).await?.len();
            if n > 0 {
                to.push(DeadlineView::Returns {
                    period: period.period,
                    n,
                    on,
                });
            }
        }
        Ok(())
    }

    /// Writes deadlines as the calendar that programs fetch.
    pub fn calendar_write(
        &self,
        list: &DeadlineList,
        name: &str,
        word: impl Fn(&DeadlineView) -> WordedDeadline,
    ) -> String {
        let deadline = |one: &DeadlineView| {
            let worded = word(one);
            Deadline {
                uid: uid(list, one),
                on: one.on(),
                summary: worded.summary,
                description: worded.description,
                url: match list.home.is_empty() || worded.href.is_empty() {
                    true => String::new(),
                    false => format!("{}{}", list.home, worded.href),
                },
            }
        };
        write_calendar(&Calendar {
            name: name.to_owned(),
            at: Timestamp::from_millisecond(self.now()).unwrap_or_default(),
            deadlines: list.deadlines.iter().map(deadline).collect(),
        })
    }
}

fn problem_due(row: ProblemRowView) -> Option<DeadlineView> {
    Some(DeadlineView::Problem {
        problem_id: row.problem_id,
        on: row.due_on?.parse().ok()?,
        title: row.title,
        phase: row.phase,
    })
}

impl DeadlineView {
    /// The day.
    #[must_use]
    pub fn on(&self) -> Date {
        match self {
            Self::Matter { on, .. }
            | Self::Opinions { on, .. }
            | Self::Winter { on, .. }
            | Self::Problem { on, .. }
            | Self::Resolution { on, .. }
            | Self::Reports { on, .. }
            | Self::Letter { on, .. }
            | Self::Returns { on, .. } => *on,
        }
    }
}

/// A deadline keeps its identity when its day moves; each person's calendar has its own.
fn uid(list: &DeadlineList, deadline: &DeadlineView) -> String {
    let thing = match deadline {
        DeadlineView::Matter {
            project_id, code, ..
        } => format!("matter-{project_id}-{code}"),
        DeadlineView::Problem { problem_id, .. } => format!("problem-{problem_id}"),
        DeadlineView::Opinions { sitting_id, .. } => format!("opinions-{sitting_id}"),
        DeadlineView::Winter { season, on, .. } => format!("winter-{season}-{on}"),
        DeadlineView::Resolution { resolution_id, .. } => format!("resolution-{resolution_id}"),
        DeadlineView::Reports {
            plan_id, period, ..
        } => format!("reports-{plan_id}-{period}"),
        DeadlineView::Letter {
            from, year, seq, ..
        } => format!("letter-{from}-{year}-{seq}"),
        DeadlineView::Returns { period, .. } => format!("returns-{period}"),
    };
    let house = list.home.split("://").nth(1).unwrap_or("gangmu");
    format!("{thing}-{}@{house}", list.user)
}

fn digest(secret: &str) -> String {
    let digest = Sha256::digest(secret.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
