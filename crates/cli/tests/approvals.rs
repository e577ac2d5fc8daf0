//! `gangmu approvals` from outside: what is printed, and what a bad file gets.

use std::path::Path;
use std::process::{Command, Output};

const LOG: &str = "\
case:concept:name,case:deadline,case:enddate,concept:name,time:timestamp
A,2026-03-10 18:00:00Z,2026-03-09 17:00:00Z,受理,2026-03-02 09:00:00Z
A,,,决定,2026-03-09 17:00:00Z
B,2026-03-10 18:00:00Z,2026-03-13 18:00:00Z,受理,2026-03-02 09:00:00Z
";

fn gangmu(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gangmu"))
        .arg("approvals")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_log_is_analysed_without_a_database_and_written_as_another_kind() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("log.csv"), LOG).unwrap();
    for file in ["log.csv", "log.xes.gz", "log.jsonocel"] {
        if file != "log.csv" {
            let written = gangmu(folder.path(), &["convert", "log.csv", file]);
            assert!(written.status.success(), "{}", said(&written.stderr));
        }
        let told = gangmu(folder.path(), &["analyse", file]);
        let told = said(&told.stdout);
        assert!(told.contains("案例 2 个，事件 3 条，环节 2 种"), "{told}");
        assert!(
            told.contains("有期限的已办结 2 个中超期 1 个，按期率 50.0%"),
            "{told}"
        );
    }
    let json = gangmu(folder.path(), &["analyse", "log.csv", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&json["cases"], &json["deadlines"]["late"]),
        (&2.into(), &1.into())
    );
    assert!(!folder.path().join("gangmu-data").exists());
}

#[test]
fn a_bad_log_is_refused_with_its_name_and_the_reason_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = "<!DOCTYPE log [<!ENTITY a \"aaaa\">]><log/>";
    std::fs::write(folder.path().join("bomb.xes"), bomb).unwrap();
    for arguments in [
        ["analyse", "bomb.xes", "--json"],
        ["convert", "bomb.xes", "out.xes"],
    ] {
        let refused = gangmu(folder.path(), &arguments);
        let told = said(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2));
        assert!(
            told.contains("bomb.xes") && told.contains("DOCTYPE"),
            "{told}"
        );
    }
    assert!(!folder.path().join("out.xes").exists());
    let unnamed = gangmu(folder.path(), &["convert", "bomb.xes", "out.doc"]);
    assert!(said(&unnamed.stderr).contains("out.doc"));
}
