//! Ledgers that departments keep, read back: what each row would do, and doing it.

use gangmu_app::Actor;
use gangmu_app::domain::liaison::{Duty, Holder};
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::organisation::DepartmentId;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::problems::Act;
use gangmu_app::domain::winter::Act as WinterAct;
use gangmu_app::imports::ImportFile;
use gangmu_app::ledgers::{Ledger, LedgerImportView, LedgerOptions, LedgerWeight};
use gangmu_app::liaison::{AssignInput, Instead, LiaisonQuery};
use gangmu_app::problems::{ProblemQuery, ProblemView, RaiseInput, Standing, StepInput};
use gangmu_app::winter::{WinterInput, WinterQuery};
use gangmu_store::Db;
use gangmu_store::accounts::{self, Post};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, SISTER, Tried, World, code, day, draft, said, with,
};

each_engine!(
    a_ledger_of_problems_says_row_by_row_what_it_would_do,
    what_the_file_says_wrongly_is_told_with_its_cell_and_nothing_is_done,
    somebody_who_does_not_coordinate_only_raises,
    of_two_who_adopt_the_same_ledger_the_second_adds_nothing,
    an_exported_ledger_of_problems_proposes_nothing,
    a_ledger_is_its_owners_alone_and_needs_the_right_of_what_it_does,
    whether_a_problem_is_over_is_told_by_whole_words,
    what_is_only_raised_keeps_the_words_of_the_ledger,
    a_ledger_of_problems_says_whom_it_hands_them_to_and_what_it_takes_them_for,
    somebody_with_two_posts_finds_what_stands_in_either,
    a_ledger_of_duties_sets_who_is_not_there_and_relieves_nobody_unasked,
    what_a_ledger_of_duties_says_wrongly_is_told_with_its_cell,
    a_holder_written_otherwise_is_there_all_the_same,
    nobody_relieves_another_of_the_same_cell,
    an_exported_ledger_of_duties_proposes_nothing,
    a_ledger_of_winters_becomes_drafts_and_what_is_whole_is_handed_in,
    what_a_ledger_of_winters_says_wrongly_is_told_with_its_cell,
    a_ledger_of_winters_with_a_reason_in_words_is_there_the_second_time,
    a_ledger_of_winters_that_contradicts_itself_is_refused,
    a_ledger_of_winters_names_the_measures_it_adds,
    an_exported_ledger_of_winters_proposes_nothing,
    a_code_must_be_somebodys_and_that_of_the_name_beside_it,
);

fn csv(text: &str) -> ImportFile {
    ImportFile {
        name: "台账.csv".to_owned(),
        bytes: text.as_bytes().to_vec().into(),
    }
}

async fn preview(w: &World, who: &Actor, ledger: Ledger, text: &str) -> Tried<LedgerImportView> {
    let options = LedgerOptions::new(ledger);
    Ok(w.app.ledger_preview(who, &options, csv(text)).await?)
}

async fn adopt(w: &World, who: &Actor, ledger: Ledger, view: &LedgerImportView) -> String {
    let stamp = Some(view.stamp.as_str());
    let done = w.app.ledger_adopt(who, ledger, view.import_id, stamp).await;
    said(&done)
}

/// `row status name`, then `  weight cell code (params)` of each note.
fn lines(view: &LedgerImportView) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &view.rows {
        lines.push(format!("{} {} {}", row.row, row.status.word(), row.name));
        for note in &row.notes {
            let weight = match note.weight {
                LedgerWeight::Error => "!",
                LedgerWeight::Told => "?",
                LedgerWeight::Does => "+",
            };
            let params = note.params.join(" | ");
            let line = format!("  {weight} {} {} {params}", note.cell, note.code);
            lines.push(line.trim_end().to_owned());
        }
    }
    lines
}

/// A project of the banner.
async fn project(w: &World, name: &str) -> Tried<ProjectId> {
    w.enter(&draft(name)).await
}

async fn problem(w: &World, who: &Actor, title: &str) -> Tried<ProblemView> {
    let query = ProblemQuery {
        standing: Standing::All,
        text: Some(title.to_owned()),
        ..ProblemQuery::default()
    };
    let found = w.app.problem_ledger(who, &query).await?;
    let [row] = found.rows.as_slice() else {
        return Err(format!("{} problems called {title}", found.rows.len()).into());
    };
    Ok(w.app.problem_view(who, row.problem_id, None).await?)
}

async fn a_ledger_of_problems_says_row_by_row_what_it_would_do(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    project(&w, "风电、光伏一体化").await?;
    let banner = w.clerk(BANNER).await?;
    let text = "\
科尔沁区重大项目问题台账
序号,项目名称,存在问题,问题类型,等级,提出时间,责任单位,解决时限,措施,进展情况,状态,督办领导
1,测试铝业,外部供电线路尚未核准,水电路,较重,2025年2月6日,科尔沁区发改委,2025-03-31,十日内完成线路核准,已报批,办理中,某领导
2,风电、光伏一体化；测试铝业,草原补偿标准没有谈妥,,,2025-02-10,,,,,,
3,测试铝业,取水许可尚未批复,,,2024-12-01,,,,,已销号,
合计,3个,,,,,,,,,,
";
    let view = preview(&w, &banner, Ledger::Problems, text).await?;
    let wanted = [
        "3 new 外部供电线路尚未核准",
        "  + C3 ledgers.problems.does.raise 2025-02-06",
        "  + G3 ledgers.problems.does.hand_over 科尔沁区发改委 | 2025-02-06 | 2025-03-31",
        "  + J3 ledgers.problems.does.progress",
        "4 new 草原补偿标准没有谈妥",
        "  ? D4 ledgers.taken_as 草原补偿标准没有谈妥 | 征拆 | Acquisition and demolition",
        "  + C4 ledgers.problems.does.raise 2025-02-10",
        "5 left_out 取水许可尚未批复",
        "  ? K5 ledgers.problems.ended",
    ];
    assert_eq!(lines(&view), wanted);
    let of_file: Vec<&str> = view.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(of_file, ["ledgers.unknown_column"]);
    let before = w
        .app
        .problem_total(&banner, &ProblemQuery::default())
        .await?;
    assert_eq!(before, 0, "a proposal does nothing");

    assert_eq!(adopt(&w, &banner, Ledger::Problems, &view).await, "ok");
    let first = problem(&w, &banner, "外部供电线路尚未核准").await?;
    assert_eq!(first.row.phase, "handed_over");
    assert_eq!(first.row.kind.code, "utilities");
    assert_eq!(first.row.due_on.as_deref(), Some("2025-03-31"));
    assert_eq!(first.demand, "十日内完成线路核准");
    let acts: Vec<(&str, &str)> = first
        .steps
        .iter()
        .map(|step| (step.act.as_str(), step.on.as_str()))
        .collect();
    let steps = [
        ("raise", "2025-02-06"),
        ("accept", "2025-02-06"),
        ("hand_over", "2025-02-06"),
        ("progress", "2025-03-10"),
    ];
    assert_eq!(acts, steps);
    let second = problem(&w, &banner, "草原补偿标准没有谈妥").await?;
    assert_eq!(second.row.held.len(), 2);
    assert_eq!(second.row.phase, "raised");

    let again = adopt(&w, &banner, Ledger::Problems, &view).await;
    assert_eq!(again, "import.adopted_already");
    let view = preview(&w, &banner, Ledger::Problems, text).await?;
    assert_eq!((view.counts.unchanged, view.counts.left_out), (2, 1));
    assert_eq!(view.counts.new + view.counts.refused, 0);
    w.sound().await
}

async fn what_the_file_says_wrongly_is_told_with_its_cell_and_nothing_is_done(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    let unit = |of: &str| with(draft("一期"), Field::Unit, code(of));
    w.enter(&unit(BANNER)).await?;
    w.enter(&unit(SISTER)).await?;
    let league = w.clerk(LEAGUE).await?;
    let text = "\
项目名称,所属区域,存在问题,问题类型,提出日期,责任单位,办理期限
测试铝厂,,没有这个项目,,2025-02-06,,
一期,,两个同名项目,,2025-02-06,,
一期,扎鲁特旗,指明了区域,,2025-02-06,,
测试铝业,扎鲁特旗,区域不对,,2025-02-06,,
测试铝业,,单位不认得,,2025-02-06,月球管理局,2025-03-31
测试铝业,,日期不对,,二月六日,,
测试铝业,,将来的事,,2025-04-06,,
测试铝业,,期限在前,,2025-03-06,科尔沁区,2025-03-01
测试铝业,,类型不认得,玄学,2025-02-06,,
测试铝业,,写了两遍,,2025-02-06,,
测试铝业,,写了两遍,,2025-02-06,,
";
    let view = preview(&w, &league, Ledger::Problems, text).await?;
    let told: Vec<String> = lines(&view)
        .into_iter()
        .filter(|line| line.starts_with("  !"))
        .map(|line| {
            line.split_whitespace()
                .take(3)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let wanted = [
        "! A2 ledgers.unknown_project",
        "! A3 ledgers.ambiguous_project",
        "! A5 ledgers.unknown_project",
        "! F6 plans.import.unknown_office_like",
        "! E7 ledgers.cell",
        "! E8 problems.refused.in_future",
        "! F9 problems.nobody_there",
        "! G9 problems.refused.due_before",
        "! D10 ledgers.cell",
        "! C12 ledgers.repeated",
    ];
    assert_eq!(told, wanted, "{:#?}", lines(&view));
    assert_eq!(view.counts.new, 2);
    let refused = adopt(&w, &league, Ledger::Problems, &view).await;
    assert!(refused.contains("import.rows_refused"), "{refused}");
    let total = w
        .app
        .problem_total(&league, &ProblemQuery::default())
        .await?;
    assert_eq!(total, 0, "all or nothing");

    let other = "单位,人数\n科尔沁区,3\n扎鲁特旗,4\n";
    let options = LedgerOptions::new(Ledger::Problems);
    let refused = w.app.ledger_preview(&league, &options, csv(other)).await;
    assert!(said(&refused).contains("ledgers.no_ledger"));
    w.sound().await
}

async fn somebody_who_does_not_coordinate_only_raises(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    let id = project(&w, "测试铝业").await?;
    let reporter = w.person(Role::Reporter, BANNER, "").await?;
    let user = Some(reporter.user);
    w.app.project_assign(&w.system, id, user).await?;
    let text = "\
项目名称,存在问题,提出日期,提出单位,责任单位,办理期限
测试铝业,外部供电线路尚未核准,2025-02-06,项目部,科尔沁区发改委,2025-03-31
";
    let view = preview(&w, &reporter, Ledger::Problems, text).await?;
    let wanted = [
        "2 new 外部供电线路尚未核准",
        "  ? B2 ledgers.taken_as 外部供电线路尚未核准 | 水电路 | Water, power, roads",
        "  + B2 ledgers.problems.does.raise 2025-02-06",
        "  ? E2 ledgers.problems.only_raised 科尔沁区",
    ];
    assert_eq!(lines(&view), wanted);
    assert_eq!(adopt(&w, &reporter, Ledger::Problems, &view).await, "ok");
    let made = problem(&w, &reporter, "外部供电线路尚未核准").await?;
    assert_eq!(made.row.phase, "raised");
    let kept = "提出单位：项目部\n责任单位：科尔沁区发改委\n办理期限：2025-03-31";
    assert_eq!(made.body, kept);
    w.sound().await
}

async fn of_two_who_adopt_the_same_ledger_the_second_adds_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    let (banner, league) = (w.clerk(BANNER).await?, w.clerk(LEAGUE).await?);
    let text = "项目名称,存在问题,提出日期\n测试铝业,外部供电线路尚未核准,2025-02-06\n";
    let first = preview(&w, &banner, Ledger::Problems, text).await?;
    let second = preview(&w, &league, Ledger::Problems, text).await?;
    let (one, other) = tokio::join!(
        adopt(&w, &banner, Ledger::Problems, &first),
        adopt(&w, &league, Ledger::Problems, &second),
    );
    let mut told = [one, other];
    told.sort();
    assert_eq!(told, ["import changed", "ok"]);
    let total = w
        .app
        .problem_total(&league, &ProblemQuery::default())
        .await?;
    assert_eq!(total, 1);
    // A program that names no stamp is told that there was nothing to do.
    let third = preview(&w, &league, Ledger::Problems, text).await?;
    let done = w
        .app
        .ledger_adopt(&league, Ledger::Problems, third.import_id, None);
    let done = done.await?;
    assert_eq!((done.new, done.unchanged), (0, 1));
    w.sound().await
}

async fn an_exported_ledger_of_problems_proposes_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    let ids = [
        project(&w, "测试铝业").await?,
        project(&w, "风电、光伏一体化").await?,
    ];
    // Two of one name: only the problem's number tells which is meant.
    let twins = [SISTER, SISTER].map(|of| with(draft("一期"), Field::Unit, code(of)));
    let (banner, league) = (w.clerk(BANNER).await?, w.clerk(LEAGUE).await?);
    let mut twin = None;
    for mut edit in twins {
        edit.not_a_twin = true;
        twin = Some(w.enter(&edit).await?);
    }
    let mut input = RaiseInput::new(ids[0], "外部供电线路尚未核准");
    input.holds_up.push((ids[1], String::new()));
    let open = w.app.problem_raise(&banner, &input).await?;
    let over = RaiseInput::new(ids[1], "草原补偿标准没有谈妥");
    let over = w.app.problem_raise(&banner, &over).await?;
    let decline = Act::Decline {
        reason: "已谈妥".to_owned(),
    };
    let step = StepInput::new(None, decline);
    w.app.problem_act(&banner, over, &step).await?;
    let of_twin = RaiseInput::new(twin.unwrap_or(ids[0]), "用地指标不足");
    w.app.problem_raise(&league, &of_twin).await?;
    let accept = Act::Accept {
        kind: "utilities".to_owned(),
        grade: "serious".to_owned(),
    };
    let step = StepInput::new(None, accept);
    w.app.problem_act(&banner, open, &step).await?;
    for (who, rows) in [(&league, 3), (&banner, 2)] {
        let query = ProblemQuery {
            standing: Standing::All,
            ..ProblemQuery::default()
        };
        let made = w.app.export_problems(who, &query).await?;
        let file = ImportFile {
            name: made.name,
            bytes: made.bytes,
        };
        let options = LedgerOptions::new(Ledger::Problems);
        let view = w.app.ledger_preview(who, &options, file).await?;
        assert_eq!(view.counts.unchanged, rows, "{:#?}", lines(&view));
        assert_eq!(view.rows.len(), rows);
    }
    w.sound().await
}

async fn a_ledger_is_its_owners_alone_and_needs_the_right_of_what_it_does(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    let banner = w.clerk(BANNER).await?;
    let text = "项目名称,存在问题,提出日期\n测试铝业,外部供电线路尚未核准,2025-02-06\n";
    let view = preview(&w, &banner, Ledger::Problems, text).await?;
    let other = w.clerk(ELSEWHERE).await?;
    let id = view.import_id;
    let seen = w.app.ledger_import_get(&other, Ledger::Problems, id).await;
    assert_eq!(said(&seen), "no such import");
    let library = w.app.import_get(&banner, id).await;
    assert_eq!(said(&library), "no such import", "no import of the library");
    assert_eq!(w.app.import_list(&banner).await?.len(), 0);
    let own = w.app.ledger_import_list(&banner, Ledger::Problems).await?;
    assert_eq!(own.len(), 1);
    let auditor = w.person(Role::Auditor, LEAGUE, "").await?;
    let options = LedgerOptions::new(Ledger::Problems);
    let refused = w.app.ledger_preview(&auditor, &options, csv(text)).await;
    assert!(said(&refused).starts_with("refused raise_problem"));
    // Whoever sees nothing of the project finds no such project.
    let view = preview(&w, &other, Ledger::Problems, text).await?;
    assert_eq!(lines(&view)[1], "  ! A2 ledgers.unknown_project 测试铝业");
    w.sound().await
}

/// The notes that refuse a row: `cell code`.
fn errors(view: &LedgerImportView) -> Vec<String> {
    let notes = view.rows.iter().flat_map(|row| &row.notes);
    let errors = notes.filter(|note| note.weight == LedgerWeight::Error);
    errors
        .map(|note| format!("{} {}", note.cell, note.code))
        .collect()
}

async fn whether_a_problem_is_over_is_told_by_whole_words(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    let banner = w.clerk(BANNER).await?;
    let text = "\
项目名称,存在问题,提出日期,办理情况,状态,销号日期
测试铝业,问题一,2025-02-06,,已销号,
测试铝业,问题二,2025-02-06,,,2025-03-01
测试铝业,问题三,2025-02-06,,办理中,2025-03-01
测试铝业,问题四,2025-02-06,已解决,,
测试铝业,问题五,2025-02-06,已解决一部分,,
测试铝业,问题六,2025-02-06,,完成80%,
测试铝业,问题七,2025-02-06,,解决方案已制定,
测试铝业,问题八,2025-02-06,,已解决（集中整改）,
测试铝业,问题九,2025-02-06,已办结,推进中,
测试铝业,问题十,2025-02-06,,是。,
";
    let view = preview(&w, &banner, Ledger::Problems, text).await?;
    let states: Vec<&str> = view.rows.iter().map(|row| row.status.word()).collect();
    let wanted = [
        "left_out", "left_out", "left_out", "left_out", "new", "refused", "refused", "refused",
        "new", "left_out",
    ];
    assert_eq!(states, wanted, "{:#?}", lines(&view));
    let told: Vec<String> = lines(&view)
        .into_iter()
        .filter(|line| line.ends_with("ledgers.problems.ended"))
        .collect();
    let cells: Vec<&str> = told
        .iter()
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    assert_eq!(cells, ["E2", "F3", "F4", "D5", "E11"]);
    let unknown = ["E7", "E8", "E9"].map(|cell| format!("{cell} ledgers.problems.unknown_state"));
    assert_eq!(errors(&view), unknown);
    Ok(())
}

async fn what_is_only_raised_keeps_the_words_of_the_ledger(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    let id = project(&w, "测试铝业").await?;
    let reporter = w.person(Role::Reporter, BANNER, "").await?;
    let user = Some(reporter.user);
    w.app.project_assign(&w.system, id, user).await?;
    // Nobody knows this office, and its words would tell another kind.
    let text = "\
项目名称,存在问题,等级,提出日期,责任单位,协办单位,交办日期,办理期限,措施
测试铝业,外部供电线路尚未核准,较重,2025-02-06,月球管理局,,2025-02-08,2025-03-31,资金、贷款、融资、配套资金尽快到位
";
    let view = preview(&w, &reporter, Ledger::Problems, text).await?;
    let wanted = [
        "2 new 外部供电线路尚未核准",
        "  ? B2 ledgers.taken_as 外部供电线路尚未核准 | 水电路 | Water, power, roads",
        "  + B2 ledgers.problems.does.raise 2025-02-06",
        "  ? E2 ledgers.problems.only_raised 科尔沁区",
    ];
    assert_eq!(lines(&view), wanted);
    assert_eq!(adopt(&w, &reporter, Ledger::Problems, &view).await, "ok");
    let made = problem(&w, &reporter, "外部供电线路尚未核准").await?;
    let kept = "等级：较重\n责任单位：月球管理局\n交办日期：2025-02-08\n办理期限：2025-03-31\n\
                措施：资金、贷款、融资、配套资金尽快到位";
    assert_eq!(made.body, kept);
    assert_eq!(made.row.kind.code, "utilities", "as the proposal said");
    w.sound().await
}

async fn a_ledger_of_problems_says_whom_it_hands_them_to_and_what_it_takes_them_for(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    let league = w.clerk(LEAGUE).await?;
    w.clerk(BANNER).await?;
    w.person(Role::Officer, BANNER, "能源局").await?;
    let text = "\
项目名称,存在问题,类型,等级,提出日期,责任单位,协办单位,交办日期,办理期限
测试铝业,外部供电线路尚未核准,,,2025-02-06,发改委,能源局,,2025-03-31
测试铝业,只写了协办,水电路,一般,2025-02-06,牵头：,能源局,,2025-03-31
测试铝业,交办在提出之前,水电路,一般,2025-02-06,发改委,,2025-02-01,2025-03-31
测试铝业,等级不认得,水电路,要紧,2025-02-06,发改委,,,2025-03-31
";
    let view = preview(&w, &league, Ledger::Problems, text).await?;
    let wanted = [
        "2 new 外部供电线路尚未核准",
        "  ? C2 ledgers.taken_as 外部供电线路尚未核准 | 水电路 | Water, power, roads",
        "  + B2 ledgers.problems.does.raise 2025-02-06",
        "  + D2 ledgers.problems.does.grade 一般 | General",
        "  + F2 ledgers.problems.does.hand_over 科尔沁区发改委 | 2025-02-06 | 2025-03-31",
        "  + G2 ledgers.problems.does.assist 科尔沁区能源局",
        "3 new 只写了协办",
        "  + B3 ledgers.problems.does.raise 2025-02-06",
        "  ? I3 ledgers.problems.no_party",
    ];
    assert_eq!(lines(&view)[..wanted.len()], wanted);
    let wanted = [
        "4 refused 交办在提出之前",
        "  ! H4 problems.refused.before_last 2025-02-06",
        "5 refused 等级不认得",
        "  ! D5 ledgers.cell 要紧 | 一般 / 较重 / 重大 |  | General / Serious / Critical |",
    ];
    assert_eq!(lines(&view).split_off(9), wanted);
    Ok(())
}

async fn somebody_with_two_posts_finds_what_stands_in_either(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    let own = project(&w, "测试铝业").await?;
    let other = with(draft("测试风电"), Field::Unit, code(SISTER));
    let other = w.enter(&other).await?;
    let clerk = w.clerk(BANNER).await?;
    let reference = w.app.reference().await?;
    let post = Post {
        id: 0,
        user: clerk.user,
        unit: reference.unit_by_code(SISTER).expect("a unit").path.clone(),
        department: None,
        role: Role::Clerk,
    };
    let tx = w.db.begin().await?;
    accounts::post_insert(&tx, &post).await?;
    tx.commit().await?;
    let both = w.app.actor(clerk.user).await?;
    let text = "\
项目名称,存在问题,提出日期
测试铝业,外部供电线路尚未核准,2025-02-06
测试风电,草原补偿标准没有谈妥,2025-02-06
";
    let view = preview(&w, &both, Ledger::Problems, text).await?;
    assert_eq!(adopt(&w, &both, Ledger::Problems, &view).await, "ok");
    let view = preview(&w, &both, Ledger::Problems, text).await?;
    assert_eq!(view.counts.unchanged, 2, "{:#?}", lines(&view));

    // Of what a problem holds up a row shows what the person may see.
    let league = w.clerk(LEAGUE).await?;
    let mut input = RaiseInput::new(other, "用地指标不足");
    input.holds_up.push((own, String::new()));
    w.app.problem_raise(&league, &input).await?;
    let alone = w.person(Role::Approver, BANNER, "").await?;
    let text = "项目名称,存在问题,提出日期\n测试铝业,用地指标不足,2025-03-10\n";
    let rows = preview(&w, &both, Ledger::Problems, text).await?.rows;
    assert_eq!(rows[0].status.word(), "unchanged");
    let rows = preview(&w, &alone, Ledger::Problems, text).await?.rows;
    assert_eq!(rows[0].project_id, Some(own.0));
    w.sound().await
}

const DUTIES: &str = "\
科尔沁区重大项目包联责任台账
序号,项目名称,盟市级包联领导,旗县级包联领导,牵头单位,驻点干部,施工负责人,包联起始
1,测试铝业,150500leader,区包联领导,科尔沁区能源局,服务专员,项目经理,2025-02-06
2,测试风电,,,,,,
";

async fn a_ledger_of_duties_sets_who_is_not_there_and_relieves_nobody_unasked(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    let id = project(&w, "测试铝业").await?;
    project(&w, "测试风电").await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let league = w.clerk(LEAGUE).await?;
    let view = preview(&w, &league, Ledger::Liaison, DUTIES).await?;
    let wanted = [
        "3 new 测试铝业",
        "  + C3 ledgers.liaison.does.set_account leader | 通辽 | 150500leader | 2025-02-06",
        "  + D3 ledgers.liaison.does.set_named leader | 科尔沁区 | 区包联领导 | 2025-02-06",
        "  + E3 ledgers.liaison.does.set lead_unit | 通辽 | 科尔沁区能源局 | 2025-02-06",
        "  + F3 ledgers.liaison.does.set_named resident | 通辽 | 服务专员 | 2025-02-06",
        "4 unchanged 测试风电",
    ];
    assert_eq!(lines(&view), wanted);
    let unknown: Vec<&str> = view
        .notes
        .iter()
        .map(|one| one.params[0].as_str())
        .collect();
    assert_eq!(unknown, ["施工负责人"]);
    assert_eq!(adopt(&w, &league, Ledger::Liaison, &view).await, "ok");
    let set = w.app.responsibility(&league, id, None).await?.standing;
    assert_eq!(set.len(), 4);
    let holder = &set[0].holder;
    assert_eq!(
        holder.user_id,
        Some(leader.user.0),
        "the account of that name"
    );

    let view = preview(&w, &league, Ledger::Liaison, DUTIES).await?;
    assert_eq!((view.counts.unchanged, view.rows.len()), (2, 2));

    w.on("2025-03-20");
    let other = DUTIES.replace("区包联领导,", "新任区领导,");
    let view = preview(&w, &league, Ledger::Liaison, &other).await?;
    let refused = "  ! D3 liaison.refused.overlaps 2025-02-06 | 测试铝业";
    assert_eq!(lines(&view)[1], refused);
    let mut options = LedgerOptions::new(Ledger::Liaison);
    options.relieve = true;
    let view = w.app.ledger_preview(&league, &options, csv(&other)).await?;
    let wanted = [
        "3 changed 测试铝业",
        "  + D3 ledgers.liaison.does.relieve_named leader | 科尔沁区 | 新任区领导 | 2025-03-20",
        "  + D3 ledgers.liaison.does.ends leader | 科尔沁区 | 区包联领导 | 2025-03-19",
    ];
    assert_eq!(lines(&view)[..3], wanted);
    assert_eq!(adopt(&w, &league, Ledger::Liaison, &view).await, "ok");
    let now = w.app.responsibility(&league, id, None).await?;
    assert_eq!(now.standing.len(), 4);
    assert_eq!(now.others[0].to.as_deref(), Some("2025-03-19"));
    w.sound().await
}

async fn what_a_ledger_of_duties_says_wrongly_is_told_with_its_cell(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    let banner = w.clerk(BANNER).await?;
    let text = "\
项目名称,盟市级包联领导,包联领导,牵头单位,包联起始
测试铝业,市领导,,,
测试铝业,,甲领导、乙领导,,
测试铝业,,,月球管理局,
测试铝业,,丙领导,,二月六日
";
    let view = preview(&w, &banner, Ledger::Liaison, text).await?;
    let told: Vec<String> = lines(&view)
        .into_iter()
        .filter(|line| line.starts_with("  !"))
        .map(|line| {
            line.split_whitespace()
                .take(3)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let wanted = [
        "! B2 ledgers.liaison.not_your_side",
        "! C3 liaison.refused.overlaps",
        "! D4 plans.import.unknown_office_like",
        "! E5 ledgers.cell",
    ];
    assert_eq!(told, wanted, "{:#?}", lines(&view));
    Ok(())
}

async fn a_holder_written_otherwise_is_there_all_the_same(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    let league = w.clerk(LEAGUE).await?;
    for office in ["能源局", "市发展改革委"] {
        let text = format!("项目名称,牵头单位\n测试铝业,{office}\n");
        let mut options = LedgerOptions::new(Ledger::Liaison);
        options.relieve = true;
        let view = w.app.ledger_preview(&league, &options, csv(&text)).await?;
        assert_eq!(view.counts.refused, 0, "{:#?}", lines(&view));
        assert_eq!(adopt(&w, &league, Ledger::Liaison, &view).await, "ok");
        w.on("2025-03-20");
        for relieve in [true, false] {
            options.relieve = relieve;
            let view = w.app.ledger_preview(&league, &options, csv(&text)).await?;
            assert_eq!(view.counts.unchanged, 1, "{:#?}", lines(&view));
        }
    }
    Ok(())
}

async fn nobody_relieves_another_of_the_same_cell(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    project(&w, "测试铝业").await?;
    let league = w.clerk(LEAGUE).await?;
    let text = "项目名称,牵头单位\n测试铝业,能源局\n";
    let view = preview(&w, &league, Ledger::Liaison, text).await?;
    assert_eq!(adopt(&w, &league, Ledger::Liaison, &view).await, "ok");
    w.on("2025-03-20");
    let mut options = LedgerOptions::new(Ledger::Liaison);
    options.relieve = true;
    for cell in ["通辽能源局、财政局", "能源局、财政局", "财政局、能源局"] {
        let text = format!("项目名称,牵头单位\n测试铝业,{cell}\n");
        let view = w.app.ledger_preview(&league, &options, csv(&text)).await?;
        assert_eq!(errors(&view), ["B2 liaison.refused.overlaps"], "{cell}");
    }
    let text = "项目名称,牵头单位\n测试铝业,财政局\n";
    let view = w.app.ledger_preview(&league, &options, csv(text)).await?;
    let wanted = [
        "2 changed 测试铝业",
        "  + B2 ledgers.liaison.does.relieve lead_unit | 通辽 | 通辽财政局 | 2025-03-20",
        "  + B2 ledgers.liaison.does.ends lead_unit | 通辽 | 通辽能源局 | 2025-03-19",
    ];
    assert_eq!(lines(&view), wanted);
    Ok(())
}

async fn an_exported_ledger_of_duties_proposes_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    let mut ids = vec![project(&w, "测试铝业").await?];
    for _ in 0..2 {
        let mut edit = draft("一期");
        edit.not_a_twin = true;
        ids.push(w.enter(&edit).await?);
    }
    let league = w.clerk(LEAGUE).await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let reference = w.app.reference().await?;
    let energy = reference
        .department_by_any_name("能源局")
        .expect("a department");
    let unit = reference.unit_by_code(BANNER).expect("a unit").path.clone();
    let office = |department| Holder::Office {
        unit: unit.clone(),
        department,
    };
    let energy = office(Some(DepartmentId(energy.department_id)));
    let named = |name: &str| Holder::Named(name.to_owned());
    for (at, side, duty, holder) in [
        (0, LEAGUE, Duty::Leader, Holder::User(leader.user)),
        (0, BANNER, Duty::Leader, named("区委、区政府包联领导")),
        (0, BANNER, Duty::LeadUnit, office(None)),
        (1, BANNER, Duty::LeadUnit, energy),
        (1, LEAGUE, Duty::ServiceTeam, named("铝业专班")),
    ] {
        let input = AssignInput {
            projects: vec![ids[at]],
            duty,
            unit: side.to_owned(),
            holder,
            from: None,
            to: None,
            instead: Instead::Stay,
            reason: String::new(),
        };
        w.app.assign(&league, &input).await?;
    }
    w.on("2025-04-10");
    let made = w
        .app
        .export_liaison(&league, &LiaisonQuery::default())
        .await?;
    let file = ImportFile {
        name: made.name,
        bytes: made.bytes,
    };
    let options = LedgerOptions::new(Ledger::Liaison);
    let view = w.app.ledger_preview(&league, &options, file).await?;
    assert_eq!(view.counts.unchanged, 3, "{:#?}", lines(&view));
    assert_eq!(view.rows.len(), 3);
    Ok(())
}

const WINTERS: &str = "\
序号,项目名称,是否冬施,冬施状态,停工越冬原因,冬施开始,冬施结束,冬施部位及工程量,用工人数,计划冬施投资（万元）,12月（万元）,1月（万元）,2月（万元）,保障措施,方案编制日期,监理审查日期
1,测试铝业,是,已备案,,2024-11-01,2025-03-20,主厂房基础：混凝土1200立方米,40,600,200,100,300,成立冬施领导小组，项目经理为第一责任人；草帘、薄膜、防冻剂、热源等保温物资到场；混凝土入模温度、早强抗冻、覆盖养护措施；每日测温并记录；防滑、防冻、防火、防煤气中毒；恶劣天气停止高空和吊装作业；落实气象预警接收和停工条件；专人值守,2024-10-20,2024-10-22
2,测试风电,否,,资金未到位,,,,,,,,,,,
3,测试光伏,是,,,2024-11-01,,,30,,50,,,,,
";

/// Projects of the banner that are being built.
async fn built(w: &World) -> Tried<Vec<ProjectId>> {
    let mut ids = Vec::new();
    for name in ["测试铝业", "测试风电", "测试光伏"] {
        let id = project(w, name).await?;
        w.build(id).await?;
        ids.push(id);
    }
    Ok(ids)
}

async fn a_ledger_of_winters_becomes_drafts_and_what_is_whole_is_handed_in(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = built(&w).await?;
    let banner = w.clerk(BANNER).await?;
    let view = preview(&w, &banner, Ledger::Winter, WINTERS).await?;
    let wanted = [
        "2 new 测试铝业",
        "  ? D2 ledgers.winter.not_filed",
        "  + D2 ledgers.winter.does.plan",
        "  + D2 ledgers.winter.does.submit",
        "3 new 测试风电",
        "  + D3 ledgers.winter.does.rest",
        "4 new 测试光伏",
        "  + D4 ledgers.winter.does.plan",
    ];
    assert_eq!(lines(&view), wanted);
    assert_eq!(adopt(&w, &banner, Ledger::Winter, &view).await, "ok");
    let mut states = Vec::new();
    for id in &ids {
        let found = w.app.winter_view(&banner, *id, Some(2024)).await?;
        states.push(found.state.clone());
    }
    assert_eq!(states, ["submitted", "resting", "draft"]);
    let view = preview(&w, &banner, Ledger::Winter, WINTERS).await?;
    assert_eq!(view.counts.unchanged, 3, "{:#?}", lines(&view));
    let other = WINTERS.replace(",30,,50,", ",35,,60,");
    let changed = preview(&w, &banner, Ledger::Winter, &other).await?;
    let wanted = [
        "4 changed 测试光伏",
        "  + I4 ledgers.winter.does.change 用工人数 | 30 | 35",
        "  + K4 ledgers.winter.does.change_month 12 | 500000 | 600000",
        "  + D4 ledgers.winter.does.plan",
    ];
    assert_eq!(lines(&changed).split_off(3), wanted);
    w.sound().await
}

async fn what_a_ledger_of_winters_says_wrongly_is_told_with_its_cell(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    built(&w).await?;
    project(&w, "测试未建").await?;
    let banner = w.clerk(BANNER).await?;
    let text = "\
项目名称,是否冬施,冬施状态,停工越冬原因,冬施开始,冬施结束,计划冬施投资（万元）,12月（万元）,7月（万元）
测试铝业,否,,,,,,,
测试风电,是,待备案,,2024-12-01,,,,
测试光伏,也许,,,,,,,
测试未建,是,,,2024-12-01,,,,
测试铝业,是,,,2024-12-01,2024-11-01,,,
测试风电,是,,,,,900,800,
测试光伏,是,,,,,900,,
测试铝业,是,,,,,,,5
测试风电,是,,,十二月,,,,
";
    let view = preview(&w, &banner, Ledger::Winter, text).await?;
    let told: Vec<String> = lines(&view)
        .into_iter()
        .filter(|line| line.starts_with("  !") && !line.contains("ledgers.repeated"))
        .map(|line| {
            line.split_whitespace()
                .take(3)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let first = told.iter().filter(|line| line.contains("D2 field.missing"));
    assert_eq!(first.count(), 1, "{told:#?}");
    for wanted in [
        "! B4 ledgers.winter.unknown_state",
        "! A5 winter.refused.not_built",
        "! F6 winter.unmet.ends_first",
        "! G7 ledgers.winter.not_the_sum",
        "! G8 ledgers.winter.needs_months",
        "! I9 ledgers.winter.month",
        "! E10 ledgers.cell",
    ] {
        assert!(told.iter().any(|line| line == wanted), "{wanted} {told:#?}");
    }
    assert_eq!(view.counts.refused, 9);
    let whole = told
        .iter()
        .filter(|line| line.contains("winter.unmet.measure"));
    assert!(
        whole.count() > 3,
        "what is handed in must be whole: {told:#?}"
    );
    Ok(())
}

async fn a_ledger_of_winters_with_a_reason_in_words_is_there_the_second_time(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    built(&w).await?;
    let banner = w.clerk(BANNER).await?;
    let text = "项目名称,是否冬施,停工越冬原因\n测试铝业,否,设计变更未批\n";
    let view = preview(&w, &banner, Ledger::Winter, text).await?;
    let taken = "  ? C2 ledgers.taken_as 设计变更未批 | 其他原因 | Another reason";
    assert_eq!(lines(&view)[1], taken);
    assert_eq!(adopt(&w, &banner, Ledger::Winter, &view).await, "ok");
    let view = preview(&w, &banner, Ledger::Winter, text).await?;
    assert_eq!(view.counts.unchanged, 1, "{:#?}", lines(&view));
    let other = text.replace("设计变更未批", "业主更换");
    let view = preview(&w, &banner, Ledger::Winter, &other).await?;
    assert_eq!(view.counts.changed, 1, "{:#?}", lines(&view));
    Ok(())
}

async fn a_ledger_of_winters_that_contradicts_itself_is_refused(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    built(&w).await?;
    let banner = w.clerk(BANNER).await?;
    let text = "\
项目名称,是否冬施,冬施状态,冬施开始,停工越冬原因,1月（万元）,2月（万元）
测试铝业,是,停工越冬,,资金未到位,,
测试风电,否,已备案,,资金未到位,,
测试光伏,是,,2024-12-01,,900000000000000,900000000000000
";
    let view = preview(&w, &banner, Ledger::Winter, text).await?;
    let wanted = [
        "C2 ledgers.winter.contradicts",
        "C3 ledgers.winter.contradicts",
        "G4 winter.unmet.amount",
    ];
    let told = errors(&view);
    for wanted in wanted {
        assert!(told.iter().any(|line| line == wanted), "{wanted} {told:#?}");
    }
    assert_eq!(view.counts.refused, 3);
    // What does not stop builds.
    let text = "项目名称,冬施状态,冬施开始\n测试铝业,不停工,2024-12-01\n测试风电,不冬施,\n";
    let view = preview(&w, &banner, Ledger::Winter, text).await?;
    let wanted = [
        "2 new 测试铝业",
        "  + B2 ledgers.winter.does.plan",
        "3 refused 测试风电",
    ];
    assert_eq!(lines(&view)[..3], wanted);
    Ok(())
}

async fn a_ledger_of_winters_names_the_measures_it_adds(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    built(&w).await?;
    let banner = w.clerk(BANNER).await?;
    let text = "项目名称,是否冬施,冬施开始,保障措施\n测试铝业,是,2024-12-01,专人值守\n";
    let view = preview(&w, &banner, Ledger::Winter, text).await?;
    assert_eq!(adopt(&w, &banner, Ledger::Winter, &view).await, "ok");
    let measure = "成立冬施领导小组，项目经理为第一责任人";
    let other = text.replace("专人值守", &format!("{measure}；两班值守"));
    let view = preview(&w, &banner, Ledger::Winter, &other).await?;
    let of_measure = format!(
        "  + D2 ledgers.winter.does.measure {measure} | A winter team; the site manager answers first"
    );
    let wanted = [
        "2 changed 测试铝业",
        "  + D2 ledgers.winter.does.change 保障措施 | 专人值守 | 两班值守",
        &of_measure,
        "  +  ledgers.winter.does.plan",
    ];
    assert_eq!(lines(&view), wanted);
    Ok(())
}

async fn an_exported_ledger_of_winters_proposes_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = built(&w).await?;
    let banner = w.clerk(BANNER).await?;
    let league = w.clerk(LEAGUE).await?;
    let view = preview(&w, &banner, Ledger::Winter, WINTERS).await?;
    assert_eq!(adopt(&w, &banner, Ledger::Winter, &view).await, "ok");
    let export = |stage: &'static str| {
        let (w, banner) = (&w, &banner);
        async move {
            let query = WinterQuery::default();
            let made = w.app.export_winter(banner, &query).await?;
            let file = ImportFile {
                name: made.name,
                bytes: made.bytes,
            };
            let options = LedgerOptions::new(Ledger::Winter);
            let view = w.app.ledger_preview(banner, &options, file).await?;
            assert_eq!(view.counts.unchanged, 3, "{stage} {:#?}", lines(&view));
            Tried::Ok(())
        }
    };
    export("submitted").await?;
    let mut act = WinterInput {
        version: None,
        on: None,
        act: WinterAct::File,
    };
    w.app.winter_act(&league, ids[0], 2024, &act).await?;
    export("filed").await?;
    w.on("2025-01-07");
    act.act = WinterAct::Stop {
        cause: "cold".to_owned(),
        note: String::new(),
    };
    w.app.winter_act(&banner, ids[0], 2024, &act).await?;
    export("stopped").await?;
    assert_eq!(w.app.today(), day("2025-01-07"));
    Ok(())
}

async fn a_code_must_be_somebodys_and_that_of_the_name_beside_it(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2025-03-10");
    let coded = |name: &str, of: &str| with(draft(name), Field::Code, code(of));
    w.enter(&coded("一期", "2401-150502-04-01-000001")).await?;
    w.enter(&coded("二期", "2401-150502-04-01-000002")).await?;
    let far = with(
        coded("一期", "2401-150502-04-01-000003"),
        Field::Unit,
        code(ELSEWHERE),
    );
    w.enter(&far).await?;
    let banner = w.clerk(BANNER).await?;
    let text = "\
项目代码,项目名称,存在问题,提出日期
2401-150502-04-01-000001,一期,供电,2025-02-06
2401-150502-04-01-000003,一期,供水,2025-02-06
,一期、二期,道路,2025-02-06
";
    let view = preview(&w, &banner, Ledger::Problems, text).await?;
    let told: Vec<String> = lines(&view)
        .into_iter()
        .filter(|line| !line.contains(" + ") && !line.contains(" ? "))
        .collect();
    assert_eq!(
        told,
        [
            "2 new 供电",
            "3 refused 供水",
            "  ! A3 ledgers.unknown_code 2401-150502-04-01-000003",
            "4 new 道路",
        ],
        "another banner's code is nobody's here, and never means the namesake"
    );
    let text = "\
项目代码,项目名称,包联领导
2401-150502-04-01-000001,二期,通辽市包联领导
2401-150502-04-01-000001、2401-150502-04-01-000002,,通辽市包联领导
";
    let view = preview(&w, &banner, Ledger::Liaison, text).await?;
    let refused: Vec<&str> = view
        .rows
        .iter()
        .flat_map(|row| &row.notes)
        .map(|note| note.code.as_str())
        .collect();
    assert_eq!(refused, ["ledgers.code_and_name", "ledgers.several_codes"]);
    Ok(())
}
