//! Joint approval: fitting a case by hand, trying out a changed catalogue, letters over what is
//! late, the work-list by light.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_app::approvals::{
    ActInput, CaseChange, CaseInput, LedgerKind, LetterCall, LetterDesk, LetterKind, PlanView,
    WorkQuery,
};
use gangmu_app::domain::approvals::{Act, Budget, light_from_word};
use gangmu_app::domain::library::{Field, Value};
use gangmu_app::domain::organisation::{DepartmentId, Role};
use gangmu_app::notices::NoticesOf;
use gangmu_app::{Actor, AppError, ReferenceKind};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::approvals::{Hall, found, grant, plant, receive, suspend};
use crate::support::{BANNER, LEAGUE, REGION, SISTER, Tried, World, code, day, said, with};

each_engine!(
    what_a_person_marks_is_shown_with_the_plan_first_and_becomes_acts,
    of_two_who_fit_one_case_one_is_told,
    a_changed_catalogue_is_tried_out_and_touches_nothing,
    a_catalogue_that_waits_for_itself_or_names_nobody_is_refused_by_name,
    a_letter_lists_what_is_late_enough_and_stays_as_it_was_written,
    the_work_list_is_filtered_by_light,
    every_page_of_a_light_is_exact,
    a_problem_that_no_due_date_shows_is_in_the_ledger,
);

const CATALOGUE: &str = include_str!("../../../../data/policies/approvals.toml");

fn marks(marks: &[(&str, bool)], reason: &str) -> CaseChange {
    let marks = marks.iter();
    CaseChange {
        marks: marks
            .map(|(code, needed)| ((*code).to_owned(), *needed))
            .collect(),
        reason: reason.to_owned(),
        ..CaseChange::default()
    }
}

/// The plan of the plant is 107 working days: A17, A02, A18, A19, A20 (20 each) and A24 (7).
async fn what_a_person_marks_is_shown_with_the_plan_first_and_becomes_acts(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let app = &h.w.app;
    assert_eq!(h.tell("A05", receive()).await, "ok");
    let before = h.view().await?;
    // Without the drawings' review the way is 20 days shorter; a forest consent (12) starts at
    // once and is awaited by nobody but the conversion, which is not needed: nothing gets longer.
    let mut change = marks(&[("A20", false), ("A10", true)], "");
    change.added = BTreeSet::from(["A04".to_owned()]);
    let preview = app.case_preview(&h.w.system, h.id, &change).await?;
    let lines: Vec<String> = preview
        .changes
        .iter()
        .map(|one| format!("{} {}: {} → {}", one.code, one.what, one.before, one.after))
        .collect();
    assert_eq!(
        lines,
        [
            "A04 added:  → needed banner",
            "A10 marked: not_needed region → needed region",
            "A20 marked: needed banner → not_needed banner",
        ]
    );
    assert_eq!((preview.before.length, preview.before.matters), (107, 9));
    assert_eq!(preview.after.length, 87);
    assert_eq!(preview.after.matters, 10, "one fewer, two more");
    assert_eq!(h.view().await?, before, "looking changes nothing");

    // What runs cannot be marked away; what there is cannot be added; nobody fits without a reason.
    let away = marks(&[("A05", false)], "");
    let running = app.case_preview(&h.w.system, h.id, &away).await;
    assert_eq!(said(&running), "approvals.refused.not_now");
    let there = CaseChange {
        added: BTreeSet::from(["A06".to_owned()]),
        ..CaseChange::default()
    };
    let there = app.case_preview(&h.w.system, h.id, &there).await;
    assert_eq!(said(&there), "approvals.refused.has_matter (A06)");
    let unknown = marks(&[("A99", true)], "");
    let nowhere = app.case_preview(&h.w.system, h.id, &unknown).await;
    assert_eq!(said(&nowhere), "no such matter");
    let silent = app
        .case_fit(&h.w.system, h.id, before.version, &change)
        .await;
    assert_eq!(said(&silent), "approvals.refused.reason_missing at reason");
    assert_eq!(h.view().await?, before, "nothing half-done");

    change.reason = "区域统一审图；占用少量林地".to_owned();
    let clerk = h.w.clerk(BANNER).await?;
    let fitted = app.case_fit(&clerk, h.id, before.version, &change).await?;
    assert_eq!(fitted.after.length, 87);
    let view = h.view().await?;
    assert_eq!(view.plan_length, 87, "what was shown is what came");
    assert_eq!(view.critical, fitted.after.critical);
    let dropped = found(&view, "A20");
    assert_eq!(
        (dropped.phase.as_str(), dropped.events.len()),
        ("not_needed", 1)
    );
    assert_eq!(dropped.events[0].says, ["区域统一审图；占用少量林地"]);
    assert_eq!(dropped.events[0].who, clerk.name);
    for item in ["A10", "A04"] {
        assert_eq!(found(&view, item).phase, "not_received", "{item}");
    }
    // A second fitting leaves the marks alone, and an act strikes one out.
    let again = CaseChange {
        reason: "复核".to_owned(),
        ..CaseChange::default()
    };
    app.case_fit(&clerk, h.id, view.version, &again).await?;
    let kept = h.view().await?;
    assert_eq!(found(&kept, "A20").phase, "not_needed");
    assert_eq!(found(&kept, "A04").phase, "not_received");
    let strike = Act::Strike {
        seq: 1,
        reason: "误认".to_owned(),
    };
    assert_eq!(h.tell("A20", strike).await, "ok");
    assert_eq!(h.item("A20").await?.phase, "not_received");
    h.w.sound().await?;
    Ok(())
}

async fn of_two_who_fit_one_case_one_is_told(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let version = h.view().await?.version;
    let (one, two) = (
        marks(&[("A20", false)], "区域统一审图"),
        marks(&[("A19", false)], "不新增建筑"),
    );
    let (a, b) = tokio::join!(
        h.w.app.case_fit(&h.w.system, h.id, version, &one),
        h.w.app.case_fit(&h.w.system, h.id, version, &two),
    );
    let mut told = [said(&a), said(&b)];
    told.sort();
    assert_eq!(told, ["case changed", "ok"]);
    let view = h.view().await?;
    let gone = ["A19", "A20"].map(|code| found(&view, code).phase == "not_needed");
    assert_eq!(gone.iter().filter(|one| **one).count(), 1);
    h.w.sound().await?;
    Ok(())
}

async fn a_changed_catalogue_is_tried_out_and_touches_nothing(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    assert_eq!(h.tell("A05", receive()).await, "ok");
    let second = with(plant(), Field::Name, Value::Text("二期".to_owned()));
    let second = h.w.enter(&second).await?;
    let third = with(plant(), Field::Name, Value::Text("三期".to_owned()));
    let third = with(third, Field::BuildingWorks, code("no"));
    h.w.enter(&third).await?;
    let before = h.view().await?;
    // Drawings are reviewed within 5 working days instead of the 20 a plan supposes.
    let shorter = CATALOGUE.replace(
        "name = \"施工图审查\"\n",
        "name = \"施工图审查\"\nstatutory = { working = 5 }\n",
    );
    assert_ne!(shorter, CATALOGUE);
    let app = &h.w.app;
    let effect = app.catalogue_preview(&h.w.system, &shorter).await?;
    let changed: Vec<String> = effect
        .matters
        .iter()
        .map(|one| format!("{} {} {}", one.code, one.what, one.parts.join(" ")))
        .collect();
    assert_eq!(changed, ["A20 changed limits"]);
    assert!(!effect.service);
    let verified = effect.routes.iter().find(|one| one.route == "verification");
    let verified = verified.expect("a route");
    // With every matter needed the shelter's approval takes as long; the drawings only leave the
    // critical path.
    assert_eq!(verified.before.length, verified.after.length);
    let on_the_way = |plan: &PlanView| plan.critical.contains(&"A20".to_owned());
    assert!(on_the_way(&verified.before) && !on_the_way(&verified.after));
    let differ: Vec<(i64, u32, u32)> = effect
        .projects
        .iter()
        .map(|one| (one.project_id, one.before, one.after))
        .collect();
    assert_eq!(differ, [(second.0, 107, 92)], "the third builds nothing");
    assert_eq!((effect.looked_at, effect.differ, effect.running), (2, 1, 1));
    assert_eq!(h.view().await?, before, "running cases are not touched");
    assert!(before.catalogue_is_current);
    let same = app.catalogue_preview(&h.w.system, CATALOGUE).await?;
    assert_eq!((same.matters.len(), same.differ), (0, 0));
    // Loaded, it is what was shown: the new case has it, the running one has not.
    let today = day("2026-01-05");
    app.reference_import(&h.w.system, ReferenceKind::Approvals, &shorter, today)
        .await?;
    app.case_create(&h.w.system, second, CaseInput::default())
        .await?;
    let view = app.case_view(&h.w.system, second, None).await?;
    assert_eq!(view.plan_length, 92);
    assert_eq!(h.view().await?.plan_length, 107);
    let clerk = h.w.clerk(BANNER).await?;
    let refused = app.catalogue_preview(&clerk, &shorter).await;
    assert_eq!(
        said(&refused),
        "refused manage_policies: system_administrator"
    );
    Ok(())
}

async fn a_catalogue_that_waits_for_itself_or_names_nobody_is_refused_by_name(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    // The land preview would wait for the permit that waits for it.
    let circle = CATALOGUE.replace(
        "name = \"建设项目用地预审与选址意见书\"",
        "name = \"建设项目用地预审与选址意见书\"\nafter = [\"A18\"]",
    );
    let nobody = CATALOGUE.replacen("department = \"ecology\"", "department = \"weather\"", 1);
    for (text, told) in [
        (
            circle.as_str(),
            "matters wait for each other: A02 → A18 → A05 → A02",
        ),
        (
            nobody.as_str(),
            "A06 names the department `weather`, which is not known",
        ),
    ] {
        assert_ne!(text, CATALOGUE);
        let tried = said(&w.app.catalogue_preview(&w.system, text).await);
        assert!(tried.contains(told), "{tried}");
        let today = w.app.today();
        let kind = ReferenceKind::Approvals;
        let loaded = w.app.reference_import(&w.system, kind, text, today).await;
        assert_eq!(said(&loaded), tried, "saving refuses what trying refuses");
    }
    assert_eq!(w.app.policy_versions().await?.len(), 0, "nothing half-done");
    Ok(())
}

async fn desk(h: &Hall, who: &gangmu_app::Actor) -> Result<LetterDesk, AppError> {
    h.w.app.letter_desk(who, (1, 1)).await
}

async fn a_letter_lists_what_is_late_enough_and_stays_as_it_was_written(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    // Promised for 01-19. The ladder tells a supervisor one working day later, a leader five.
    let supervisor = h.w.person(Role::Supervisor, LEAGUE, "").await?;
    let lines = |desk: &LetterDesk| -> Vec<String> {
        let line = |one: &gangmu_app::approvals::LateOffice| {
            let (unit, department) = (&one.unit.code, &one.department.code);
            format!("{unit} {department}: {} {}", one.urge, one.supervise)
        };
        desk.offices.iter().map(line).collect()
    };
    for (date, late) in [
        ("2026-01-19", vec![]),
        ("2026-01-20", vec!["150502 natural_resources: 1 0"]),
        ("2026-01-23", vec!["150502 natural_resources: 1 0"]),
        ("2026-01-26", vec!["150502 natural_resources: 0 1"]),
    ] {
        h.w.on(date);
        assert_eq!(lines(&desk(&h, &supervisor).await?), late, "{date}");
    }
    let beyond = h.w.app.letter_desk(&supervisor, (2, 1)).await?;
    assert_eq!((lines(&beyond), beyond.total, beyond.page), (vec![], 1, 2));
    // Nobody presses an office above their own: what the banner keeps is no matter of a sister's.
    let clerk = h.w.clerk(BANNER).await?;
    let own = lines(&desk(&h, &clerk).await?);
    assert_eq!(own, ["150502 natural_resources: 0 1"]);
    let sister = h.w.clerk(SISTER).await?;
    assert_eq!(lines(&desk(&h, &sister).await?), [""; 0]);
    h.w.on("2026-01-20");
    let reference = h.w.app.reference().await?;
    let land = reference.department_by_any_name("natural_resources");
    let land = DepartmentId(land.expect("a department").department_id);
    let call = |kind, reply_by: &str| LetterCall {
        kind,
        office: BANNER.to_owned(),
        department: land,
        reply_by: day(reply_by),
    };
    let write = async |call: LetterCall| h.w.app.letter_write(&supervisor, &call).await;
    let past = write(call(LetterKind::Urge, "2026-01-20")).await;
    assert_eq!(
        said(&past),
        "approvals.letter.reply_by at reply_by (2026-01-20)"
    );
    let early = write(call(LetterKind::Supervise, "2026-01-27")).await;
    assert_eq!(said(&early), "approvals.letter.nothing");
    let urge = call(LetterKind::Urge, "2026-01-27");
    let refused = h.w.app.letter_write(&h.banner, &urge).await;
    assert_eq!(said(&refused), "refused chase: clerk, officer, supervisor");
    assert_eq!(
        desk(&h, &supervisor).await?.letters,
        [],
        "nothing half-done"
    );
    let land =
        h.w.person(Role::Approver, BANNER, "natural_resources")
            .await?;
    let water = h.w.person(Role::Approver, BANNER, "water").await?;
    // Two write at once: one letter.
    let (one, two) = tokio::join!(
        write(call(LetterKind::Urge, "2026-01-27")),
        write(call(LetterKind::Urge, "2026-01-27")),
    );
    let mut told = [said(&one), said(&two)];
    told.sort();
    assert_eq!(told, ["approvals.letter.today", "ok"]);
    let written = one.or(two)?;
    let letters = desk(&h, &supervisor).await?.letters;
    assert_eq!(letters.len(), 1);
    let kept = &letters[0];
    assert_eq!(kept.number, format!("通辽联审催〔2026〕{}号", written.2));
    assert_eq!(
        (
            kept.matters,
            kept.written_on.as_str(),
            kept.reply_by.as_str()
        ),
        (1, "2026-01-20", "2026-01-27")
    );
    // The department hears of it; its neighbours do not.
    let heard = async |who: &Actor| -> Tried<usize> {
        let page = h.w.app.notice_page(who, NoticesOf::Inbox, 1).await?;
        Ok(page.rows.iter().filter(|one| one.kind == "letter").count())
    };
    assert_eq!((heard(&land).await?, heard(&water).await?), (1, 0));
    // The same bytes each time, also after the matter is decided; not for who reads elsewhere.
    let (unit, number) = (written.0.as_str(), (written.1, written.2));
    let first = h.w.app.letter_file(&h.banner, unit, number).await?;
    assert!(first.0.ends_with(".docx") && first.1.starts_with(b"PK"));
    assert_eq!(h.tell("A05", grant("用字第1号")).await, "ok");
    let again = h.w.app.letter_file(&supervisor, unit, number).await?;
    assert_eq!(first, again);
    let elsewhere = h.w.clerk("150200").await?;
    let hidden = h.w.app.letter_file(&elsewhere, unit, number).await;
    assert_eq!(said(&hidden), "no such letter");
    assert_eq!(lines(&desk(&h, &supervisor).await?), [""; 0]);
    // The region writes under numbers of its own.
    let region = h.w.person(Role::Supervisor, REGION, "").await?;
    let none = h.w.app.letter_write(&region, &urge).await;
    assert_eq!(said(&none), "approvals.letter.nothing");
    Ok(())
}

async fn the_work_list_is_filtered_by_light(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for item in ["A05", "A06", "A17"] {
        for act in [receive(), Act::Accept] {
            assert_eq!(h.tell(item, act).await, "ok");
        }
    }
    // 01-16: the land opinion has one working day left of ten, the environment 19 days; nothing
    // limits the risk assessment. 01-20: the land opinion is late.
    let lit = async |word: &str| -> Tried<Vec<String>> {
        let query = WorkQuery {
            light: light_from_word(word),
            ..WorkQuery::default()
        };
        let list = h.w.app.approval_work(&h.banner, &query).await?;
        assert_eq!(usize::try_from(list.total)?, list.rows.len());
        assert!(list.rows.iter().all(|row| row.light == word));
        Ok(list.rows.into_iter().map(|row| row.code).collect())
    };
    for (date, table) in [
        (
            "2026-01-16",
            BTreeMap::from([
                ("red", vec![]),
                ("yellow", vec!["A05"]),
                ("green", vec!["A06"]),
                ("off", vec!["A17"]),
            ]),
        ),
        (
            "2026-01-20",
            BTreeMap::from([
                ("red", vec!["A05"]),
                ("yellow", vec![]),
                ("green", vec!["A06"]),
                ("off", vec!["A17"]),
            ]),
        ),
    ] {
        h.w.on(date);
        for (word, codes) in table {
            assert_eq!(lit(word).await?, codes, "{word} on {date}");
        }
    }
    Ok(())
}

/// Twenty-six plants, two matters each: all 52 shine green, whichever page one opens, and an officer
/// elsewhere sees none of them.
async fn every_page_of_a_light_is_exact(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let mut acts = Vec::new();
    for n in 0..26 {
        let project = match n {
            0 => h.id,
            _ => {
                let name = Value::Text(format!("第{n}期铝板带项目"));
                let id = h.w.enter(&with(plant(), Field::Name, name)).await?;
                h.w.app
                    .case_create(&h.w.system, id, CaseInput::default())
                    .await?;
                id
            }
        };
        for item in ["A05", "A06"] {
            acts.push((project, item, receive()));
            acts.push((project, item, Act::Accept));
        }
    }
    for (project, item, act) in acts {
        let input = ActInput::new(None, act);
        h.w.app.item_act(&h.banner, project, item, &input).await?;
    }
    let page = async |who: &Actor, word: &str, page| -> Tried<(usize, i64)> {
        let query = WorkQuery {
            light: light_from_word(word),
            page,
            ..WorkQuery::default()
        };
        let list = h.w.app.approval_work(who, &query).await?;
        assert!(list.rows.iter().all(|row| row.light == word));
        Ok((list.rows.len(), list.total))
    };
    assert_eq!(page(&h.banner, "green", 1).await?, (50, 52));
    assert_eq!(page(&h.banner, "green", 2).await?, (2, 52));
    assert_eq!(page(&h.banner, "green", 3).await?, (0, 52));
    assert_eq!(page(&h.banner, "red", 1).await?, (0, 0));
    let elsewhere = h.w.person(Role::Approver, "150200", "").await?;
    assert_eq!(page(&elsewhere, "green", 1).await?, (0, 0));
    // Land opinions are late after 01-19; the environment has time until 02-04.
    h.w.on("2026-01-20");
    assert_eq!(page(&h.banner, "red", 1).await?, (26, 26));
    assert_eq!(page(&h.banner, "green", 1).await?, (26, 26));
    Ok(())
}

/// An expert review may take three working days and takes longer, while both limits are far away.
async fn a_problem_that_no_due_date_shows_is_in_the_ledger(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [
        receive(),
        Act::Accept,
        suspend("expert_review", Budget::working(3)),
    ] {
        assert_eq!(h.tell("A06", act).await, "ok");
    }
    let problems = async || -> Tried<(i64, Vec<Option<String>>)> {
        let list =
            h.w.app
                .approval_ledger(&h.w.system, LedgerKind::Problems, 1)
                .await?;
        Ok((
            list.total,
            list.rows.into_iter().map(|row| row.problem).collect(),
        ))
    };
    h.w.on("2026-01-08");
    assert_eq!(problems().await?, (0, vec![]));
    h.w.on("2026-01-09");
    let late = vec![Some("procedure_late".to_owned())];
    assert_eq!(problems().await?, (1, late));
    Ok(())
}
