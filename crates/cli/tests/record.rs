//! `gangmu approvals timing|what-if|export|remind` over a small record: two decided matters of one
//! project, whose days are counted by hand.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use gangmu_app::approvals::{ActInput, CaseInput};
use gangmu_app::domain::approvals::Act;
use gangmu_app::domain::library::Field;
use gangmu_app::library::{MoneyUnit, ProjectEdit, parse_field};
use gangmu_app::{App, FixedClock};
use gangmu_testkit::Empty;
use serde_json::Value;

const PROJECT: &str = "测试热电联产项目";

/// What is done to which matter, on which day. From 01-05 to 01-08 there are three working days
/// after the first, to 01-14 seven.
fn acts() -> [(&'static str, &'static str, Act); 6] {
    let grant = |number: &str| Act::Grant {
        document_no: number.to_owned(),
    };
    [
        (
            "A17",
            "2026-01-05",
            Act::Receive {
                after_cut_off: false,
            },
        ),
        ("A17", "2026-01-05", Act::Accept),
        ("A17", "2026-01-08", grant("维稳评〔2026〕1号")),
        (
            "A05",
            "2026-01-05",
            Act::Receive {
                after_cut_off: false,
            },
        ),
        ("A05", "2026-01-06", Act::Accept),
        ("A05", "2026-01-14", grant("用字第1号")),
    ]
}

async fn recorded(address: &str, files: &Path) {
    let clock = Arc::new(FixedClock::at("2026-01-14".parse().unwrap()));
    let app = App::open(address, files, clock).await.unwrap();
    let system = app.system().await.unwrap();
    let reference = app.reference().await.unwrap();
    let mut edit = ProjectEdit::default();
    for (word, text) in [
        ("name", PROJECT),
        ("unit", "150502"),
        ("industry", "44"),
        ("site", "工业园区"),
        ("total_investment", "1000000000"),
        ("owner", "某能源公司"),
        ("basis", "规划"),
        ("planned_start_on", "2026-03-02"),
        ("investor_type", "enterprise"),
        ("approval_route", "verification"),
    ] {
        let field = Field::from_word(word).unwrap();
        let value = parse_field(&reference, field, text, MoneyUnit::Yuan).unwrap();
        edit.fields.insert(field, value);
    }
    let project = app.project_create(&system, &edit).await.unwrap();
    let made = app.case_create(&system, project, CaseInput::default());
    made.await.unwrap();
    for (matter, on, act) in acts() {
        let input = ActInput {
            on: Some(on.parse().unwrap()),
            ..ActInput::new(None, act)
        };
        app.item_act(&system, project, matter, &input)
            .await
            .unwrap();
    }
}

struct Desk {
    folder: tempfile::TempDir,
    address: String,
}

impl Desk {
    fn gangmu(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gangmu"))
            .args(["--database", &self.address, "--files", "files", "approvals"])
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.gangmu(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(arguments)).unwrap()
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.gangmu(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

/// The line of a printed table that begins with a name.
fn line<'t>(table: &'t str, name: &str) -> Vec<&'t str> {
    let line = table
        .lines()
        .find(|line| line.trim_start().starts_with(name));
    let line = line.unwrap_or_else(|| panic!("no line {name}: {table}"));
    line.split_whitespace().collect()
}

fn the_record_is_told_tried_and_taken_out(address: &str) {
    let desk = Desk {
        folder: tempfile::tempdir().unwrap(),
        address: address.to_owned(),
    };
    let files = desk.folder.path().join("files");
    gangmu_testkit::block_on(recorded(address, &files));
    timing(&desk);
    process(&desk);
    what_if(&desk);
    logs(&desk);
    reminders(&desk);
}

fn timing(desk: &Desk) {
    let told = desk.done(&["timing"]);
    let land = line(&told, "建设项目用地预审");
    // Decided, median and P80 on the clock from the day after acceptance, promised, by law, best.
    assert_eq!(land[1..], ["1", "6", "6", "1/1", "1/1", "0"], "{told}");
    let found = desk.json(&["timing", "--json"]);
    let total = &found["total"];
    assert_eq!((&total["decided"], &total["open"]), (&2.into(), &0.into()));
    assert_eq!(total["days"]["total"]["median"], 5);
    let rows = |by: &str| {
        let found = desk.json(&["timing", "--by", by, "--json"]);
        found["rows"].as_array().unwrap().len()
    };
    assert_eq!((rows("matter"), rows("unit"), rows("office")), (2, 1, 2));
    assert!(desk.refused(&["timing", "--by", "moon"]).contains("moon"));
    assert!(!desk.refused(&["timing", "--unit", "999"]).is_empty());
}

fn process(desk: &Desk) {
    let told = desk.done(&["process"]);
    assert!(told.contains("案例 2 个，事件 6 条"), "{told}");
    // Two matters, each received, accepted and granted.
    assert_eq!(line(&told, "收件")[..3], ["收件", "受理", "2"], "{told}");
    let told = desk.done(&["process", "--projects", "--top", "1"]);
    assert!(told.contains("案例 1 个，事件 2 条"), "{told}");
    let found = desk.json(&["process", "--json"]);
    assert_eq!(found["graph"]["steps"][0]["count"], 2);
    assert!(!desk.refused(&["process", "--unit", "999"]).is_empty());
}

fn what_if(desk: &Desk) {
    let found = desk.json(&["what-if", "--json"]);
    assert_eq!(
        (&found["cases"], &found["asked"]),
        (&1.into(), &Value::Null)
    );
    let cuts = found["cuts"].as_array().unwrap();
    let first = &cuts[0];
    let name = first["change"]["name"].as_str().unwrap();
    let told = desk.done(&["what-if"]);
    let printed = line(&told, name.split(['（', ' ']).next().unwrap());
    assert_eq!(
        printed[1..],
        ["1", &first["days"].to_string(), "100000"],
        "{told}"
    );
    // Land and stability are decided, so a cut of them frees nothing; the permit is still to come.
    let days = |matter: &str| {
        let cut = ["what-if", "--matter", matter, "--days", "3", "--json"];
        let asked = &desk.json(&cut)["asked"];
        (
            asked["cases"].as_u64().unwrap(),
            asked["days"].as_i64().unwrap(),
        )
    };
    assert_eq!((days("A17"), days("A05")), ((0, 0), (0, 0)));
    let (cases, freed) = days(first["change"]["matter"].as_str().unwrap());
    assert_eq!(cases, 1);
    assert!((1..=3).contains(&freed), "{freed}");
    let refused = desk.refused(&["what-if", "--matter", "A99"]);
    assert!(refused.contains("A99"), "{refused}");
}

fn logs(desk: &Desk) {
    for (file, more, cases, events) in [
        ("acts.xes", &[][..], 2, 6),
        ("acts.xes.gz", &[][..], 2, 6),
        ("acts.jsonocel", &["--object", "matter"][..], 2, 6),
        ("projects.xes", &[][..], 1, 2),
    ] {
        let mut export = vec!["export", file];
        export.extend((file == "projects.xes").then_some("--projects"));
        let told = desk.done(&export);
        let counts = format!("案例 {cases} 个，事件 {events} 条");
        assert!(told.contains(&counts), "{told}");
        let analyse = [&["analyse", file, "--json"], more].concat();
        let found = desk.json(&analyse);
        assert_eq!(
            (&found["cases"], &found["events"]),
            (&cases.into(), &events.into()),
            "{file}"
        );
    }
    let refused = desk.refused(&["export", "acts.doc"]);
    assert!(refused.contains("acts.doc"), "{refused}");
    assert!(!desk.folder.path().join("acts.doc").exists());
    desk.refused(&["export", "none.xes", "--unit", "999"]);
    assert!(!desk.folder.path().join("none.xes").exists());
}

fn reminders(desk: &Desk) {
    let told = desk.json(&["remind", "--as-of", "2026-01-14", "--json"]);
    assert_eq!(told["due_dates_moved"], 0);
    let again = desk.done(&["remind", "--as-of", "2026-01-14"]);
    assert!(again.contains("发出提醒 0 条"), "each once: {again}");
}

#[test]
fn the_record_is_told_tried_and_taken_out_on_sqlite() {
    the_record_is_told_tried_and_taken_out(Empty::sqlite().address());
}

#[test]
fn the_record_is_told_tried_and_taken_out_on_postgres() {
    let empty = gangmu_testkit::block_on(Empty::postgres());
    the_record_is_told_tried_and_taken_out(empty.address());
}
