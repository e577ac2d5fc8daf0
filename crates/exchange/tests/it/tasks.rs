//! Tables of tasks as departments write them: in documents and in workbooks.

use crate::support::layout;
use docx_rs::{Docx, Paragraph, Run, Table, TableCell, TableRow, VMergeType};
use gangmu_exchange::tasks::{TaskTables, read_tasks};
use gangmu_exchange::{Limits, Refusal, Synonyms, Workbook, read_tables};
use insta::assert_snapshot;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::{ZipWriter, write::SimpleFileOptions};

fn synonyms() -> Synonyms {
    Synonyms::parse(include_str!("../../../../data/import/tasks.toml")).unwrap()
}

fn tasks(book: &Workbook) -> TaskTables {
    read_tasks(book, &synonyms())
}

/// A line per task and one per indicator.
fn show(found: &TaskTables) -> String {
    let mut text = String::new();
    for task in &found.tasks {
        let of = |said: &Option<gangmu_exchange::tasks::Said>| {
            said.as_ref()
                .map_or("-".to_owned(), |said| said.text.clone())
        };
        writeln!(
            text,
            "{} {:?} {:?} {} | {} | {} | {} | {}",
            task.title.place,
            task.number,
            task.group,
            task.name,
            of(&task.lead),
            of(&task.cooperating),
            of(&task.due),
            of(&task.outcome),
        )
        .unwrap();
        for one in &task.indicators {
            writeln!(
                text,
                "    {} {} = {} [{}] {}",
                one.target.place,
                one.name.text,
                one.target.text,
                of(&one.unit),
                of(&one.due)
            )
            .unwrap();
        }
    }
    for column in &found.unknown {
        writeln!(text, "? {} {}", column.place, column.text).unwrap();
    }
    for name in &found.passed_over {
        writeln!(text, "- {name}").unwrap();
    }
    text.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

fn cell(text: &str) -> TableCell {
    TableCell::new().add_paragraph(Paragraph::new().add_run(Run::new().add_text(text)))
}

fn row(cells: Vec<TableCell>) -> TableRow {
    TableRow::new(cells)
}

fn document(tables: Vec<Table>) -> Vec<u8> {
    let mut doc = Docx::new();
    for table in tables {
        doc = doc
            .add_paragraph(Paragraph::new().add_run(Run::new().add_text("附件")))
            .add_table(table);
    }
    let mut bytes = Cursor::new(Vec::new());
    doc.build().pack(&mut bytes).unwrap();
    bytes.into_inner()
}

fn read(name: &str, bytes: &[u8]) -> Result<Workbook, Refusal> {
    read_tables(name, bytes, &Limits::default())
}

#[test]
fn a_task_over_merged_rows_of_a_document_keeps_its_indicators() {
    use VMergeType::{Continue, Restart};
    let down = |text: &str| cell(text).vertical_merge(Restart);
    let on = || cell("").vertical_merge(Continue);
    let plain = |texts: &[&str]| row(texts.iter().map(|text| cell(text)).collect());
    let table = Table::new(vec![
        row(vec![
            down("序号"),
            down("重点任务"),
            cell("量化指标").grid_span(2),
            cell("责任单位").grid_span(2),
            down("完成时限"),
        ]),
        row(vec![
            on(),
            on(),
            cell("指标名称"),
            cell("目标值"),
            cell("牵头单位"),
            cell("配合单位"),
            on(),
        ]),
        row(vec![cell("一、谋划储备强基").grid_span(7)]),
        row(vec![
            down("1"),
            down("（一）建好项目库"),
            cell("入库项目"),
            cell("≥1200个"),
            down("市发改委"),
            down("各旗县市区"),
            down("9月底前"),
        ]),
        row(vec![
            on(),
            on(),
            cell("入库总投资"),
            cell("≥6000亿元"),
            on(),
            on(),
            on(),
        ]),
        row(vec![cell("二、要素保障聚力").grid_span(7)]),
        plain(&[
            "2",
            "保障项目用地",
            "供地",
            "1.2万亩",
            "市自然资源局",
            "",
            "年底前",
        ]),
        plain(&[
            "",
            "",
            "用地审批时限",
            "≤20个工作日",
            "",
            "市政务服务局",
            "",
        ]),
        row(vec![cell("注：目标按年初口径。").grid_span(7)]),
    ]);
    let book = read("分解表.docx", &document(vec![table])).unwrap();
    assert_snapshot!(show(&tasks(&book)), @r#"
    表1!B4 Some(1) Some(["谋划储备强基"]) 建好项目库 | 市发改委 | 各旗县市区 | 9月底前 | -
        表1!D4 入库项目 = ≥1200个 [-] 9月底前
        表1!D5 入库总投资 = ≥6000亿元 [-] 9月底前
    表1!B7 Some(2) Some(["要素保障聚力"]) 保障项目用地 | 市自然资源局 | 市政务服务局 | 年底前 | -
        表1!D7 供地 = 1.2万亩 [-] 年底前
        表1!D8 用地审批时限 = ≤20个工作日 [-]
    "#);
}

#[test]
fn a_workbook_with_units_in_heads_and_text_in_cells_is_read() {
    let book = layout()
        .line("2025年重点工作任务分解表")
        .header("序号|工作任务|指标|单位|目标值（亿元）|完成时间|牵头部门|督办领导")
        .row("1|推进重大项目建设|完成投资||'4900|2025年12月|市发改委|副市长")
        .row("||开工项目|个|'756|6月底|市工信局|")
        .row("2|增长目标|工业投资|%|增长10%以上|||")
        .row("合计||||'5656|||")
        .workbook();
    assert_snapshot!(show(&tasks(&book)), @r#"
    表!B3 Some(1) None 推进重大项目建设 | 市发改委 | 市工信局 | 2025年12月 | -
        表!E3 完成投资 = 4900 [亿元] 2025年12月
        表!E4 开工项目 = 756 [个] 6月底
    表!B5 Some(2) None 增长目标 |  | - |  | -
        表!E5 工业投资 = 增长10%以上 [%]
    ? 表!H2 督办领导
    "#);
}

#[test]
fn what_is_no_table_of_tasks_is_passed_over() {
    let book = layout()
        .header("项目名称|总投资|业主")
        .row("甲厂|'1200|甲公司")
        .workbook();
    let found = tasks(&book);
    assert!(found.tasks.is_empty());
    assert_eq!(found.passed_over.len(), 1);
}

/// A document whose text is the given XML.
fn raw(inside: &str) -> Vec<u8> {
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{inside}</w:body></w:document>"#
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file("word/document.xml", SimpleFileOptions::default())
        .unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn documents_that_mean_harm_or_were_harmed_are_refused_by_name() {
    let code = |bytes: &[u8]| read("方案.docx", bytes).unwrap_err().code();
    let text = "<w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>";
    let table = |row: &str| format!("<w:tbl><w:tr>{row}</w:tr></w:tbl>");
    let whole = raw(&table(text));
    assert!(read("方案.docx", &whole).is_ok());
    assert_eq!(code(&whole[..whole.len() / 2]), "file_damaged", "cut off");
    assert_eq!(code(&raw("<w:p/>")), "file_no_table");
    assert_eq!(
        code(&raw("<w:tbl><w:tr><w:tc>")),
        "file_damaged",
        "left open"
    );
    let bomb = format!("{}{}", table(text), " ".repeat(30 << 20));
    assert_eq!(code(&raw(&bomb)), "file_unpack_ratio");
    let wide = r#"<w:tc><w:tcPr><w:gridSpan w:val="4000000000"/></w:tcPr><w:p/></w:tc>"#;
    assert_eq!(code(&raw(&table(wide))), "file_too_many_columns");
    assert_eq!(
        code(b"<html><body><table></table></body></html>"),
        "file_html"
    );
    assert_eq!(code(b"%PDF-1.7"), "file_unsupported");
    let book = layout()
        .header("任务|时限|目标值")
        .row("甲|年底|1个")
        .bytes();
    let misnamed = read("方案.docx", &book).unwrap();
    assert!(
        misnamed.misnamed,
        "a workbook is read whatever it is called"
    );
}

#[test]
fn entities_are_not_expanded_and_moved_text_is_read_once() {
    let doctype = r#"<!DOCTYPE w [<!ENTITY big "aaaaaaaaaa">]>"#;
    let said = r#"<w:tbl><w:tr><w:tc><w:p>
        <w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>
        <w:r><w:t>甲&amp;乙&big;&#20809;</w:t></w:r><w:r><w:delText>删</w:delText></w:r></w:p></w:tc></w:tr></w:tbl>"#;
    let mut bytes = raw(said);
    let book = read("方案.docx", &bytes).unwrap();
    assert_eq!(book.sheets[0].cell(0, 0).as_text(), Some("甲&乙光"));
    bytes = raw(&format!("{doctype}{said}"));
    let again = read("方案.docx", &bytes);
    let expanded = again.is_ok_and(|book| {
        let text = book.sheets[0].cell(0, 0).as_text();
        text.is_some_and(|text| text.contains("aaaa"))
    });
    assert!(!expanded);
}
