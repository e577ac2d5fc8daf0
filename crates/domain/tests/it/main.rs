//! The rules of the domain against published figures, whole tables and random data.
//!
//! Tables that a person should read stand beside as text files. `UPDATE_GOLDEN=1` rewrites
//! `permissions.txt`, `INSTA_UPDATE=always` the snapshots; read the difference before committing.

mod approval_course;
mod approval_plan;
mod bridge;
mod checks;
mod codes;
mod gates;
mod lights;
mod meetings;
mod money;
mod notices;
mod permissions;
mod plans;
mod position;
mod published;
mod record;
mod returns;
mod stages;
mod supervision;
mod units;
mod winter;

use gangmu_domain::Period;
use gangmu_domain::metrics::Coordinates;
use gangmu_domain::organisation::UnitPath;
use gangmu_domain::pipeline::{Category, Stage};
use jiff::civil::Date;

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A banner's project that counts in this category.
fn coordinates(category: Category) -> Coordinates {
    let region = UnitPath::root("150000").unwrap();
    let league = region.child("150500").unwrap();
    Coordinates {
        unit: league.child("150502").unwrap(),
        department: None,
        industry: "44".to_owned(),
        category,
        investor: "enterprise".to_owned(),
        stage: Stage::Implementation,
    }
}

#[test]
fn every_file_here_is_a_module() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let main = include_str!("main.rs");
    for file in std::fs::read_dir(here).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs").filter(|m| *m != "main") {
            assert!(
                main.contains(&format!("mod {module};")),
                "{name} is forgotten"
            );
        }
    }
}
