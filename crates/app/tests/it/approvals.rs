//! Joint approval: a case from its making to the building permit.

use gangmu_app::approvals::{
    ActInput, CaseInput, CaseView, ClockView, ItemView, OpinionView, SittingCall, Stance,
};
use gangmu_app::domain::approvals::{Act, Budget, procedure_from_word};
use gangmu_app::domain::library::{Field, ProjectId, Value};
use gangmu_app::domain::organisation::{DepartmentId, Role};
use gangmu_app::library::ProjectEdit;
use gangmu_app::notices::DeadlineView;
use gangmu_app::notices::{NoticeView, NoticesOf};
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{BANNER, REGION, Tried, World, code, day, draft, said, with};

each_engine!(a_case_walks_to_the_building_permit_with_the_clocks_of_the_table);

/// A verified plant of 科尔沁区 that starts on 2026-04-01. Land, energy, environment, buildings.
pub fn plant() -> ProjectEdit {
    let no = || code("no");
    let edit = draft("10 万吨铝板带项目");
    [
        (Field::ApprovalRoute, code("verification")),
        (Field::PlannedStart, Value::Date(day("2026-04-01"))),
        (Field::LandArea, Value::Number(4_000)),
        (Field::EarthVolume, Value::Number(500)),
        (Field::NewConstructionLand, no()),
        (Field::EnergyUse, Value::Number(12_000_000)),
        (Field::WaterIntake, Value::Number(0)),
        (Field::ForestLand, Value::Number(0)),
        (Field::Grassland, Value::Number(0)),
        (Field::EnvironmentalDocument, code("form")),
        (Field::OverMinerals, no()),
        (Field::NearRiver, no()),
        (Field::CulturalRelics, no()),
        (Field::HazardArea, no()),
        (Field::BuildingWorks, code("yes")),
        (Field::SpecialFire, no()),
        (Field::CivilDefence, no()),
        (Field::MustTender, no()),
        (Field::AffectsHighway, no()),
    ]
    .into_iter()
    .fold(edit, |edit, (field, value)| with(edit, field, value))
}

/// A world on 2026-01-05 with the plant's case, a banner's officer and the region's.
pub struct Hall {
    pub w: World,
    pub id: ProjectId,
    pub banner: Actor,
    pub region: Actor,
}

impl Hall {
    pub async fn new(db: &Db) -> Tried<Self> {
        let w = World::new(db).await?;
        w.on("2026-01-05");
        let id = w.enter(&plant()).await?;
        w.app
            .case_create(&w.system, id, CaseInput::default())
            .await?;
        let banner = w.person(Role::Approver, BANNER, "").await?;
        let region = w
            .person(Role::Approver, REGION, "development_reform")
            .await?;
        Ok(Self {
            w,
            id,
            banner,
            region,
        })
    }

    pub async fn act(&self, who: &Actor, item: &str, act: Act) -> Result<i64, AppError> {
        let input = ActInput::new(None, act);
        self.w.app.item_act(who, self.id, item, &input).await
    }

    /// What the banner's officer is told.
    pub async fn tell(&self, item: &str, act: Act) -> String {
        said(&self.act(&self.banner, item, act).await)
    }

    pub async fn view(&self) -> Tried<CaseView> {
        Ok(self.w.app.case_view(&self.w.system, self.id, None).await?)
    }

    pub async fn item(&self, item: &str) -> Tried<ItemView> {
        let view = self.view().await?;
        Ok(found(&view, item).clone())
    }
}

pub fn found<'v>(view: &'v CaseView, item: &str) -> &'v ItemView {
    let mut items = view.items.iter();
    items.find(|one| one.code == item).expect("a matter")
}

pub fn receive() -> Act {
    Act::Receive {
        after_cut_off: false,
    }
}

pub fn forward() -> Act {
    Act::Forward {
        after_cut_off: false,
    }
}

pub fn grant(number: &str) -> Act {
    Act::Grant {
        document_no: number.to_owned(),
    }
}

pub fn suspend(procedure: &str, bound: Budget) -> Act {
    let procedure = procedure_from_word(procedure).expect("a procedure");
    Act::Suspend { procedure, bound }
}

pub fn deferred(paper: &str, on: &str) -> Act {
    Act::AcceptDeferred {
        missing: vec![paper.to_owned()],
        promised_on: day(on),
        promise: "容缺承诺书".to_owned(),
    }
}

/// One clock in one line: state, limit, used, left, due, light.
pub fn line(item: &ItemView, clock: &str) -> String {
    let leg = item.legs.get(item.leg).expect("an office");
    let found: Option<&ClockView> = leg.clocks.iter().find(|one| one.clock == clock);
    let Some(one) = found else {
        return "no limit".to_owned();
    };
    format!(
        "{} {}: {} used, {} left, due {}, {}",
        one.state,
        one.budget,
        one.elapsed,
        one.remaining,
        one.due_on.clone().unwrap_or_default(),
        one.light
    )
}

/// The table was computed by hand from the State Council's notice for 2026: off 01-01 to 01-03 and
/// 02-15 to 02-23, worked on the Sundays and Saturdays 01-04, 02-14 and 02-28.
///
/// | matter | acts | counted |
/// |---|---|---|
/// | A05 | received 01-05, corrected 01-12, granted 01-23 | 13–16, 19–23: 9; due 10 → 01-26, 20 → 02-09 |
/// | A06 | received 01-05, suspended 01-13 to 01-20, granted 02-05 | 8 + 16 = 24 of 30 calendar days; due 02-11 |
/// | A08 | banner 01-05, sent up 01-06 (a day late), accepted above 01-08, granted 02-02 | 9, 12–16, 19–23, 26–30, 2: 17; due 02-05 |
/// | A02 | accepted 01-23, decided by the sitting of 02-04 | 26–30, 2–4: 8; due 02-27 over the festival |
/// | A18 | 02-05 to 02-13 | 6, 9–13: 6; due 20 → 03-11, both Saturdays counted |
/// | A19 | accepted 02-14 (a Saturday at work), granted 02-28 (another) | 24–28: 5; due 03-20 |
/// | A24 | accepted 03-09 without a paper, opinion 03-12, paper 03-17, granted 03-18 | 10–12, 18: 4 of 7; due 03-23 |
async fn a_case_walks_to_the_building_permit_with_the_clocks_of_the_table(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let view = h.view().await?;
    let needed: Vec<&str> = view
        .items
        .iter()
        .filter(|one| one.phase != "not_needed")
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(
        needed,
        [
            "A02", "A05", "A06", "A08", "A17", "A18", "A19", "A20", "A24", "A26"
        ]
    );
    // 20 for the risk assessment nobody limits, then 20, 20, 20, 20 (drawings) and 7.
    assert_eq!(view.plan_length, 107);
    assert_eq!(view.critical, ["A17", "A02", "A18", "A19", "A20", "A24"]);
    assert_eq!(view.due_for_start.as_deref(), Some("2026-03-31"));
    assert_eq!(found(&view, "A08").level, "region");
    assert_eq!(found(&view, "A05").holds_up, ["A02", "A18"]);

    // 01-05: four matters come in on one day and run side by side.
    for item in ["A05", "A06", "A08", "A17"] {
        assert_eq!(h.tell(item, receive()).await, "ok");
    }
    assert_eq!(h.tell("A17", Act::Accept).await, "ok");
    h.w.on("2026-01-06");
    assert_eq!(h.tell("A06", Act::Accept).await, "ok");
    let late = h.item("A08").await?;
    assert_eq!(
        line(&late, "forwarding"),
        "running working 0: 1 used, -1 left, due 2026-01-05, red"
    );
    assert_eq!(h.tell("A08", forward()).await, "ok");
    let above = h.item("A08").await?;
    assert_eq!((above.leg, above.phase.as_str()), (1, "in_review"));
    let due = above.due.expect("silence");
    assert_eq!(
        (due.on.as_str(), due.what.as_str()),
        ("2026-01-13", "acceptance")
    );
    h.w.on("2026-01-07");
    let defects = vec!["缺少勘测定界图".to_owned(), "申请书未盖章".to_owned()];
    assert_eq!(h.tell("A05", Act::AskCorrection { defects }).await, "ok");
    h.w.on("2026-01-08");
    h.act(&h.region, "A08", Act::Accept).await?;
    h.w.on("2026-01-09");
    assert_eq!(h.tell("A17", grant("维稳评〔2026〕1号")).await, "ok");
    h.w.on("2026-01-12");
    assert_eq!(h.tell("A05", Act::Correct).await, "ok");
    let started = h.item("A05").await?;
    assert_eq!(
        line(&started, "promised"),
        "running working 10: 0 used, 10 left, due 2026-01-26, green"
    );
    assert_eq!(
        line(&started, "statutory"),
        "running working 20: 0 used, 20 left, due 2026-02-09, green"
    );
    h.w.on("2026-01-13");
    let review = suspend("expert_review", Budget::working(10));
    assert_eq!(h.tell("A06", review).await, "ok");
    h.w.on("2026-01-16");
    // The due date supposes the review takes its ten days, to 01-27; 22 days later lies the festival.
    assert_eq!(
        line(&h.item("A06").await?, "statutory"),
        "suspended calendar 30: 8 used, 22 left, due 2026-02-24, paused"
    );
    h.w.on("2026-01-20");
    assert_eq!(h.tell("A06", Act::Resume).await, "ok");
    assert_eq!(
        line(&h.item("A06").await?, "statutory"),
        "running calendar 30: 8 used, 22 left, due 2026-02-11, green"
    );

    // 01-23: verification waits for the land opinion, then is accepted.
    h.w.on("2026-01-23");
    assert_eq!(h.tell("A02", receive()).await, "ok");
    assert_eq!(
        h.tell("A02", Act::Accept).await,
        "approvals.refused.waits_for (A05)"
    );
    assert_eq!(h.tell("A05", grant("用字第1505022026001号")).await, "ok");
    assert_eq!(
        line(&h.item("A05").await?, "promised"),
        "ended working 10: 9 used, 1 left, due 2026-01-26, green"
    );
    assert_eq!(h.tell("A02", Act::Accept).await, "ok");

    // The sitting: two departments answer, three say nothing for seven working days, to 02-03.
    let clerk = h.w.clerk(BANNER).await?;
    let reference = h.w.app.reference().await?;
    let unit = reference.unit_by_code(BANNER).expect("a unit").path.clone();
    let call = SittingCall {
        title: "科尔沁区第一次联审会".to_owned(),
        unit,
        projects: vec![h.id],
    };
    let water = h.w.person(Role::Approver, BANNER, "water").await?;
    let transport = h.w.person(Role::Approver, BANNER, "transport").await?;
    let sitting = h.w.app.sitting_call(&clerk, &call).await?;
    told_of_the_sitting(&h, sitting, [&water, &transport]).await?;
    let department = |code: &str| {
        let found = reference
            .department_by_any_name(code)
            .expect("a department");
        DepartmentId(found.department_id)
    };
    let land =
        h.w.person(Role::Approver, BANNER, "natural_resources")
            .await?;
    h.w.on("2026-01-27");
    let asked = async |who: &Actor| -> Tried<Vec<(usize, String)>> {
        let secret = h.w.app.calendar_open(who).await?;
        let calendar = h.w.app.calendar_read(&secret).await?;
        let opinions = calendar.deadlines.into_iter().filter_map(|one| match one {
            DeadlineView::Opinions { n, on, .. } => Some((n, on.to_string())),
            _ => None,
        });
        Ok(opinions.collect())
    };
    let waiting = |n| [(n, "2026-02-03".to_owned())];
    assert_eq!(asked(&land).await?, waiting(2), "of two matters");
    let say = async |who: &Actor, code: &str, stance, body: &str| {
        let app = &h.w.app;
        let opinion = (stance, body);
        app.sitting_say(who, sitting, (h.id, "A02"), department(code), opinion)
            .await
    };
    say(&land, "natural_resources", Stance::Agree, "").await?;
    assert_eq!(asked(&land).await?, waiting(1), "one is answered");
    // A post speaks for its own department; one with all of them for none. Who holds the sitting
    // records what a department said, marked as such, and not over the department's own word.
    for who in [&land, &h.banner] {
        let refused = say(who, "ecology", Stance::Agree, "").await;
        assert_eq!(said(&refused), "refused handle_matter: approver");
    }
    let silent = say(&clerk, "ecology", Stance::Conditional, "").await;
    assert_eq!(said(&silent), "approvals.refused.opinion_missing at body");
    say(&clerk, "ecology", Stance::Conditional, "落实排放指标").await?;
    let over = say(&clerk, "natural_resources", Stance::Object, "选址不符").await;
    assert_eq!(said(&over), "approvals.refused.answered_itself");
    let opinion = async |who: &Actor, code: &str| -> Tried<OpinionView> {
        let view = h.w.app.sitting_view(who, sitting).await?;
        let agenda = view.agenda.into_iter().filter(|one| one.item == "A02");
        let mut opinions = agenda.flat_map(|one| one.opinions);
        let found = opinions.find(|one| one.department.code == code);
        Ok(found.expect("an opinion"))
    };
    let own = opinion(&land, "natural_resources").await?;
    assert!(own.may_answer && !own.as_holder && !own.on_behalf);
    let kept = opinion(&clerk, "natural_resources").await?;
    assert!(!kept.may_answer, "the department has answered itself");
    let noted = opinion(&clerk, "ecology").await?;
    assert!(noted.may_answer && noted.as_holder && noted.on_behalf);
    assert!(!opinion(&land, "ecology").await?.may_answer);
    h.w.on("2026-02-02");
    h.act(&h.region, "A08", grant("内发改能审〔2026〕5号"))
        .await?;
    assert_eq!(
        line(&h.item("A08").await?, "statutory"),
        "ended working 20: 17 used, 3 left, due 2026-02-05, green"
    );
    h.w.on("2026-02-03");
    let decision = || {
        let act = ActInput::new(None, grant("科区发改核〔2026〕1号"));
        vec![(h.id, "A02".to_owned(), act)]
    };
    let close = async || h.w.app.sitting_close(&clerk, sitting, 1, &decision()).await;
    assert_eq!(
        said(&close().await),
        "approvals.refused.not_agreed (企业投资项目核准)",
        "three can still answer today"
    );
    h.w.on("2026-02-04");
    let late = say(&clerk, "water", Stance::Object, "水源不足").await;
    assert_eq!(said(&late), "approvals.refused.silence_agreed");
    close().await?;
    assert_eq!(said(&close().await), "approvals.refused.sitting_closed");
    assert_eq!(
        line(&h.item("A02").await?, "statutory"),
        "ended working 20: 8 used, 12 left, due 2026-02-27, green"
    );

    h.w.on("2026-02-05");
    assert_eq!(h.tell("A06", grant("科环审〔2026〕3号")).await, "ok");
    assert_eq!(
        line(&h.item("A06").await?, "statutory"),
        "ended calendar 30: 24 used, 6 left, due 2026-02-11, green"
    );
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A18", act).await, "ok");
    }
    h.w.on("2026-02-13");
    assert_eq!(h.tell("A18", grant("地字第1号")).await, "ok");
    assert_eq!(
        line(&h.item("A18").await?, "statutory"),
        "ended working 20: 6 used, 14 left, due 2026-03-11, green"
    );
    assert_eq!(h.tell("A19", receive()).await, "ok");
    h.w.on("2026-02-14");
    assert_eq!(h.tell("A19", Act::Accept).await, "ok");
    h.w.on("2026-02-28");
    assert_eq!(h.tell("A19", grant("建字第1号")).await, "ok");
    assert_eq!(
        line(&h.item("A19").await?, "statutory"),
        "ended working 20: 5 used, 15 left, due 2026-03-20, green"
    );
    h.w.on("2026-03-02");
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A20", act).await, "ok");
    }
    assert_eq!(line(&h.item("A20").await?, "statutory"), "no limit");
    h.w.on("2026-03-06");
    assert_eq!(h.tell("A20", grant("审查合格书1号")).await, "ok");

    // The building permit, without the supervision contract.
    h.w.on("2026-03-09");
    assert_eq!(h.tell("A24", receive()).await, "ok");
    assert_eq!(
        h.tell("A24", deferred("contract", "2026-03-20")).await,
        "approvals.refused.not_deferrable (contract)"
    );
    assert_eq!(
        h.tell("A24", deferred("supervision_contract", "2026-04-02"))
            .await,
        "approvals.refused.promised_on at promised_on (2026-03-09, 2026-04-01)",
        "papers are in before the works begin"
    );
    assert_eq!(
        h.tell("A24", deferred("supervision_contract", "2026-03-20"))
            .await,
        "ok"
    );
    assert_eq!(
        line(&h.item("A24").await?, "statutory"),
        "running working 7: 0 used, 7 left, due 2026-03-18, green"
    );
    h.w.on("2026-03-12");
    assert_eq!(
        h.tell("A24", grant("施字第1号")).await,
        "approvals.refused.outstanding (supervision_contract)"
    );
    let opinion = Act::Preliminary {
        document_no: "初审1号".to_owned(),
    };
    assert_eq!(h.tell("A24", opinion).await, "ok");
    let waiting = h.item("A24").await?;
    let due = waiting.due.expect("papers");
    assert_eq!(waiting.phase, "deferred");
    assert_eq!(
        (due.on.as_str(), due.what.as_str()),
        ("2026-03-20", "papers")
    );
    h.w.on("2026-03-17");
    let paper = Act::HandIn {
        material: "supervision_contract".to_owned(),
    };
    assert_eq!(h.tell("A24", paper).await, "ok");
    let converting = h.item("A24").await?;
    let due = converting.due.expect("two working days");
    assert_eq!(converting.phase, "converting");
    assert_eq!(
        (due.on.as_str(), due.what.as_str()),
        ("2026-03-19", "conversion")
    );
    h.w.on("2026-03-18");
    assert_eq!(h.tell("A24", grant("施字第1号")).await, "ok");
    assert_eq!(
        line(&h.item("A24").await?, "statutory"),
        "ended working 7: 4 used, 3 left, due 2026-03-23, green"
    );
    assert_eq!(h.tell("A24", Act::Deliver).await, "ok");

    let view = h.view().await?;
    assert_eq!(
        (view.done, view.total),
        (22, 22),
        "only the acceptance is left"
    );
    assert_eq!(view.expected_on.as_deref(), Some("2026-03-18"));
    let rates = h.w.app.approval_rates(&h.w.system).await?;
    assert_eq!(
        (rates.cases, rates.through, rates.items, rates.done),
        (1, 1, 22, 22)
    );
    crate::record::taught(&h).await?;
    h.w.sound().await?;
    Ok(())
}

/// Each department that is asked hears of it once, with the last day for its answer; others do not.
async fn told_of_the_sitting(h: &Hall, sitting: i64, [water, transport]: [&Actor; 2]) -> Tried<()> {
    let told = async |who: &Actor| -> Tried<Vec<String>> {
        let page = h.w.app.notice_page(who, NoticesOf::Inbox, 1).await?;
        let of_it = |one: &NoticeView| one.sitting_id == Some(sitting);
        let rows = page.rows.into_iter().filter(of_it);
        Ok(rows
            .map(|one| {
                let department = one.department.unwrap_or_default().code;
                let due = one.due_on.unwrap_or_default();
                format!("{department} {due} {}", one.unread)
            })
            .collect())
    };
    assert_eq!(told(water).await?, ["water 2026-02-03 true"]);
    assert_eq!(told(transport).await?, [""; 0]);
    // Five are asked about A02, two of them about A06 too, and one more about A08: six in all.
    assert_eq!(told(&h.banner).await?.len(), 6);
    assert_eq!(h.w.app.notices_unread(water).await?, 1);
    Ok(())
}
