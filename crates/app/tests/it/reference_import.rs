//! Reference files that an administrator brings: wrong ones change nothing, and any country fits.

use std::sync::Arc;

use gangmu_app::domain::library::Field;
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::organisation::UnitPath;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::metrics::{By, RollupQuery};
use gangmu_app::{Actor, Reference, ReferenceKind};
use gangmu_store::{Db, policies};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{World, app, code, day, draft, period, said, with};

each_engine!(
    a_wrong_file_changes_nothing_and_says_everything,
    a_right_file_adds_and_renames,
    the_tree_of_another_country_loads_and_rolls_up,
    a_year_the_calendar_lacks_names_the_file,
    a_policy_applies_from_its_day_on,
    what_one_process_loads_another_notices_within_a_second,
);

const HEAD: &str = "code,name,parent_code,level,short_name,name_en\n";

async fn a_wrong_file_changes_nothing_and_says_everything(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let before = w.app.unit_tree(&w.system).await?;
    let regions = format!(
        "{HEAD}150590,新区,150500,zone,,\n\
         150591,无上级,999999,banner,,\n\
         150592,无级别,150500,village,,\n\
         150593,短行\n\
         ,无代码,150500,zone,,\n\
         150/94,坏代码,150500,zone,,\n\
         150590,重复,150500,zone,,\n\
         150502,科尔沁区,150200,banner,,\n"
    );
    let departments = "code,name,short_name,name_en\nocean,海洋局,海洋局,\n,无名,,\nocean,又,又,\n";
    let industries = "code,name,parent_code,level\n99,占卜,Z,division\n98,,A,division\n";
    let rows = [
        (
            ReferenceKind::Regions,
            regions.as_str(),
            "reference.unknown_parent at 3 (999999)|reference.unknown_level at 4 (village)|\
             reference.bad_line at 5|reference.nameless at 6|reference.bad_code at 6|\
             reference.bad_code at 7 (150/94)|reference.repeated_code at 8 (150590)|\
             reference.moved at 9 (150502)",
        ),
        (ReferenceKind::Regions, HEAD, "reference.empty at 1"),
        (ReferenceKind::Regions, "", "reference.empty at 1"),
        (
            ReferenceKind::Departments,
            departments,
            "reference.nameless at 3|reference.repeated_code at 4 (ocean)",
        ),
        (
            ReferenceKind::Industries,
            industries,
            "reference.unknown_parent at 2 (Z)|reference.nameless at 3 (98)",
        ),
        (
            ReferenceKind::Calendar,
            "date,kind,name\n2027-13-01,off,元旦\n2027-01-02,holiday,元旦\n",
            "reference.bad_file at calendar",
        ),
        (
            ReferenceKind::Gates,
            "[[gate]]\nto = \"nowhere\"",
            "reference.bad_file at gates",
        ),
        (
            ReferenceKind::Lights,
            "active = 1",
            "reference.bad_file at lights",
        ),
        (
            ReferenceKind::Groupings,
            "x = 1",
            "reference.bad_file at groupings",
        ),
        (
            ReferenceKind::Dispatch,
            "",
            "reference.bad_file at dispatch",
        ),
        (
            ReferenceKind::Admission,
            "active = \"x\"",
            "reference.bad_file at admission",
        ),
        (
            ReferenceKind::Synonyms,
            "= =",
            "reference.bad_file at synonyms",
        ),
    ];
    for (kind, body, wanted) in rows {
        let loaded = w
            .app
            .reference_import(&w.system, kind, body, day("2025-01-06"))
            .await;
        let told = said(&loaded);
        let mut rest = told.as_str();
        for message in wanted.split('|') {
            let at = rest.find(message);
            let at = at.unwrap_or_else(|| panic!("{message} is missing in: {told}"));
            rest = &rest[at + message.len()..];
        }
    }
    assert_eq!(w.app.unit_tree(&w.system).await?, before);
    assert_eq!(policies::policy_list(db).await?, vec![]);
    let reference = w.app.reference().await?;
    assert!(reference.department_by_any_name("ocean").is_none());
    assert_eq!(reference.gates.len(), 5);
    Ok(())
}

async fn a_right_file_adds_and_renames(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let regions =
        format!("\u{feff}{HEAD}150590,通辽新区,150500,zone,,\n150502,科尔沁新区,150500,banner,,\n");
    let load = async |kind, body: &str| {
        let today = day("2025-01-06");
        w.app.reference_import(&w.system, kind, body, today).await
    };
    load(ReferenceKind::Regions, &regions).await?;
    load(ReferenceKind::Regions, &regions).await?;
    let departments = "code,name,short_name,name_en\nocean,海洋局,海洋局,\nenergy,能源厅,能源厅,\n";
    let energy = |reference: &gangmu_app::Reference| {
        let found = reference.department_by_any_name("energy");
        found.expect("energy").department_id
    };
    let before = energy(w.app.reference().await?.as_ref());
    load(ReferenceKind::Departments, departments).await?;
    let reference = w.app.reference().await?;
    assert_eq!(energy(&reference), before, "renamed, not replaced");
    assert!(reference.department_by_any_name("海洋局").is_some());
    let water = reference.department_by_any_name("水利厅");
    assert!(water.is_some(), "nothing is removed");
    let below = reference.department_by_any_name("水利局");
    assert_eq!(below, water, "as leagues and banners call it");
    let name = |code| reference.unit_by_code(code).map(|u| u.name.as_str());
    assert_eq!(name("150502"), Some("科尔沁新区"));
    assert_eq!(name("150590"), Some("通辽新区"));
    let league = reference.unit_by_code("150500").expect("a unit");
    assert_eq!(reference.children(&league.path).len(), 10);
    w.enter(&with(draft("甲"), Field::Unit, code("150590")))
        .await?;
    Ok(())
}

/// Country, regione, provincia, comune.
const ITALY: &str = "IT,Italia,,region,,Italy\n\
    IT.01,Piemonte,IT,league,,Piedmont\n\
    IT.03,Lombardia,IT,league,,Lombardy\n\
    IT.01.TO,Torino,IT.01,banner,,Turin\n\
    IT.03.MI,Milano,IT.03,banner,,Milan\n\
    IT.03.BG,Bergamo,IT.03,banner,,Bergamo\n\
    IT.01.TO.L219,Torino (comune),IT.01.TO,banner,,\n\
    IT.03.MI.F205,Milano (comune),IT.03.MI,banner,,\n\
    IT.03.MI.F704,Monza,IT.03.MI,banner,,\n";

async fn the_tree_of_another_country_loads_and_rolls_up(db: &Db) -> Outcome {
    let (app, clock) = app(db);
    let system = Actor::system(UnitPath::root("IT")?);
    let tree = format!("{HEAD}{ITALY}");
    app.reference_import(&system, ReferenceKind::Regions, &tree, day("2025-01-06"))
        .await?;
    assert_eq!(app.system().await?.posts(), system.posts());
    let w = World {
        app,
        db: db.clone(),
        clock,
        system,
    };
    let mut list = Vec::new();
    let places = [
        ("Scuola", "IT.01.TO.L219", 100),
        ("Ospedale", "IT.03.MI.F205", 200),
        ("Ponte", "IT.03.MI.F704", 300),
        ("Strada", "IT.03.MI", 400),
        ("Ferrovia", "IT.03", 500),
        ("Rete", "IT.03.BG", 600),
    ];
    for (name, unit, plan) in places {
        let mut edit = with(draft(name), Field::Unit, code(unit));
        // No industries are loaded.
        edit.fields.remove(&Field::Industry);
        list.push((w.enter(&edit).await?, Category::Continuing, plan));
    }
    w.adopt(2025, &list).await?;
    w.open("2025-01").await?;
    let rows = [
        (None, "IT.01 100, IT.03 2000"),
        (Some("IT.03"), "IT.03 500, IT.03.MI 900, IT.03.BG 600"),
        (
            Some("IT.03.MI"),
            "IT.03.MI 400, IT.03.MI.F205 200, IT.03.MI.F704 300",
        ),
        (Some("IT.03.MI.F704"), "IT.03.MI.F704 300"),
    ];
    for (unit, wanted) in rows {
        let query = RollupQuery {
            period: Some(period("2025-01")),
            unit: unit.map(str::to_owned),
            by: By::Unit,
            edition: Edition::Current,
        };
        let rollup = w.app.rollup(&w.system, &query).await?;
        let found: Vec<String> = rollup
            .rows
            .iter()
            .map(|r| format!("{} {}", r.key, r.measures["annual_plan"] / 10_000))
            .collect();
        assert_eq!(found.join(", "), wanted);
    }
    // A return climbs by the levels of the units, however deep the tree.
    w.submit("2025-01", list[2].0, 10).await?;
    let comune = w.clerk("IT.03.MI.F704").await?;
    let regione = w.clerk("IT.03").await?;
    for (at, clerk) in [&comune, &regione, &w.system].into_iter().enumerate() {
        let version = w.filed("2025-01", list[2].0).await?.filed.version;
        let seen = [(list[2].0, version)];
        let done = w.app.returns_review(clerk, period("2025-01"), &seen).await;
        assert_eq!(said(&done), "ok", "review {at}");
    }
    w.sound().await
}

async fn a_year_the_calendar_lacks_names_the_file(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.open("2026-11").await?;
    let lacking = w.app.period_open(&w.system, period("2026-12")).await;
    let told = said(&lacking);
    assert!(told.starts_with("reference calendar: "), "{told}");
    assert!(told.contains("2027") && told.contains("cn"), "{told}");
    assert_eq!(w.app.period_list().await?.len(), 1);
    // With the year loaded it opens.
    let shipped = include_str!("../../../../data/calendar/cn.csv");
    let more = format!("{shipped}2027-01-01,off,元旦\n");
    let (kind, today) = (ReferenceKind::Calendar, day("2025-01-06"));
    w.app
        .reference_import(&w.system, kind, &more, today)
        .await?;
    w.open("2026-12").await?;
    assert_eq!(w.app.period_list().await?[0].due_on, "2027-01-08");
    Ok(())
}

async fn a_policy_applies_from_its_day_on(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let shipped = include_str!("../../../../data/policies/dispatch.toml");
    let sooner = shipped.replace("working_day = 5", "working_day = 3");
    assert_ne!(sooner, shipped);
    let kind = ReferenceKind::Dispatch;
    w.app
        .reference_import(&w.system, kind, &sooner, day("2025-03-01"))
        .await?;
    w.open("2025-01").await?;
    w.on("2025-03-01");
    w.open("2025-02").await?;
    let due: Vec<String> = w
        .app
        .period_list()
        .await?
        .into_iter()
        .map(|p| p.due_on)
        .collect();
    assert_eq!(due, ["2025-03-05", "2025-02-10"]);
    let clerk = w.clerk("150500").await?;
    let refused = w
        .app
        .reference_import(&clerk, kind, shipped, day("2025-01-06"))
        .await;
    assert_eq!(
        said(&refused),
        "refused manage_policies: system_administrator"
    );
    Ok(())
}

/// Two applications on one database stand for two processes: they share nothing but that.
async fn what_one_process_loads_another_notices_within_a_second(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (other, clock) = app(db);
    let zone = |reference: &Reference| reference.unit_by_code("150590").map(|u| u.name.clone());
    let before = other.reference().await?;
    assert_eq!(zone(&before), None);
    let file = format!("{HEAD}150590,新区,150500,zone,,\n");
    let today = day("2025-01-06");
    w.app
        .reference_import(&w.system, ReferenceKind::Regions, &file, today)
        .await?;
    let own = w.app.reference().await?;
    assert_eq!(zone(&own).as_deref(), Some("新区"), "at once in its own");
    clock.advance(1);
    let noticed = other.reference().await?;
    assert_eq!(zone(&noticed).as_deref(), Some("新区"));
    assert!(!Arc::ptr_eq(&before, &noticed));
    // A policy too; and while nothing changes nothing is read again.
    let shipped = include_str!("../../../../data/policies/dispatch.toml");
    let policy = shipped.replace("working_day = 5", "working_day = 3");
    w.app
        .reference_import(&w.system, ReferenceKind::Dispatch, &policy, today)
        .await?;
    clock.advance(1);
    let changed = other.reference().await?;
    let due = |reference: &Reference| reference.due_on(period("2025-02"));
    assert_eq!(due(&noticed)?, day("2025-03-07"));
    assert_eq!(due(&changed)?, day("2025-03-05"));
    clock.advance(1);
    assert!(Arc::ptr_eq(&changed, &other.reference().await?));
    Ok(())
}
