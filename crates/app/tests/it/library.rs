//! The project library: entering, editing, looking back, attachments, and who may see what.

use gangmu_app::domain::dispatch::Figures;
use gangmu_app::domain::library::{Field, ProjectRecord, Value};
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::{Category, Exit};
use gangmu_app::library::{ListQuery, MoneyUnit, ProjectEdit, Upload, parse_field};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};
use serde_json::json;

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, REGION, SISTER, Tried, World, change, code, day, draft, entry,
    figures, period, said, text, wan, why, with,
};

const CODE: &str = "2501-150502-04-01-123456";

each_engine!(
    a_past_date_shows_the_record_as_it_stood,
    a_past_date_shows_what_had_been_reported_by_then,
    a_past_date_shows_lists_and_links_as_they_stood,
    a_card_says_whether_the_project_is_large_enough_to_be_a_major_one,
    every_change_says_who_when_why_before_and_after,
    likely_twins_are_shown_before_saving,
    a_code_belongs_to_one_project,
    completeness_names_what_is_missing,
    all_problems_are_told_at_once,
    a_stale_save_overwrites_nothing,
    attachments_are_taken_by_content_and_kept_by_digest,
    what_may_not_be_seen_does_not_exist,
    a_reporter_is_named_for_a_project,
    a_list_is_filtered_within_the_scope,
);

async fn a_past_date_shows_the_record_as_it_stood(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("奈曼旗天然碱")).await?;
    w.on("2025-02-10");
    let edit = with(
        change(Field::TotalInvestment, wan(15_000)),
        Field::Unit,
        code(SISTER),
    );
    w.app.project_edit(&w.system, id, None, &edit).await?;
    let photo = Upload {
        file_name: "现场.png".to_owned(),
        bytes: b"\x89PNG\r\n\x1a\n....".as_slice().into(),
    };
    w.app.attachment_add(&w.system, id, photo).await?;
    w.on("2025-03-10");
    let exit = Exit::Cancelled;
    w.app
        .withdraw(&w.system, id, exit, &why("不再实施"))
        .await?;

    let rows = [
        (
            "2025-01-06",
            "concept 2025-01-06 150502 100000000 events 1 attachments 0",
        ),
        (
            "2025-02-09",
            "concept 2025-01-06 150502 100000000 events 1 attachments 0",
        ),
        (
            "2025-02-10",
            "concept 2025-01-06 150526 150000000 events 3 attachments 1",
        ),
        (
            "2025-03-10",
            "cancelled 2025-03-10 150526 150000000 events 4 attachments 1",
        ),
    ];
    for (as_of, wanted) in rows {
        let view = w.app.project_view(&w.system, id, Some(day(as_of))).await?;
        let total = view.fields.iter().find(|f| f.field == "total_investment");
        let found = format!(
            "{} {} {} {} events {} attachments {}",
            view.stage,
            view.stage_since,
            view.unit.code,
            total.map(|f| f.value.clone()).unwrap_or_default(),
            view.events.len(),
            view.attachments.len(),
        );
        assert_eq!(found, wanted, "as of {as_of}");
        assert!(view.may.is_empty(), "the past is not edited");
    }
    let before = w.app.project_view(&w.system, id, Some(day("2025-01-05")));
    assert_eq!(said(&before.await), "no such project");
    Ok(())
}

async fn a_past_date_shows_what_had_been_reported_by_then(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_200)]).await?;
    w.open("2025-01").await?;
    w.on("2025-02-05");
    w.submit("2025-01", id, 100).await?;
    w.on("2025-02-07");
    let seen = [(id, w.filed("2025-01", id).await?.filed.version)];
    w.app
        .returns_review(&w.system, period("2025-01"), &seen)
        .await?;
    w.close("2025-01").await?;
    w.open("2025-02").await?;
    w.on("2025-03-05");
    w.submit("2025-02", id, 50).await?;
    w.close("2025-02").await?;
    w.on("2025-03-20");
    let version = w.filed("2025-01", id).await?.filed.version;
    let corrected = Figures {
        correction_reason: "核实更正".to_owned(),
        ..figures("2025-01", 130)
    };
    w.app
        .return_correct(&w.system, period("2025-01"), (id, version), corrected)
        .await?;
    for (as_of, wanted) in [
        ("2025-02-04", ""),
        ("2025-02-05", "2025-01 submitted Some(100) 100 100"),
        ("2025-03-04", "2025-01 accepted Some(100) 100 100"),
        (
            "2025-03-19",
            "2025-02 submitted Some(50) 150 150, 2025-01 accepted Some(100) 100 100",
        ),
        (
            "2025-03-20",
            "2025-02 submitted Some(50) 180 180, 2025-01 accepted Some(130) 130 130",
        ),
    ] {
        let view = w.app.project_view(&w.system, id, Some(day(as_of))).await?;
        let wan = |yuan: i64| yuan / 10_000;
        let months: Vec<String> = view
            .returns
            .iter()
            .map(|one| {
                let month = one.month_investment.map(wan);
                let sums = (wan(one.year_to_date), wan(one.since_start));
                format!(
                    "{} {} {month:?} {} {}",
                    one.period, one.status, sums.0, sums.1
                )
            })
            .collect();
        assert_eq!(months.join(", "), wanted, "as of {as_of}");
        assert!(view.returns.iter().all(|one| one.light_published.is_none()));
    }
    let now = w.app.project_view(&w.system, id, None).await?;
    assert!(now.returns.iter().all(|one| one.light_published.is_some()));
    Ok(())
}

async fn a_past_date_shows_lists_and_links_as_they_stood(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let other = w.enter(&draft("乙")).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_000)]).await?;
    w.on("2025-02-10");
    let more = entry(Category::Completion, 1_500);
    w.app
        .programme_adjust(&w.system, 2025, id, Some(&more), &why("加快"))
        .await?;
    w.on("2025-03-10");
    w.app.merge(&w.system, id, &[other], &why("整合")).await?;
    w.on("2025-04-10");
    let renamed = change(Field::Name, text("甲（整合后）"));
    w.app.project_edit(&w.system, id, None, &renamed).await?;
    w.app
        .programme_adjust(&w.system, 2025, id, None, &why("调出"))
        .await?;

    let stood = async |project, day_text: &str| -> Tried<String> {
        let view = w
            .app
            .project_view(&w.system, project, Some(day(day_text)))
            .await?;
        let lists = view.programmes.iter().map(|one| {
            let (year, plan) = (one.year, one.annual_plan / 10_000);
            format!("{year} {} {plan} {}", one.category, one.included)
        });
        let links = view.links.iter();
        let links = links.map(|one| format!("{} {}", one.kind, one.name));
        Ok(lists.chain(links).collect::<Vec<_>>().join(", "))
    };
    let rows = [
        (id, "2025-01-06", "2025 continuing 1000 true"),
        (id, "2025-02-09", "2025 continuing 1000 true"),
        (id, "2025-02-10", "2025 completion 1500 true"),
        (
            id,
            "2025-03-10",
            "2025 completion 1500 true, merged_from 乙",
        ),
        (
            id,
            "2025-04-10",
            "2025 completion 1500 false, merged_from 乙",
        ),
        (other, "2025-03-09", ""),
        (other, "2025-04-09", "merged 甲"),
        (other, "2025-04-10", "merged 甲（整合后）"),
    ];
    for (project, on, wanted) in rows {
        assert_eq!(stood(project, on).await?, wanted, "{project} {on}");
    }
    Ok(())
}

async fn a_card_says_whether_the_project_is_large_enough_to_be_a_major_one(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    // By the rules that ship: enterprises 10,000 万元, government 5,000.
    for (investor, total, met) in [
        ("enterprise", 10_000, true),
        ("enterprise", 9_999, false),
        ("government", 5_000, true),
        ("government", 4_999, false),
    ] {
        let edit = with(
            draft(&format!("{investor}{total}")),
            Field::TotalInvestment,
            wan(total),
        );
        let edit = with(edit, Field::InvestorType, code(investor));
        let id = w.enter(&edit).await?;
        let card = w.app.project_view(&w.system, id, None).await?;
        let admission = card
            .admission
            .expect("a threshold for its type of investor");
        assert_eq!(admission.met, met, "{investor} {total}");
    }
    Ok(())
}

async fn every_change_says_who_when_why_before_and_after(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("扎铝二期")).await?;
    let clerk = w.clerk(BANNER).await?;
    w.on("2025-02-10");
    let edit = ProjectEdit {
        reason: "概算调整".to_owned(),
        document_no: "通发改〔2025〕1号".to_owned(),
        ..change(Field::TotalInvestment, wan(15_000))
    };
    assert!(w.app.project_edit(&clerk, id, Some(1), &edit).await?);
    assert!(
        !w.app.project_edit(&clerk, id, Some(2), &edit).await?,
        "the same again changes nothing"
    );
    let view = w.app.project_view(&clerk, id, None).await?;
    assert_eq!(view.version, 2);
    let event = &view.events[0];
    assert_eq!(view.events.len(), 2);
    assert_eq!(
        (event.who.as_str(), event.kind, event.on.as_str()),
        ("150502clerk", "edited", "2025-02-10")
    );
    assert_eq!(event.at, w.app.now());
    assert_eq!(
        (event.reason.as_str(), event.document_no.as_str()),
        ("概算调整", "通发改〔2025〕1号")
    );
    let changes: Vec<_> = event
        .changes
        .iter()
        .map(|c| (c.field, &c.before, &c.after))
        .collect();
    assert_eq!(
        changes,
        vec![("total_investment", &json!(100_000_000), &json!(150_000_000))]
    );
    Ok(())
}

async fn likely_twins_are_shown_before_saving(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let first = with(
        draft("霍都60万吨预焙阳极项目"),
        Field::Owner,
        text("霍都公司"),
    );
    let id = w.enter(&with(first, Field::Code, code(CODE))).await?;
    // (name, owner, unit, code) of what is typed, and what is said to be the same.
    let rows = [
        (
            "霍都 60 万吨预焙阳极",
            "霍都公司",
            BANNER,
            "",
            "name owner unit",
        ),
        (
            "霍都６０万吨预焙阳极工程",
            "霍都（公司）",
            SISTER,
            "",
            "name owner",
        ),
        ("霍都60万吨预焙阳极", "", BANNER, "", "name unit"),
        ("别的名字", "", SISTER, CODE, "code"),
        ("别的名字", "霍都公司", BANNER, "", "none"),
    ];
    for (name, owner, unit, project_code, same) in rows {
        let mut record = ProjectRecord::default();
        record.set(Field::Name, Some(text(name)))?;
        record.set(Field::Owner, Some(text(owner)))?;
        record.set(Field::Unit, Some(code(unit)))?;
        record.set(Field::Code, Some(code(project_code)))?;
        let twins = w.app.project_twins(&w.system, &record, None).await?;
        let found = twins.first().map_or("none".to_owned(), |twin| {
            assert_eq!(twin.project_id, id.0);
            twin.same.join(" ")
        });
        assert_eq!(found, same, "{name} of {owner} in {unit}");
        let mine = w.app.project_twins(&w.system, &record, Some(id)).await?;
        assert_eq!(mine, vec![], "a project is not its own twin");
    }
    let same = draft("霍都60万吨预焙阳极建设项目");
    let refused = w.app.project_create(&w.system, &same).await;
    let wanted = format!("likely_twin ({id}, 霍都60万吨预焙阳极项目)");
    assert_eq!(said(&refused), wanted);
    let looked_at = ProjectEdit {
        not_a_twin: true,
        ..same
    };
    w.enter(&looked_at).await?;
    Ok(())
}

async fn a_code_belongs_to_one_project(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let first = w.enter(&with(draft("甲"), Field::Code, code(CODE))).await?;
    let second = w.enter(&draft("乙")).await?;
    let claim = change(Field::Code, code(CODE));
    let taken = w.app.project_edit(&w.system, second, None, &claim).await;
    assert_eq!(said(&taken), format!("field.code_taken at code ({CODE})"));
    let other = ProjectEdit {
        not_a_twin: true,
        ..with(
            with(draft("丙"), Field::Code, code(CODE)),
            Field::Unit,
            code("x"),
        )
    };
    assert_eq!(
        said(&w.app.project_create(&w.system, &other).await),
        format!("field.unknown_unit at unit (x); field.code_taken at code ({CODE})")
    );
    // Given up, it is free.
    let clear = ProjectEdit {
        fields: [(Field::Code, None)].into(),
        ..ProjectEdit::default()
    };
    w.app.project_edit(&w.system, first, None, &clear).await?;
    assert!(w.app.project_edit(&w.system, second, None, &claim).await?);
    Ok(())
}

async fn completeness_names_what_is_missing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("蒙东高端重型装备制造基地")).await?;
    let view = w.app.project_view(&w.system, id, None).await?;
    assert_eq!((view.completeness.num, view.completeness.den), (5, 20));
    assert_eq!(view.missing.len(), 15);
    assert!(view.missing.contains(&"owner") && !view.missing.contains(&"name"));
    let owner = change(Field::Owner, text("重工公司"));
    w.app.project_edit(&w.system, id, None, &owner).await?;
    let view = w.app.project_view(&w.system, id, None).await?;
    assert_eq!(view.completeness.num, 6);
    Ok(())
}

async fn all_problems_are_told_at_once(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let reference = w.app.reference().await?;
    let bad: ProjectEdit = [
        (Field::Name, text(&"长".repeat(1001))),
        (Field::Unit, code("999999")),
        (
            Field::LocatedUnits,
            Value::Tags(vec!["150502".into(), "8".into()]),
        ),
        (Field::Department, code("nobody")),
        (Field::Industry, code("ZZ")),
        (Field::StartYear, Value::Number(2026)),
        (Field::EndYear, Value::Number(2025)),
        (Field::TotalInvestment, wan(-1)),
        (Field::Stage, code("completed")),
        (Field::Nature, code("upside_down")),
        (Field::Longitude, Value::Number(181_000_000)),
    ]
    .into_iter()
    .fold(ProjectEdit::default(), |edit, (f, v)| with(edit, f, v));
    let wanted = "field.too_long at name (1000); \
        field.unknown_unit at unit (999999); \
        field.unknown_unit at located_units (8); \
        field.unknown_industry at industry (ZZ); \
        field.unknown_department at department (nobody); \
        field.not_allowed at longitude (181000000); \
        field.not_allowed at nature (upside_down); \
        field.not_allowed at total_investment (-10000); \
        field.not_editable at stage; \
        field.contradicts at end_year (start_year)";
    assert_eq!(said(&w.app.project_create(&w.system, &bad).await), wanted);
    let empty = ProjectEdit::default();
    let nothing = w.app.project_create(&w.system, &empty).await;
    assert_eq!(
        said(&nothing),
        "field.missing at name; field.missing at unit"
    );
    let typed = [
        (Field::TotalInvestment, "1,234.5", "ok"),
        (Field::TotalInvestment, "1.23456", "field.not_money"),
        (Field::TotalInvestment, "九百", "field.not_money"),
        (
            Field::TotalInvestment,
            "99999999999999999",
            "field.not_money",
        ),
        (Field::PlannedStart, "2025年3月", "ok"),
        (Field::PlannedStart, "2025-02-30", "field.not_a_date"),
        (Field::StartYear, "二〇二五", "field.not_a_year"),
        (Field::Unit, "科尔沁区", "ok"),
        (Field::Unit, "无此旗", "field.unknown_unit"),
        (Field::Department, "能源局", "ok"),
        (Field::Department, "海洋局", "field.unknown_department"),
        (Field::Industry, "44", "ok"),
        (Field::Industry, "占卜", "field.unknown_industry"),
        (Field::Code, "2501-150502-04-01-123456", "ok"),
        (Field::Code, "2501-150502", "field.not_a_project_code"),
        (Field::Funding, "1", "field.not_a_text"),
        (Field::Remark, "", "ok"),
    ];
    for (field, text, wanted) in typed {
        let read = parse_field(&reference, field, text, MoneyUnit::TenThousand);
        let found = read.map_or_else(|message| message.code, |_| "ok".to_owned());
        assert_eq!(found, wanted, "{} typed as {text}", field.word());
    }
    Ok(())
}

async fn a_stale_save_overwrites_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("兴固纳米微晶")).await?;
    let first = change(Field::Site, text("一号地块"));
    w.app.project_edit(&w.system, id, Some(1), &first).await?;
    let second = change(Field::Site, text("二号地块"));
    let stale = w.app.project_edit(&w.system, id, Some(1), &second).await;
    assert_eq!(said(&stale), "project changed");
    let project = w.project(id).await?;
    assert_eq!(project.record.text(Field::Site), Some("一号地块"));
    assert_eq!(project.version, 2);
    Ok(())
}

async fn attachments_are_taken_by_content_and_kept_by_digest(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("国电投通辽热电联产")).await?;
    let add = async |name: &str, bytes: &[u8]| {
        let upload = Upload {
            file_name: name.to_owned(),
            bytes: bytes.to_vec().into(),
        };
        w.app.attachment_add(&w.system, id, upload).await
    };
    let rows: [(&str, &[u8], &str); 8] = [
        ("批复.pdf", b"%PDF-1.7", "document application/pdf"),
        ("photo.exe", b"\xff\xd8\xff\xe0", "photo image/jpeg"),
        (
            "../../etc/现场.png",
            b"\x89PNG\r\n\x1a\n",
            "photo image/png",
        ),
        ("a.webp", b"RIFF\0\0\0\0WEBP", "photo image/webp"),
        ("批复.pdf", b"MZ\x90\0", "attachment.type_not_taken at file"),
        (
            "a.svg",
            b"<svg onload=x>",
            "attachment.type_not_taken at file",
        ),
        ("a.html", b"<html>", "attachment.type_not_taken at file"),
        ("a.pdf", b"", "attachment.empty at file"),
    ];
    for (name, bytes, wanted) in rows {
        let added = add(name, bytes).await;
        let found = match &added {
            Ok(seq) => {
                let (stored, back) = w.app.attachment_read(&w.system, id, *seq).await?;
                assert_eq!(back, bytes, "{name}");
                format!("{} {}", stored.kind, stored.media_type)
            }
            Err(_) => said(&added),
        };
        assert_eq!(found, wanted, "{name}");
    }
    let reference = w.app.reference().await?;
    let most = usize::try_from(reference.dispatch.uploads.attachment_bytes)?;
    let mut large = b"%PDF-".to_vec();
    large.resize(most, b' ');
    let seq = add("满.pdf", &large).await?;
    large.push(b' ');
    assert_eq!(
        said(&add("超.pdf", &large).await),
        "attachment.too_large at file"
    );
    // The same content is kept once, under its digest.
    let twice = add("另一个名字.pdf", b"%PDF-1.7").await?;
    let of = async |seq| w.app.attachment_read(&w.system, id, seq).await;
    assert_eq!(of(1).await?.0.sha256, of(twice).await?.0.sha256);
    assert_eq!(of(3).await?.0.file_name, "现场.png");

    w.app.attachment_remove(&w.system, id, 1).await?;
    assert_eq!(said(&of(1).await), "no such attachment");
    assert_eq!(of(twice).await?.1, b"%PDF-1.7".as_slice());
    let again = w.app.attachment_remove(&w.system, id, 1).await;
    assert_eq!(said(&again), "no such attachment");
    let view = w.app.project_view(&w.system, id, None).await?;
    assert_eq!(
        (view.events[0].kind, view.events[0].reason.as_str()),
        ("detached", "批复.pdf")
    );
    assert!(view.attachments.iter().any(|a| a.seq == seq));
    // Looking is not adding, and what is elsewhere is not there.
    let leader = w.person(Role::Leader, REGION, "").await?;
    let stranger = w.clerk(ELSEWHERE).await?;
    for (actor, wanted) in [
        (&leader, "refused edit_project: clerk, officer"),
        (&stranger, "no such project"),
    ] {
        let upload = Upload {
            file_name: "a.pdf".to_owned(),
            bytes: b"%PDF-".as_slice().into(),
        };
        let added = w.app.attachment_add(actor, id, upload).await;
        assert_eq!(said(&added), wanted);
    }
    Ok(())
}

async fn what_may_not_be_seen_does_not_exist(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let energy = with(draft("风电基地"), Field::Department, code("energy"));
    let id = w.enter(&energy).await?;
    // What each may do: see, edit, move to another banner of the league.
    let edit = "refused edit_project: clerk, officer";
    let rows = [
        (Role::Clerk, REGION, "", "ok", "ok", "ok"),
        (Role::Clerk, LEAGUE, "", "ok", "ok", "ok"),
        (Role::Clerk, BANNER, "", "ok", "ok", "no such project"),
        (
            Role::Clerk,
            SISTER,
            "",
            "no such project",
            "no such project",
            "no such project",
        ),
        (
            Role::Clerk,
            ELSEWHERE,
            "",
            "no such project",
            "no such project",
            "no such project",
        ),
        (Role::Officer, REGION, "energy", "ok", "ok", "ok"),
        (
            Role::Officer,
            REGION,
            "water",
            "no such project",
            "no such project",
            "no such project",
        ),
        (Role::Leader, LEAGUE, "", "ok", edit, edit),
        (Role::Supervisor, REGION, "", "ok", edit, edit),
        (Role::Auditor, REGION, "", "ok", edit, edit),
        (
            Role::Reporter,
            BANNER,
            "",
            "no such project",
            "no such project",
            "no such project",
        ),
        (
            Role::SystemAdministrator,
            REGION,
            "",
            "no such project",
            "no such project",
            "no such project",
        ),
    ];
    for (at, (role, unit, department, sees, edits, moves)) in rows.into_iter().enumerate() {
        let actor = w.person(role, unit, department).await?;
        let who = &actor.name;
        let seen = w.app.project_view(&actor, id, None).await;
        assert_eq!(said(&seen), sees, "{who} looks");
        let remark = change(Field::Remark, text(&at.to_string()));
        let edited = w.app.project_edit(&actor, id, None, &remark).await;
        assert_eq!(said(&edited), edits, "{who} edits");
        let away = change(Field::Unit, code(SISTER));
        let moved = w.app.project_edit(&actor, id, None, &away).await;
        assert_eq!(said(&moved), moves, "{who} moves it");
        let back = change(Field::Unit, code(BANNER));
        w.app.project_edit(&w.system, id, None, &back).await?;
    }
    Ok(())
}

async fn a_reporter_is_named_for_a_project(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (mine, other) = (w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?);
    let reporter = w.person(Role::Reporter, BANNER, "").await?;
    w.app
        .project_assign(&w.system, mine, Some(reporter.user))
        .await?;
    let view = w.app.project_view(&reporter, mine, None).await?;
    assert_eq!(view.reporter.as_deref(), Some("150502reporter"));
    let may = [
        "read",
        "report",
        "export",
        "raise_problem",
        "answer_problem",
    ];
    assert_eq!(view.may, may);
    let unseen = w.app.project_view(&reporter, other, None).await;
    assert_eq!(said(&unseen), "no such project");
    let query = ListQuery {
        per_page: 50,
        ..ListQuery::default()
    };
    let list = w.app.project_list(&reporter, &query).await?;
    let names: Vec<&str> = list.rows.iter().map(|r| r.row.name.as_str()).collect();
    assert_eq!(names, vec!["甲"]);
    let nobody = w
        .app
        .project_assign(&w.system, mine, Some(crate::support::NOBODY));
    assert_eq!(said(&nobody.await), "no such user");
    Ok(())
}

async fn a_list_is_filtered_within_the_scope(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    for (name, unit, department) in [
        ("甲", BANNER, "energy"),
        ("乙", SISTER, "water"),
        ("丙", LEAGUE, "energy"),
        ("丁", ELSEWHERE, "energy"),
    ] {
        let edit = with(draft(name), Field::Unit, code(unit));
        w.enter(&with(edit, Field::Department, code(department)))
            .await?;
    }
    let rows = [
        (Role::Clerk, REGION, "", None, "甲乙丙丁 40000"),
        (Role::Clerk, REGION, "", Some(LEAGUE), "甲乙丙 30000"),
        (Role::Clerk, LEAGUE, "", None, "甲乙丙 30000"),
        (Role::Clerk, LEAGUE, "", Some(SISTER), "乙 10000"),
        (Role::Clerk, LEAGUE, "", Some(ELSEWHERE), "no such unit"),
        (Role::Officer, REGION, "energy", None, "甲丙丁 30000"),
        (Role::Officer, LEAGUE, "energy", None, "甲丙 20000"),
    ];
    for (at, (role, unit, department, within, wanted)) in rows.into_iter().enumerate() {
        // A second person of the same post has a login of their own.
        let known = format!("{unit}{}{department}", role.word());
        let actor = match w.app.user_by_login(&w.system, &known).await {
            Ok(user) => w.app.actor(user).await?,
            Err(_) => w.person(role, unit, department).await?,
        };
        let query = ListQuery {
            unit: within.map(str::to_owned),
            per_page: 50,
            ..ListQuery::default()
        };
        let found = match w.app.project_list(&actor, &query).await {
            Ok(page) => {
                let names: String = page.rows.iter().map(|r| r.row.name.as_str()).collect();
                format!("{names} {}", page.total_investment / 10_000)
            }
            refused => said(&refused),
        };
        assert_eq!(found, wanted, "row {at}");
    }
    Ok(())
}
