//! The rules of ARCHITECTURE.md, executed: they read the workspace, its sources and its documents.
//!
//! A rule that cannot be checked by reading text is not here; the compiler or another test has it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// All files below a folder with an ending, by their path from the root.
fn files(folder: &str, ending: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn source(crate_name: &str) -> BTreeMap<String, String> {
    files(&format!("crates/{crate_name}/src"), "rs")
}

#[test]
fn crates_depend_only_downwards() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("gangmu-calendar", &[][..]),
        ("gangmu-analysis", &[]),
        ("gangmu-exchange", &[]),
        ("gangmu-domain", &["gangmu-calendar"]),
        ("gangmu-store", &["gangmu-calendar", "gangmu-domain"]),
        (
            "gangmu-app",
            &[
                "gangmu-analysis",
                "gangmu-calendar",
                "gangmu-domain",
                "gangmu-exchange",
                "gangmu-store",
            ],
        ),
        ("gangmu-web", &["gangmu-app"]),
        ("gangmu", &["gangmu-app", "gangmu-web"]),
    ]);
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    for package in &metadata.packages {
        let Some(allowed) = allowed.get(package.name.as_str()) else {
            continue;
        };
        for dependency in &package.dependencies {
            let ours = dependency.name.starts_with("gangmu");
            assert!(
                !ours
                    || dependency.kind != DependencyKind::Normal
                    || allowed.contains(&dependency.name.as_str()),
                "{} may not depend on {}",
                package.name,
                dependency.name
            );
        }
    }
}

#[test]
fn only_the_store_knows_sql_and_seaorm() {
    for name in [
        "analysis", "calendar", "domain", "exchange", "app", "web", "cli",
    ] {
        let manifest = read(&format!("crates/{name}/Cargo.toml"));
        assert!(
            !manifest.contains("sea-orm") && !manifest.contains("sqlx"),
            "{name}"
        );
        for (path, text) in source(name) {
            for words in ["SELECT ", "INSERT INTO", "DELETE FROM", " SET version"] {
                assert!(!text.contains(words), "{path} holds SQL: {words}");
            }
        }
    }
}

#[test]
fn notices_are_written_in_one_place() {
    for (path, text) in source("app") {
        assert!(
            !text.contains("notice_insert(") || path.ends_with("notices/tell.rs"),
            "{path} writes a notice past `App::notify`: nobody would find it in their inbox"
        );
    }
}

#[test]
fn pure_crates_do_no_io_and_never_ask_for_the_time() {
    for name in ["analysis", "calendar", "domain", "exchange"] {
        for (path, text) in source(name) {
            for words in [
                "async fn", "std::fs", "std::net", "std::env", "tokio", "::now()",
            ] {
                assert!(!text.contains(words), "{path}: {words}");
            }
        }
    }
}

#[test]
fn money_and_rules_hold_no_floats() {
    for name in ["domain", "store", "app"] {
        for (path, text) in source(name) {
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            for line in code {
                assert!(
                    !line.contains("f64") && !line.contains("f32"),
                    "{path}: {line}"
                );
            }
        }
    }
}

#[test]
fn domain_types_are_not_serialisable() {
    let manifest = read("crates/domain/Cargo.toml");
    assert!(!manifest.contains("serde"));
}

#[test]
fn each_capability_has_its_module_in_each_layer() {
    for capability in [
        "library",
        "pipeline",
        "dispatch",
        "metrics",
        "organisation",
        "approvals",
        "problems",
        "notices",
        "winter",
        "plans",
        "liaison",
        "meetings",
        "supervision",
    ] {
        for layer in ["domain", "store", "app"] {
            let folder = root().join(format!("crates/{layer}/src/{capability}"));
            let file = root().join(format!("crates/{layer}/src/{capability}.rs"));
            assert!(
                folder.is_dir() || file.is_file(),
                "{layer} has no {capability}"
            );
        }
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    for name in [
        "analysis", "calendar", "domain", "exchange", "store", "app", "web", "cli", "testkit",
    ] {
        for (path, text) in source(name) {
            assert!(text.starts_with("//!"), "{path} does not open with //!");
        }
    }
}

/// Paths in backticks that look like files of this tree exist.
#[test]
fn paths_named_in_the_documents_exist() {
    let mut documents = files("docs", "md");
    for name in [
        "ARCHITECTURE.md",
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
    ] {
        documents.insert(name.to_owned(), read(name));
    }
    let roots = ["crates/", "data/", "docs/", "tools/", "web-assets/", "e2e/"];
    for (document, text) in documents {
        for part in text.split('`').skip(1).step_by(2) {
            let path = part.trim_end_matches('/');
            let is_path = roots.iter().any(|start| part.starts_with(start));
            if is_path && !path.contains(['*', ' ', '{', '<']) && !path.contains("dist") {
                assert!(root().join(path).exists(), "{document} names {part}");
            }
        }
    }
}

/// The Chinese term that ends the first line of a doc comment, with the name it documents.
fn terms(text: &str) -> Vec<(String, String)> {
    let mut terms = Vec::new();
    let mut first: Option<&str> = None;
    for line in text.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            first = first.or(Some(doc.trim()));
            continue;
        }
        if line.starts_with("#[") {
            continue;
        }
        let term = first.take().and_then(|doc| {
            let (_, rest) = doc.strip_suffix(").")?.rsplit_once(" (")?;
            rest.chars()
                .next()
                .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
                .map(|_| rest.to_owned())
        });
        let name = line
            .strip_prefix("pub struct ")
            .or_else(|| line.strip_prefix("pub enum "))
            .map(|rest| {
                rest.split(|c: char| !c.is_alphanumeric())
                    .next()
                    .unwrap_or_default()
            });
        if let (Some(term), Some(name)) = (term, name) {
            terms.push((term, name.to_owned()));
        }
    }
    terms
}

#[test]
fn the_glossary_and_the_types_agree() {
    let glossary = read("docs/glossary.md");
    let rows: BTreeSet<(String, String)> = glossary
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'))
        .filter_map(|line| {
            let mut cells = line.split('|').map(str::trim).skip(1);
            let term = cells.next()?.to_owned();
            let name = cells.next()?.trim_matches('`').to_owned();
            Some((term, name))
        })
        .collect();
    let mut text = String::new();
    for name in ["domain", "calendar"] {
        for (path, source) in source(name) {
            for row in terms(&source) {
                assert!(
                    rows.contains(&row),
                    "{path}: {row:?} has no row in the glossary"
                );
            }
            text.push_str(&source);
        }
    }
    for (term, name) in rows {
        let last = name.rsplit("::").next().unwrap_or_default();
        assert!(
            text.contains(&format!("({term}).")) && text.contains(last),
            "the glossary names {term} ({name}), the sources do not"
        );
    }
}

#[test]
fn no_machine_paths_or_telephone_numbers_are_committed() {
    let mut all = files("docs", "md");
    for folder in ["crates", "data", "tools", "web-assets/src", "e2e/tests"] {
        for ending in ["rs", "toml", "csv", "md", "html", "ts", "py", "mjs"] {
            all.extend(files(folder, ending));
        }
    }
    for (path, text) in all {
        if path.ends_with("architecture.rs") {
            continue;
        }
        for words in ["/root/", "/home/", "/work/"] {
            assert!(!text.contains(words), "{path} names {words}");
        }
        // Sources hold amounts of eleven digits; a number somebody could call would stand in data.
        let mobile = !path.ends_with(".rs")
            && text.split(|c: char| !c.is_ascii_digit()).any(|digits| {
                digits.len() == 11
                    && digits.starts_with('1')
                    && !digits.starts_with("10")
                    && digits
                        .as_bytes()
                        .get(1)
                        .is_some_and(|d| (b'3'..=b'9').contains(d))
            });
        assert!(!mobile, "{path} holds what looks like a telephone number");
    }
}
