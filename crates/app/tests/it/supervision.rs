//! Supervision: rounds, reports and verifications, missed reports, bulletins, letters, the ladder.

use std::sync::Arc;

use bytes::Bytes;
use gangmu_app::domain::liaison::{About, Duty, Holder};
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::plans::{PlanId, PlanKind};
use gangmu_app::domain::supervision::{Item, LetterAct, LetterKind, Rhythm, State};
use gangmu_app::liaison::{AssignInput, Instead};
use gangmu_app::library::Upload;
use gangmu_app::plans::{Adoption, IndicatorInput, NewPlan, OfficeInput, TaskInput, ValueInput};
use gangmu_app::supervision::{
    AskedView, BulletinView, CheckInput, LetterActInput, LettersQuery, LinesQuery, MissedQuery,
    NewLetter, ReportInput, SupervisionInput, VerifyInput, Wanted,
};
use gangmu_app::{Actor, App, AppError, FixedClock};
use gangmu_exchange::{Limits, read_workbook};
use gangmu_store::Db;
use gangmu_store::supervision::{LetterKey, supervision_letter_lock, supervision_letter_update};
use gangmu_testkit::{Fresh, Outcome, each_engine};
use object_store::memory::InMemory;

use crate::support::{BANNER, ELSEWHERE, LEAGUE, Tried, World, day, period, said};

each_engine!(
    what_the_figures_propose_is_confirmed_or_overruled_and_verified_by_another,
    of_two_who_report_at_once_one_is_told,
    a_report_on_a_version_that_was_superseded_is_told_so,
    a_closed_round_takes_nothing_more_and_its_bulletin_stays,
    a_round_without_bulletin_stays_in_view_when_the_next_one_opens,
    a_task_may_be_reported_on_in_a_rhythm_of_its_own,
    a_task_nobody_asks_for_this_month_stays_on_the_desk_as_it_was,
    the_lines_behind_each_figure_of_a_round_are_as_many,
    a_letter_is_written_after_the_bulletin,
    who_missed_which_round_is_listed_with_days,
    a_letter_is_answered_and_looked_at_again_until_it_is_settled,
    a_letter_goes_to_nobody_where_nobody_could_answer,
    who_may_see_and_supervise,
    a_leader_sees_what_is_behind_in_the_tasks_they_answer_for,
    a_leader_sees_what_is_behind_below_in_tasks_that_take_theirs_over,
);

/// A league's list with an indicator that is reported and a task that nothing measures.
struct Desk {
    w: World,
    id: PlanId,
    /// Leads both.
    clerk: Actor,
    supervisor: Actor,
    measured: Item,
    whole: Item,
}

const MONTH: &str = "2025-02";

impl Desk {
    async fn new(db: &Db) -> Tried<Self> {
        let w = World::new(db).await?;
        let clerk = w.clerk(LEAGUE).await?;
        let supervisor = w.person(Role::Supervisor, LEAGUE, "").await?;
        let plan = NewPlan {
            kind: PlanKind::Annual,
            office: OfficeInput::unit(LEAGUE),
            parent: None,
            title: "年度任务清单".to_owned(),
            from: Some(day("2025-01-01")),
            until: Some(day("2025-12-31")),
        };
        let id = w.app.plan_create(&clerk, &plan).await?;
        let task = |title: &str| TaskInput {
            title: title.to_owned(),
            lead: OfficeInput::unit(LEAGUE),
            due: Some(day("2025-12-31")),
            ..TaskInput::default()
        };
        let input = task("推动项目建设");
        let first = w.app.plan_task_put(&clerk, id, None, None, &input).await?;
        let target = IndicatorInput {
            name: "开工项目".to_owned(),
            unit: "个".to_owned(),
            target: "364".to_owned(),
            ..IndicatorInput::default()
        };
        let put = w
            .app
            .plan_indicator_put(&clerk, id, None, first, None, &target);
        let indicator = put.await?;
        let input = task("优化营商环境");
        let second = w.app.plan_task_put(&clerk, id, None, None, &input).await?;
        w.app
            .plan_adopt(&clerk, id, None, &Adoption::default())
            .await?;
        let input = SupervisionInput {
            edit: Some(0),
            rhythm: Rhythm::Monthly,
            since: period(MONTH),
            until: None,
        };
        w.app.supervision_put(&supervisor, id, input).await?;
        // The round of February is due on Tuesday the 25th.
        w.on("2025-02-20");
        Ok(Self {
            w,
            id,
            clerk,
            supervisor,
            measured: Item {
                task: first,
                indicator,
            },
            whole: Item {
                task: second,
                indicator: 0,
            },
        })
    }

    /// Hands in a value of the indicator, true on a day.
    async fn value(&self, on: &str, value: &str) -> Tried<()> {
        let input = ValueInput {
            on: Some(day(on)),
            value: value.to_owned(),
            evidence: "台账".to_owned(),
            files: vec![],
        };
        let put = self
            .w
            .app
            .plan_value_put(&self.clerk, self.id, self.measured.indicator, input);
        put.await?;
        Ok(())
    }

    async fn report(
        &self,
        who: &Actor,
        item: Item,
        version: Option<i64>,
        (state, reason): (State, &str),
    ) -> Result<i64, AppError> {
        let input = ReportInput {
            version,
            plan_version: None,
            state,
            text: "已开工三项".to_owned(),
            reason: reason.to_owned(),
            files: Vec::new(),
        };
        let at = (period(MONTH), item);
        self.w.app.supervision_report(who, self.id, at, input).await
    }

    async fn verify(
        &self,
        who: &Actor,
        item: Item,
        state: Option<State>,
        reason: &str,
    ) -> Result<i64, AppError> {
        let input = VerifyInput {
            version: None,
            state,
            note: "查阅台账".to_owned(),
            reason: reason.to_owned(),
            files: vec![Upload {
                file_name: "核查.pdf".to_owned(),
                bytes: Bytes::from_static(b"%PDF-1.7 x"),
            }],
        };
        let at = (period(MONTH), item);
        self.w.app.supervision_verify(who, self.id, at, input).await
    }

    async fn round(&self, month: &str) -> Result<BulletinView, AppError> {
        let month = Some(period(month));
        self.w
            .app
            .supervision_round(&self.clerk, self.id, month)
            .await
    }

    async fn letter(&self, who: &Actor, kind: LetterKind) -> Result<(String, i16, i64), AppError> {
        let input = NewLetter {
            plan: self.id,
            period: period(MONTH),
            kind,
            office: OfficeInput::unit(LEAGUE),
            reply_by: None,
        };
        self.w.app.supervision_letter_write(who, &input).await
    }
}

/// What was said, without the values it names.
fn told<T>(result: &Result<T, AppError>) -> String {
    let text = said(result);
    match text.starts_with("refused ") {
        true => "refused".to_owned(),
        false => text.split(" (").next().unwrap_or_default().to_owned(),
    }
}

fn counts(view: &BulletinView) -> Vec<(&'static str, i64, &str)> {
    let all = view.states.iter();
    all.map(|one| (one.state, one.count, one.percent.as_str()))
        .collect()
}

async fn what_the_figures_propose_is_confirmed_or_overruled_and_verified_by_another(
    db: &Db,
) -> Outcome {
    let d = Desk::new(db).await?;
    // A straight line of 364 days to 364: on 20 February, 50 days in, 50 should be reached.
    d.value("2025-02-20", "40").await?;
    let view =
        d.w.app
            .supervision_item(&d.clerk, d.id, d.measured, None)
            .await?;
    assert_eq!(
        (
            view.row.proposed,
            view.ground,
            view.row.value_now.as_str(),
            view.expected_now.as_str()
        ),
        (Some("behind"), "course", "40 个", "50 个")
    );
    assert_eq!(view.offers, ["report"]);
    let against = d
        .report(&d.clerk, d.measured, Some(0), (State::OnTrack, ""))
        .await;
    assert_eq!(told(&against), "field.missing at reason");
    let reason = (State::OnTrack, "三个项目本月底集中开工");
    assert_eq!(d.report(&d.clerk, d.measured, Some(0), reason).await?, 1);
    let other = d
        .report(&d.supervisor, d.measured, None, (State::Behind, ""))
        .await;
    assert_eq!(told(&other), "refused");
    let own = d.verify(&d.clerk, d.measured, None, "").await;
    assert_eq!(told(&own), "refused", "a clerk supervises nothing");
    let without = d
        .verify(&d.supervisor, d.measured, Some(State::Behind), "")
        .await;
    assert_eq!(told(&without), "field.missing at reason");
    let check = CheckInput {
        version: Some(1),
        sound: false,
        findings: "现场两个项目未动工".to_owned(),
        files: vec![Upload {
            file_name: "现场.png".to_owned(),
            bytes: Bytes::from_static(b"\x89PNG\r\n\x1a\nx"),
        }],
    };
    let at = (period(MONTH), d.measured);
    assert_eq!(
        d.w.app
            .supervision_check(&d.supervisor, d.id, at, check)
            .await?,
        2
    );
    let found = d.verify(
        &d.supervisor,
        d.measured,
        Some(State::Behind),
        "集中开工未兑现",
    );
    assert_eq!(found.await?, 3);
    let again = d.report(&d.clerk, d.measured, None, reason).await;
    assert_eq!(told(&again), "supervision.refused.verified");
    // Figures go on; what was proposed and reached then stays with the report.
    d.value("2025-02-20", "60").await?;
    let view =
        d.w.app
            .supervision_item(&d.clerk, d.id, d.measured, None)
            .await?;
    let report = &view.events[0];
    assert_eq!(
        (report.proposed, report.value.as_str()),
        (Some("behind"), "40 个")
    );
    assert_eq!(
        (view.row.state.as_str(), view.row.overruled),
        ("behind", true)
    );
    assert_eq!(view.row.proposed, Some("ahead"));
    let file = &view.events[1].files[0];
    let read =
        d.w.app
            .supervision_file(&d.clerk, d.id, at, (2, file.number))
            .await?;
    assert_eq!(
        (read.0.as_str(), read.1.as_str()),
        ("现场.png", "image/png")
    );
    let told =
        d.w.app
            .notice_page(&d.clerk, gangmu_app::notices::NoticesOf::Inbox, 1)
            .await?;
    let told: Vec<_> = told.rows.iter().map(|one| one.act.as_deref()).collect();
    assert_eq!(told, [Some("overruled_behind"), Some("unsound")]);
    assert!(view.row.unsound, "the check on the spot is flagged");
    let read =
        d.w.app
            .supervision_file(&d.clerk, d.id, at, (3, view.events[2].files[0].number))
            .await?;
    assert_eq!(read.0, "核查.pdf", "what a verification rests on");
    // What nothing measures is said by whoever reports.
    d.report(&d.clerk, d.whole, None, (State::Completed, ""))
        .await?;
    let view = d.round(MONTH).await?;
    assert_eq!(
        (view.targets, view.items, view.reported, view.verified),
        (2, 2, 2, 1)
    );
    assert_eq!(
        counts(&view),
        [
            ("ahead", 0, "0.0"),
            ("on_track", 0, "0.0"),
            ("behind", 1, "50.0"),
            ("completed", 1, "50.0"),
            ("other", 0, "0.0"),
        ]
    );
    d.w.sound().await
}

async fn of_two_who_report_at_once_one_is_told(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let said_state = (State::OnTrack, "");
    let one = d.report(&d.clerk, d.whole, Some(0), said_state);
    let two = d.report(&d.clerk, d.whole, Some(0), said_state);
    let (one, two) = tokio::join!(one, two);
    let mut both = [told(&one), told(&two)];
    both.sort();
    assert_eq!(both, ["ok", "report changed"]);
    let view =
        d.w.app
            .supervision_item(&d.clerk, d.id, d.whole, None)
            .await?;
    assert_eq!(view.events.len(), 1);
    Ok(())
}

async fn a_report_on_a_version_that_was_superseded_is_told_so(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    let seen = app
        .supervision_item(&d.clerk, d.id, d.whole, None)
        .await?
        .plan_version;
    app.plan_revise(&d.clerk, d.id, None).await?;
    app.plan_task_remove(&d.clerk, d.id, None, d.whole.task)
        .await?;
    let adoption = Adoption {
        reason: "任务已并入".to_owned(),
        ..Adoption::default()
    };
    app.plan_adopt(&d.clerk, d.id, None, &adoption).await?;
    let input = |item, plan_version| {
        let input = ReportInput {
            version: None,
            plan_version,
            state: State::OnTrack,
            text: "正常推进".to_owned(),
            reason: String::new(),
            files: Vec::new(),
        };
        app.supervision_report(&d.clerk, d.id, (period(MONTH), item), input)
    };
    assert_eq!(told(&input(d.measured, Some(seen)).await), "plan changed");
    assert_eq!(
        told(&input(d.whole, Some(seen + 1)).await),
        "no such item",
        "the task is gone"
    );
    assert_eq!(told(&input(d.measured, Some(seen + 1)).await), "ok");
    assert_eq!(d.round(MONTH).await?.items, 1);
    Ok(())
}

async fn a_closed_round_takes_nothing_more_and_its_bulletin_stays(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    d.report(&d.clerk, d.whole, None, (State::Completed, ""))
        .await?;
    let close = || app.supervision_close(&d.supervisor, d.id, period(MONTH));
    assert_eq!(told(&close().await), "supervision.refused.before_due");
    d.w.on("2025-02-27");
    assert_eq!(
        told(&app.supervision_close(&d.clerk, d.id, period(MONTH)).await),
        "refused"
    );
    let before = d.round(MONTH).await?;
    assert_eq!((before.missing, before.lines[0].late), (1, 2));
    close().await?;
    assert_eq!(told(&close().await), "supervision.refused.closed");
    let duties = app.plan_duties(&d.clerk, 1).await?.rows;
    let duties: Vec<_> = duties
        .iter()
        .map(|one| (one.title.as_str(), one.standing))
        .collect();
    assert_eq!(
        duties,
        [("推动项目建设", "open"), ("优化营商环境", "done")],
        "what was reported completed is done"
    );
    let late = d
        .report(&d.clerk, d.measured, None, (State::OnTrack, ""))
        .await;
    assert_eq!(told(&late), "supervision.refused.closed");
    let verify = d.verify(&d.supervisor, d.whole, None, "").await;
    assert_eq!(told(&verify), "supervision.refused.closed");
    // A month later it says the same, and the new round knows what was completed.
    d.w.on("2025-03-27");
    let after = d.round(MONTH).await?;
    assert_eq!(after.closed_on.as_deref(), Some("2025-02-27"));
    assert_eq!((&after.states, after.lines[0].late), (&before.states, 2));
    let next = d.round("2025-03").await?;
    let known: Vec<(&str, &str)> = next
        .lines
        .iter()
        .map(|line| (line.state.as_str(), line.reporting.as_str()))
        .collect();
    assert_eq!(known, [("other", "missing"), ("completed", "carried")]);
    let file = app
        .export_supervision(&d.supervisor, d.id, Some(period(MONTH)))
        .await?;
    assert!(file.name.contains("督查月报-2025-02"), "{}", file.name);
    let book = read_workbook(&file.name, &file.bytes, &Limits::default())?;
    let sheet = book.sheets.first().expect("the items");
    assert_eq!(sheet.name, "督查月报");
    let letter = app.supervision_bulletin(&d.supervisor, d.id, None).await?;
    assert!(letter.bytes.starts_with(b"PK"));
    // The months may not leave out what is issued; another rhythm leaves it where it is.
    let input = |since: &str| SupervisionInput {
        edit: None,
        rhythm: Rhythm::Quarterly,
        since: period(since),
        until: None,
    };
    let changed = app.supervision_put(&d.supervisor, d.id, input("2025-03"));
    assert_eq!(told(&changed.await), "supervision.round_is_out at since");
    let changed = app.supervision_put(&d.supervisor, d.id, input(MONTH));
    assert_eq!(told(&changed.await), "ok");
    let kept = app
        .supervision_round(&d.supervisor, d.id, Some(period(MONTH)))
        .await?;
    assert_eq!(kept.lines.len(), 2, "the bulletin stays as it was");
    Ok(())
}

async fn a_task_may_be_reported_on_in_a_rhythm_of_its_own(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    let set = async |who: &Actor, task: u32, edit: Option<i64>, rhythm| {
        let put = app.supervision_task_rhythm_put(who, d.id, task, edit, rhythm);
        told(&put.await)
    };
    let round = async |month: &str| -> Tried<_> {
        let found = app.supervision_round(&d.supervisor, d.id, Some(period(month)));
        let found = found.await?;
        let lines = found.lines.iter();
        let lines: Vec<String> = lines
            .map(|line| format!("{} {}", line.title, line.reporting))
            .collect();
        Ok((lines.join(", "), found.not_asked))
    };
    let (first, second) = (d.measured.task, d.whole.task);
    assert_eq!(set(&d.clerk, second, None, None).await, "refused");
    let quarterly = Some(Rhythm::Quarterly);
    assert_eq!(
        set(&d.supervisor, 99, None, quarterly).await,
        "no such task"
    );
    assert_eq!(
        set(&d.supervisor, second, Some(0), quarterly).await,
        "supervision changed"
    );
    assert_eq!(set(&d.supervisor, second, Some(1), quarterly).await, "ok");
    assert_eq!(
        round(MONTH).await?,
        ("推动项目建设 open".to_owned(), 1),
        "the other waits for the end of the quarter"
    );
    let early = d.report(&d.clerk, d.whole, None, (State::OnTrack, ""));
    assert!(early.await.is_err(), "nobody asks for it in February");
    d.w.on("2025-03-05");
    app.supervision_remind(&d.w.system).await?;
    let missed = app
        .supervision_missed(&d.supervisor, MissedQuery::default())
        .await?;
    let missed: Vec<&str> = missed.rows.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(missed, ["推动项目建设"]);
    d.w.on("2025-03-20");
    assert_eq!(
        round("2025-03").await?,
        ("推动项目建设 open, 优化营商环境 open".to_owned(), 0)
    );
    let task = async |key: u32| -> Tried<_> {
        let found = app.supervision_of_task(&d.supervisor, d.id, key).await?;
        let found = found.ok_or("not supervised")?;
        let months = found.rounds.iter().map(|one| one.period.clone());
        Ok((found.rhythm, found.own, months.collect::<Vec<_>>()))
    };
    let months = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        task(second).await?,
        ("quarterly", true, months(&["2025-03"]))
    );
    assert_eq!(
        task(first).await?,
        ("monthly", false, months(&["2025-03", "2025-02"]))
    );

    // The other way round: the plan once a quarter, one task every month, from now on.
    app.supervision_close(&d.supervisor, d.id, period(MONTH))
        .await?;
    let input = SupervisionInput {
        edit: None,
        rhythm: Rhythm::Quarterly,
        since: period(MONTH),
        until: None,
    };
    app.supervision_put(&d.supervisor, d.id, input).await?;
    d.w.on("2025-04-22");
    let monthly = Some(Rhythm::Monthly);
    assert_eq!(set(&d.supervisor, first, None, monthly).await, "ok");
    assert_eq!(
        task(first).await?,
        ("monthly", true, months(&["2025-04", "2025-03", "2025-02"])),
        "February's bulletin names it"
    );
    assert_eq!(
        round("2025-04").await?,
        ("推动项目建设 open".to_owned(), 1),
        "whoever reports every month has a round in April"
    );
    d.w.on("2025-06-19");
    assert_eq!(
        set(&d.supervisor, first, None, None).await,
        "ok",
        "from June on it is as the plan again"
    );
    assert_eq!(
        task(first).await?,
        (
            "quarterly",
            false,
            months(&["2025-06", "2025-05", "2025-04", "2025-03", "2025-02"])
        ),
        "what was asked for in April and May stays asked for"
    );
    assert_eq!(task(second).await?.2, months(&["2025-06", "2025-03"]));
    Ok(())
}

async fn a_task_nobody_asks_for_this_month_stays_on_the_desk_as_it_was(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    d.report(&d.clerk, d.whole, None, (State::Behind, ""))
        .await?;
    let quarterly = Some(Rhythm::Quarterly);
    d.w.on("2025-03-05");
    app.supervision_task_rhythm_put(&d.supervisor, d.id, d.whole.task, None, quarterly)
        .await?;
    let leader = d.w.person(Role::Leader, LEAGUE, "").await?;
    let about = About::Task {
        plan: d.id,
        task: d.whole.task,
    };
    let charge = AssignInput {
        projects: Vec::new(),
        duty: Duty::Leader,
        unit: LEAGUE.to_owned(),
        holder: Holder::User(leader.user),
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: String::new(),
    };
    app.charge(&d.clerk, &about, &charge).await?;
    d.w.on("2025-04-20");
    let asked = app.desk(&leader, 1).await?.supervision.items;
    let asked: Vec<(&str, &str)> = asked
        .iter()
        .map(|one| (one.period.as_str(), one.asked))
        .collect();
    assert_eq!(
        asked,
        [("2025-03", "report")],
        "April asks nothing of it; March's report is missing"
    );
    Ok(())
}

async fn a_round_without_bulletin_stays_in_view_when_the_next_one_opens(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    d.report(&d.clerk, d.whole, None, (State::OnTrack, ""))
        .await?;
    d.w.on("2025-03-20");
    let page = d.w.app.supervision_page(&d.supervisor).await?;
    let row = &page.rows[0];
    assert_eq!(row.period.as_deref(), Some("2025-03"));
    let earlier: Vec<_> = row
        .earlier
        .iter()
        .map(|one| (one.period.as_str(), one.due_on.as_str(), one.missing))
        .collect();
    assert_eq!(earlier, [("2025-02", "2025-02-25", 1)]);
    d.w.app
        .supervision_close(&d.supervisor, d.id, period(MONTH))
        .await?;
    let page = d.w.app.supervision_page(&d.supervisor).await?;
    assert_eq!(page.rows[0].earlier, [], "its bulletin is out");
    Ok(())
}

async fn the_lines_behind_each_figure_of_a_round_are_as_many(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    d.report(&d.clerk, d.whole, None, (State::Behind, ""))
        .await?;
    d.w.on("2025-02-27");
    let behind = async |query: LinesQuery| {
        let view = d.round(MONTH).await?.narrowed(&query);
        Ok::<_, AppError>((view.items, view.lines.len()))
    };
    let state = |state| LinesQuery {
        state: Some(state),
        ..LinesQuery::default()
    };
    let reporting = |word: &str| LinesQuery {
        reporting: Wanted::from_word(word),
        ..LinesQuery::default()
    };
    let office = |office| LinesQuery {
        office: Some(office),
        ..LinesQuery::default()
    };
    assert_eq!(behind(state(State::Behind)).await?, (2, 1));
    assert_eq!(behind(state(State::Ahead)).await?, (2, 0));
    for (word, lines) in [
        ("came", 1),
        ("reported", 1),
        ("verified", 0),
        ("missing", 1),
        ("late", 0),
    ] {
        assert_eq!(behind(reporting(word)).await?, (2, lines), "{word}");
    }
    let of_league = office(OfficeInput::unit(LEAGUE));
    assert_eq!(behind(of_league).await?, (2, 2));
    let of_department = office(OfficeInput::department(LEAGUE, "energy"));
    assert_eq!(behind(of_department).await?, (2, 0));
    Ok(())
}

async fn a_letter_is_written_after_the_bulletin(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    d.w.on("2025-02-27");
    d.w.app
        .supervision_close(&d.supervisor, d.id, period(MONTH))
        .await?;
    let written = d.letter(&d.supervisor, LetterKind::Supervise).await;
    assert_eq!(told(&written), "ok", "first the bulletin, then the letter");
    let (unit, year, seq) = written?;
    let letter =
        d.w.app
            .supervision_letter(&d.clerk, &unit, (year, seq))
            .await?;
    let lists: Vec<_> = letter.items.iter().map(|one| one.why.as_str()).collect();
    assert_eq!(lists, ["missing", "missing"]);
    Ok(())
}

async fn who_missed_which_round_is_listed_with_days(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    let early = d.w.clock.clone();
    early.set(day("2025-02-10"));
    let soon = d
        .report(&d.clerk, d.whole, None, (State::OnTrack, ""))
        .await;
    assert_eq!(told(&soon), "supervision.refused.not_open");
    d.w.on("2025-02-25");
    let missed = app
        .supervision_missed(&d.clerk, MissedQuery::default())
        .await?;
    assert_eq!((missed.missing, missed.late), (0, 0), "the day is not over");
    d.w.on("2025-02-28");
    d.report(&d.clerk, d.whole, None, (State::OnTrack, ""))
        .await?;
    let missed = app
        .supervision_missed(&d.clerk, MissedQuery::default())
        .await?;
    let rows: Vec<(bool, i64, &str)> = missed
        .rows
        .iter()
        .map(|row| (row.missing, row.late, row.title.as_str()))
        .collect();
    assert_eq!(
        rows,
        [(true, 3, "推动项目建设"), (false, 3, "优化营商环境")]
    );
    let none = MissedQuery {
        period: Some(period("2025-01")),
        ..MissedQuery::default()
    };
    assert!(
        app.supervision_missed(&d.clerk, none)
            .await?
            .rows
            .is_empty()
    );
    let file = app
        .export_supervision_missed(&d.clerk, MissedQuery::default())
        .await?;
    assert!(file.bytes.starts_with(b"PK"));
    Ok(())
}

async fn a_letter_is_answered_and_looked_at_again_until_it_is_settled(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    let early = d.letter(&d.supervisor, LetterKind::Urge).await;
    assert_eq!(
        told(&early),
        "supervision.letter.nothing",
        "nothing is missing yet"
    );
    d.w.on("2025-02-27");
    assert_eq!(told(&d.letter(&d.clerk, LetterKind::Urge).await), "refused");
    let (unit, year, seq) = d.letter(&d.supervisor, LetterKind::Urge).await?;
    assert_eq!((unit.as_str(), year, seq), (LEAGUE, 2025, 1));
    let twice = d.letter(&d.supervisor, LetterKind::Urge).await;
    assert_eq!(told(&twice), "supervision.letter.open");
    assert_eq!(d.letter(&d.supervisor, LetterKind::Supervise).await?.2, 2);
    let view = app.supervision_letter(&d.clerk, &unit, (year, seq)).await?;
    assert_eq!(view.row.number, "通辽督查催〔2025〕1号");
    assert_eq!(
        (view.items.len(), view.row.state, view.row.reply_by.as_str()),
        (2, "awaiting", "2025-03-06")
    );
    assert_eq!(view.offers, ["reply"]);
    let act = |who: &Actor, version, act| {
        let (who, unit) = (who.clone(), unit.clone());
        async move {
            let input = LetterActInput {
                version,
                act,
                files: Vec::new(),
            };
            app.supervision_letter_act(&who, &unit, (year, seq), input)
                .await
        }
    };
    let reply = || LetterAct::Reply {
        text: "已补报".to_owned(),
    };
    let recheck = |settled, reply_by: Option<&str>| LetterAct::Recheck {
        settled,
        note: "台账不全".to_owned(),
        reply_by: reply_by.map(day),
    };
    assert_eq!(told(&act(&d.supervisor, None, reply()).await), "refused");
    let early = act(&d.supervisor, None, recheck(true, None)).await;
    assert_eq!(told(&early), "supervision.letter.not_now");
    let (one, two) = tokio::join!(
        act(&d.clerk, Some(0), reply()),
        act(&d.clerk, Some(0), reply())
    );
    let mut both = [told(&one), told(&two)];
    both.sort();
    assert_eq!(both, ["letter changed", "ok"]);
    let past = act(&d.supervisor, Some(1), recheck(false, Some("2025-02-27"))).await;
    assert_eq!(told(&past), "supervision.letter.reply_by at reply_by");
    act(&d.supervisor, Some(1), recheck(false, Some("2025-03-10"))).await?;
    act(&d.clerk, Some(2), reply()).await?;
    act(&d.supervisor, Some(3), recheck(true, None)).await?;
    let view = app
        .supervision_letter(&d.supervisor, &unit, (year, seq))
        .await?;
    assert_eq!(
        (view.row.state, view.events.len(), view.version),
        ("settled", 4, 4)
    );
    let of_plan = LettersQuery {
        plan: Some(d.id),
        ..LettersQuery::default()
    };
    let page = app.supervision_letters(&d.clerk, &of_plan).await?;
    assert_eq!((page.total, page.page), (2, 1));
    let listed = page.rows;
    let states: Vec<(i64, &str)> = listed.iter().map(|row| (row.seq, row.state)).collect();
    assert_eq!(states, [(2, "awaiting"), (1, "settled")]);
    let (name, bytes) = app
        .supervision_letter_file(&d.clerk, &unit, (year, seq))
        .await?;
    assert_eq!(name, "通辽督查催〔2025〕1号.docx");
    assert!(bytes.starts_with(b"PK"));
    d.w.sound().await?;
    // A copy that is wrong is found.
    let reference = app.reference().await?;
    let key = LetterKey {
        unit: reference.unit_by_code(LEAGUE).expect("a unit").path.clone(),
        year,
        seq,
    };
    let tx = db.begin().await?;
    let mut row = supervision_letter_lock(&tx, &key).await?.expect("a letter");
    row.version += 1;
    supervision_letter_update(&tx, &row).await?;
    tx.commit().await?;
    let faults = app.check_up().await?.faults;
    assert_eq!(
        faults.iter().map(|fault| fault.what).collect::<Vec<_>>(),
        ["supervision"]
    );
    Ok(())
}

async fn a_letter_goes_to_nobody_where_nobody_could_answer(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    app.plan_revise(&d.clerk, d.id, None).await?;
    let task = TaskInput {
        title: "草原保护".to_owned(),
        lead: OfficeInput::unit(BANNER),
        due: Some(day("2025-12-31")),
        ..TaskInput::default()
    };
    app.plan_task_put(&d.clerk, d.id, None, None, &task).await?;
    let adoption = Adoption {
        reason: "新增任务".to_owned(),
        ..Adoption::default()
    };
    app.plan_adopt(&d.clerk, d.id, None, &adoption).await?;
    d.w.on("2025-02-27");
    let input = NewLetter {
        plan: d.id,
        period: period(MONTH),
        kind: LetterKind::Urge,
        office: OfficeInput::unit(BANNER),
        reply_by: None,
    };
    let write = || app.supervision_letter_write(&d.supervisor, &input);
    assert_eq!(told(&write().await), "supervision.letter.nobody");
    assert!(
        app.supervision_letters(&d.supervisor, &LettersQuery::default())
            .await?
            .rows
            .is_empty()
    );
    d.w.clerk(BANNER).await?;
    assert_eq!(told(&write().await), "ok");
    Ok(())
}

async fn who_may_see_and_supervise(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    let elsewhere = d.w.clerk(ELSEWHERE).await?;
    let stranger = d.w.person(Role::Supervisor, ELSEWHERE, "").await?;
    for who in [&elsewhere, &stranger] {
        let seen = app.supervision_round(who, d.id, None).await;
        assert_eq!(told(&seen), "no such plan");
        assert!(app.supervision_page(who).await?.rows.is_empty());
        let verified = d.verify(who, d.whole, None, "").await;
        assert_eq!(told(&verified), "no such plan");
    }
    let page = app.supervision_page(&d.supervisor).await?;
    assert_eq!(page.rows.len(), 1);
    let row = &page.rows[0];
    assert_eq!(
        (row.items, row.period.as_deref(), row.due_on.as_str()),
        (2, Some(MONTH), "2025-02-25")
    );
    assert!(page.may_supervise && page.candidates.is_empty());
    let below = d.w.person(Role::Officer, BANNER, "water").await?;
    let seen = app.supervision_round(&below, d.id, None).await?;
    assert!(!seen.may_close && seen.lines.iter().all(|line| !line.mine));
    let outside = SupervisionInput {
        edit: None,
        rhythm: Rhythm::Monthly,
        since: period("2024-12"),
        until: Some(period("2026-01")),
    };
    let wrong = app.supervision_put(&d.supervisor, d.id, outside).await;
    let wrong = said(&wrong);
    assert!(
        wrong.contains("supervision.outside_plan at since"),
        "{wrong}"
    );
    Ok(())
}

/// A leader answers for what is charged with this.
fn leads(leader: &Actor) -> AssignInput {
    AssignInput {
        projects: Vec::new(),
        duty: Duty::Leader,
        unit: LEAGUE.to_owned(),
        holder: Holder::User(leader.user),
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: "领衔".to_owned(),
    }
}

async fn a_leader_sees_what_is_behind_in_the_tasks_they_answer_for(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    let leader = d.w.person(Role::Leader, LEAGUE, "").await?;
    let input = leads(&leader);
    let task = |item: Item| About::Task {
        plan: d.id,
        task: item.task,
    };
    app.charge(&d.clerk, &task(d.measured), &input).await?;
    let asked = async || -> Tried<Vec<(&'static str, String)>> {
        let items = app.desk(&leader, 1).await?.supervision.items;
        let asked = items.into_iter();
        Ok(asked.map(|one| (one.asked, one.item.title)).collect())
    };
    let first = "推动项目建设".to_owned();
    assert_eq!(asked().await?, [], "nothing is known yet");
    d.value("2025-02-20", "40").await?;
    assert_eq!(asked().await?, [("confirm", first.clone())]);
    let behind = (State::Behind, "");
    d.report(&d.clerk, d.measured, None, behind).await?;
    assert_eq!(asked().await?, [("catch_up", first.clone())]);
    // The other task is missing, and is nobody's until somebody is charged with it.
    d.w.on("2025-02-27");
    assert_eq!(asked().await?, [("catch_up", first.clone())]);
    let second = (String::from("优化营商环境"), task(d.whole));
    app.charge(&d.clerk, &second.1, &input).await?;
    assert_eq!(
        asked().await?,
        [("catch_up", first.clone()), ("report", second.0)]
    );
    let (_, year, seq) = d.letter(&d.supervisor, LetterKind::Urge).await?;
    let letters = app.desk(&leader, 1).await?.supervision.letters;
    let keys: Vec<(i16, i64)> = letters.iter().map(|one| (one.year, one.seq)).collect();
    assert_eq!(keys, [(year, seq)]);
    assert_eq!(
        app.desk(&d.supervisor, 1).await?.supervision,
        AskedView::default(),
        "who answers for nothing is asked nothing"
    );
    // In the next round the last report holds until another comes.
    d.verify(&d.supervisor, d.measured, None, "").await?;
    app.supervision_close(&d.supervisor, d.id, period(MONTH))
        .await?;
    // What was missing then can be handed in no more.
    let missed = ("missed", "优化营商环境".to_owned());
    assert_eq!(asked().await?, [("catch_up", first.clone()), missed]);
    d.w.on("2025-03-20");
    assert_eq!(asked().await?, [("catch_up", first.clone())]);
    // March passes without a word and without a bulletin: both are still to be handed in.
    d.w.on("2025-04-20");
    let items = app.desk(&leader, 1).await?.supervision.items;
    let asked = items.iter();
    let asked: Vec<(&str, &str, &str)> = asked
        .map(|one| (one.period.as_str(), one.asked, one.item.title.as_str()))
        .collect();
    assert_eq!(
        asked,
        [
            ("2025-03", "report", "推动项目建设"),
            ("2025-03", "report", "优化营商环境"),
            ("2025-04", "catch_up", "推动项目建设"),
        ]
    );
    Ok(())
}

async fn a_leader_sees_what_is_behind_below_in_tasks_that_take_theirs_over(db: &Db) -> Outcome {
    let d = Desk::new(db).await?;
    let app = &d.w.app;
    let leader = d.w.person(Role::Leader, LEAGUE, "").await?;
    let input = leads(&leader);
    let about = About::Task {
        plan: d.id,
        task: d.measured.task,
    };
    app.charge(&d.clerk, &about, &input).await?;
    // The banner's plan takes the leader's task over, and another that is not the leader's.
    let banner = d.w.clerk(BANNER).await?;
    let plan = NewPlan {
        kind: PlanKind::Annual,
        office: OfficeInput::unit(BANNER),
        parent: Some(d.id),
        title: "旗年度任务清单".to_owned(),
        from: Some(day("2025-01-01")),
        until: Some(day("2025-12-31")),
    };
    let below = app.plan_create(&banner, &plan).await?;
    for (title, over) in [("承接", d.measured.task), ("另一项", d.whole.task)] {
        let task = TaskInput {
            title: title.to_owned(),
            lead: OfficeInput::unit(BANNER),
            due: Some(day("2025-12-31")),
            takes_over: vec![over],
            ..TaskInput::default()
        };
        app.plan_task_put(&banner, below, None, None, &task).await?;
    }
    app.plan_adopt(&banner, below, None, &Adoption::default())
        .await?;
    let supervisor = d.w.person(Role::Supervisor, BANNER, "").await?;
    let start = SupervisionInput {
        edit: Some(0),
        rhythm: Rhythm::Monthly,
        since: period(MONTH),
        until: None,
    };
    app.supervision_put(&supervisor, below, start).await?;
    d.w.on("2025-02-27");
    let items = app.desk(&leader, 1).await?.supervision.items;
    let items: Vec<(i64, &str, &str, bool)> = items
        .iter()
        .map(|one| (one.plan_id, one.asked, one.item.title.as_str(), one.below))
        .collect();
    assert_eq!(
        items,
        [
            (d.id.0, "report", "推动项目建设", false),
            (below.0, "report", "承接", true),
        ]
    );
    Ok(())
}

#[test]
fn of_two_servers_each_step_of_the_ladder_fires_once_on_sqlite() {
    gangmu_testkit::block_on(async {
        two_servers(&Fresh::sqlite().await).await.expect("a body");
    });
}

#[test]
fn of_two_servers_each_step_of_the_ladder_fires_once_on_postgres() {
    gangmu_testkit::block_on(async {
        two_servers(&Fresh::postgres().await).await.expect("a body");
    });
}

async fn server(fresh: &Fresh, clock: &Arc<FixedClock>) -> Tried<App> {
    let db = Db::open(fresh.address()).await?;
    let files = Arc::new(InMemory::new());
    Ok(App::new(db, files, Arc::clone(clock) as _))
}

async fn two_servers(fresh: &Fresh) -> Outcome {
    let d = Desk::new(fresh.db()).await?;
    d.w.person(Role::Leader, LEAGUE, "").await?;
    let one = server(fresh, &d.w.clock).await?;
    let two = server(fresh, &d.w.clock).await?;
    let system = one.system().await?;
    // Due on the 25th: reminded when two working days are left, then, and on the days of the ladder.
    for (date, sent) in [
        ("2025-02-20", 0),
        ("2025-02-21", 0),
        ("2025-02-24", 1),
        ("2025-02-25", 1),
        ("2025-02-26", 1),
        ("2025-02-27", 0),
        ("2025-02-28", 1),
        ("2025-03-04", 1),
        ("2025-03-11", 1),
    ] {
        d.w.on(date);
        let (a, b) = tokio::join!(
            one.supervision_remind(&system),
            two.supervision_remind(&system)
        );
        assert_eq!(a? + b?, sent, "{date}");
    }
    let item = one
        .supervision_item(&d.clerk, d.id, d.whole, Some(period(MONTH)))
        .await?;
    let fired: Vec<_> = item.steps.iter().map(|step| step.code.as_str()).collect();
    assert_eq!(
        fired,
        ["soon", "due", "missed", "supervisor", "head", "leader"],
        "what fired over the office's reports stands with each item"
    );
    // A letter has a ladder of its own: due on the 18th.
    let (unit, year, seq) = d.letter(&d.supervisor, LetterKind::Urge).await?;
    for (date, sent) in [("2025-03-14", 0), ("2025-03-17", 1), ("2025-03-18", 1)] {
        d.w.on(date);
        let (a, b) = tokio::join!(
            one.supervision_remind(&system),
            two.supervision_remind(&system)
        );
        let due = one
            .supervision_letter(&d.clerk, &unit, (year, seq))
            .await?
            .row
            .reply_by;
        assert_eq!(due, "2025-03-18");
        assert_eq!(a? + b?, sent, "{date}");
    }
    let letter = one.supervision_letter(&d.clerk, &unit, (year, seq)).await?;
    let fired: Vec<_> = letter.steps.iter().map(|step| step.code.as_str()).collect();
    assert_eq!(fired, ["letter_soon", "letter_due"]);
    for app in [one, two] {
        app.close().await?;
    }
    Ok(())
}
