//! The return template out and in again: untouched it changes nothing, and a cell that somebody
//! typed changes its own project's figure and nothing else.

use std::collections::BTreeMap;

use gangmu_app::Reference;
use gangmu_app::dispatch::Filing;
use gangmu_app::domain::Yuan;
use gangmu_app::domain::dispatch::{Figures, SiteStatus};
use gangmu_app::domain::library::{Field, FundingSource, ProjectId};
use gangmu_app::domain::pipeline::Category;
use gangmu_app::imports::{ImportFile, ImportOptions, ImportPreview, RowStatus};
use gangmu_exchange::{Cell, Language, Limits, Sheet, Workbook, read_workbook, write};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::support::{BANNER, SISTER, Tried, World, code, day, draft, period, with};

each_engine!(a_template_comes_back_unchanged_but_for_what_was_typed);

const MONTH: &str = "2025-01";
const ROUNDS: usize = 8;

/// What somebody types into one cell of the template.
#[derive(Clone, Debug)]
enum Typed {
    /// Yuan; the cell is in 万元.
    Month(i64),
    Image(String),
    Problems(String),
}

/// Texts that spreadsheets like to take for something else.
fn words() -> impl Strategy<Value = String> {
    let tricky = [
        "主体完成 35%",
        "=1+1",
        "007",
        "第一行\n第二行",
        "2025-01-06",
        "+86",
        "1,200",
    ];
    prop_oneof![
        3 => "[一-龥]{1,12}",
        1 => select(tricky.to_vec()).prop_map(str::to_owned),
    ]
}

fn yuan() -> impl Strategy<Value = i64> {
    prop_oneof![-90_000_i64..0, 0_i64..20_000, 0_i64..9_000_000_000]
}

fn figures() -> impl Strategy<Value = Figures> {
    let status = select(vec![
        None,
        Some(SiteStatus::Working),
        Some(SiteStatus::NotStarted),
        Some(SiteStatus::Stopped),
        Some(SiteStatus::Completed),
    ]);
    let funds = vec(
        (select(FundingSource::ALL.to_vec()), 0_i64..900_000_000),
        0..4,
    );
    let text = || prop_oneof![1 => Just(String::new()), 3 => words()];
    let started = option::of(Just(day("2025-01-03")));
    (option::of(yuan()), funds, status, started, text(), text()).prop_map(
        |(month, funds, site_status, started_on, image_progress, problems)| Figures {
            month: month.map(Yuan),
            funds: funds.into_iter().map(|(of, n)| (of, Yuan(n))).collect(),
            site_status,
            started_on,
            image_progress,
            problems,
            ..Figures::default()
        },
    )
}

fn typed() -> impl Strategy<Value = Typed> {
    prop_oneof![
        yuan().prop_map(Typed::Month),
        words().prop_map(Typed::Image),
        words().prop_map(Typed::Problems),
    ]
}

fn sample<T: std::fmt::Debug>(runner: &mut TestRunner, of: impl Strategy<Value = T>) -> Tried<T> {
    let tree = of.new_tree(runner).map_err(|reason| reason.to_string())?;
    Ok(tree.current())
}

async fn a_template_comes_back_unchanged_but_for_what_was_typed(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = january(&w).await?;
    let mut runner = TestRunner::deterministic();
    let mut changed = 0;
    for round in 0..ROUNDS {
        for id in &ids {
            let random = sample(&mut runner, figures())?;
            let batch = vec![w.typed(MONTH, *id, random).await?];
            let filed = w
                .app
                .returns_file(&w.system, period(MONTH), batch, Filing::Draft);
            filed.await?;
        }
        let before = all(&w, &ids).await?;
        let book = template(&w).await?;
        let same = hand_in(&w, &book).await?;
        assert_eq!(same.counts.unchanged, ids.len(), "round {round}: {same:#?}");
        w.app.import_adopt(&w.system, same.import_id).await?;
        assert_eq!(all(&w, &ids).await?, before, "round {round}");

        let changes = vec((any::<proptest::sample::Index>(), typed()), 1..6);
        let changes = sample(&mut runner, changes)?;
        let mut book = book;
        let mut expected = before.clone();
        for (at, typed) in &changes {
            let id = at.get(&ids);
            write_cell(&w, &mut book, *id, typed).await?;
            apply(expected.entry(*id).or_default(), typed);
        }
        let preview = hand_in(&w, &book).await?;
        let named: Vec<ProjectId> = preview
            .rows
            .iter()
            .filter(|row| row.status == RowStatus::Changed)
            .filter_map(|row| row.project_id.map(ProjectId))
            .collect();
        let mut differ: Vec<ProjectId> = ids.clone();
        differ.retain(|id| expected[id] != before[id]);
        assert_eq!(sorted(named), differ, "round {round}: {changes:?}");
        changed += differ.len();
        let outcome = w.app.import_adopt(&w.system, preview.import_id).await?;
        assert_eq!((outcome.new, outcome.changed), (0, differ.len()));
        assert_eq!(all(&w, &ids).await?, expected, "round {round}: {changes:?}");
    }
    assert!(changed > ROUNDS, "{changed} changes prove little");
    w.sound().await
}

/// Projects that owe a return; two of one name in different banners, some with a code.
async fn january(w: &World) -> Tried<Vec<ProjectId>> {
    let mut ids = Vec::new();
    for (n, (name, unit)) in [
        ("城区集中供热管网改造", BANNER),
        ("污水处理厂", BANNER),
        ("污水处理厂", SISTER),
        ("绿色铝二期", SISTER),
        ("风电制造基地", BANNER),
        ("=园区道路", BANNER),
    ]
    .into_iter()
    .enumerate()
    {
        let mut edit = with(draft(name), Field::Unit, code(unit));
        if n % 2 == 0 {
            let number = format!("2501-150502-04-01-{:06}", 100_000 + n);
            edit = with(edit, Field::Code, code(&number));
        }
        edit.not_a_twin = true;
        ids.push(w.enter(&edit).await?);
    }
    let list: Vec<_> = ids
        .iter()
        .map(|id| (*id, Category::Continuing, 9_000))
        .collect();
    w.adopt(2025, &list).await?;
    w.open(MONTH).await?;
    ids.sort();
    Ok(ids)
}

async fn all(w: &World, ids: &[ProjectId]) -> Tried<BTreeMap<ProjectId, Figures>> {
    let mut figures = BTreeMap::new();
    for id in ids {
        figures.insert(*id, w.filed(MONTH, *id).await?.filed.figures);
    }
    Ok(figures)
}

async fn template(w: &World) -> Tried<Workbook> {
    let made = w
        .app
        .export_template(&w.system, period(MONTH), None)
        .await?;
    Ok(read_workbook(&made.name, &made.bytes, &Limits::default())?)
}

/// Writes the workbook anew and hands it in.
async fn hand_in(w: &World, book: &Workbook) -> Tried<ImportPreview> {
    let bytes = write::annotate(book, &[], Language::Chinese)?;
    let file = ImportFile {
        name: book.file_name.clone(),
        bytes: bytes.into(),
    };
    let options = ImportOptions {
        period: Some(MONTH.to_owned()),
        ..ImportOptions::default()
    };
    Ok(w.app
        .import_preview(&w.system, vec![file], &options)
        .await?)
}

async fn write_cell(w: &World, book: &mut Workbook, id: ProjectId, typed: &Typed) -> Tried<()> {
    let reference = w.app.reference().await?;
    let record = w.project(id).await?.record;
    let sheet = book.sheets.first_mut().ok_or("a sheet")?;
    let text = |field| record.text(field).unwrap_or_default();
    let row = row_of(&reference, sheet, text(Field::Name), text(Field::Unit))?;
    let (header, cell) = match typed {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        Typed::Month(yuan) => ("本月完成投资", Cell::Number(*yuan as f64 / 10_000.0)),
        Typed::Image(text) => ("形象进度", Cell::Text(text.as_str().into())),
        Typed::Problems(text) => ("存在问题", Cell::Text(text.as_str().into())),
    };
    let column = column_of(sheet, header)?;
    let cells = sheet.rows.get_mut(row).ok_or("a row")?;
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    cells[column] = cell;
    Ok(())
}

fn column_of(sheet: &Sheet, header: &str) -> Tried<usize> {
    let mut rows = sheet.rows.iter();
    let found = rows.find_map(|row| row.iter().position(|cell| cell.as_text() == Some(header)));
    found.ok_or_else(|| format!("no column {header}").into())
}

fn row_of(reference: &Reference, sheet: &Sheet, name: &str, unit: &str) -> Tried<usize> {
    let unit = reference.unit_by_code(unit).ok_or("a unit")?;
    let (names, units) = (column_of(sheet, "项目名称")?, column_of(sheet, "所属区域")?);
    let is = |row: &usize| {
        let place = sheet.cell(*row, units).as_text().unwrap_or_default();
        sheet.cell(*row, names).as_text() == Some(name)
            && [&unit.name, &unit.short_name].contains(&&place.to_owned())
    };
    let row = (0..sheet.rows.len()).find(is);
    row.ok_or_else(|| format!("no row {name} {}", unit.name).into())
}

fn apply(figures: &mut Figures, typed: &Typed) {
    match typed {
        Typed::Month(yuan) => figures.month = Some(Yuan(*yuan)),
        Typed::Image(text) => figures.image_progress.clone_from(text),
        Typed::Problems(text) => figures.problems.clone_from(text),
    }
}

fn sorted(mut ids: Vec<ProjectId>) -> Vec<ProjectId> {
    ids.sort();
    ids
}
