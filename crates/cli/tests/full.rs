//! A disk that is full in the middle of an import: a clear message, and nothing half-done.

use std::path::Path;
use std::process::{Command, Output};

const ROWS: usize = 3_000;

fn shell(folder: &Path, limit: &str, arguments: &str) -> Output {
    // Writing past the limit fails like a full disk once the signal is ignored.
    let script = format!(
        "trap '' XFSZ; {limit} exec '{}' --database 'sqlite://{}' --files '{}' {arguments}",
        env!("CARGO_BIN_EXE_gangmu"),
        folder.join("g.db").display(),
        folder.join("files").display()
    );
    Command::new("sh").args(["-c", &script]).output().unwrap()
}

fn words(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn an_import_onto_a_full_disk_says_so_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("list.csv");
    let mut text = "序号,项目名称,所属区域,所属行业,投资类型,总投资（万元）\n".to_owned();
    for n in 1..=ROWS {
        text += &format!(
            "{n},第{n}号产业园区基础设施项目,科尔沁区,26,企业,{}\n",
            5_000 + n
        );
    }
    std::fs::write(&table, text).unwrap();
    let ready = shell(folder.path(), "", "migrate");
    assert!(ready.status.success(), "{}", words(&ready));
    let import = format!("import --adopt '{}'", table.display());
    // Blocks of 512 bytes: room for the schema and the uploaded table, not for what it becomes.
    let full = shell(folder.path(), "ulimit -f 3000;", &import);
    let told = words(&full);
    assert!(!full.status.success(), "{told}");
    assert!(told.contains("存储空间已满"), "{told}");
    assert!(!told.contains("已采用"), "{told}");
    let doctor = shell(folder.path(), "", "doctor");
    assert!(words(&doctor).contains("全部一致"), "{}", words(&doctor));
    let again = shell(folder.path(), "", &import);
    let told = words(&again);
    assert!(
        told.contains(&format!("已采用：新增 {ROWS}，变更 0，不变 0")),
        "{told}"
    );
}
