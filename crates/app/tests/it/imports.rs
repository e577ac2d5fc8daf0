//! What a clerk is told of a workbook that has faults: each cell by its header, in one language at
//! a time, with the words that were read.

use gangmu_app::Actor;
use gangmu_app::dispatch::Filing;
use gangmu_app::domain::library::Field;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::imports::{ImportFile, ImportOptions, ImportPreview, ImportProblem};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{BANNER, ELSEWHERE, LEAGUE, Tried, World, code, draft, figures, period, with};

each_engine!(
    a_bad_cell_is_told_by_its_header_in_one_language,
    a_place_nobody_can_find_is_told_with_the_words_that_were_read,
    a_row_of_somebody_else_and_a_row_said_twice_are_told_apart,
    figures_that_go_nowhere_are_told,
);

async fn preview(
    w: &World,
    actor: &Actor,
    table: &str,
    options: &ImportOptions,
) -> Tried<ImportPreview> {
    let file = ImportFile {
        name: "计划表.csv".to_owned(),
        bytes: table.as_bytes().to_vec().into(),
    };
    Ok(w.app.import_preview(actor, vec![file], options).await?)
}

/// `row cell code: found | expected | mend` of every finding in a row.
fn told(preview: &ImportPreview, pick: fn(&ImportProblem) -> [&str; 2]) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &preview.rows {
        lines.extend(row.problems.iter().map(|one| {
            let [expected, mend] = pick(one);
            let (cell, code, found) = (&one.cell, one.code, &one.found);
            format!("{cell} {code} {found}|{expected}|{mend}")
        }));
    }
    lines
}

fn chinese(one: &ImportProblem) -> [&str; 2] {
    [&one.expected, &one.mend]
}

fn english(one: &ImportProblem) -> [&str; 2] {
    [&one.expected_en, &one.mend_en]
}

async fn a_bad_cell_is_told_by_its_header_in_one_language(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let table = "\
项目名称,项目总投资（万元）,所属旗县市区,行业主管部门,投资类型,计划开工时间,计划竣工时间
,43000,科尔沁区,,,,
测试铝业二期,12000,科尔泌区,,,,
测试铝业三期,12000,,工业与信息化局,混合,,
测试铝业四期,12000,科尔沁区,,,2025-07,2024-03
";
    let options = ImportOptions {
        year: Some(2025),
        ..ImportOptions::default()
    };
    let view = preview(&w, &league, table, &options).await?;
    let no_category = "请加上，或在栏目对应中指定是哪一列（新开工、续建、前期、竣工），或在导入时为未注明的行选定类别。";
    let category = |row: u8| {
        format!("A{row} column_missing |“项目性质”一栏（必填）|表中没有这一栏：{no_category}")
    };
    let wanted = [
        "A2 value_missing |“项目名称”栏的内容（必填）|请补填后重新导入。".to_owned(),
        category(2),
        "C3 unit_unknown 科尔泌区|区划中有的单位名称或代码|\
         区划中没有这个单位，请核对写法；最接近的是：科尔沁区。"
            .to_owned(),
        category(3),
        "D4 name_unknown 工业与信息化局|已登记的名称或代码|\
         没有登记这个名称，请核对写法，或由管理员补充；最接近的是：工业和信息化厅。"
            .to_owned(),
        "E4 lookup_unknown 混合|以下之一：政府、企业|请改为所列名称之一。".to_owned(),
        "C4 place_missing |“所属旗县市区”栏或分组行写明的地区（必填）|\
         请写明地区，或在导入时选定这些行所属的地区。"
            .to_owned(),
        category(4),
        "G5 value_refused 2024-03|不早于“计划开工时间”的时间|请改正后重新导入。".to_owned(),
        category(5),
    ];
    assert_eq!(told(&view, chinese), wanted);
    let names = [
        "新开工、续建、前期、竣工",
        "政府、企业",
        "科尔沁区",
        "工业和信息化厅",
    ];
    for line in told(&view, english) {
        let (_, words) = line.split_once('|').expect("found | expected | mend");
        // Headers are quoted as they stand, names as they have to be written.
        let plain: String = words.split(['“', '”']).step_by(2).collect();
        let plain = names
            .iter()
            .fold(plain, |plain, name| plain.replace(name, ""));
        assert!(plain.is_ascii(), "{line}");
    }
    let first = &view.rows[0].problems[0];
    assert_eq!(first.expected_en, "something under “项目名称” (required)");
    assert_eq!(
        (first.field.as_deref(), &*first.column),
        (Some("name"), "项目名称")
    );
    Ok(())
}

async fn a_place_nobody_can_find_is_told_with_the_words_that_were_read(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let table = "\
序号,项目名称,总投资（万元）
一,科尔沁左旗（1项）,12000
1,测试铝业一期,12000
二,扎鲁特旗合计1个,12000
2,测试铝业二期,12000
";
    let options = ImportOptions::default();
    let view = preview(&w, &league, table, &options).await?;
    let wanted = "B3 place_missing |“所属区域”栏或分组行写明的地区（必填）|\
        请写明地区，或在导入时选定这些行所属的地区。分组“科尔沁左旗”不是区划中的单位，\
        最接近的是：科尔沁左翼中旗、科尔沁左翼后旗、科尔沁右翼中旗。";
    // The total of a group names its place as well as its heading does.
    assert_eq!(told(&view, chinese), [wanted]);
    assert_eq!(view.counts.new, 1);
    let options = ImportOptions {
        unit: Some(BANNER.to_owned()),
        ..options
    };
    let view = preview(&w, &league, table, &options).await?;
    let warned = "B3 unit_unknown 科尔沁左旗|区划中有的单位名称或代码|\
        区划中没有这个单位，请核对写法；最接近的是：科尔沁左翼中旗、科尔沁左翼后旗、科尔沁右翼中旗。";
    assert_eq!(told(&view, chinese), [warned]);
    assert_eq!(view.counts.new, 2);
    Ok(())
}

async fn a_row_of_somebody_else_and_a_row_said_twice_are_told_apart(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let taken = "2501-150200-04-01-123456";
    let edit = with(draft("包头稀土"), Field::Unit, code(ELSEWHERE));
    w.enter(&with(edit, Field::Code, code(taken))).await?;
    let table = format!(
        "\
项目名称,项目代码,总投资（万元）,所属区域
测试铝业一期,2501-150502-04-01-000001,12000,科尔沁区
测试铝业一期（重复）,2501-150502-04-01-000001,12000,科尔沁区
外地项目,,12000,包头市
包头稀土,{taken},12000,科尔沁区
"
    );
    let view = preview(&w, &league, &table, &ImportOptions::default()).await?;
    let elsewhere = "请核对；确属他处的，由所属地区或上级导入。";
    let wanted = [
        "B3 row_repeated 2501-150502-04-01-000001|每个项目一行（与 计划表.csv!2 是同一项目）|\
         请合并或删去重复的行，或更正项目代码。"
            .to_owned(),
        format!("D4 out_of_scope 包头市|本人管辖范围内的地区|{elsewhere}"),
        format!("B5 out_of_scope {taken}|本人管辖范围内的项目|{elsewhere}"),
    ];
    assert_eq!(told(&view, chinese), wanted);
    Ok(())
}

async fn figures_that_go_nowhere_are_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("测试铝业一期")).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_000)]).await?;
    w.open("2025-01").await?;
    let table = "\
项目名称,总投资（万元）,所属区域,本月完成投资（万元）,现场状态
测试铝业一期,10000,科尔沁区,50,正常推进
测试铝业九期,10000,科尔沁区,50,
";
    let options = ImportOptions {
        period: Some("2025-01".to_owned()),
        ..ImportOptions::default()
    };
    let view = preview(&w, &w.system, table, &options).await?;
    let not_due =
        "A3 figures_not_due 测试铝业九期|2025-01 有待填月报的项目|该行的月度数据没有采用。";
    let site =
        "E2 lookup_unknown 正常推进|以下之一：未开工、在建、停工、竣工投产|请改为所列名称之一。";
    assert_eq!(told(&view, chinese), [site, not_due]);
    let typed = w.typed("2025-01", id, figures("2025-01", 70)).await?;
    w.app
        .returns_file(&w.system, period("2025-01"), vec![typed], Filing::Submit)
        .await?;
    let view = preview(&w, &w.system, table, &options).await?;
    let filed = "A2 return_filed 测试铝业一期|2025-01 月报尚未上报的项目|\
        月报已上报，请先退回，或删去该行的月度数据。";
    assert_eq!(told(&view, chinese), [site, filed, not_due]);
    assert_eq!(view.counts.refused, 1);
    Ok(())
}
