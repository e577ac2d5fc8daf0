//! No public function without a test, no test file that is never compiled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

fn texts(folder: &str) -> Vec<(PathBuf, String)> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a source file");
            (path, text)
        })
        .collect()
}

/// The names of functions called in a text: what stands before `(`, letters and `_` only.
fn called(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices('(')
        .filter_map(|(at, _)| text.get(..at)?.rsplit(|c| !is_name(c)).next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_public_function_is_called_by_a_test() {
    let called: BTreeSet<String> = texts("tests/it")
        .iter()
        .flat_map(|(_, text)| called(text))
        .collect();
    let public: Vec<String> = texts("src")
        .iter()
        .flat_map(|(_, text)| {
            text.match_indices("pub async fn ")
                .filter_map(|(at, found)| text.get(at + found.len()..)?.split(['(', '<']).next())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(public.len() > 70, "the sources were not understood");
    let forgotten: Vec<&String> = public.iter().filter(|f| !called.contains(*f)).collect();
    assert!(forgotten.is_empty(), "never called: {forgotten:?}");
}

#[test]
fn every_test_file_is_compiled() {
    let main = include_str!("main.rs");
    for (path, _) in texts("tests/it") {
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name");
        assert!(
            stem == "main" || main.contains(&format!("mod {stem};")),
            "main.rs does not name {stem}"
        );
    }
}
