//! A meeting from its series to its minutes: the agenda builds itself, resolutions become problems
//! and matters, the next meeting opens with what became of them.

use gangmu_app::domain::Yuan;
use gangmu_app::domain::liaison::{Duty, Holder, KeepAct};
use gangmu_app::domain::library::{Field, FundingSource, ProjectId, Value};
use gangmu_app::domain::meetings::Rhythm;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::{Category, Stage};
use gangmu_app::domain::problems::{Act, Party};
use gangmu_app::liaison::{AssignInput, Instead};
use gangmu_app::library::ProjectEdit;
use gangmu_app::meetings::{Becomes, MeetingResolve, MeetingView, SeriesInput};
use gangmu_app::notices::NoticesOf;
use gangmu_app::problems::{RaiseInput, StepInput};
use gangmu_app::{Actor, AppError};
use gangmu_exchange::{Limits, read_tables};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, Tried, World, code, day, draft, figures, said, why, with,
};

each_engine!(
    an_agenda_builds_itself_says_why_and_can_be_edited,
    a_series_may_be_about_a_department_a_chain_or_what_somebody_answers_for,
    a_resolution_becomes_a_problem_whose_end_the_next_meeting_opens_with,
    a_meeting_is_held_once_and_its_minutes_say_what_was_agreed,
    a_series_meets_on_working_days_and_only_its_own_units_hold_it,
    offices_hear_of_meetings_and_of_what_was_agreed_and_are_reminded_once,
    a_matter_is_pressed_for_and_kept_when_it_is_through,
    minutes_stay_as_they_were_whatever_becomes_of_what_was_agreed,
    a_meeting_moves_or_is_cancelled_and_its_agenda_is_built_again,
);

async fn weekly(w: &World, clerk: &Actor) -> Tried<i64> {
    let input = SeriesInput {
        title: "通辽市重大项目周调度".to_owned(),
        about: String::new(),
        unit: LEAGUE.to_owned(),
        rhythm: Rhythm::Weekly,
        first: None,
    };
    Ok(w.app.series_add(clerk, &input).await?)
}

async fn look(w: &World, who: &Actor, id: i64) -> Tried<MeetingView> {
    Ok(w.app.meeting_view(who, id).await?)
}

/// Each project on the agenda with its grounds.
fn agenda(view: &MeetingView) -> Vec<String> {
    let shown = view.agenda.iter().filter(|one| !one.dropped);
    shown
        .map(|one| {
            let grounds: Vec<&str> = one.grounds.iter().map(|g| g.ground).collect();
            format!("{} {}", one.project_name, grounds.join(" "))
        })
        .collect()
}

async fn office(w: &World, unit: &str) -> Tried<Party> {
    let reference = w.app.reference().await?;
    Ok(Party::Office {
        unit: reference.unit_by_code(unit).expect("a unit").path.clone(),
        department: None,
    })
}

/// A project that can go as far as preparation.
fn ripe(name: &str, start: &str) -> ProjectEdit {
    let text = |text: &str| Value::Text(text.to_owned());
    let funding = [(FundingSource::OwnFunds, Yuan::wan(10_000))].into();
    let fields = [
        (Field::Basis, text("十五五规划")),
        (Field::Site, text("工业园区")),
        (Field::Park, text("霍林郭勒园区")),
        (Field::Owner, text("某公司")),
        (Field::Scale, text("两台机组")),
        (Field::Funding, Value::Funding(funding)),
        (Field::ApprovalDocument, text("备案〔2025〕1号")),
        (
            Field::Code,
            Value::Code("2501-150502-04-01-123456".to_owned()),
        ),
        (Field::PlannedStart, Value::Date(day(start))),
        (Field::DutyPerson, text("科尔沁区发改委项目科科长")),
    ];
    let edit = draft(name);
    fields
        .into_iter()
        .fold(edit, |edit, (field, value)| with(edit, field, value))
}

async fn an_agenda_builds_itself_says_why_and_can_be_edited(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let red = w.enter(&draft("红灯项目")).await?;
    let stuck = w.enter(&draft("受阻项目")).await?;
    let soon = w.enter(&ripe("将开工项目", "2025-07-01")).await?;
    let quiet = w.enter(&draft("平稳项目")).await?;
    w.adopt(
        2025,
        &[
            (red, Category::Continuing, 12_000),
            (quiet, Category::Continuing, 6),
        ],
    )
    .await?;
    w.open("2025-05").await?;
    w.on("2025-06-05");
    for id in [red, quiet] {
        let typed = figures("2025-05", 1);
        w.submit_figures("2025-05", id, typed).await?;
    }
    let clerk = w.clerk(LEAGUE).await?;
    for to in [Stage::Reserve, Stage::Preparation] {
        let moved = w.app.stage_move(&w.system, soon, to, &why("")).await;
        assert_eq!(said(&moved), "ok", "{to:?}");
    }
    w.app
        .problem_raise(&clerk, &RaiseInput::new(stuck, "供电线路未核准"))
        .await?;
    w.on("2025-06-12");
    let series = weekly(&w, &clerk).await?;
    let id = w.app.meeting_prepare(&clerk, series).await?;
    let view = look(&w, &clerk, id).await?;
    assert_eq!(
        agenda(&view),
        [
            "受阻项目 overdue_problem elements_short",
            "红灯项目 red_light",
            "将开工项目 start_due",
        ]
    );
    let stuck_view = &view.agenda[0];
    assert_eq!(stuck_view.grounds[0].about, "供电线路未核准");

    let add =
        async |project, reason: &str| said(&w.app.agenda_add(&clerk, id, project, reason).await);
    assert_eq!(add(quiet, " ").await, "field.missing at reason");
    assert_eq!(add(ProjectId(999), "领导点名").await, "no such project");
    assert_eq!(add(quiet, "领导点名").await, "ok");
    w.app.agenda_drop(&clerk, id, red).await?;
    assert_eq!(
        agenda(&look(&w, &clerk, id).await?),
        [
            "受阻项目 overdue_problem elements_short",
            "将开工项目 start_due",
            "平稳项目 by_hand",
        ]
    );
    let meant = async |text: &str| -> Result<Vec<String>, AppError> {
        let found = w.app.agenda_candidates(&clerk, id, text).await?;
        let mut names: Vec<String> = found.into_iter().map(|one| one.name).collect();
        names.sort();
        Ok(names)
    };
    assert_eq!(meant("平稳项目").await?, ["平稳项目"]);
    assert_eq!(meant("2501-150502-04-01-123456").await?, ["将开工项目"]);
    assert_eq!(meant("项目").await?.len(), 4, "any of them may be meant");
    assert_eq!(
        said(&meant("没有这个").await),
        "meetings.refused.no_such_project at named (没有这个)"
    );
    let off = said(&w.app.agenda_drop(&clerk, id, ProjectId(999)).await);
    assert_eq!(off, "no such project");
    let again = said(&w.app.meeting_prepare(&clerk, series).await);
    assert_eq!(again, "meetings.refused.prepared_already");

    // In June, which is open, nobody has reported, and 平稳项目 would look late.
    w.close("2025-05").await?;
    w.open("2025-06").await?;
    w.on("2025-07-03");
    let series = weekly(&w, &clerk).await?;
    let id = w.app.meeting_prepare(&clerk, series).await?;
    let view = look(&w, &clerk, id).await?;
    let mut red = view.agenda.iter().filter_map(|one| {
        let mut grounds = one.grounds.iter();
        let red = grounds.find(|ground| ground.ground == "red_light")?;
        Some((one.project_name.as_str(), red.about.as_str()))
    });
    assert_eq!(red.next(), Some(("红灯项目", "2025-05 0%")));
    assert_eq!(red.next(), None, "a closed month is complete");
    w.sound().await
}

async fn resolve(
    w: &World,
    who: &Actor,
    meeting: i64,
    project: Option<ProjectId>,
    becomes: Becomes,
) -> Tried<String> {
    let input = MeetingResolve {
        project,
        becomes,
        body: "月底前完成供电线路核准".to_owned(),
        party: Some(office(w, BANNER).await?),
        due: day("2025-02-28"),
    };
    let done: Result<i64, AppError> = w.app.meeting_resolve(who, meeting, &input).await;
    Ok(said(&done))
}

async fn a_series_may_be_about_a_department_a_chain_or_what_somebody_answers_for(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let of = |field, value: &str, name: &str| with(draft(name), field, code(value));
    let edits = [
        of(Field::Industry, "32", "铝材项目"),
        of(Field::Department, "energy", "风电项目"),
        draft("包联项目"),
        draft("其他项目"),
    ];
    let mut projects = Vec::new();
    for edit in &edits {
        let id = w.enter(edit).await?;
        let stuck = RaiseInput::new(id, "供电线路未核准");
        w.app.problem_raise(&clerk, &stuck).await?;
        projects.push(id);
    }
    let assigned = AssignInput {
        projects: vec![projects[2]],
        duty: Duty::Leader,
        unit: LEAGUE.to_owned(),
        holder: Holder::User(leader.user),
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: String::new(),
    };
    w.app.assign(&clerk, &assigned).await?;
    w.on("2025-02-12");
    let series = async |about: &str| -> Result<i64, AppError> {
        let input = SeriesInput {
            title: "专题调度".to_owned(),
            about: about.to_owned(),
            unit: LEAGUE.to_owned(),
            rhythm: Rhythm::Weekly,
            first: None,
        };
        w.app.series_add(&clerk, &input).await
    };
    let holder = format!("holder:{}", leader.user.0);
    let all = "铝材项目, 风电项目, 包联项目, 其他项目";
    for (about, wanted) in [
        ("", all),
        ("chain:aluminium", "铝材项目"),
        ("department:energy", "风电项目"),
        (holder.as_str(), "包联项目"),
        ("holder:1", ""),
    ] {
        let id = series(about).await?;
        let meeting = w.app.meeting_prepare(&clerk, id).await?;
        let names = |view: &MeetingView| {
            let on = view.agenda.iter().map(|one| one.project_name.clone());
            on.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(names(&look(&w, &clerk, meeting).await?), wanted, "{about}");
        w.app.agenda_rebuild(&clerk, meeting).await?;
        let again = names(&look(&w, &clerk, meeting).await?);
        assert_eq!(again, wanted, "{about}, built again");
    }
    for about in ["chain:silk", "department:tea", "holder:99", "weather"] {
        let told = said(&series(about).await);
        assert_eq!(told, "meetings.unknown_about at about", "{about}");
    }
    let found = w.app.meetings(&clerk).await?;
    let named: Vec<_> = found
        .series
        .iter()
        .map(|one| (one.about, one.about_name.as_str()))
        .collect();
    assert!(named.contains(&("chain", "铝基新材料")), "{named:?}");
    assert!(named.contains(&("department", "能源局")), "{named:?}");
    Ok(())
}

async fn a_resolution_becomes_a_problem_whose_end_the_next_meeting_opens_with(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let off = w.enter(&draft("乙")).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let banner = w.clerk(BANNER).await?;
    let series = weekly(&w, &clerk).await?;
    let meeting = w.app.meeting_prepare(&clerk, series).await?;
    w.app.agenda_add(&clerk, meeting, id, "领导点名").await?;
    let needs = resolve(&w, &clerk, meeting, None, Becomes::Problem).await?;
    assert_eq!(needs, "meetings.refused.needs_project at project");
    let away = resolve(&w, &clerk, meeting, Some(off), Becomes::Problem).await?;
    assert_eq!(away, "no such project", "it is not on the agenda");
    let unknown = Becomes::Matter("A99".to_owned());
    assert_eq!(
        resolve(&w, &clerk, meeting, Some(id), unknown).await?,
        "no such matter"
    );
    assert_eq!(
        look(&w, &clerk, meeting).await?.resolutions,
        [],
        "nothing half done"
    );
    for becomes in [Becomes::Problem, Becomes::Task] {
        assert_eq!(resolve(&w, &clerk, meeting, Some(id), becomes).await?, "ok");
    }
    let view = look(&w, &clerk, meeting).await?;
    let bound = view.resolutions.iter().find_map(|one| one.problem_id);
    let problem = bound.expect("a problem");
    let found = w.app.problem_view(&clerk, problem, None).await?;
    assert_eq!(
        (found.row.origin.as_str(), found.row.phase.as_str()),
        ("meeting", "handed_over")
    );
    assert_eq!(found.row.due_on.as_deref(), Some("2025-02-28"));
    assert_eq!(found.demand, "月底前完成供电线路核准");

    let said_then = ("市发改委、科尔沁区发改委", "听取汇报");
    let version = view.row.version;
    w.app
        .meeting_hold(&clerk, meeting, version, None, said_then)
        .await?;
    w.on("2025-03-03");
    let next = w.app.meeting_prepare(&clerk, series).await?;
    let opened = look(&w, &clerk, next).await?;
    let stands = |view: &MeetingView| -> Vec<(Option<i64>, String, bool)> {
        let mut all: Vec<_> = view
            .earlier
            .iter()
            .map(|one| (one.problem_id, one.stands.to_owned(), one.unkept))
            .collect();
        all.sort();
        all
    };
    assert_eq!(
        stands(&opened),
        [
            (None, "open".to_owned(), true),
            (Some(problem), "open".to_owned(), true),
        ]
    );
    assert_eq!(
        agenda(&opened),
        ["甲 unkept overdue_problem elements_short"],
        "it comes back by itself"
    );

    let answer = Act::Answer {
        measures: "对接".to_owned(),
        result: "已核准".to_owned(),
    };
    let verify = Act::Verify {
        finding: "属实".to_owned(),
    };
    let strike_off = Act::StrikeOff {
        remark: String::new(),
    };
    for (who, act) in [(&banner, answer), (&clerk, verify), (&clerk, strike_off)] {
        w.app
            .problem_act(who, problem, &StepInput::new(None, act))
            .await?;
    }
    let kept = stands(&look(&w, &clerk, next).await?);
    assert!(
        kept.contains(&(Some(problem), "done".to_owned(), false)),
        "{kept:?}"
    );
    w.sound().await
}

async fn a_meeting_is_held_once_and_its_minutes_say_what_was_agreed(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let series = weekly(&w, &clerk).await?;
    let meeting = w.app.meeting_prepare(&clerk, series).await?;
    w.app.agenda_add(&clerk, meeting, id, "领导点名").await?;
    assert_eq!(
        resolve(&w, &clerk, meeting, Some(id), Becomes::Task).await?,
        "ok"
    );
    let early = said(&w.app.meeting_minutes(&clerk, meeting).await);
    assert_eq!(early, "meetings.refused.not_held");
    let hold = async |version, attendees: &str| {
        let held = w
            .app
            .meeting_hold(&clerk, meeting, version, None, (attendees, "一\n二"));
        said(&held.await)
    };
    assert_eq!(hold(2, " ").await, "field.missing at attendees");
    assert_eq!(hold(9, "市发改委").await, "meeting changed");
    assert_eq!(hold(2, "市发改委").await, "ok");
    assert_eq!(hold(3, "市发改委").await, "meetings.refused.held_already");
    let late = resolve(&w, &clerk, meeting, Some(id), Becomes::Task).await?;
    assert_eq!(late, "meetings.refused.held_already");
    let minutes = w.app.meeting_minutes(&clerk, meeting).await?;
    assert_eq!(minutes.name, "会议纪要-2025-01-06.docx");
    assert!(minutes.bytes.starts_with(b"PK"));
    Ok(())
}

async fn minutes_stay_as_they_were_whatever_becomes_of_what_was_agreed(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let series = weekly(&w, &clerk).await?;
    let held = async |on: &str| -> Tried<(i64, i64)> {
        w.on(on);
        let meeting = w.app.meeting_prepare(&clerk, series).await?;
        w.app.agenda_add(&clerk, meeting, id, "领导点名").await?;
        let agreed = resolve(&w, &clerk, meeting, Some(id), Becomes::Task).await?;
        assert_eq!(agreed, "ok");
        let view = look(&w, &clerk, meeting).await?;
        let task = view.resolutions[0].resolution_id;
        let said = ("市发改委", "听取汇报");
        let version = view.row.version;
        let held = w.app.meeting_hold(&clerk, meeting, version, None, said);
        held.await?;
        Ok((meeting, task))
    };
    let (_, task) = held("2025-01-06").await?;
    let (second, _) = held("2025-01-13").await?;
    let before = w.app.meeting_minutes(&clerk, second).await?.bytes;
    // What the first meeting agreed is kept, and the project gets another name.
    let banner = w.clerk(BANNER).await?;
    w.app
        .resolution_act(&banner, task, None, KeepAct::Report, "已核准")
        .await?;
    w.app
        .resolution_act(&clerk, task, None, KeepAct::Confirm, "属实")
        .await?;
    w.app
        .project_edit(&w.system, id, None, &draft("乙"))
        .await?;
    let after = w.app.meeting_minutes(&clerk, second).await?.bytes;
    assert!(after == before, "the minutes say something else now");
    let now = look(&w, &clerk, second).await?;
    assert_eq!(
        now.earlier[0].stands, "done",
        "and the page says what became of it"
    );
    Ok(())
}

async fn a_meeting_moves_or_is_cancelled_and_its_agenda_is_built_again(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [stuck, quiet, late] = [
        w.enter(&draft("受阻项目")).await?,
        w.enter(&draft("平稳项目")).await?,
        w.enter(&ripe("未开项目", "2025-01-20")).await?,
    ];
    for to in [Stage::Reserve, Stage::Preparation] {
        w.app.stage_move(&w.system, late, to, &why("")).await?;
    }
    let (clerk, banner) = (w.clerk(LEAGUE).await?, w.clerk(BANNER).await?);
    w.on("2025-02-05");
    let series = weekly(&w, &clerk).await?;
    let id = w.app.meeting_prepare(&clerk, series).await?;
    assert_eq!(
        agenda(&look(&w, &clerk, id).await?),
        ["未开项目 start_late"]
    );
    w.app.agenda_add(&clerk, id, quiet, "领导点名").await?;
    w.app.agenda_drop(&clerk, id, late).await?;
    // Land is short since: the agenda knows once it is built again, and keeps what was done by hand.
    let mut land = RaiseInput::new(stuck, "用地未批");
    land.kind = "land".to_owned();
    w.app.problem_raise(&clerk, &land).await?;
    let rebuild = async |who: &Actor| said(&w.app.agenda_rebuild(who, id).await);
    assert_eq!(rebuild(&banner).await, "no such meeting");
    assert_eq!(rebuild(&clerk).await, "ok");
    let view = look(&w, &clerk, id).await?;
    assert_eq!(
        agenda(&view),
        ["受阻项目 elements_short", "平稳项目 by_hand"]
    );
    let dropped: Vec<&str> = view
        .agenda
        .iter()
        .filter(|one| one.dropped)
        .map(|one| one.project_name.as_str())
        .collect();
    assert_eq!(dropped, ["未开项目"]);
    let paper = w.app.meeting_agenda(&clerk, id).await?;
    let paper = read_tables(&paper.name, &paper.bytes, &Limits::default())?;
    let table = format!("{:?}", paper.sheets[0].rows);
    assert!(table.contains("要素短缺：用地未批"), "{table}");

    let version = view.row.version;
    let moved =
        async |version, on: &str| said(&w.app.meeting_move(&clerk, id, version, day(on)).await);
    let past = moved(version, "2025-02-04").await;
    assert_eq!(past, "meetings.refused.day_past at moved_on");
    assert_eq!(moved(version - 1, "2025-02-10").await, "meeting changed");
    assert_eq!(moved(version, "2025-02-10").await, "ok");
    let row = look(&w, &clerk, id).await?.row;
    assert_eq!(row.title, "通辽市重大项目周调度（2025-02-10）");
    let told = ["meeting prepared", "meeting moved"];
    assert_eq!(heard(&w, &banner).await?, told);

    let cancel = async |version, reason: &str| {
        said(&w.app.meeting_cancel(&clerk, id, version, reason).await)
    };
    assert_eq!(cancel(row.version, " ").await, "field.missing at why");
    let agreed = resolve(&w, &clerk, id, Some(stuck), Becomes::Task).await?;
    assert_eq!(agreed, "ok");
    let bound = cancel(row.version, "领导出差").await;
    assert_eq!(bound, "meetings.refused.has_resolutions");

    // One of which nothing was agreed makes way for the next.
    let other = weekly(&w, &clerk).await?;
    let id = w.app.meeting_prepare(&clerk, other).await?;
    let version = look(&w, &clerk, id).await?.row.version;
    let off = w.app.meeting_cancel(&clerk, id, version, "领导出差").await;
    assert_eq!(said(&off), "ok");
    let row = look(&w, &clerk, id).await?.row;
    assert_eq!((row.state, row.summary.as_str()), ("cancelled", "领导出差"));
    let again = said(&w.app.agenda_rebuild(&clerk, id).await);
    assert_eq!(again, "meetings.refused.cancelled");
    assert_eq!(said(&w.app.meeting_prepare(&clerk, other).await), "ok");
    Ok(())
}

async fn a_series_meets_on_working_days_and_only_its_own_units_hold_it(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let banner = w.clerk(BANNER).await?;
    let elsewhere = w.clerk(ELSEWHERE).await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let series = weekly(&w, &clerk).await?;
    let told = said(&w.app.meeting_prepare(&leader, series).await);
    assert!(told.starts_with("refused hold_meeting"), "{told}");
    assert_eq!(
        said(&w.app.meeting_prepare(&elsewhere, series).await),
        "no such series"
    );
    assert_eq!(
        said(&w.app.meeting_prepare(&banner, series).await),
        "no such series"
    );
    w.on("2025-01-28");
    let meeting = w.app.meeting_prepare(&clerk, series).await?;
    let shown = w.app.meetings(&leader).await?;
    // The Monday after 28 January lies in the Spring Festival: the first working day after it. The
    // series goes on from the Monday.
    assert_eq!(shown.meetings[0].on, "2025-02-05");
    assert_eq!(shown.series[0].next_on, "2025-02-10");
    assert_eq!(shown.series[0].prepared, Some(meeting));
    assert_eq!(w.app.meetings(&elsewhere).await?.series, []);
    assert_eq!(
        said(&w.app.meeting_view(&elsewhere, meeting).await),
        "no such meeting"
    );
    w.app.series_end(&clerk, series).await?;
    let over = said(&w.app.meeting_prepare(&clerk, series).await);
    assert_eq!(over, "meetings.refused.series_ended");
    let bad = SeriesInput {
        title: " ".to_owned(),
        about: String::new(),
        unit: LEAGUE.to_owned(),
        rhythm: Rhythm::Monthly,
        first: Some(day("2025-01-01")),
    };
    let told = said(&w.app.series_add(&clerk, &bad).await);
    assert_eq!(
        told,
        "field.missing at title; meetings.refused.in_past at first"
    );
    Ok(())
}

/// What stands in somebody's inbox about meetings and what was agreed, oldest first.
async fn heard(w: &World, who: &Actor) -> Tried<Vec<String>> {
    let page = w.app.notice_page(who, NoticesOf::Inbox, 1).await?;
    let told = page.rows.into_iter().rev().filter_map(|one| {
        let told = matches!(one.kind.as_str(), "meeting" | "resolution");
        let act = one.act.unwrap_or_default();
        told.then(|| {
            format!("{} {act} {}", one.kind, one.project_name)
                .trim_end()
                .to_owned()
        })
    });
    Ok(told.collect())
}

async fn offices_hear_of_meetings_and_of_what_was_agreed_and_are_reminded_once(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let (clerk, banner) = (w.clerk(LEAGUE).await?, w.clerk(BANNER).await?);
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    w.app
        .problem_raise(&clerk, &RaiseInput::new(id, "供电线路未核准"))
        .await?;
    w.on("2025-01-20");
    let series = weekly(&w, &clerk).await?;
    let meeting = w.app.meeting_prepare(&clerk, series).await?;
    assert_eq!(heard(&w, &leader).await?, ["meeting prepared"]);
    assert_eq!(heard(&w, &banner).await?, ["meeting prepared"]);
    for becomes in [Becomes::Task, Becomes::Problem] {
        assert_eq!(resolve(&w, &clerk, meeting, Some(id), becomes).await?, "ok");
    }
    let version = look(&w, &clerk, meeting).await?.row.version;
    let said_then = ("市发改委", "听取汇报");
    w.app
        .meeting_hold(&clerk, meeting, version, None, said_then)
        .await?;
    let so_far = ["meeting prepared", "resolution given 甲", "meeting held"];
    assert_eq!(
        heard(&w, &banner).await?,
        so_far,
        "a problem is told of by its own steps"
    );

    // Due on 28 February, a Friday: three working days ahead is the Tuesday.
    let other = w.app.clone();
    let remind = async || -> Tried<usize> {
        let (one, two) = tokio::join!(
            w.app.resolutions_remind(&w.system),
            other.resolutions_remind(&w.system)
        );
        Ok(one? + two?)
    };
    for (day, sent) in [
        ("2025-02-24", 0),
        ("2025-02-25", 1),
        ("2025-02-26", 0),
        ("2025-02-28", 0),
        ("2025-03-01", 1),
        ("2025-03-10", 0),
    ] {
        w.on(day);
        assert_eq!(remind().await?, sent, "{day}, on two servers at once");
    }
    let mut all = so_far.map(str::to_owned).to_vec();
    all.extend(["resolution due 甲", "resolution overdue 甲"].map(str::to_owned));
    assert_eq!(heard(&w, &banner).await?, all);

    let view = look(&w, &clerk, meeting).await?;
    let task = view.resolutions.iter().find(|one| one.problem_id.is_none());
    let task = task.expect("a task").resolution_id;
    for (who, act) in [(&banner, KeepAct::Report), (&leader, KeepAct::Confirm)] {
        w.app.resolution_act(who, task, None, act, "已核准").await?;
    }
    assert_eq!(
        heard(&w, &clerk).await?,
        ["resolution report 甲"],
        "whoever looks hears of the report; nobody hears of what they did"
    );
    let card = w.app.project_view(&clerk, id, None).await?;
    let mut lines: Vec<&str> = card
        .events
        .iter()
        .filter(|one| one.kind == "resolved")
        .map(|one| one.reason.as_str())
        .collect();
    lines.reverse();
    assert_eq!(
        lines,
        [
            "given 2025-02-28: 月底前完成供电线路核准",
            "given 2025-02-28: 月底前完成供电线路核准",
            "report 2025-02-28: 已核准",
            "confirm 2025-02-28: 已核准",
        ]
    );
    w.sound().await
}

async fn a_matter_is_pressed_for_and_kept_when_it_is_through(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&ripe("将开工项目", "2025-07-01")).await?;
    w.on("2025-06-12");
    for to in [Stage::Reserve, Stage::Preparation] {
        w.app.stage_move(&w.system, id, to, &why("")).await?;
    }
    let clerk = w.clerk(LEAGUE).await?;
    let series = weekly(&w, &clerk).await?;
    let meeting = w.app.meeting_prepare(&clerk, series).await?;
    let matter = look(&w, &clerk, meeting).await?.agenda[0].matters[0].clone();
    let input = |becomes, party| MeetingResolve {
        project: Some(id),
        becomes,
        body: "限期办结".to_owned(),
        party,
        due: day("2025-06-30"),
    };
    let nobody = input(Becomes::Task, None);
    let told = said(&w.app.meeting_resolve(&clerk, meeting, &nobody).await);
    assert_eq!(told, "field.missing at unit", "a task has an owner");
    let pressed = input(Becomes::Matter(matter.code.clone()), None);
    w.app.meeting_resolve(&clerk, meeting, &pressed).await?;
    let kept = async || -> Tried<_> {
        let view = look(&w, &clerk, meeting).await?;
        let one = view.resolutions.into_iter().next().expect("a resolution");
        let office = one.party.department.is_some() && one.party.unit.is_some();
        let matter = one.matter.map(|one| one.name).unwrap_or_default();
        Ok((one.stands, one.bound_phase, office, matter))
    };
    let (stands, phase, office, name) = kept().await?;
    assert_eq!((stands, phase), ("open", "not_received"));
    assert!(office, "the office that has the matter answers for it");
    assert_eq!(name, matter.name);
    let banner = w.clerk(BANNER).await?;
    let of_case = async |who: &Actor| -> Tried<Vec<(String, String)>> {
        let found = w.app.resolutions_of_case(who, id).await?;
        let pair = |one: gangmu_app::liaison::ResolutionView| (one.body, one.due_on);
        Ok(found.into_iter().map(pair).collect())
    };
    let agreed = [("限期办结".to_owned(), "2025-06-30".to_owned())];
    assert_eq!(of_case(&banner).await?, agreed, "the case shows it");
    let elsewhere = w.clerk(ELSEWHERE).await?;
    assert_eq!(of_case(&elsewhere).await?, []);
    w.exempt(id).await?;
    assert_eq!(of_case(&banner).await?, [], "it is through");
    let (stands, phase, ..) = kept().await?;
    assert_eq!((stands, phase), ("done", "not_needed"));
    w.sound().await
}
