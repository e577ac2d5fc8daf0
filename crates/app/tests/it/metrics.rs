//! Roll-ups against a plain table of figures summed up here, with nothing of the cube's own code.

use std::collections::BTreeMap;

use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::metrics::{By, Rollup, RollupQuery};
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, REGION, SISTER, Tried, World, change, code, draft, period, said,
    wan, with,
};

each_engine!(
    every_cut_equals_the_sum_of_its_rows,
    an_officer_sees_only_the_departments_figures,
    a_reporter_sees_only_the_own_projects_figures,
    growth_is_against_what_was_published_a_year_before,
    last_years_figures_add_up_with_those_who_had_them_only_then,
    equal_rates_share_a_place,
    the_course_of_a_year_goes_month_by_month,
    a_unit_outside_the_scope_is_not_there,
);

/// A project as this test knows it; money in 万元.
struct Known {
    name: &'static str,
    unit: &'static str,
    department: &'static str,
    industry: &'static str,
    category: Category,
    investor: &'static str,
    total: i64,
    plan: i64,
    months: [i64; 2],
}

const fn known(
    name: &'static str,
    place: (&'static str, &'static str, &'static str),
    category: Category,
    investor: &'static str,
    money: (i64, i64),
    months: [i64; 2],
) -> Known {
    let (unit, department, industry) = place;
    let (total, plan) = money;
    Known {
        name,
        unit,
        department,
        industry,
        category,
        investor,
        total,
        plan,
        months,
    }
}

const CONTINUING: Category = Category::Continuing;
const TABLE: [Known; 8] = [
    known(
        "甲",
        (BANNER, "energy", "44"),
        CONTINUING,
        "enterprise",
        (9_000, 1_200),
        [100, 110],
    ),
    known(
        "乙",
        (BANNER, "water", "48"),
        CONTINUING,
        "government",
        (8_000, 600),
        [50, 0],
    ),
    known(
        "丙",
        (SISTER, "energy", "32"),
        Category::Completion,
        "enterprise",
        (700, 240),
        [20, 21],
    ),
    known(
        "丁",
        (LEAGUE, "", "44"),
        CONTINUING,
        "",
        (500, 120),
        [10, 12],
    ),
    known(
        "戊",
        (LEAGUE, "water", "48"),
        Category::Preparation,
        "government",
        (400, 0),
        [1, 2],
    ),
    known(
        "己",
        (ELSEWHERE, "energy", "44"),
        CONTINUING,
        "enterprise",
        (300, 36),
        [3, 4],
    ),
    known(
        "庚",
        ("150202", "transport", "48"),
        CONTINUING,
        "enterprise",
        (5_000, 840),
        [70, -5],
    ),
    known(
        "辛",
        (REGION, "", "48"),
        Category::Completion,
        "government",
        (6_000, 1_200),
        [90, 95],
    ),
];

impl Known {
    fn member(&self, by: By) -> &'static str {
        match by {
            By::Unit => self.unit,
            By::Department => self.department,
            By::Industry => self.industry,
            // As the shipped grouping prints them.
            By::Group => match self.industry {
                "44" => "energy",
                "48" => "urban",
                "32" => "industry",
                _ => "other",
            },
            By::Category => self.category.word(),
            By::Investor => self.investor,
            By::Stage => "concept",
        }
    }

    /// The codes of the units it counts in: here codes tell who stands above whom.
    fn within(&self) -> [&'static str; 3] {
        let league = if self.unit.starts_with("1505") {
            LEAGUE
        } else if self.unit.starts_with("1502") {
            ELSEWHERE
        } else {
            REGION
        };
        [REGION, league, self.unit]
    }
}

/// Enters the table and hands in January and February.
async fn entered(w: &World) -> Tried<Vec<ProjectId>> {
    let mut list = Vec::new();
    for k in &TABLE {
        let edit = with(draft(k.name), Field::Unit, code(k.unit));
        let edit = with(edit, Field::Department, code(k.department));
        let edit = with(edit, Field::Industry, code(k.industry));
        let edit = with(edit, Field::InvestorType, code(k.investor));
        let edit = with(edit, Field::TotalInvestment, wan(k.total));
        list.push((w.enter(&edit).await?, k.category, k.plan));
    }
    w.adopt(2025, &list).await?;
    let ids: Vec<ProjectId> = list.iter().map(|(id, ..)| *id).collect();
    for (nth, month) in ["2025-01", "2025-02"].into_iter().enumerate() {
        w.open(month).await?;
        for (id, k) in ids.iter().zip(&TABLE) {
            let mut typed = crate::support::figures(month, k.months[nth]);
            typed.correction_reason = "核减".to_owned();
            for check in ["sudden_jump", "unit_slip", "working_without_money"] {
                typed
                    .explanations
                    .insert(check.to_owned(), "属实".to_owned());
            }
            w.submit_figures(month, *id, typed).await?;
        }
    }
    Ok(ids)
}

/// Projects, total, plan, February and year to date, in 万元.
type Sums = [i64; 5];

fn sum(rows: &[&Known]) -> Sums {
    rows.iter().fold([0; 5], |sum, k| {
        let year = k.months[0] + k.months[1];
        let [n, total, plan, month, to_date] = sum;
        [
            n + 1,
            total + k.total,
            plan + k.plan,
            month + k.months[1],
            to_date + year,
        ]
    })
}

fn sums_of(measures: &BTreeMap<&'static str, i64>) -> Sums {
    [
        measures["projects"],
        measures["total_investment"] / 10_000,
        measures["annual_plan"] / 10_000,
        measures["month_investment"] / 10_000,
        measures["year_to_date"] / 10_000,
    ]
}

async fn rollup(w: &World, actor: &Actor, unit: &str, by: By) -> Result<Rollup, AppError> {
    let query = RollupQuery {
        period: Some(period("2025-02")),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        by,
        edition: Edition::Current,
    };
    w.app.rollup(actor, &query).await
}

/// Compares a roll-up with the rows of the table that a predicate admits.
async fn check(w: &World, actor: &Actor, unit: &str, admits: impl Fn(&Known) -> bool) -> Outcome {
    let rows: Vec<&Known> = TABLE
        .iter()
        .filter(|k| k.within().contains(&unit) && admits(k))
        .collect();
    for by in By::ALL {
        let mut wanted: BTreeMap<&str, Vec<&Known>> = BTreeMap::new();
        for k in &rows {
            let member = match by {
                // The unit directly below, or the unit itself for its own projects (本级).
                By::Unit if k.unit == unit => unit,
                By::Unit if unit == REGION => k.within()[1],
                _ => k.member(by),
            };
            wanted.entry(member).or_default().push(k);
        }
        let wanted: BTreeMap<&str, Sums> = wanted.into_iter().map(|(m, r)| (m, sum(&r))).collect();
        let rollup = rollup(w, actor, unit, by).await?;
        let found: BTreeMap<&str, Sums> = rollup
            .rows
            .iter()
            .map(|row| (row.key.as_str(), sums_of(&row.measures)))
            .collect();
        assert_eq!(found, wanted, "{unit} by {}", by.word());
        assert_eq!(sums_of(&rollup.total.measures), sum(&rows), "{unit} in all");
    }
    Ok(())
}

async fn every_cut_equals_the_sum_of_its_rows(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    entered(&w).await?;
    for unit in [REGION, LEAGUE, ELSEWHERE, BANNER, SISTER] {
        check(&w, &w.system, unit, |_| true).await?;
    }
    let region = rollup(&w, &w.system, "", By::Unit).await?;
    assert_eq!(region.rows[0].name, "内蒙古本级");
    assert_eq!(region.rows[0].key, REGION);
    w.sound().await
}

async fn an_officer_sees_only_the_departments_figures(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    entered(&w).await?;
    for (unit, department) in [(REGION, "energy"), (REGION, "water"), (LEAGUE, "energy")] {
        let officer = w.person(Role::Officer, unit, department).await?;
        check(&w, &officer, unit, |k| k.department == department).await?;
    }
    let both = w.person(Role::Officer, ELSEWHERE, "energy").await?;
    let second = Some("transport");
    let (user, unit) = (both.user, ELSEWHERE);
    w.app
        .post_give(&w.system, user, Role::Officer, unit, second)
        .await?;
    let both = w.app.actor(user).await?;
    check(&w, &both, ELSEWHERE, |_| true).await
}

async fn a_reporter_sees_only_the_own_projects_figures(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = entered(&w).await?;
    let reporter = w.person(Role::Reporter, LEAGUE, "").await?;
    for (id, k) in ids.iter().zip(&TABLE) {
        if ["甲", "丁"].contains(&k.name) {
            w.app
                .project_assign(&w.system, *id, Some(reporter.user))
                .await?;
        }
    }
    let own = |k: &Known| ["甲", "丁"].contains(&k.name);
    check(&w, &reporter, LEAGUE, own).await?;
    check(&w, &reporter, BANNER, own).await?;
    check(&w, &reporter, SISTER, own).await?;
    let progress = w
        .app
        .period_progress(&reporter, period("2025-02"), None)
        .await?;
    let shown: Vec<(&str, i64)> = progress
        .iter()
        .map(|p| (p.unit.code.as_str(), p.projects))
        .collect();
    assert_eq!(shown, [(LEAGUE, 2), (BANNER, 1)]);
    Ok(())
}

async fn last_years_figures_add_up_with_those_who_had_them_only_then(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let farm = with(draft("甲"), Field::Industry, code("01"));
    let a = w.enter(&farm).await?;
    let b = w
        .enter(&with(draft("乙"), Field::Unit, code(ELSEWHERE)))
        .await?;
    w.adopt(2024, &[(a, CONTINUING, 1_200)]).await?;
    w.adopt(2025, &[(b, Category::Completion, 1_200)]).await?;
    w.open("2024-02").await?;
    w.submit("2024-02", a, 100).await?;
    w.close("2024-02").await?;
    w.open("2025-02").await?;
    w.submit("2025-02", b, 50).await?;
    for by in By::ALL {
        let found = rollup(&w, &w.system, "", by).await?;
        let before = |row: &gangmu_app::metrics::RollupRow| {
            row.year_before
                .as_ref()
                .map_or(0, |old| old["year_to_date"])
        };
        let sum: i64 = found.rows.iter().map(before).sum();
        assert_eq!(before(&found.total), 1_000_000);
        assert_eq!(sum, 1_000_000, "{}: {:?}", by.word(), found.rows);
        let now = found.rows.iter().map(|row| row.measures["year_to_date"]);
        assert_eq!(now.sum::<i64>(), 500_000, "{}", by.word());
    }
    let units = rollup(&w, &w.system, "", By::Unit).await?;
    let keys: Vec<&str> = units.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys, [ELSEWHERE, LEAGUE], "the official order");
    let gone = &units.rows[1];
    assert_eq!((gone.rank, gone.measures["projects"]), (None, 0));
    Ok(())
}

async fn growth_is_against_what_was_published_a_year_before(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let a = w.enter(&draft("甲")).await?;
    let b = w
        .enter(&with(draft("乙"), Field::Unit, code(ELSEWHERE)))
        .await?;
    w.adopt(2024, &[(a, CONTINUING, 1_200)]).await?;
    w.adopt(2025, &[(a, CONTINUING, 1_200), (b, CONTINUING, 1_200)])
        .await?;
    w.open("2024-02").await?;
    w.submit("2024-02", a, 100).await?;
    w.close("2024-02").await?;
    let version = w.filed("2024-02", a).await?.filed.version;
    let mut corrected = crate::support::figures("2024-02", 150);
    corrected.correction_reason = "更正".to_owned();
    let month = period("2024-02");
    w.app
        .return_correct(&w.system, month, (a, version), corrected)
        .await?;
    w.open("2025-02").await?;
    w.submit("2025-02", a, 107).await?;
    w.submit("2025-02", b, 50).await?;
    let found = rollup(&w, &w.system, "", By::Unit).await?;
    let rate = |row: &gangmu_app::metrics::RollupRow| {
        let rate = row.year_on_year.expect("a year before").ratio();
        rate.percent(1).unwrap_or("none".to_owned())
    };
    assert_eq!(rate(&found.total), "57.0");
    let rows: Vec<(&str, String)> = found
        .rows
        .iter()
        .map(|row| (row.key.as_str(), rate(row)))
        .collect();
    assert_eq!(
        rows,
        [(ELSEWHERE, "none".to_owned()), (LEAGUE, "7.0".to_owned())]
    );
    let before = found.total.year_before.expect("a year before");
    assert_eq!(
        before["year_to_date"], 1_000_000,
        "as published, not as corrected"
    );
    // Where last year has no published month there is nothing to compare with.
    let query = RollupQuery {
        period: Some(period("2024-02")),
        unit: None,
        by: By::Unit,
        edition: Edition::Current,
    };
    let first = w.app.rollup(&w.system, &query).await?;
    assert_eq!(first.total.year_on_year, None);
    assert_eq!(first.total.measures["year_to_date"], 1_500_000);
    let published = RollupQuery {
        edition: Edition::Published,
        ..query
    };
    let first = w.app.rollup(&w.system, &published).await?;
    assert_eq!(first.total.measures["year_to_date"], 1_000_000);
    w.sound().await
}

async fn equal_rates_share_a_place(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let places = [
        ("150502", 1_200, 120),
        ("150521", 600, 60),
        ("150522", 600, 90),
        ("150523", 0, 5),
        ("150524", 300, 3),
    ];
    let mut list = Vec::new();
    for (unit, plan, _) in places {
        let edit = with(draft(unit), Field::Unit, code(unit));
        list.push((w.enter(&edit).await?, CONTINUING, plan));
    }
    w.adopt(2025, &list).await?;
    w.open("2025-02").await?;
    for ((id, ..), (.., done)) in list.iter().zip(places) {
        let mut typed = crate::support::figures("2025-02", done);
        typed
            .explanations
            .insert("sudden_jump".to_owned(), "属实".to_owned());
        w.submit_figures("2025-02", *id, typed).await?;
    }
    let found = rollup(&w, &w.system, LEAGUE, By::Unit).await?;
    let ranks: Vec<(&str, Option<usize>)> = found
        .rows
        .iter()
        .map(|row| (row.key.as_str(), row.rank))
        .collect();
    assert_eq!(
        ranks,
        [
            ("150502", Some(2)),
            ("150521", Some(2)),
            ("150522", Some(1)),
            ("150523", None),
            ("150524", Some(4))
        ]
    );
    Ok(())
}

async fn the_course_of_a_year_goes_month_by_month(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = entered(&w).await?;
    let course = w
        .app
        .rollup_course(&w.system, Some(LEAGUE), period("2025-02"))
        .await?;
    let found: Vec<(&str, i64)> = course
        .iter()
        .map(|row| (row.key.as_str(), row.measures["year_to_date"] / 10_000))
        .collect();
    assert_eq!(found, [("2025-01", 181), ("2025-02", 326)]);
    // Moving a project moves its open months with it.
    let away = change(Field::Unit, code(ELSEWHERE));
    w.app.project_edit(&w.system, ids[0], None, &away).await?;
    let league = rollup(&w, &w.system, LEAGUE, By::Unit).await?;
    assert_eq!(league.total.measures["year_to_date"], 1_160_000);
    w.sound().await
}

async fn a_unit_outside_the_scope_is_not_there(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    entered(&w).await?;
    let clerk = w.clerk(LEAGUE).await?;
    for (unit, wanted) in [
        ("", "ok"),
        (BANNER, "ok"),
        (REGION, "no such unit"),
        (ELSEWHERE, "no such unit"),
        ("999999", "no such unit"),
    ] {
        let told = rollup(&w, &clerk, unit, By::Unit).await;
        assert_eq!(said(&told), wanted, "{unit}");
    }
    let admin = w.person(Role::SystemAdministrator, REGION, "").await?;
    let told = rollup(&w, &admin, "", By::Unit).await;
    assert_eq!(
        said(&told),
        "refused read: reporter, clerk, officer, approver, leader, supervisor, auditor"
    );
    Ok(())
}
