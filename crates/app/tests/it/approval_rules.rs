//! Joint approval: what is refused, who may act, lists, reminders, changed calendars and catalogues.

use gangmu_app::approvals::{ActInput, CaseChange, CaseInput, ItemView, LedgerKind, WorkQuery};
use gangmu_app::domain::Yuan;
use gangmu_app::domain::approvals::{Act, Budget, Route};
use gangmu_app::domain::library::{Field, Value};
use gangmu_app::domain::organisation::{DepartmentId, Role};
use gangmu_app::domain::pipeline::{Exit, Stage};
use gangmu_app::library::ProjectEdit;
use gangmu_app::pipeline::Part;
use gangmu_app::{AppError, ReferenceKind};
use gangmu_store::{Db, approvals};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, LEAGUE, REGION, SISTER, Tried, World, change, code, day, said, why, with,
};

use crate::approvals::{Hall, deferred, forward, found, grant, line, plant, receive, suspend};

each_engine!(
    a_post_acts_for_its_own_office_only,
    acts_out_of_order_twice_early_or_beyond_the_calendar_are_refused_and_leave_nothing,
    of_two_officers_who_decide_at_once_one_wins_and_the_other_is_told,
    a_paper_handed_in_once_is_not_asked_for_again,
    a_struck_act_stays_on_record_and_no_longer_counts,
    a_refused_application_can_be_made_again,
    a_void_opinion_starts_the_matter_afresh,
    the_work_list_puts_the_most_urgent_first_and_says_what_it_holds_up,
    the_three_ledgers_hold_what_the_region_and_the_nation_decide_and_what_is_a_problem,
    every_step_of_the_ladder_is_sent_once,
    offices_are_measured_by_what_leaves_and_what_is_decided_on_its_day,
    a_changed_calendar_moves_due_dates_and_says_why,
    a_due_date_from_before_is_read_from_its_acts,
    a_changed_catalogue_leaves_running_cases_alone_until_one_is_fitted,
    entering_preparation_makes_the_case_and_the_gate_to_implementation_reads_it,
    a_project_that_leaves_closes_its_case,
    last_year_s_question_gets_last_year_s_answer,
);

async fn a_post_acts_for_its_own_office_only(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let handle = "refused handle_matter: approver";
    let water = h.w.person(Role::Approver, BANNER, "water").await?;
    let league = h.w.person(Role::Approver, LEAGUE, "").await?;
    let sister = h.w.person(Role::Approver, SISTER, "").await?;
    let clerk = h.w.clerk(BANNER).await?;
    for (who, told) in [
        (&water, "no such project"),
        (&league, handle),
        (&sister, "no such project"),
        (&clerk, handle),
        (&h.region, handle),
        (&h.banner, "ok"),
    ] {
        let result = h.act(who, "A05", receive()).await;
        assert_eq!(said(&result), told, "{}", who.name);
    }
    // What the banner has not sent up, the region cannot accept; afterwards only the region can.
    assert_eq!(h.tell("A08", receive()).await, "ok");
    assert_eq!(said(&h.act(&h.region, "A08", Act::Accept).await), handle);
    assert_eq!(
        h.tell("A08", Act::Accept).await,
        "approvals.refused.not_now"
    );
    assert_eq!(h.tell("A08", forward()).await, "ok");
    assert_eq!(h.tell("A08", Act::Accept).await, handle);
    h.act(&h.region, "A08", Act::Accept).await?;
    // Whoever keeps the case says whether a matter is needed and who leads, with a reason.
    let exempt = |reason: &str| Act::Exempt {
        reason: reason.to_owned(),
    };
    let unexplained = said(&h.act(&clerk, "A20", exempt(" ")).await);
    assert_eq!(unexplained, "approvals.refused.unexplained at reason");
    h.act(&clerk, "A20", exempt("区域统一审查")).await?;
    assert_eq!(
        h.tell("A20", receive()).await,
        "approvals.refused.not_needed"
    );
    let lead = Act::Adjust {
        department: Some(DepartmentId(11)),
        promised: Some(Budget::working(8)),
        reason: "由水务局牵头".to_owned(),
    };
    h.act(&clerk, "A18", lead).await?;
    assert_eq!(said(&h.act(&water, "A18", receive()).await), "ok");
    let longer = Act::Adjust {
        department: None,
        promised: Some(Budget::working(21)),
        reason: "放宽".to_owned(),
    };
    let refused = said(&h.act(&clerk, "A18", longer).await);
    assert_eq!(refused, "approvals.refused.longer_than_law");
    Ok(())
}

async fn acts_out_of_order_twice_early_or_beyond_the_calendar_are_refused_and_leave_nothing(
    db: &Db,
) -> Outcome {
    let h = Hall::new(db).await?;
    let before = h.view().await?;
    let on = async |date: &str, item: &str, act: Act| {
        let input = ActInput::new(None, act).on(day(date));
        said(&h.w.app.item_act(&h.banner, h.id, item, &input).await)
    };
    for (date, item, act, told) in [
        (
            "2026-01-05",
            "A05",
            Act::Accept,
            "approvals.refused.not_now",
        ),
        ("2026-01-05", "A05", grant(""), "approvals.refused.not_now"),
        (
            "2026-01-05",
            "A05",
            Act::Resume,
            "approvals.refused.not_now",
        ),
        (
            "2026-01-06",
            "A05",
            receive(),
            "approvals.refused.in_future (2026-01-05)",
        ),
        (
            "2003-12-31",
            "A05",
            receive(),
            "approvals.refused.calendar (2003, cn-2003.csv)",
        ),
        (
            "2026-01-05",
            "A12",
            receive(),
            "approvals.refused.not_needed",
        ),
        ("2026-01-05", "A99", receive(), "no such matter"),
        ("2026-01-05", "A05", forward(), "approvals.refused.not_now"),
    ] {
        assert_eq!(on(date, item, act).await, told, "{item} on {date}");
    }
    assert_eq!(h.view().await?, before, "nothing half-done");
    h.w.on("2026-01-15");
    assert_eq!(on("2026-01-08", "A05", receive()).await, "ok");
    for (date, act, told) in [
        (
            "2026-01-08",
            receive(),
            "approvals.refused.twice (2026-01-08)",
        ),
        (
            "2026-01-07",
            Act::Accept,
            "approvals.refused.before_last (2026-01-08)",
        ),
        (
            "2026-01-08",
            Act::AskCorrection {
                defects: vec!["  ".to_owned()],
            },
            "approvals.refused.unexplained at defects",
        ),
        // Silence accepted on the fifth working day, 01-15; an act of the next day comes too late.
        ("2026-01-15", Act::Accept, "ok"),
        (
            "2026-01-15",
            suspend("hearing", Budget::working(5)),
            "approvals.refused.no_such_procedure",
        ),
        (
            "2026-01-15",
            suspend("public_notice", Budget::working(11)),
            "approvals.refused.procedure_too_long (10)",
        ),
        (
            "2026-01-15",
            Act::Refuse {
                ground: String::new(),
                document_no: "1".to_owned(),
            },
            "approvals.refused.unexplained at ground",
        ),
        ("2026-01-15", grant("1"), "ok"),
        (
            "2026-01-15",
            grant("1"),
            "approvals.refused.twice (2026-01-15)",
        ),
        ("2026-01-15", Act::Deliver, "ok"),
        (
            "2026-01-15",
            Act::Deliver,
            "approvals.refused.twice (2026-01-15)",
        ),
    ] {
        let name = format!("{act:?}");
        assert_eq!(on(date, "A05", act).await, told, "{name} on {date}");
    }
    h.w.on("2026-01-23");
    assert_eq!(on("2026-01-15", "A06", receive()).await, "ok");
    assert_eq!(
        on("2026-01-23", "A06", Act::Accept).await,
        "approvals.refused.accepted_by_silence (2026-01-15, 2026-01-22)"
    );
    // A year the calendar does not know is refused by name, and shown as such where it lies ahead.
    h.w.on("2026-12-20");
    assert_eq!(on("2026-12-20", "A18", receive()).await, "ok");
    let shown = h.item("A18").await?;
    assert_eq!(shown.phase, "in_review");
    h.w.on("2027-01-04");
    let beyond = said(&h.act(&h.banner, "A19", receive()).await);
    assert!(beyond.contains("cn-2027.csv"), "{beyond}");
    Ok(())
}

async fn of_two_officers_who_decide_at_once_one_wins_and_the_other_is_told(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A17", act).await, "ok");
    }
    let seen = h.item("A17").await?.version;
    let other =
        h.w.person(Role::Approver, BANNER, "development_reform")
            .await?;
    let granted = ActInput::new(Some(seen), grant("1"));
    let refused = ActInput::new(
        Some(seen),
        Act::Refuse {
            ground: "行政许可法第38条".to_owned(),
            document_no: "2".to_owned(),
        },
    );
    let (one, two) = tokio::join!(
        h.w.app.item_act(&h.banner, h.id, "A17", &granted),
        h.w.app.item_act(&other, h.id, "A17", &refused),
    );
    let mut told = [said(&one), said(&two)];
    told.sort();
    assert_eq!(told, ["matter changed", "ok"]);
    let item = h.item("A17").await?;
    assert_eq!(item.events.len(), 3);
    assert_eq!(item.outcome.expect("a decision").granted, one.is_ok());
    // Different matters of one case do not stand in each other's way.
    let (five, six) = tokio::join!(
        h.act(&h.banner, "A05", receive()),
        h.act(&h.banner, "A06", receive()),
    );
    assert_eq!(
        (said(&five), said(&six)),
        ("ok".to_owned(), "ok".to_owned())
    );
    Ok(())
}

async fn a_paper_handed_in_once_is_not_asked_for_again(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let lies = |item: &ItemView, paper: &str| {
        let found = item.papers.iter().find(|(code, _)| code == paper);
        found.map(|(_, lies)| *lies)
    };
    assert_eq!(lies(&h.item("A18").await?, "owner_licence"), Some(false));
    assert_eq!(
        lies(&h.item("A18").await?, "land_approval"),
        None,
        "A12 is not needed"
    );
    assert_eq!(h.tell("A05", receive()).await, "ok");
    assert_eq!(lies(&h.item("A18").await?, "owner_licence"), Some(true));
    for act in [Act::Accept, grant("用字第1号")] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    // A02 needs an application, a licence, a report, the land opinion and a stability opinion:
    // two lie on the shelf, one of them produced.
    assert_eq!(h.tell("A02", receive()).await, "ok");
    let shelf = h.w.app.case_shelf(&h.w.system, h.id).await?;
    let saved: Vec<&str> = shelf
        .needs
        .iter()
        .filter(|one| one.item == "A02" && one.saved)
        .map(|one| one.material.code.as_str())
        .collect();
    assert_eq!(saved, ["application", "land_opinion", "owner_licence"]);
    let opinion = shelf
        .papers
        .iter()
        .find(|one| one.material.code == "land_opinion");
    let opinion = opinion.expect("the opinion");
    assert_eq!(
        (opinion.produced, opinion.document_no.as_str()),
        (true, "用字第1号")
    );
    assert_eq!((shelf.needed, shelf.saved), (9, 3));
    assert_eq!(h.w.app.documents_saved(&h.w.system).await?, (9, 3));
    Ok(())
}

async fn a_struck_act_stays_on_record_and_no_longer_counts(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let strike = |seq| Act::Strike {
        seq,
        reason: "登记错误".to_owned(),
    };
    assert_eq!(
        h.tell("A05", strike(1)).await,
        "approvals.refused.not_the_last (0)"
    );
    for act in [receive(), Act::Accept, grant("错号")] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    assert_eq!(h.view().await?.done, 14);
    assert_eq!(
        h.tell("A05", strike(2)).await,
        "approvals.refused.not_the_last (3)"
    );
    assert_eq!(h.tell("A05", strike(3)).await, "ok");
    let item = h.item("A05").await?;
    assert_eq!((item.phase.as_str(), item.events.len()), ("running", 4));
    assert!(item.events[2].struck && !item.events[1].struck);
    assert_eq!(h.view().await?.done, 13);
    let shelf = h.w.app.case_shelf(&h.w.system, h.id).await?;
    assert!(
        shelf
            .papers
            .iter()
            .all(|one| one.material.code != "land_opinion")
    );
    // The act before it can be struck out next, and the right one recorded.
    assert_eq!(h.tell("A05", strike(2)).await, "ok");
    for act in [Act::Accept, grant("用字第1号")] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    h.w.sound().await?;
    Ok(())
}

async fn a_refused_application_can_be_made_again(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let refuse = Act::Refuse {
        ground: "行政许可法第38条第2款".to_owned(),
        document_no: "不予1号".to_owned(),
    };
    for act in [receive(), Act::Accept, refuse] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    let item = h.item("A05").await?;
    assert_eq!(item.problem.as_deref(), Some("refused"));
    assert_eq!(item.holds_up, ["A02", "A18"]);
    h.w.on("2026-02-02");
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    assert_eq!(
        line(&h.item("A05").await?, "promised"),
        "running working 10: 0 used, 10 left, due 2026-02-14, green",
        "the clock is that of the second application"
    );
    Ok(())
}

async fn a_void_opinion_starts_the_matter_afresh(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let opinion = Act::Preliminary {
        document_no: "初审1号".to_owned(),
    };
    for act in [receive(), deferred("site_argument", "2026-02-02"), opinion] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    h.w.on("2026-01-20");
    let void = Act::VoidPreliminary {
        reason: "补交材料改变选址".to_owned(),
    };
    assert_eq!(h.tell("A05", void).await, "ok");
    let item = h.item("A05").await?;
    assert_eq!((item.phase.as_str(), item.deferred), ("in_review", None));
    assert_eq!(h.tell("A05", Act::Accept).await, "ok");
    assert_eq!(
        line(&h.item("A05").await?, "promised"),
        "running working 10: 0 used, 10 left, due 2026-02-03, green"
    );
    Ok(())
}

async fn the_work_list_puts_the_most_urgent_first_and_says_what_it_holds_up(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for (item, acts) in [
        ("A05", vec![receive(), Act::Accept]),
        ("A06", vec![receive(), Act::Accept]),
        ("A08", vec![receive()]),
    ] {
        for act in acts {
            assert_eq!(h.tell(item, act).await, "ok");
        }
    }
    let list =
        h.w.app
            .approval_work(&h.banner, &WorkQuery::default())
            .await?;
    let shown: Vec<String> = list
        .rows
        .iter()
        .map(|row| {
            let due = row.due.as_ref().expect("a due date");
            format!(
                "{} {} {} [{}]",
                row.code,
                due.on,
                due.what,
                row.holds_up.join(" ")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "A08 2026-01-05 forwarding []",
            "A05 2026-01-19 promised [A02 A18]",
            "A06 2026-02-04 statutory []",
        ]
    );
    assert_eq!(list.total, 3);
    assert_eq!(list.rows[1].clocks.len(), 3, "both limits and delivery");
    assert!(list.rows[1].offers.contains(&"grant".to_owned()));
    // The region has nothing to do before it is sent up, and sees it arrive then.
    let above = async || {
        h.w.app
            .approval_work(&h.region, &WorkQuery::default())
            .await
    };
    assert_eq!(above().await?.total, 0);
    assert_eq!(h.tell("A08", forward()).await, "ok");
    let arrived = above().await?;
    assert_eq!(arrived.rows[0].code, "A08");
    assert_eq!(arrived.rows[0].office.code, REGION);
    let board = h.w.app.approval_forwarding(&h.w.system, 1).await?;
    assert_eq!(board.rows.len(), 1);
    let refused =
        h.w.app
            .approval_work(&h.w.clerk(BANNER).await?, &WorkQuery::default())
            .await;
    assert_eq!(said(&refused), "refused handle_matter: approver");
    Ok(())
}

async fn the_three_ledgers_hold_what_the_region_and_the_nation_decide_and_what_is_a_problem(
    db: &Db,
) -> Outcome {
    let h = Hall::new(db).await?;
    let wide = change(Field::Grassland, Value::Number(800_000));
    h.w.app.project_edit(&h.w.system, h.id, None, &wide).await?;
    let fit = CaseChange {
        reason: "草原面积核定".to_owned(),
        ..CaseChange::default()
    };
    let fitted = h.w.app.case_fit(&h.w.system, h.id, 1, &fit).await?;
    let changed: Vec<String> = fitted
        .changes
        .iter()
        .map(|one| format!("{} {}: {} → {}", one.code, one.what, one.before, one.after))
        .collect();
    assert_eq!(changed, ["A11 changed: not_needed region → needed nation"]);
    let ledger = async |kind| {
        let page = h.w.app.approval_ledger(&h.w.system, kind, 1).await?;
        let row = |row: &gangmu_app::approvals::WorkRowView| {
            format!("{} {}", row.code, row.problem.clone().unwrap_or_default())
                .trim()
                .to_owned()
        };
        Ok::<_, AppError>(page.rows.iter().map(row).collect::<Vec<String>>())
    };
    assert_eq!(ledger(LedgerKind::Region).await?, ["A08"]);
    assert_eq!(ledger(LedgerKind::Nation).await?, ["A11"]);
    assert_eq!(ledger(LedgerKind::Problems).await?, Vec::<String>::new());
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    let unknown = ProjectEdit {
        fields: [(Field::SpecialFire, None)].into(),
        ..ProjectEdit::default()
    };
    h.w.app
        .project_edit(&h.w.system, h.id, None, &unknown)
        .await?;
    h.w.app.case_fit(&h.w.system, h.id, 2, &fit).await?;
    h.w.on("2026-01-20");
    assert_eq!(
        ledger(LedgerKind::Problems).await?,
        ["A05 overdue", "A21 to_clarify"]
    );
    // What goes to the nation is forwarded twice: to the region, and by the region outside.
    let nation = h.w.person(Role::Approver, REGION, "forestry").await?;
    assert_eq!(h.tell("A11", receive()).await, "ok");
    assert_eq!(h.tell("A11", forward()).await, "ok");
    assert_eq!(said(&h.act(&nation, "A11", Act::Accept).await), "ok");
    assert_eq!(said(&h.act(&nation, "A11", forward()).await), "ok");
    assert_eq!(h.item("A11").await?.phase, "outside");
    assert_eq!(said(&h.act(&nation, "A11", grant("国林审1号")).await), "ok");
    assert_eq!(ledger(LedgerKind::Nation).await?, Vec::<String>::new());
    Ok(())
}

async fn offices_are_measured_by_what_leaves_and_what_is_decided_on_its_day(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let wide = with(
        with(plant(), Field::Name, Value::Text("二期".to_owned())),
        Field::LandArea,
        Value::Number(20_000),
    );
    let second =
        h.w.enter(&with(wide, Field::ApprovalRoute, code("filing")))
            .await?;
    h.w.app
        .case_create(&h.w.system, second, CaseInput::default())
        .await?;
    let on_second = async |item: &str, act: Act| {
        let input = ActInput::new(None, act);
        said(&h.w.app.item_act(&h.banner, second, item, &input).await)
    };
    // A filing and a small soil plan are decided on the day; the energy review goes up.
    assert_eq!(on_second("A01", receive()).await, "ok");
    assert_eq!(on_second("A01", grant("备1号")).await, "ok");
    assert_eq!(on_second("A07", receive()).await, "ok");
    assert_eq!(on_second("A08", receive()).await, "ok");
    assert_eq!(on_second("A08", forward()).await, "ok");
    assert_eq!(h.tell("A08", receive()).await, "ok");
    h.w.on("2026-01-06");
    let app = &h.w.app;
    let count = app
        .approval_timeliness(&h.w.system, day("2026-01-01"), day("2026-02-01"))
        .await?;
    let lines: Vec<String> = count
        .iter()
        .map(|one| {
            format!(
                "{} {}: sent up {}/{}, decided {}/{}",
                one.unit.code,
                one.department.code,
                one.forwarded_in_time,
                one.forwarding,
                one.decided_in_time,
                one.immediate
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "150502 development_reform: sent up 1/2, decided 1/1",
            "150502 water: sent up 0/0, decided 0/1",
        ],
        "what still lies there past its day is late already"
    );
    Ok(())
}

async fn every_step_of_the_ladder_is_sent_once(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    // Promised for 01-19; the first step fires three working days before, on 01-14.
    for (date, sent) in [
        ("2026-01-13", 0),
        ("2026-01-14", 1),
        ("2026-01-15", 0),
        ("2026-01-19", 1),
        ("2026-01-20", 1),
        ("2026-01-26", 1),
        ("2026-01-30", 0),
    ] {
        h.w.on(date);
        // Two servers at once: whatever is due is sent by one of them.
        let (one, two) = tokio::join!(
            h.w.app.approval_remind(&h.w.system),
            h.w.app.approval_remind(&h.w.system),
        );
        assert_eq!(one? + two?, sent, "{date}");
    }
    Ok(())
}

async fn a_changed_calendar_moves_due_dates_and_says_why(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    let shipped = include_str!("../../../../data/calendar/cn.csv");
    let edited = format!("{}\n2026-01-14,off,自治区临时放假\n", shipped.trim_end());
    h.w.app
        .reference_import(
            &h.w.system,
            ReferenceKind::Calendar,
            &edited,
            day("2026-01-05"),
        )
        .await?;
    // What people see follows at once; the copy for lists follows with the reason.
    assert_eq!(h.item("A05").await?.due.expect("due").on, "2026-01-20");
    let moved =
        h.w.app
            .approval_dues_move(&h.w.system, "自治区临时放假")
            .await?;
    assert_eq!(moved, 1);
    assert_eq!(h.w.app.approval_dues_move(&h.w.system, "再次").await?, 0);
    // The round of the day follows too, and what nothing moved leaves no trace.
    h.w.app.rounds_make().await?;
    let trail = gangmu_store::accounts::audit_list(&h.w.db, "calendar", 0, 9).await?;
    let moves = trail
        .iter()
        .filter(|row| row.action == "approval_dues_move");
    assert_eq!(moves.count(), 1);
    let view = h.view().await?;
    let one = &view.moves[0];
    assert_eq!(
        (
            one.from_on.as_deref(),
            one.to_on.as_deref(),
            one.reason.as_str()
        ),
        (Some("2026-01-19"), Some("2026-01-20"), "自治区临时放假")
    );
    h.w.sound().await?;
    Ok(())
}

/// What stood matter by matter is kept under a basis that says nothing, as the step of the schema does.
async fn a_due_date_from_before_is_read_from_its_acts(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    let mut rows = approvals::item_list(db, h.id).await?;
    rows.retain(|row| row.item == "A05");
    let before = rows[0].clone();
    rows[0].basis = Some("kept 2026-01-19 promised".to_owned());
    let tx = db.begin().await?;
    approvals::item_basis_put_all(&tx, &[&rows[0]]).await?;
    tx.commit().await?;
    let faults = h.w.app.check_up().await?.faults;
    assert_eq!(faults.len(), 1, "the check-up sees it: {faults:?}");
    // A round brings it in; nothing has moved.
    h.w.app.rounds_make().await?;
    let mut rows = approvals::item_list(db, h.id).await?;
    rows.retain(|row| row.item == "A05");
    assert_eq!(rows, [before]);
    h.w.sound().await?;
    Ok(())
}

async fn a_changed_catalogue_leaves_running_cases_alone_until_one_is_fitted(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    let shipped = include_str!("../../../../data/policies/approvals.toml");
    let shorter = shipped.replace(
        "{ unit = \"150000\", working = 10,",
        "{ unit = \"150000\", working = 5,",
    );
    assert_ne!(shorter, shipped);
    h.w.app
        .reference_import(
            &h.w.system,
            ReferenceKind::Approvals,
            &shorter,
            day("2026-01-05"),
        )
        .await?;
    let view = h.view().await?;
    assert!(!view.catalogue_is_current);
    assert_eq!(found(&view, "A05").promised, "working 10");
    let fit = CaseChange {
        current_catalogue: true,
        reason: "采用新目录".to_owned(),
        ..CaseChange::default()
    };
    let refused =
        h.w.app
            .case_fit(&h.w.system, h.id, view.version, &fit)
            .await;
    assert_eq!(said(&refused), "approvals.refused.catalogue_disturbs (A05)");
    for act in [grant("1"), Act::Deliver] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    let version = h.view().await?.version;
    let silent = CaseChange {
        reason: " ".to_owned(),
        ..fit.clone()
    };
    let unexplained = h.w.app.case_fit(&h.w.system, h.id, version, &silent).await;
    assert_eq!(
        said(&unexplained),
        "approvals.refused.reason_missing at reason"
    );
    h.w.app.case_fit(&h.w.system, h.id, version, &fit).await?;
    let view = h.view().await?;
    assert!(view.catalogue_is_current);
    let again = h.w.app.case_fit(&h.w.system, h.id, version, &fit).await;
    assert_eq!(said(&again), "case changed");
    // A new case is made under the new one from the start; another route has other matters.
    let second =
        h.w.enter(&with(plant(), Field::Name, Value::Text("二期".to_owned())))
            .await?;
    let filing = CaseInput {
        route: Some(Route::Filing),
    };
    h.w.app.case_create(&h.w.system, second, filing).await?;
    let view = h.w.app.case_view(&h.w.system, second, None).await?;
    assert_eq!(view.route, "filing");
    assert!(view.items.iter().any(|one| one.code == "A01"));
    let twice = h.w.app.case_create(&h.w.system, second, filing).await;
    assert_eq!(said(&twice), "approvals.refused.case_exists");
    Ok(())
}

async fn entering_preparation_makes_the_case_and_the_gate_to_implementation_reads_it(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    w.on("2026-01-05");
    let more = [
        (Field::Code, code("2601-150502-04-01-123456")),
        (Field::DutyUnit, Value::Text("科尔沁区工信局".to_owned())),
        (Field::Owner, Value::Text("某铝业公司".to_owned())),
        (Field::Scale, Value::Text("年产 10 万吨".to_owned())),
        (Field::Site, Value::Text("科尔沁区".to_owned())),
        (Field::Basis, Value::Text("十五五规划".to_owned())),
        (
            Field::ApprovalDocument,
            Value::Text("科区发改核〔2026〕1号".to_owned()),
        ),
        (
            Field::ContractDocument,
            Value::Text("施工合同1号".to_owned()),
        ),
        (Field::ActualStart, Value::Date(day("2026-01-05"))),
    ];
    let edit = more
        .into_iter()
        .fold(plant(), |edit, (field, value)| with(edit, field, value));
    let funding = Value::Funding(
        [(
            gangmu_app::domain::library::FundingSource::OwnFunds,
            Yuan::wan(10_000),
        )]
        .into(),
    );
    let id = w.enter(&with(edit, Field::Funding, funding)).await?;
    let none = w.app.case_view(&w.system, id, None).await;
    assert_eq!(said(&none), "no such case");
    for stage in [Stage::Reserve, Stage::Preparation] {
        let moved = w.app.stage_move(&w.system, id, stage, &why("")).await;
        assert_eq!(said(&moved), "ok", "{stage:?}");
    }
    let view = w.app.case_view(&w.system, id, None).await?;
    assert_eq!(view.route, "verification");
    let asked: Vec<String> = w
        .app
        .gate_check(&w.system, id)
        .await?
        .into_iter()
        .map(|one| one.code)
        .collect();
    assert_eq!(asked, ["matters", "site_photo"]);
    w.exempt(id).await?;
    let asked: Vec<String> = w
        .app
        .gate_check(&w.system, id)
        .await?
        .into_iter()
        .map(|one| one.code)
        .collect();
    assert_eq!(asked, ["site_photo"]);
    // The parts of a project are projects of their own and must have cases of their own.
    let part = |name: &str| Part {
        name: name.to_owned(),
        total: Yuan::wan(5_000),
        since_start: Yuan::ZERO,
        year_to_date: Yuan::ZERO,
        plan: Yuan::ZERO,
    };
    let parts = [part("一期"), part("二期")];
    let parts = w.app.split(&w.system, id, &parts, &why("分期")).await?;
    let asked = async || -> Tried<Vec<String>> {
        let unmet = w.app.gate_check(&w.system, parts[0]).await?;
        Ok(unmet.into_iter().map(|one| one.code).collect())
    };
    assert!(asked().await?.contains(&"case".to_owned()));
    w.app
        .case_create(&w.system, parts[0], CaseInput::default())
        .await?;
    let asked = asked().await?;
    assert!(asked.contains(&"matters".to_owned()) && !asked.contains(&"case".to_owned()));
    Ok(())
}

async fn a_project_that_leaves_closes_its_case(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    assert_eq!(h.tell("A05", receive()).await, "ok");
    let exit = Exit::Cancelled;
    h.w.app
        .withdraw(&h.w.system, h.id, exit, &why("资金不落实"))
        .await?;
    let before = h.view().await?;
    assert_eq!(before.closed_on.as_deref(), Some("2026-01-05"));
    assert!(!before.may_manage);
    for (item, act) in [
        ("A05", Act::Accept),
        ("A06", receive()),
        (
            "A20",
            Act::Exempt {
                reason: "区域统一审查".to_owned(),
            },
        ),
    ] {
        let told = said(&h.act(&h.banner, item, act.clone()).await);
        let kept = said(&h.act(&h.w.system, item, act).await);
        assert_eq!((told.as_str(), kept.as_str()), (CLOSED, CLOSED), "{item}");
    }
    let fit = CaseChange {
        reason: "采用新目录".to_owned(),
        ..CaseChange::default()
    };
    let fitted = h.w.app.case_fit(&h.w.system, h.id, before.version, &fit);
    assert_eq!(said(&fitted.await), CLOSED);
    assert_eq!(h.view().await?, before, "nothing half-done");
    let work = WorkQuery::default();
    assert_eq!(h.w.app.approval_work(&h.banner, &work).await?.total, 0);
    h.w.on("2026-02-06");
    assert_eq!(h.w.app.approval_remind(&h.w.system).await?, 0);
    h.w.sound().await?;
    Ok(())
}

const CLOSED: &str = "approvals.refused.closed";

async fn last_year_s_question_gets_last_year_s_answer(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    h.w.on("2026-01-12");
    let then = h.view().await?;
    h.w.on("2026-01-23");
    for act in [grant("1"), Act::Deliver] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    let app = &h.w.app;
    let again = app
        .case_view(&h.w.system, h.id, Some(day("2026-01-12")))
        .await?;
    let (was, is) = (found(&then, "A05"), found(&again, "A05"));
    assert_eq!(
        (&was.legs, &was.phase, &was.due),
        (&is.legs, &is.phase, &is.due)
    );
    assert_eq!(h.item("A05").await?.phase, "granted");
    Ok(())
}
