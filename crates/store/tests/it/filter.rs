//! Filters and scopes: who sees which rows, on the library and on a period.

use gangmu_domain::Yuan;
use gangmu_domain::dispatch::ReturnStatus;
use gangmu_domain::library::{Field, Value};
use gangmu_domain::metrics::{Band, Basis, Light, LitRange, months_late};
use gangmu_domain::organisation::{DepartmentId, Scope, UserId};
use gangmu_domain::pipeline::{Category, Stage};
use gangmu_store::Db;
use gangmu_store::dispatch::ReturnRow;
use gangmu_store::library::{self, Facet, ListBasis, ListFilter, Project};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{departments, filed, period, project, put, save, scope, unit, with};

each_engine!(
    a_scope_shows_its_part_of_the_library,
    filters_narrow_the_library,
    a_text_filter_takes_every_character_as_itself,
    facets_part_the_returns_of_a_period,
    a_light_lists_the_rows_of_its_band,
    months_late_are_counted_as_the_rules_count_them,
);

const MONTH: &str = "2025-06";

fn library_basis() -> ListBasis {
    ListBasis::Library(period(MONTH))
}

fn period_basis() -> ListBasis {
    ListBasis::Period(period(MONTH))
}

async fn ids(db: &Db, scope: &Scope, basis: ListBasis, filter: ListFilter) -> Vec<i64> {
    let found = library::project_ids(db, scope, basis, &filter).await;
    found.expect("a list")
}

async fn a_scope_shows_its_part_of_the_library(db: &Db) -> Outcome {
    let at = |id, codes: &str, department: Option<i64>, reporter: Option<i64>| Project {
        unit: unit(codes),
        department: department.map(DepartmentId),
        reporter: reporter.map(UserId),
        ..project(id, "风电")
    };
    save(
        db,
        &[
            at(1, "", None, None),
            at(2, "150500", Some(4), None),
            at(3, "150500/150502", Some(5), Some(8)),
            // A code that begins with another's must not be taken for a unit below it.
            at(4, "150500/1505021", Some(4), Some(9)),
            at(5, "1505", None, Some(8)),
        ],
    )
    .await?;
    let own = |codes: &str| ListFilter {
        own_only: Some(unit(codes)),
        ..ListFilter::default()
    };
    let of = |ids: &[i64]| ListFilter {
        departments: ids.to_vec(),
        ..ListFilter::default()
    };
    let all = ListFilter::default;
    let reporter = Scope {
        reporter: Some(UserId(8)),
        ..scope("")
    };
    for (what, scope, filter, wanted) in [
        ("the region", scope(""), all(), vec![1, 2, 3, 4, 5]),
        ("a league", scope("150500"), all(), vec![2, 3, 4]),
        ("a banner", scope("150500/150502"), all(), vec![3]),
        ("a league's own", scope("150500"), own("150500"), vec![2]),
        (
            "own outside the scope",
            scope("150500/150502"),
            own("150500"),
            vec![],
        ),
        ("a department", departments(&[4]), all(), vec![2, 4]),
        (
            "two departments",
            departments(&[4, 5]),
            all(),
            vec![2, 3, 4],
        ),
        ("no department", departments(&[]), all(), vec![]),
        ("filtered by department", scope(""), of(&[5]), vec![3]),
        ("filtered by none", scope(""), of(&[0]), vec![1, 5]),
        (
            "filtered by none or one",
            scope(""),
            of(&[0, 5]),
            vec![1, 3, 5],
        ),
        (
            "a filter outside the scope",
            departments(&[4]),
            of(&[5]),
            vec![],
        ),
        ("a reporter", reporter, all(), vec![3, 5]),
    ] {
        assert_eq!(
            ids(db, &scope, library_basis(), filter).await,
            wanted,
            "{what}"
        );
    }
    Ok(())
}

async fn filters_narrow_the_library(db: &Db) -> Outcome {
    let code = |project, field, word: &str| with(project, field, Value::Code(word.to_owned()));
    save(
        db,
        &[
            code(project(1, "风电"), Field::Industry, "44"),
            Project {
                stage: Stage::Reserve,
                ..project(2, "光伏")
            },
            Project {
                suspended: true,
                ..project(3, "水库")
            },
            code(project(4, "公路"), Field::InvestorType, "government"),
        ],
    )
    .await?;
    put(db, &[filed(1, MONTH)]).await?;
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let none = ListFilter::default;
    for (what, filter, wanted) in [
        (
            "stage",
            ListFilter {
                stages: words(&["reserve"]),
                ..none()
            },
            vec![2],
        ),
        (
            "stages",
            ListFilter {
                stages: words(&["reserve", "preparation"]),
                ..none()
            },
            vec![1, 2, 3, 4],
        ),
        (
            "industry",
            ListFilter {
                industries: words(&["44"]),
                ..none()
            },
            vec![1],
        ),
        (
            "investor",
            ListFilter {
                investors: words(&["government"]),
                ..none()
            },
            vec![4],
        ),
        (
            "category",
            ListFilter {
                categories: words(&["new_start"]),
                ..none()
            },
            vec![1],
        ),
        (
            "status",
            ListFilter {
                statuses: words(&["submitted"]),
                ..none()
            },
            vec![1],
        ),
        (
            "suspended",
            ListFilter {
                suspended_only: true,
                ..none()
            },
            vec![3],
        ),
        (
            "held up by nothing",
            ListFilter {
                troubled_only: true,
                ..none()
            },
            vec![],
        ),
        (
            "all that holds nothing",
            ListFilter {
                suspended_only: true,
                stages: words(&["reserve"]),
                ..none()
            },
            vec![],
        ),
    ] {
        assert_eq!(
            ids(db, &scope(""), library_basis(), filter).await,
            wanted,
            "{what}"
        );
    }
    Ok(())
}

async fn a_text_filter_takes_every_character_as_itself(db: &Db) -> Outcome {
    let owner = |project, owner: &str| with(project, Field::Owner, Value::Text(owner.to_owned()));
    save(
        db,
        &[
            owner(project(1, "ABC 风电 100%"), "甲公司"),
            owner(project(2, "abc_光伏"), "乙公司"),
            owner(project(3, "a\\bc 水库"), "O'Brien \"Wind\" ÉOLE"),
            owner(project(4, "1000 兆瓦"), "甲集团"),
        ],
    )
    .await?;
    let long = "风".repeat(60_000);
    for (text, wanted) in [
        ("", vec![1, 2, 3, 4]),
        ("abc", vec![1, 2]),
        ("aBC", vec![1, 2]),
        ("%", vec![1]),
        ("100%", vec![1]),
        ("_", vec![2]),
        ("c_", vec![2]),
        ("\\", vec![3]),
        ("a\\b", vec![3]),
        ("o'brien", vec![3]),
        ("\"wind\"", vec![3]),
        ("éole", vec![3]),
        ("公司 风电", vec![1]),
        ("风电　甲", vec![1]),
        ("甲", vec![1, 4]),
        ("' OR 1=1 --", vec![]),
        ("风\0电", vec![1]),
        (&long, vec![]),
    ] {
        let filter = ListFilter {
            text: text.to_owned(),
            ..ListFilter::default()
        };
        let shown: String = text.chars().take(20).collect();
        assert_eq!(
            ids(db, &scope(""), library_basis(), filter).await,
            wanted,
            "`{shown}`"
        );
    }
    Ok(())
}

/// A return of the month with its category, its month due, and whether it is at work.
fn placed(id: i64, category: Category, start_due: Option<&str>, at_work: bool) -> ReturnRow {
    let mut row = filed(id, MONTH);
    row.position.entry.coordinates.category = category;
    row.position.entry.start_due = start_due.map(period);
    row.position.month.at_work = at_work;
    row
}

async fn facets_part_the_returns_of_a_period(db: &Db) -> Outcome {
    use Category as C;
    let mut rows = vec![
        placed(1, C::NewStart, Some("2025-05"), true),
        placed(2, C::NewStart, Some("2025-06"), false),
        placed(3, C::NewStart, Some("2025-07"), false),
        placed(4, C::NewStart, None, false),
        placed(5, C::Continuing, None, true),
        placed(6, C::Completion, None, false),
        placed(7, C::Preparation, None, false),
        placed(8, C::Completion, None, true),
    ];
    rows[7].position.month.completed = true;
    rows[2].filed.status = ReturnStatus::Due;
    rows[3].filed.status = ReturnStatus::Missing;
    rows[4].filed.status = ReturnStatus::Accepted;
    rows[5].filed.status = ReturnStatus::SentBack;
    rows[6].filed.status = ReturnStatus::Draft;
    let projects: Vec<Project> = (1..=9).map(|id| project(id, "风电")).collect();
    save(db, &projects).await?;
    put(db, &rows).await?;
    for (facets, wanted) in [
        (vec![], vec![1, 2, 3, 4, 5, 6, 7, 8]),
        (vec![Facet::Started], vec![1]),
        (vec![Facet::StartOverdue], vec![2]),
        (vec![Facet::AtWork], vec![5, 8]),
        (vec![Facet::NotAtWork], vec![2, 3, 4, 6]),
        (vec![Facet::Completed], vec![8]),
        (vec![Facet::NotReported], vec![3, 4, 6, 7]),
        (vec![Facet::AwaitingReview], vec![1, 2, 8]),
        (vec![Facet::NotAtWork, Facet::NotReported], vec![3, 4, 6]),
        (vec![Facet::Started, Facet::Completed], vec![]),
    ] {
        let filter = ListFilter {
            facets: facets.clone(),
            ..ListFilter::default()
        };
        let found = ids(db, &scope(""), period_basis(), filter).await;
        assert_eq!(found, wanted, "{facets:?}");
    }
    Ok(())
}

async fn a_light_lists_the_rows_of_its_band(db: &Db) -> Outcome {
    // June: time progress is 50 %. Plan 120 万元, so 60 is on time, 30 is 25 points behind.
    let done = |id, done, plan, due| {
        let mut row = placed(id, Category::NewStart, Some(due), false);
        row.position.year_to_date = Yuan::wan(done);
        row.position.entry.plan = Yuan::wan(plan);
        row.position.entry.plan_to_date = Yuan::wan(plan / 2);
        row
    };
    let mut started = done(4, 90, 120, "2025-01");
    started.position.month.at_work = true;
    let rows = [
        done(1, 60, 120, "2025-06"),
        done(2, 30, 120, "2025-04"),
        done(3, 0, 0, "2025-08"),
        started,
    ];
    let projects: Vec<Project> = (1..=4).map(|id| project(id, "风电")).collect();
    save(db, &projects).await?;
    put(db, &rows).await?;
    let band = |from, below| Band {
        light: Light::Red,
        from,
        below,
    };
    for (basis, band, wanted) in [
        (Basis::GapToTime, band(None, Some(0)), vec![2]),
        (Basis::GapToTime, band(Some(-2_500), Some(0)), vec![2]),
        (Basis::GapToTime, band(Some(0), None), vec![1, 4]),
        (Basis::GapToTime, band(None, None), vec![1, 2, 4]),
        (Basis::RatioToTime, band(Some(5_000), Some(10_000)), vec![2]),
        (Basis::RatioToTime, band(Some(15_000), None), vec![4]),
        (
            Basis::RatioToPlan,
            band(Some(10_000), Some(10_001)),
            vec![1],
        ),
    ] {
        let filter = ListFilter {
            light: Some(LitRange {
                basis,
                band,
                exemptible: false,
            }),
            ..ListFilter::default()
        };
        let found = ids(db, &scope(""), period_basis(), filter).await;
        assert_eq!(found, wanted, "{basis:?} {band:?}");
    }
    Ok(())
}

async fn months_late_are_counted_as_the_rules_count_them(db: &Db) -> Outcome {
    use Category as C;
    let cases = [
        (C::NewStart, Some("2025-06"), false),
        (C::NewStart, Some("2025-05"), false),
        (C::NewStart, Some("2025-01"), false),
        (C::NewStart, Some("2024-11"), false),
        (C::NewStart, Some("2023-06"), false),
        (C::NewStart, Some("2025-07"), false),
        (C::NewStart, Some("2024-11"), true),
        (C::NewStart, None, false),
        (C::Continuing, Some("2024-11"), false),
    ];
    let projects: Vec<Project> = (1..=9).map(|id| project(id, "风电")).collect();
    save(db, &projects).await?;
    let due = |start: Option<&str>, december| period(start.unwrap_or(december));
    for (june, december) in [(MONTH, "2025-12"), ("2025-12", "2025-12")] {
        let rows: Vec<ReturnRow> = (1..)
            .zip(cases)
            .map(|(id, (category, start, at_work))| {
                let mut row = placed(id, category, start, at_work);
                row.period = period(june);
                row
            })
            .collect();
        put(db, &rows).await?;
        for late in 0..30 {
            let wanted: Vec<i64> = (1..)
                .zip(cases)
                .filter(|(_, (category, start, at_work))| {
                    *category == C::NewStart
                        && months_late(due(*start, december), *at_work, period(june)) == late
                })
                .map(|(id, _)| id)
                .collect();
            let band = Band {
                light: Light::Red,
                from: Some(late),
                below: Some(late + 1),
            };
            let filter = ListFilter {
                light: Some(LitRange {
                    basis: Basis::MonthsLate,
                    band,
                    exemptible: false,
                }),
                ..ListFilter::default()
            };
            let basis = ListBasis::Period(period(june));
            let found = ids(db, &scope(""), basis, filter).await;
            assert_eq!(found, wanted, "{late} months late in {june}");
        }
    }
    Ok(())
}
