//! Integration tests of the exchange crate, in one binary.

mod biff;
mod calendars;
mod event_logs;
mod files;
mod hostile;
mod layouts;
mod ledgers;
mod log_fuzz;
mod object_logs;
mod profiles;
mod properties;
mod support;
mod tasks;
mod writing;

/// A module that is not named above would never run.
#[test]
fn no_test_file_is_forgotten() {
    let main = include_str!("main.rs");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        let named =
            name.starts_with('.') || module == "main" || main.contains(&format!("mod {module};"));
        assert!(named, "{name} is not a module of main.rs");
    }
}
