//! Random histories of the use cases: whatever happens, the figures stay true.
//!
//! `GANGMU_HISTORIES=500` plays so many histories, each time others; without it the same few.
//! A history begins in November, so that it runs over the turn of the year.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};

use gangmu_app::dispatch::TypedReturn;
use gangmu_app::domain::dispatch::{Figures, PeriodState, SiteStatus};
use gangmu_app::domain::library::{EventKind, Field, ProjectId, Value};
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::organisation::UnitPath;
use gangmu_app::domain::pipeline::{Category, Exit};
use gangmu_app::domain::{Period, Yuan};
use gangmu_app::library::ProjectEdit;
use gangmu_app::pipeline::Part;
use gangmu_app::{Actor, AppError, ReferenceKind};
use gangmu_testkit::Fresh;
use jiff::ToSpan as _;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::naive::{self, Snapshot, Sums};
use crate::steps::{Pick, Step, step};
use crate::support::{
    Tried, World, app, change, code, day, draft, entry, period, said, wan, why, with,
};

/// Mostly one banner, so that mergers find a neighbour.
const UNITS: [&str; 8] = [
    "150502", "150502", "150502", "150502", "150526", "150500", "150200", "150000",
];
const DEPARTMENTS: [&str; 3] = ["energy", "water", ""];
const INDUSTRIES: [&str; 3] = ["44", "48", ""];

#[test]
fn figures_stay_true_over_any_history_on_sqlite() {
    histories(Fresh::sqlite);
}

#[test]
fn figures_stay_true_over_any_history_on_postgres() {
    histories(Fresh::postgres);
}

fn histories(fresh: impl AsyncFn() -> Fresh) {
    let asked = std::env::var("GANGMU_HISTORIES").ok();
    let wanted: Option<u32> = asked.and_then(|text| text.parse().ok());
    let config = Config {
        cases: wanted.unwrap_or(24),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    let rng = match wanted {
        Some(_) => {
            let seed: [u64; 4] = std::array::from_fn(|i| RandomState::new().hash_one(i));
            let seed: Vec<u8> = seed.iter().flat_map(|part| part.to_le_bytes()).collect();
            TestRng::from_seed(RngAlgorithm::ChaCha, &seed)
        }
        None => TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&vec(step(), 8..40), |steps| {
        gangmu_testkit::block_on(async {
            let fresh = fresh().await;
            play(fresh.db(), &steps).await.expect("the history plays");
        });
        Ok(())
    });
    if let Err(failed) = outcome {
        panic!("{failed}");
    }
}

/// A history under way.
struct History {
    w: World,
    clerks: [Actor; 3],
    ids: Vec<ProjectId>,
    today: Date,
    days: Vec<Date>,
    published: BTreeMap<Period, Sums>,
}

async fn play(db: &gangmu_store::Db, steps: &[Step]) -> Tried<()> {
    let (app, clock) = app(db);
    let system = Actor::system(UnitPath::root("150000")?);
    let files = [
        (
            ReferenceKind::Regions,
            "code,name,parent_code,level\n150000,内蒙古,,region\n150500,通辽,150000,league\n\
             150502,科尔沁区,150500,banner\n150526,扎鲁特旗,150500,banner\n150200,包头,150000,league\n",
        ),
        (
            ReferenceKind::Departments,
            "code,name,short_name,name_en\nenergy,能源局,能源局,\nwater,水利厅,水利厅,\n",
        ),
        (
            ReferenceKind::Industries,
            "code,name,parent_code\nD,电力,\n44,电力,D\nE,建筑,\n48,土木,E\n",
        ),
    ];
    for (kind, text) in files {
        app.reference_import(&system, kind, text, day("2024-01-01"))
            .await?;
    }
    let w = World {
        app,
        db: db.clone(),
        clock,
        system,
    };
    let clerks = [
        w.clerk("150502").await?,
        w.clerk("150500").await?,
        w.clerk("150000").await?,
    ];
    let today = day("2024-11-04");
    w.clock.set(today);
    let mut history = History {
        w,
        clerks,
        ids: Vec::new(),
        today,
        days: vec![today],
        published: BTreeMap::new(),
    };
    // Something to begin with, else most short histories are empty.
    let start = [
        Step::Enter(0, 900),
        Step::Enter(9, 2_000),
        Step::Enter(4, 1_500),
        Step::Adopt(2024),
        Step::Adopt(2025),
        Step::Open,
    ];
    for step in start {
        said(&history.take(&step).await?);
    }
    let mut before = Snapshot::take(&history.w).await?;
    for step in steps {
        let told = history.step(step, &before).await?;
        let after = Snapshot::take(&history.w).await?;
        if told != "ok" {
            assert_eq!(before, after, "{step:?} was refused: {told}");
        }
        assert_ne!(told, "internal", "{step:?}");
        before = after;
    }
    history.check().await
}

impl History {
    async fn step(&mut self, step: &Step, before: &Snapshot) -> Tried<String> {
        let open: Vec<Period> = open(before);
        let rearranged = matches!(step, Step::Split(..) | Step::Merge(..));
        // Whoever is on no list brings figures that no list had.
        let picked = self.picked(step).await?;
        let listed = |period: &&Period| picked.iter().all(|id| before.returned(*id, **period));
        let all = open.iter().filter(listed).count() == open.len();
        let mut watched = Vec::new();
        for period in open.into_iter().filter(|_| rearranged && all) {
            let sums = naive::region(&self.w, period, Edition::Current).await?;
            watched.push((period, sums));
        }
        let told = said(&self.take(step).await?);
        for (period, sums) in watched.into_iter().filter(|_| told == "ok") {
            let now = naive::region(&self.w, period, Edition::Current).await?;
            // Total, plan, year to date and since the start; counts and the month may differ.
            for kept in [1, 2, 4, 5] {
                assert_eq!(
                    now[kept], sums[kept],
                    "{step:?} keeps figure {kept} of {period}"
                );
            }
        }
        Ok(told)
    }

    async fn picked(&self, step: &Step) -> Tried<Vec<ProjectId>> {
        Ok(match step {
            Step::Split(p, _) => vec![self.pick(*p)],
            Step::Merge(p, q) => vec![self.pick(*p), self.neighbour(*p, *q).await?],
            _ => Vec::new(),
        })
    }

    fn pick(&self, p: Pick) -> ProjectId {
        self.ids[usize::from(p) % self.ids.len()]
    }

    async fn edit(&self, p: Pick, edit: ProjectEdit) -> Result<(), AppError> {
        let app = &self.w.app;
        let done = app.project_edit(&self.w.system, self.pick(p), None, &edit);
        done.await.map(|_| ())
    }

    /// Takes a step; the outer error is a fault of the test.
    async fn take(&mut self, step: &Step) -> Tried<Result<(), AppError>> {
        let (app, system) = (self.w.app.clone(), self.w.system.clone());
        let app = &app;
        let told = match step.clone() {
            Step::Enter(unit, total) => {
                let name = format!("项目{}", self.ids.len());
                let edit = with(draft(&name), Field::Unit, of(&UNITS, unit));
                let edit = with(edit, Field::Department, of(&DEPARTMENTS, unit / 8));
                let edit = with(edit, Field::TotalInvestment, wan(total));
                let done = app.project_create(&system, &edit).await;
                done.map(|id| self.ids.push(id))
            }
            Step::SetTotal(p, total) => {
                self.edit(p, change(Field::TotalInvestment, wan(total)))
                    .await
            }
            Step::SetUnit(p, unit) => self.edit(p, change(Field::Unit, of(&UNITS, unit))).await,
            Step::SetDepartment(p, d) => {
                self.edit(p, change(Field::Department, of(&DEPARTMENTS, d)))
                    .await
            }
            Step::SetIndustry(p, i) => {
                self.edit(p, change(Field::Industry, of(&INDUSTRIES, i)))
                    .await
            }
            Step::SetInvestedBefore(p, m) => {
                self.edit(p, change(Field::InvestedBefore, wan(m))).await
            }
            Step::SetStart(p, back) => {
                let day =
                    back.map(|back| Value::Date(self.today.saturating_sub(i64::from(back).days())));
                let edit = ProjectEdit {
                    fields: [(Field::ActualStart, day)].into(),
                    ..ProjectEdit::default()
                };
                self.edit(p, edit).await
            }
            Step::Adopt(year) => {
                let mut list = Vec::new();
                for (at, id) in self.ids.iter().enumerate() {
                    let category = Category::ALL[at % Category::ALL.len()];
                    if self.w.project(*id).await?.stage.is_active() {
                        list.push((*id, entry(category, 600)));
                    }
                }
                app.programme_adopt(&system, year, "清单", &list, &why("下达"))
                    .await
            }
            Step::List(p, year, category, plan) => {
                let category = Category::ALL[usize::from(category) % Category::ALL.len()];
                let (id, new) = (self.pick(p), entry(category, plan));
                app.programme_adjust(&system, year, id, Some(&new), &why("调整"))
                    .await
            }
            Step::Unlist(p, year) => {
                let id = self.pick(p);
                app.programme_adjust(&system, year, id, None, &why("调出"))
                    .await
            }
            Step::Open => {
                let newest = app.period_list().await?.first().map(|p| p.period.clone());
                let next = newest.map_or(period("2024-11"), |p| period(&p).next());
                app.period_open(&system, next).await
            }
            Step::Close => self.close().await?,
            Step::CloseUnit(unit) => {
                let months = open(&Snapshot::take(&self.w).await?);
                let month = months.first().copied().unwrap_or(period("2024-11"));
                let unit = ["150502", "150526", "150500"][usize::from(unit) % 3];
                app.period_close(&system, month, Some(unit)).await
            }
            Step::File(p, month, amount, site, filing) => {
                let month = self.month(month).await?;
                let id = self.owing(p, month).await?;
                let typed = TypedReturn {
                    project: id,
                    version: self.version(id, month).await?,
                    figures: typed(month, amount, site),
                    kept: gangmu_app::dispatch::KeptDates::default(),
                };
                app.returns_file(&system, month, vec![typed], filing).await
            }
            Step::Review(p, month, level, stale) => {
                let month = self.month(month).await?;
                let id = self.owing(p, month).await?;
                let seen = (id, self.version(id, month).await? + stale);
                let clerk = &self.clerks[usize::from(level) % 3];
                app.returns_review(clerk, month, &[seen]).await
            }
            Step::SendBack(p, month, level) => {
                let month = self.month(month).await?;
                let id = self.owing(p, month).await?;
                let seen = (id, self.version(id, month).await?);
                let clerk = &self.clerks[usize::from(level) % 3];
                app.return_send_back(clerk, month, seen, "有误").await
            }
            Step::Correct(p, month, amount, site) => {
                let month = self.closed(month).await?;
                let id = self.owing(p, month).await?;
                let seen = (id, self.version(id, month).await?);
                let figures = typed(month, amount, site);
                let done = app.return_correct(&system, month, seen, figures).await;
                done.map(|_| ())
            }
            Step::Split(p, share) => {
                let parts = self.parts(p, share).await?;
                let done = app.split(&system, self.pick(p), &parts, &why("拆分")).await;
                done.map(|ids| self.ids.extend(ids))
            }
            Step::Merge(p, q) => {
                let (into, other) = (self.pick(p), self.neighbour(p, q).await?);
                app.merge(&system, into, &[other], &why("合并")).await
            }
            Step::Suspend(p, suspended) => {
                let id = self.pick(p);
                app.set_suspended(&system, id, suspended, &why("暂缓"))
                    .await
            }
            Step::Withdraw(p) => {
                let id = self.pick(p);
                app.withdraw(&system, id, Exit::Cancelled, &why("取消"))
                    .await
            }
            Step::Wait(days) => {
                self.today = self.today.saturating_add(i64::from(days).days());
                self.w.clock.set(self.today);
                self.days.push(self.today);
                Ok(())
            }
        };
        Ok(told)
    }

    async fn close(&mut self) -> Tried<Result<(), AppError>> {
        let months = open(&Snapshot::take(&self.w).await?);
        let month = months.first().copied().unwrap_or(period("2024-11"));
        let stood = naive::region(&self.w, month, Edition::Current).await?;
        let done = self.w.app.period_close(&self.w.system, month, None).await;
        if done.is_ok() {
            self.published.insert(month, stood);
        }
        Ok(done)
    }

    /// A closed month, the oldest most often.
    async fn closed(&self, month: u8) -> Tried<Period> {
        let months = self.w.app.period_list().await?;
        let closed: Vec<_> = months
            .iter()
            .rev()
            .filter(|p| p.state == "closed")
            .collect();
        let at = usize::from(month / 2) * usize::from(month % 2);
        let month = closed.get(at % closed.len().max(1));
        Ok(month.map_or(period("2024-11"), |month| period(&month.period)))
    }

    /// A month among those there are, the newest most often.
    async fn month(&self, month: u8) -> Tried<Period> {
        let months = self.w.app.period_list().await?;
        let at = usize::from(month / 2) * usize::from(month % 2);
        let month = months.get(at % months.len().max(1));
        Ok(month.map_or(period("2024-11"), |month| period(&month.period)))
    }

    /// A project that owes or has handed in a return; one time in eight any project.
    async fn owing(&self, p: Pick, month: Period) -> Tried<ProjectId> {
        let first = ProjectId(i64::MIN);
        let rows = gangmu_store::dispatch::return_page(&self.w.db, month, first, 1_000).await?;
        let any = p.is_multiple_of(8) || rows.is_empty();
        Ok(if any {
            self.pick(p)
        } else {
            rows[usize::from(p) % rows.len()].project
        })
    }

    /// Another project of the same unit that has not left; any project where there is none.
    async fn neighbour(&self, p: Pick, q: Pick) -> Tried<ProjectId> {
        let own = self.w.project(self.pick(p)).await?;
        let mut others = Vec::new();
        for id in &self.ids {
            let other = self.w.project(*id).await?;
            if other.unit == own.unit && other.stage.is_active() && *id != own.id {
                others.push(*id);
            }
        }
        let at = usize::from(q) % others.len().max(1);
        Ok(others.get(at).copied().unwrap_or(self.pick(q)))
    }

    async fn version(&self, id: ProjectId, month: Period) -> Tried<i64> {
        let row = gangmu_store::dispatch::return_get(&self.w.db, id, month).await?;
        Ok(row.map_or(0, |row| row.filed.version))
    }

    /// Two parts that are the whole, as the newest figures of the project have it.
    async fn parts(&self, p: Pick, share: i64) -> Tried<Vec<Part>> {
        let whole = self.w.project(self.pick(p)).await?;
        let view = self
            .w
            .app
            .project_view(&self.w.system, whole.id, None)
            .await?;
        let list = self.w.app.period_list().await?;
        let open = list
            .iter()
            .rev()
            .find(|p| p.state == "open")
            .map(|p| period(&p.period));
        let year = open
            .or_else(|| list.first().map(|p| period(&p.period).next()))
            .map(Period::year);
        let before = whole
            .record
            .money(Field::InvestedBefore)
            .unwrap_or_default();
        let (since, to_date) = view.returns.first().map_or((before.0, 0), |r| {
            let this_year = year.is_none_or(|y| period(&r.period).year() >= y);
            (r.since_start, if this_year { r.year_to_date } else { 0 })
        });
        let plan = view
            .programmes
            .iter()
            .filter(|e| e.included && year.is_none_or(|y| e.year >= y))
            .min_by_key(|e| e.year)
            .map_or(0, |e| e.annual_plan);
        let part = |name: &str, of: &dyn Fn(i64) -> i64| Part {
            name: format!("{}{name}", whole.name()),
            total: Yuan(of(whole.total().0)),
            since_start: Yuan(of(since)),
            year_to_date: Yuan(of(to_date)),
            plan: Yuan(of(plan)),
        };
        Ok(vec![
            part("一期", &|all| all * share / 100),
            part("二期", &|all| all - all * share / 100),
        ])
    }

    async fn check(&self) -> Tried<()> {
        naive::check(&self.w, &self.days).await?;
        for (month, stood) in &self.published {
            let kept = naive::region(&self.w, *month, Edition::Published).await?;
            assert_eq!(kept, *stood, "what was published of {month} stays");
        }
        for id in &self.ids {
            let events = gangmu_store::library::event_list(&self.w.db, *id).await?;
            let first = events.last().map(|event| event.kind);
            assert!(matches!(
                first,
                Some(EventKind::Created | EventKind::SplitFrom)
            ));
        }
        Ok(())
    }
}

/// The open months, oldest first.
fn open(all: &Snapshot) -> Vec<Period> {
    let open = |row: &&gangmu_store::dispatch::PeriodRow| row.state == PeriodState::Open;
    all.periods
        .iter()
        .rev()
        .filter(open)
        .map(|row| row.period)
        .collect()
}

fn of(words: &[&str], at: u8) -> Value {
    code(words[usize::from(at) % words.len()])
}

fn typed(month: Period, amount: i64, site: u8) -> Figures {
    let working = SiteStatus::ALL[usize::from(site) % SiteStatus::ALL.len()];
    let mut figures = Figures {
        month: Some(Yuan::wan(amount)),
        site_status: Some(working),
        started_on: (site >= 128).then(|| month.first_day()),
        finished_on: (working == SiteStatus::Completed).then(|| month.last_day()),
        image_progress: format!("{month}施工"),
        correction_reason: "核实".to_owned(),
        ..Figures::default()
    };
    for check in [
        "sudden_jump",
        "unit_slip",
        "working_without_money",
        "unchanged_text",
    ] {
        figures
            .explanations
            .insert(check.to_owned(), "属实".to_owned());
    }
    figures
}
