//! Two years, month by month: entering, adopting, opening, filing, reviewing, moving, closing.

use std::sync::Arc;

use gangmu_domain::library::{Field, Value};
use gangmu_domain::metrics::Carried;
use gangmu_domain::pipeline::Stage;
use gangmu_domain::{Period, Yuan};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::cases::Offices;
use super::changes;
use super::sittings::Sittings;
use super::sketch::{Life, Sketch};
use super::{card, people};
use crate::dispatch::{Filing, KeptDates, TypedReturn};
use crate::error::{AppError, OrNotFound};
use crate::library::{Edits, ProjectEdit, Upload};
use crate::pipeline::{Move, NewEntry};
use crate::{Actor, App, FixedClock};

/// Everything the story needs at hand.
pub(super) struct Teller<'a> {
    pub app: &'a App,
    pub clock: &'a Arc<FixedClock>,
    pub system: Actor,
    pub region: Actor,
    pub clerks: Vec<(&'static str, Actor)>,
    pub all: Vec<Sketch>,
    pub offices: Offices,
    pub sittings: Sittings,
}

/// Tells the whole story.
pub(super) async fn tell(
    app: &App,
    clock: &Arc<FixedClock>,
    system: &Actor,
    all: Vec<Sketch>,
) -> Result<(), AppError> {
    let mut clerks = Vec::new();
    for (login, unit) in people::league_clerks() {
        clerks.push((unit, people::actor(app, system, login).await?));
    }
    let mut teller = Teller {
        app,
        clock,
        system: system.clone(),
        region: people::actor(app, system, "region").await?,
        clerks,
        all,
        offices: Offices::new(app, system).await?,
        sittings: Sittings::default(),
    };
    let mut period = Period::new(2024, 1).or_not_found("period")?;
    let last = Period::new(2025, 12).or_not_found("period")?;
    while period <= last {
        teller.begin(period).await?;
        changes::make(&mut teller, period).await?;
        clock.set(period.last_day());
        teller.work_cases(period.last_day()).await?;
        app.approval_remind(system).await?;
        teller.file(period).await?;
        teller.review(period).await?;
        teller.advance(period).await?;
        teller.plan_ripe(period).await?;
        clock.set(following(period, 9));
        app.period_close(&teller.region, period, None).await?;
        if period == Period::new(2025, 1).or_not_found("period")? {
            clock.set(following(period, 14));
            super::plans::region(&teller).await?;
            super::supervision::begin(&teller).await?;
        }
        period = period.next();
        if period.year() == 2025 && period.month() % 3 == 0 {
            super::supervision::quarter(&teller, period).await?;
        }
    }
    super::winters::winters(&teller, Period::new(2025, 10).or_not_found("period")?).await?;
    super::duties::problems(&teller, last).await?;
    super::meetings::hold(&teller, last).await?;
    teller.begin(period).await?;
    teller
        .go_on(system, period.first_day(), following(last, 25))
        .await?;
    clock.set(following(last, 26));
    super::plans::list(&teller, system, period).await?;
    super::supervision::list(&teller).await?;
    teller.go_on(system, following(last, 26), LAST_DAY).await?;
    changes::assign_reporter(&teller, system).await?;
    changes::file_in_part(&teller, period).await?;
    clock.set(LAST_DAY);
    app.rounds_make().await?;
    Ok(())
}

/// The day on which the story ends and a server goes on.
const LAST_DAY: Date = Date::constant(2026, 2, 4);

/// A day of the month after a period.
pub(super) fn following(period: Period, day: i8) -> Date {
    let first = period.next().first_day();
    first
        .checked_add(i32::from(day - 1).days())
        .unwrap_or(first)
}

/// An explained move of the demo.
pub(super) fn explained(reason: &str, document_no: &str) -> Move {
    Move {
        on: None,
        reason: reason.to_owned(),
        document_no: document_no.to_owned(),
    }
}

impl Teller<'_> {
    /// The last weeks, day by day: what offices do is entered on its day, reminders go out on
    /// theirs.
    async fn go_on(&mut self, system: &Actor, from: Date, to: Date) -> Result<(), AppError> {
        let reference = self.app.reference().await?;
        let days = std::iter::successors(Some(from), |day| day.tomorrow().ok());
        for day in days.take_while(|day| *day <= to) {
            if reference.calendar.is_working_day(day) == Ok(true) {
                self.clock.set(day);
                self.work_cases(day).await?;
                self.sit(system, day).await?;
                self.app.approval_remind(system).await?;
                super::supervision::follow(self, day).await?;
                self.app.supervision_remind(system).await?;
            }
        }
        Ok(())
    }

    /// Enters what is new, adopts the list in January, opens the month.
    async fn begin(&mut self, period: Period) -> Result<(), AppError> {
        self.clock.set(following(period.previous(), 2));
        self.enter(period).await?;
        self.open_cases(period).await?;
        if period.month() == 1 {
            self.clock.set(following(period.previous(), 20));
            self.adopt(period).await?;
        }
        self.clock.set(following(period.previous(), 25));
        self.app.period_open(&self.region, period).await
    }

    async fn enter(&mut self, period: Period) -> Result<(), AppError> {
        let mut entries = Vec::new();
        for (n, sketch) in self.all.iter().enumerate() {
            if sketch.entered == period {
                entries.push((card::edit(sketch, n + 1), card::first_stage(sketch)));
            }
        }
        let ids = self.app.projects_take_over(&self.region, entries).await?;
        let mut ids = ids.into_iter();
        for sketch in self.all.iter_mut().filter(|s| s.entered == period) {
            sketch.id = ids.next();
        }
        Ok(())
    }

    async fn adopt(&mut self, period: Period) -> Result<(), AppError> {
        let at = usize::try_from(period.year() - 2024).unwrap_or(0);
        let mut entries = Vec::new();
        for sketch in self.all.iter().filter(|s| s.on_list(period)) {
            if let Some(id) = sketch.id {
                entries.push((id, entry(sketch, at).or_not_found("programme_entry")?));
            }
        }
        let year = period.year();
        let name = format!("{year}年自治区重大项目年度计划（演示）");
        let mv = explained("", &format!("演示发改投资字〔{year}〕1号"));
        self.app
            .programme_adopt(&self.region, year, &name, &entries, &mv)
            .await
    }

    /// Each league hands its returns in.
    async fn file(&self, period: Period) -> Result<(), AppError> {
        self.clock.set(following(period, 4));
        for (league, clerk) in &self.clerks {
            let batch = self.typed(period, league);
            self.app
                .returns_file(clerk, period, batch, Filing::Submit)
                .await?;
        }
        Ok(())
    }

    /// The returns of a league for a month, as typed.
    pub(super) fn typed(&self, period: Period, league: &str) -> Vec<TypedReturn> {
        let due = |(_, sketch): &(usize, &Sketch)| {
            sketch.unit.get(..4) == league.get(..4)
                && sketch.on_list(period)
                && !sketch.missing.contains(&period)
        };
        self.all
            .iter()
            .enumerate()
            .filter(due)
            .filter_map(|(n, sketch)| {
                Some(TypedReturn {
                    project: sketch.id?,
                    version: 0,
                    figures: card::figures(sketch, period, n),
                    kept: KeptDates::default(),
                })
            })
            .collect()
    }

    async fn review(&self, period: Period) -> Result<(), AppError> {
        self.clock.set(following(period, 7));
        let seen: Vec<_> = self
            .clerks
            .iter()
            .flat_map(|(league, _)| self.typed(period, league))
            .map(|typed| (typed.project, 2))
            .collect();
        self.app.returns_review(&self.region, period, &seen).await
    }

    /// Moves what has started or was completed, and ideas that are ripe.
    async fn advance(&self, period: Period) -> Result<(), AppError> {
        self.clock.set(following(period, 8));
        let within = |day: Option<Date>| day.and_then(Period::of) == Some(period);
        let listed = |sketch: &&Sketch| sketch.on_list(period);
        let of = |wanted: &dyn Fn(&Sketch) -> bool| -> Vec<_> {
            self.all
                .iter()
                .filter(listed)
                .filter(|sketch| wanted(sketch))
                .filter_map(|sketch| sketch.id)
                .collect()
        };
        let started = of(&|s| within(s.started) && card::first_stage(s) == Stage::Preparation);
        let begun = of(&|s| within(s.finished) && card::first_stage(s) == Stage::Implementation);
        let finished = of(&|s| within(s.finished));
        self.photo(&started, "开工现场（演示）.png").await?;
        self.photo(&begun, "施工现场（演示）.png").await?;
        self.move_all(&started, Stage::Implementation).await?;
        self.photo(&finished, "竣工现场（演示）.png").await?;
        self.accept(&finished).await?;
        self.move_all(&finished, Stage::Completed).await?;
        for stage in [Stage::Reserve, Stage::Preparation] {
            let ripe: Vec<_> = self
                .all
                .iter()
                .filter(|s| s.life == Life::Idea && s.moves.contains(&(period, stage)))
                .filter_map(|s| s.id)
                .collect();
            self.move_all(&ripe, stage).await?;
        }
        Ok(())
    }

    async fn photo(
        &self,
        ids: &[gangmu_domain::library::ProjectId],
        file_name: &str,
    ) -> Result<(), AppError> {
        if ids.is_empty() {
            return Ok(());
        }
        let upload = Upload {
            file_name: file_name.to_owned(),
            bytes: bytes::Bytes::from_static(PICTURE),
        };
        self.app
            .attachment_add_to(&self.region, ids, upload)
            .await?;
        Ok(())
    }

    async fn accept(&self, ids: &[gangmu_domain::library::ProjectId]) -> Result<(), AppError> {
        let edits: Vec<_> = ids
            .iter()
            .map(|id| {
                let document = format!("演示竣工验收〔{}〕{id}号", self.app.today().year());
                let fields =
                    Edits::from([(Field::AcceptanceDocument, Some(Value::Text(document)))]);
                let edit = ProjectEdit {
                    fields,
                    ..ProjectEdit::default()
                };
                (*id, edit)
            })
            .collect();
        self.app.projects_edit(&self.region, &edits).await
    }

    async fn move_all(
        &self,
        ids: &[gangmu_domain::library::ProjectId],
        to: Stage,
    ) -> Result<(), AppError> {
        let moves: Vec<_> = ids.iter().map(|id| (*id, to)).collect();
        self.app
            .stages_move(&self.region, &moves, &explained("", ""))
            .await
    }
}

/// A sketch's place on a year's list; 0 is 2024.
pub(super) fn entry(sketch: &Sketch, year: usize) -> Option<NewEntry> {
    Some(NewEntry {
        category: sketch.category(year)?,
        plan: Yuan::wan(sketch.plans.get(year).copied().unwrap_or(0)),
        monthly_plan: None,
        carried: Carried::default(),
    })
}

/// One grey dot: the smallest picture there is. A real photo would pretend too much.
pub(super) const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3A, 0x7E, 0x9B,
    0x55, 0x00, 0x00, 0x00, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x68, 0x00, 0x00, 0x00,
    0x82, 0x00, 0x81, 0x77, 0xCD, 0x72, 0xB6, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE,
    0x42, 0x60, 0x82,
];
