//! Tables of tasks handed in for a plan: what they would make of the draft, and adopting them.

use gangmu_app::domain::plans::{PlanId, PlanKind};
use gangmu_app::imports::ImportFile;
use gangmu_app::library::Upload;
use gangmu_app::plans::{
    Adoption, IndicatorInput, NewPlan, OfficeInput, PlanImportView, SourceInput, TaskInput,
    ValueInput,
};
use gangmu_app::{Actor, AppError};
use gangmu_exchange::letter::{Letter, LetterTable, write_letter};
use gangmu_exchange::{Limits, read_workbook};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{BANNER, LEAGUE, REGION, SISTER, Tried, World, day, said};

each_engine!(
    a_document_becomes_a_draft_and_once_more_changes_nothing,
    the_official_table_comes_back_unchanged,
    a_file_that_cannot_be_used_says_why_and_changes_nothing,
    a_value_carries_the_files_that_prove_it,
    the_plan_above_is_taken_over_by_number_and_by_name,
);

const HEADS: [&str; 9] = [
    "序号",
    "重点任务",
    "成果形式",
    "量化指标",
    "计量单位",
    "目标值",
    "完成时限",
    "牵头单位",
    "配合单位",
];

/// A document with one table.
fn document(rows: &[&[&str]]) -> ImportFile {
    let heads = rows.first().map_or(&[][..], |heads| heads);
    let letter = Letter {
        heading: "任务分解表".to_owned(),
        table: LetterTable {
            columns: heads.iter().map(|head| ((*head).to_owned(), 1)).collect(),
            rows: rows
                .iter()
                .skip(1)
                .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
                .collect(),
        },
        ..Letter::default()
    };
    ImportFile {
        name: "任务分解表.docx".to_owned(),
        bytes: write_letter(&letter).expect("a document").into(),
    }
}

fn table(rows: &[&[&str]]) -> ImportFile {
    let all: Vec<&[&str]> = std::iter::once(&HEADS[..])
        .chain(rows.iter().copied())
        .collect();
    document(&all)
}

async fn begin(w: &World, who: &Actor, unit: &str, parent: Option<PlanId>) -> Tried<PlanId> {
    let input = NewPlan {
        kind: PlanKind::Work,
        office: OfficeInput::unit(unit),
        parent,
        title: "工作方案".to_owned(),
        from: Some(day("2025-01-01")),
        until: Some(day("2025-12-31")),
    };
    Ok(w.app.plan_create(who, &input).await?)
}

/// What a preview says, task by task.
fn lines(view: &PlanImportView) -> Vec<String> {
    view.tasks
        .iter()
        .map(|task| {
            let changes: Vec<String> = task
                .changes
                .iter()
                .map(|one| {
                    format!(
                        "{}{}:{}→{}",
                        one.indicator, one.field, one.before, one.after
                    )
                })
                .collect();
            let notes: Vec<String> = task
                .notes
                .iter()
                .map(|note| {
                    let code = note.code.trim_start_matches("plans.");
                    format!("{code}({})", note.params.join("|"))
                })
                .collect();
            format!(
                "{} {} [{}] {}",
                task.status,
                task.title,
                changes.join("; "),
                notes.join("; ")
            )
            .trim_end()
            .to_owned()
        })
        .collect()
}

async fn preview(w: &World, who: &Actor, id: PlanId, file: ImportFile) -> Tried<PlanImportView> {
    Ok(w.app.plan_import_preview(who, id, file).await?)
}

async fn a_document_becomes_a_draft_and_once_more_changes_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let id = begin(&w, &league, LEAGUE, None).await?;
    let rows: [&[&str]; 5] = [
        &["", "一、关键任务", "", "", "", "", "", "", ""],
        &[
            "1",
            "1.推动项目建设。加强策划储备",
            "项目清单",
            "完成投资",
            "亿元",
            "≥400",
            "年底前",
            "市发改委、市工信局",
            "各旗县市区",
        ],
        &["", "", "", "开工项目", "", "120个", "9月底前", "", ""],
        &["", "二、没有的分组", "", "", "", "", "", "", ""],
        &[
            "2",
            "压缩审批时限",
            "",
            "审批用时",
            "",
            "≤20个工作日",
            "",
            "政务服务局",
            "科尔沁区",
        ],
    ];
    let view = preview(&w, &league, id, table(&rows)).await?;
    assert_eq!(
        lines(&view),
        [
            "new 1.推动项目建设。加强策划储备",
            "new 压缩审批时限 [审批用时:→20 个工作日] import.unknown_group(没有的分组)",
        ]
        .map(|line| line.replace(
            "new 1.推动项目建设。加强策划储备",
            "new 推动项目建设。加强策划储备 [完成投资:→400 亿元; 开工项目:→120 个]"
        ))
    );
    assert_eq!((view.counts.new, view.counts.refused), (2, 0));
    let seen = w.app.plan_view(&league, id, None).await?;
    assert!(seen.tasks.is_empty(), "a preview changes nothing");

    let stale = said(&w.app.plan_import_adopt(&league, id, 1, Some(99)).await);
    assert_eq!(stale, "plan changed", "somebody else wrote meanwhile");
    let done = w
        .app
        .plan_import_adopt(&league, id, 1, Some(view.edit))
        .await?;
    assert_eq!((done.new, done.changed, done.unchanged), (2, 0, 0));
    let again = said(&w.app.plan_import_adopt(&league, id, 1, None).await);
    assert_eq!(again, "import.adopted_already");

    let plan = w.app.plan_view(&league, id, None).await?;
    let first = &plan.tasks[0];
    assert_eq!(
        (
            first.title.as_str(),
            first.body.as_str(),
            first.outcome.as_str()
        ),
        ("推动项目建设", "加强策划储备", "项目清单")
    );
    assert_eq!(
        first.group.as_ref().map(|one| one.code.as_str()),
        Some("critical")
    );
    let lead = first.lead.department.as_ref().map(|one| one.code.as_str());
    assert_eq!(
        (first.lead.unit.code.as_str(), lead),
        (LEAGUE, Some("development_reform"))
    );
    let helping: Vec<_> = first
        .cooperating
        .iter()
        .map(|one| one.unit.code.as_str())
        .collect();
    assert!(
        helping.contains(&BANNER) && helping.contains(&SISTER),
        "{helping:?}"
    );
    assert_eq!(
        helping[0], LEAGUE,
        "of two leading offices the second helps"
    );
    assert_eq!(first.due, "2025-12-31");
    assert_eq!(first.indicators[1].due, "2025-09-30");
    let second = &plan.tasks[1].indicators[0];
    assert_eq!(
        (
            second.direction,
            second.target.as_str(),
            second.unit.as_str()
        ),
        ("down", "20", "个工作日")
    );

    let view = preview(&w, &league, id, table(&rows)).await?;
    assert_eq!(
        (view.counts.unchanged, view.counts.new, view.counts.changed),
        (2, 0, 0)
    );
    let before = w.app.plan_view(&league, id, None).await?;
    w.app
        .plan_import_adopt(&league, id, view.import, None)
        .await?;
    assert_eq!(
        w.app.plan_view(&league, id, None).await?,
        before,
        "the same file changes nothing"
    );

    let mut other = rows;
    let moved: [&str; 9] = [
        "1",
        "推动项目建设提速。加强策划储备",
        "项目清单",
        "完成投资",
        "亿元",
        "420",
        "年底前",
        "市发改委",
        "各旗县市区",
    ];
    other[1] = &moved;
    let view = preview(&w, &league, id, table(&other[..3])).await?;
    assert_eq!(
        lines(&view),
        [
            "changed 推动项目建设提速。加强策划储备 [title:推动项目建设→推动项目建设提速; \
          cooperating:通辽工信局、科尔沁区、科尔沁左翼中旗、科尔沁左翼后旗、开鲁县、库伦旗、奈曼旗、扎鲁特旗、霍林郭勒市、通辽经开区→\
          科尔沁区、科尔沁左翼中旗、科尔沁左翼后旗、开鲁县、库伦旗、奈曼旗、扎鲁特旗、霍林郭勒市、通辽经开区; \
          完成投资target:400 亿元→420 亿元]"
        ]
    );
    assert_eq!(
        view.absent,
        ["压缩审批时限"],
        "what the file does not name stays"
    );
    let listed = w.app.plan_import_list(&league, id).await?;
    let listed: Vec<_> = listed
        .iter()
        .map(|one| (one.import, one.is_adopted))
        .collect();
    assert_eq!(listed, [(3, false), (2, true), (1, true)]);
    let banner = w.clerk(BANNER).await?;
    assert_eq!(
        said(&w.app.plan_import_get(&banner, id, 1).await),
        "no such plan"
    );
    w.sound().await?;
    Ok(())
}

async fn the_official_table_comes_back_unchanged(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let id = begin(&w, &league, LEAGUE, None).await?;
    let office = OfficeInput::department;
    let tasks = [
        (
            "critical",
            "一、坚决完成。年度任务",
            "",
            office(LEAGUE, "forestry"),
        ),
        (
            "1571-7",
            "培育主导产业",
            "延链、补链；强链\n分两年",
            OfficeInput::unit(LEAGUE),
        ),
        ("", "压缩审批时限", "", OfficeInput::unit(BANNER)),
        ("", "压缩审批时限", "同名的另一项", office(REGION, "energy")),
    ];
    let indicators = [
        ("完成投资", "万元", "12345.6789", "", "up"),
        ("增长率", "%", "-0.5", "10", "up"),
        ("用时", "个工作日", "20", "", "down"),
    ];
    for (at, (group, title, body, lead)) in (0_usize..).zip(tasks) {
        let task = TaskInput {
            group: group.to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            outcome: "清单".to_owned(),
            lead,
            cooperating: vec![office(LEAGUE, "finance"), OfficeInput::unit(SISTER)],
            due: Some(day("2025-11-15")),
            takes_over: Vec::new(),
        };
        let key = w.app.plan_task_put(&league, id, None, None, &task).await?;
        for (name, unit, target, baseline, direction) in indicators.into_iter().take(at) {
            let one = IndicatorInput {
                name: name.to_owned(),
                unit: unit.to_owned(),
                baseline: baseline.to_owned(),
                target: target.to_owned(),
                direction: direction.to_owned(),
                due: Some(day("2025-10-31")),
                source: SourceInput {
                    kind: if unit == "万元" { "linked" } else { "" }.to_owned(),
                    metric: "year_to_date".to_owned(),
                    ..SourceInput::default()
                },
                weight: 7,
                takes_over: None,
            };
            w.app
                .plan_indicator_put(&league, id, None, key, None, &one)
                .await?;
        }
    }
    let made = w.app.export_plan(&league, id, None).await?;
    let file = ImportFile {
        name: made.name,
        bytes: made.bytes,
    };
    let view = preview(&w, &league, id, file.clone()).await?;
    assert_eq!(view.counts.unchanged, 4, "{:#?}", lines(&view));
    let book = read_workbook(&file.name, &file.bytes, &Limits::default())?;
    let below_head = book.sheets[0].merges.iter().filter(|one| one.top > 3);
    assert!(below_head.count() > 0, "rows of a task are merged");
    let made = w.app.export_plan_document(&league, id, None).await?;
    let document = ImportFile {
        name: made.name,
        bytes: made.bytes,
    };
    let view = preview(&w, &league, id, document).await?;
    assert_eq!(view.counts.unchanged, 4, "{:#?}", lines(&view));

    // Into an empty plan everything comes but what a table does not hold.
    let other = begin(&w, &league, LEAGUE, None).await?;
    let view = preview(&w, &league, other, file).await?;
    assert_eq!(view.counts.new, 4, "{:#?}", lines(&view));
    w.app
        .plan_import_adopt(&league, other, view.import, None)
        .await?;
    let (first, second) = (
        w.app.plan_view(&league, id, None).await?,
        w.app.plan_view(&league, other, None).await?,
    );
    for (one, two) in first.tasks.iter().zip(&second.tasks) {
        let whole = |task: &gangmu_app::plans::TaskView| match task.body.as_str() {
            "" => task.title.clone(),
            body => format!("{}。{body}", task.title),
        };
        // A number before a title is taken for one; a full stop ends the title.
        assert!(
            whole(one).ends_with(&whole(two)),
            "{} {}",
            whole(one),
            whole(two)
        );
        assert_eq!(
            (&one.group, &one.lead, &one.cooperating),
            (&two.group, &two.lead, &two.cooperating)
        );
        let of = |task: &gangmu_app::plans::TaskView| -> Vec<_> {
            let all = task.indicators.iter();
            all.map(|one| {
                (
                    one.name.clone(),
                    one.unit.clone(),
                    one.target.clone(),
                    one.baseline.clone(),
                    one.direction,
                    one.due.clone(),
                )
            })
            .collect()
        };
        assert_eq!(of(one), of(two));
    }
    Ok(())
}

async fn a_file_that_cannot_be_used_says_why_and_changes_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let id = begin(&w, &league, LEAGUE, None).await?;
    let whole = table(&[&["1", "甲", "", "", "", "", "", "市发改委", ""]]);
    let file = |name: &str, bytes: &[u8]| ImportFile {
        name: name.to_owned(),
        bytes: bytes.to_vec().into(),
    };
    let half = whole.bytes.len() / 2;
    let encrypted = {
        // The name of the stream in an OLE container that Office writes with a password.
        let mut bytes = vec![0_u8; 1536];
        bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        bytes[30] = 9;
        bytes[48..52].copy_from_slice(&0_u32.to_le_bytes());
        bytes[76..80].copy_from_slice(&1_u32.to_le_bytes());
        bytes[80..512].fill(0xFF);
        bytes[68..72].fill(0xFF);
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        bytes[512..512 + name.len()].copy_from_slice(&name);
        bytes[576..578].copy_from_slice(&34_u16.to_le_bytes());
        bytes[1024..1536].fill(0xFF);
        bytes
    };
    for (one, told) in [
        (file("空.docx", b""), "import.file_empty at file"),
        (
            file("网页.docx", b"<html><body>1</body></html>"),
            "import.file_html at file",
        ),
        (
            file("方案.docx", b"%PDF-1.7 1"),
            "import.file_unsupported at file (PDF)",
        ),
        (
            file("加密.docx", &encrypted),
            "import.file_password at file",
        ),
        (
            file(
                "项目.csv",
                "项目名称,总投资,业主\n甲厂,1200,甲公司\n".as_bytes(),
            ),
            "plans.import.no_tasks at file (项目.csv)",
        ),
    ] {
        let name = one.name.clone();
        assert_eq!(
            said(&w.app.plan_import_preview(&league, id, one).await),
            told,
            "{name}"
        );
    }
    let cut = said(
        &w.app
            .plan_import_preview(&league, id, file("断.docx", &whole.bytes[..half]))
            .await,
    );
    assert!(cut.starts_with("import.file_damaged at file"), "{cut}");

    let rows: [&[&str]; 9] = [
        &[
            "1",
            "没有单位的目标",
            "",
            "投资",
            "",
            "400",
            "",
            "市发改委",
            "",
        ],
        &[
            "2",
            "没有目标的指标",
            "",
            "投资",
            "亿元",
            "",
            "",
            "市发改委",
            "",
        ],
        &[
            "3",
            "两个数",
            "",
            "投资",
            "",
            "投资4900亿元、项目1398个",
            "",
            "市发改委",
            "",
        ],
        &[
            "4",
            "两个单位",
            "",
            "投资",
            "万元",
            "400亿元",
            "",
            "市发改委",
            "",
        ],
        &[
            "5",
            "不认识的单位",
            "",
            "",
            "",
            "",
            "",
            "市工业和信息化委员局",
            "太空局",
        ],
        &["6", "不是时限", "", "", "", "", "尽快", "市发改委", ""],
        &[
            "7",
            "目标是时间",
            "",
            "完成规划",
            "",
            "9月底前",
            "",
            "市发改委",
            "",
        ],
        &[
            "8",
            "降到还是降了",
            "",
            "能耗",
            "",
            "下降3%",
            "",
            "市发改委",
            "",
        ],
        &[
            "9",
            "太细的数",
            "",
            "比例",
            "%",
            "0.12345",
            "",
            "市发改委",
            "",
        ],
    ];
    let view = preview(&w, &league, id, table(&rows)).await?;
    let told = lines(&view);
    let expected = [
        "import.no_unit(400)",
        "import.no_target(投资)",
        "import.target_many_numbers(投资4900亿元、项目1398个)",
        "import.two_units(亿元|万元)",
        "import.unknown_office_like(",
        "import.bad_due(尽快)",
        "import.target_is_date(9月底前)",
        "import.target_decrease(下降3%)",
        "not_an_amount(0.12345|4)",
    ];
    assert_eq!(view.counts.refused, 9, "{told:#?}");
    for (line, wanted) in told.iter().zip(expected) {
        assert!(line.contains(wanted), "{line} has no {wanted}");
    }
    assert!(
        told[4].contains("工业和信息化局"),
        "a likely office is named: {}",
        told[4]
    );
    let all = said(
        &w.app
            .plan_import_adopt(&league, id, view.import, None)
            .await,
    );
    assert_eq!(all, "plans.import.refused at  (9)");
    let plan = w.app.plan_view(&league, id, None).await?;
    assert!(plan.tasks.is_empty(), "all of it or nothing");

    let heads: [&[&str]; 2] = [
        &["任务", "牵头单位", "督办领导"],
        &["甲", "市发改委", "副市长"],
    ];
    let view = preview(&w, &league, id, document(&heads)).await?;
    let notes: Vec<_> = view.notes.iter().map(|note| note.code).collect();
    assert_eq!(
        notes,
        ["plans.import.no_targets", "plans.import.unknown_column"]
    );
    w.app
        .plan_import_adopt(&league, id, view.import, None)
        .await?;
    let adoption = Adoption::default();
    w.app.plan_adopt(&league, id, None, &adoption).await?;
    let closed = said(&w.app.plan_import_preview(&league, id, whole.clone()).await);
    assert_eq!(closed, "plans.no_draft", "what is in force takes no table");
    let sister = w.clerk(SISTER).await?;
    let refused = w.app.plan_import_preview(&sister, id, whole).await;
    assert!(
        matches!(refused, Err(AppError::Refused { .. })),
        "{}",
        said(&refused)
    );
    Ok(())
}

async fn a_value_carries_the_files_that_prove_it(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let id = begin(&w, &league, LEAGUE, None).await?;
    let rows: [&[&str]; 1] = [&[
        "1",
        "招商引资",
        "",
        "签约项目",
        "个",
        "100",
        "",
        "市商务局",
        "",
    ]];
    let view = preview(&w, &league, id, table(&rows)).await?;
    w.app
        .plan_import_adopt(&league, id, view.import, None)
        .await?;
    w.app
        .plan_adopt(&league, id, None, &Adoption::default())
        .await?;
    let key = w.app.plan_view(&league, id, None).await?.tasks[0].indicators[0].key;
    let file = |name: &str, bytes: &'static [u8]| Upload {
        file_name: name.to_owned(),
        bytes: bytes.into(),
    };
    let value = |files: Vec<Upload>| ValueInput {
        value: "12".to_owned(),
        files,
        ..ValueInput::default()
    };
    let put = async |files| said(&w.app.plan_value_put(&league, id, key, value(files)).await);
    assert_eq!(
        put(Vec::new()).await,
        "field.missing at evidence",
        "nothing proves it"
    );
    assert_eq!(
        put(vec![file("a.exe", b"MZ")]).await,
        "attachment.type_not_taken at file"
    );
    let many = (0..5).map(|_| file("a.pdf", b"%PDF-1")).collect();
    assert_eq!(put(many).await, "plans.too_many_files at file (4)");
    assert_eq!(
        put(vec![
            file("台账.pdf", b"%PDF-1"),
            file("附表.xlsx", b"PK\x03\x04")
        ])
        .await,
        "ok"
    );

    let banner = w.clerk(BANNER).await?;
    let plan = w.app.plan_view(&banner, id, None).await?;
    let handed = &plan.tasks[0].indicators[0].reading.handed_in;
    let names: Vec<_> = handed[0]
        .files
        .iter()
        .map(|one| one.file_name.as_str())
        .collect();
    assert_eq!((handed.len(), names), (1, vec!["台账.pdf", "附表.xlsx"]));
    let (row, bytes) = w.app.plan_evidence_read(&banner, id, (key, 1, 1)).await?;
    assert_eq!(
        (row.media_type.as_str(), &bytes[..]),
        ("application/pdf", &b"%PDF-1"[..])
    );
    let elsewhere = w.clerk(crate::support::ELSEWHERE).await?;
    for (who, place) in [
        (&elsewhere, (key, 1, 1)),
        (&banner, (key, 1, 3)),
        (&banner, (key, 2, 1)),
    ] {
        let told = w.app.plan_evidence_read(who, id, place).await;
        assert!(matches!(told, Err(AppError::NotFound { .. })), "{place:?}");
    }
    Ok(())
}

async fn the_plan_above_is_taken_over_by_number_and_by_name(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let top = begin(&w, &league, LEAGUE, None).await?;
    let rows: [&[&str]; 2] = [
        &[
            "1",
            "谋划储备",
            "",
            "完成投资",
            "亿元",
            "400",
            "",
            "通辽市",
            "科尔沁区",
        ],
        &["2", "要素保障", "", "", "", "", "", "通辽市", "科尔沁区"],
    ];
    let view = preview(&w, &league, top, table(&rows)).await?;
    w.app
        .plan_import_adopt(&league, top, view.import, None)
        .await?;
    w.app
        .plan_adopt(&league, top, None, &Adoption::default())
        .await?;

    let banner = w.clerk(BANNER).await?;
    let below = begin(&w, &banner, BANNER, Some(top)).await?;
    let heads: [&str; 6] = [
        "任务",
        "指标",
        "目标值（亿元）",
        "完成时限",
        "牵头单位",
        "承接上级任务",
    ];
    let file = |above: &str| {
        document(&[
            &heads,
            &["落实", "完成投资", "400", "2025年", "科尔沁区", above],
        ])
    };
    let view = preview(&w, &banner, below, file("9；不存在的任务")).await?;
    assert_eq!(view.counts.refused, 1);
    let codes: Vec<_> = view.tasks[0].notes.iter().map(|note| note.code).collect();
    assert_eq!(codes, ["plans.import.unknown_above"; 2]);
    let view = preview(&w, &banner, below, file("1；2 要素保障")).await?;
    assert_eq!(view.counts.new, 1, "{:?}", lines(&view));
    assert_eq!(view.tasks[0].notes[0].code, "plans.import.carries");
    w.app
        .plan_import_adopt(&banner, below, view.import, None)
        .await?;
    w.app
        .plan_adopt(&banner, below, None, &Adoption::default())
        .await?;
    let cover = w.app.plan_cover(&league, top).await?;
    let axis = &cover.indicators[0].axes[0];
    assert_eq!((axis.claimed.as_str(), axis.missing.as_str()), ("400", ""));
    Ok(())
}
