//! `gangmu export KIND`: each kind writes its workbook, says what it needs, and takes nothing else.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use gangmu_app::domain::library::Field;
use gangmu_app::library::{MoneyUnit, ProjectEdit, parse_field};
use gangmu_app::{App, FixedClock};
use gangmu_testkit::Empty;

const PROJECT: &str = "测试热电联产项目";

async fn entered(address: &str, files: &Path) {
    let clock = Arc::new(FixedClock::at("2026-01-14".parse().unwrap()));
    let app = App::open(address, files, clock).await.unwrap();
    let system = app.system().await.unwrap();
    let reference = app.reference().await.unwrap();
    let mut edit = ProjectEdit::default();
    for (word, text) in [
        ("name", PROJECT),
        ("unit", "150502"),
        ("industry", "44"),
        ("total_investment", "1000000000"),
        ("investor_type", "enterprise"),
    ] {
        let field = Field::from_word(word).unwrap();
        let value = parse_field(&reference, field, text, MoneyUnit::Yuan).unwrap();
        edit.fields.insert(field, value);
    }
    app.project_create(&system, &edit).await.unwrap();
}

struct Desk {
    folder: tempfile::TempDir,
    address: String,
}

impl Desk {
    fn gangmu(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gangmu"))
            .args(["--database", &self.address, "--files", "files", "export"])
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    /// The name of the workbook that was written.
    fn written(&self, arguments: &[&str]) -> String {
        let output = self.gangmu(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        let path = String::from_utf8(output.stdout).unwrap();
        let path = path.trim();
        let bytes = std::fs::read(self.folder.path().join(path)).unwrap();
        assert!(bytes.starts_with(b"PK"), "{path}");
        path.trim_start_matches("./").to_owned()
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.gangmu(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

#[test]
fn every_kind_writes_its_workbook_says_what_it_needs_and_takes_nothing_else() {
    let empty = Empty::sqlite();
    let desk = Desk {
        folder: tempfile::tempdir().unwrap(),
        address: empty.address().to_owned(),
    };
    let files = desk.folder.path().join("files");
    gangmu_testkit::block_on(entered(empty.address(), &files));
    for (arguments, expected) in [
        (&["problems"][..], "问题台账"),
        (&["problems", "--unit", "150500"], "问题台账"),
        (&["winter", "--season", "2025"], "冬施台账-2025—2026年"),
        (&["liaison"], "包联责任台账"),
        (&["load"], "包联负荷-包联领导"),
        (&["chains", "--unit", "150500"], "产业链责任台账"),
        (&["visits"], "调研记录"),
        (&["visits", "--period", "2026-01"], "调研记录"),
        (&["resolutions"], "议定事项台账"),
        (&["plans"], "方案清单"),
        (&["missed"], "漏报迟报"),
    ] {
        let name = desk.written(arguments);
        assert!(name.starts_with(expected), "{arguments:?}: {name}");
    }
    for (arguments, expected) in [
        (&["details"][..], "details 需要指明 --period 2025-12"),
        (&["plan-table"], "plan-table 需要指明 --plan 3"),
        (&["plan-cover"], "plan-cover 需要指明 --plan 3"),
        (
            &["supervision", "--period", "2026-01"],
            "supervision 需要指明 --plan 3",
        ),
        (
            &["chains", "--period", "2026-01"],
            "chains 不按 --period 2025-12",
        ),
        (
            &["resolutions", "--unit", "150500"],
            "resolutions 不按 --unit 150500",
        ),
        (
            &["liaison", "--season", "2025"],
            "liaison 不按 --season 2025",
        ),
        (&["plan-table", "--plan", "9"], ""),
        (&["problems", "--unit", "999"], ""),
    ] {
        let told = desk.refused(arguments);
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}
