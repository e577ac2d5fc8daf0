//! The catalogue of approval matters (`approvals.toml`).
//!
//! Reading checks each line by itself and the references among the lines; whether departments and
//! units exist is checked when the file is loaded, because the tables change apart from it.

use gangmu_calendar::WorkingDays;
use gangmu_calendar::clock::{Budget, SpecialProcedure, Starts};
use gangmu_domain::approvals::{
    Catalogue, Choice, Condition, DecisionLevel, Dependency, DependencyKind, LevelRule, Limits,
    Material, Matter, MatterGroup, PROCEDURES, Procedure, Promised, Route, Rung, Service,
    StartRule, Template, Test,
};
use gangmu_domain::library::{Field, Kind};
use gangmu_domain::organisation::Role;

use super::reader::{Entry, PolicyProblem, Wrong, document};
use super::{each, read_head, unique};

/// Reads the catalogue.
///
/// # Errors
/// All problems of the file.
pub fn parse_approvals(text: &str) -> Result<Catalogue, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let service = top.entry("service").and_then(|mut entry| {
            let service = read_service(&mut entry);
            entry.finish();
            service
        });
        let templates = each(top, "template", read_template);
        let matters = each(top, "matter", read_matter);
        let materials = each(top, "material", read_material);
        unique(top, templates.iter().map(|one| one.route.word()));
        head?;
        let catalogue = Catalogue {
            matters,
            templates,
            materials,
            service: service?,
        };
        refuse_circle(top, &catalogue);
        Some(catalogue)
    })
}

fn refuse_circle(top: &Entry<'_>, catalogue: &Catalogue) {
    if let Some(circle) = catalogue.circle() {
        let text = format!("matters wait for each other: {}", circle.join(" → "));
        top.refuse(Wrong::Contradiction(text));
    }
}

fn read_service(entry: &mut Entry<'_>) -> Option<Service> {
    let hour = entry.number("forward_before_hour", 0..=24);
    let forward_within = read_days(entry, "forward_within", 0..=30);
    let stepwise = entry.flag("stepwise");
    let silence = read_days(entry, "silence", 1..=60);
    let consult_silence = read_days(entry, "consult_silence", 1..=60);
    let convert_within = read_days(entry, "convert_within", 0..=60);
    let delivery = read_days(entry, "delivery", 0..=60);
    let max_extension = read_days(entry, "max_extension", 0..=365);
    let warn_when_left = read_days(entry, "warn_when_left", 0..=60);
    let default_limit = read_days(entry, "default_limit", 1..=365);
    let starts = each(entry, "start", read_start);
    let rungs = each(entry, "rung", read_rung);
    unique(entry, rungs.iter().map(|rung| &rung.code));
    Some(Service {
        forward_before_hour: u8::try_from(hour?).ok()?,
        forward_within: forward_within?,
        stepwise,
        silence: silence?,
        consult_silence: consult_silence?,
        convert_within: convert_within?,
        delivery: delivery?,
        max_extension: max_extension?.0,
        warn_when_left: warn_when_left?.0,
        default_limit: default_limit?,
        starts,
        rungs,
    })
}

fn read_start(entry: &mut Entry<'_>) -> Option<StartRule> {
    let mut part = |key: &str, most: i64| {
        let number = entry.number(key, 1..=most)?;
        i8::try_from(number).ok()
    };
    let from_month = part("from_month", 12);
    let to_month = part("to_month", 12);
    let month = part("month", 12);
    let day = part("day", 31);
    let rule = StartRule {
        from_month: from_month?,
        to_month: to_month?,
        month: month?,
        day: day?,
    };
    if rule.from_month > rule.to_month {
        entry.refuse(Wrong::Contradiction(
            "the part of the year is empty".to_owned(),
        ));
    }
    if jiff::civil::Date::new(2025, rule.month, rule.day).is_err() {
        let text = format!("there is no day {}-{}", rule.month, rule.day);
        entry.refuse(Wrong::Contradiction(text));
    }
    Some(rule)
}

fn read_rung(entry: &mut Entry<'_>) -> Option<Rung> {
    let code = entry.text("code");
    let after = entry.number("after", -365..=365);
    let who = entry.word("who", Role::ALL, Role::word);
    Some(Rung {
        code: code?,
        after: i32::try_from(after?).ok()?,
        who: who?,
    })
}

fn read_template(entry: &mut Entry<'_>) -> Option<Template> {
    let route = entry.word("route", Route::ALL, Route::word);
    let name = entry.text("name");
    let name_en = entry.text("name_en");
    let matters = entry.list("matters", "codes of matters", owned);
    Some(Template {
        route: route?,
        name: name?,
        name_en: name_en?,
        matters: matters?,
    })
}

fn read_material(entry: &mut Entry<'_>) -> Option<Material> {
    let code = entry.text("code");
    let name = entry.text("name");
    let name_en = entry.text("name_en");
    Some(Material {
        code: code?,
        name: name?,
        name_en: name_en?,
    })
}

fn read_matter(entry: &mut Entry<'_>) -> Option<Matter> {
    let code = entry.text("code");
    let name = entry.text("name");
    let name_en = entry.text("name_en");
    let group = entry.word("group", MatterGroup::ALL, MatterGroup::word);
    let department = entry.text("department");
    let consulted = optional_list(entry, "consulted", "codes of departments");
    let level = read_level(entry);
    let applies = optional_each(entry, "applies", read_choice);
    let depends = read_depends(entry);
    let limits = read_limits(entry);
    let variants = optional_each(entry, "variant", |entry| {
        let when = entry.entry("when").and_then(|mut when| {
            let choice = read_choice(&mut when);
            when.finish();
            choice
        });
        let limits = read_limits(entry);
        Some((when?, limits))
    });
    let starts = match entry.has("starts") {
        true => entry.word("starts", &STARTS, starts_word),
        false => Some(Starts::OnAcceptance),
    };
    let procedures = optional_each(entry, "not_counted", read_procedure);
    let materials = entry.list("materials", "codes of materials", owned);
    let deferrable = optional_list(entry, "deferrable", "codes of materials");
    let produces = entry.has("produces").then(|| entry.text("produces"));
    let main_since = entry
        .has("main_since")
        .then(|| entry.number("main_since", 2000..=2199));
    let source = entry.text("source");
    Some(Matter {
        code: code?,
        name: name?,
        name_en: name_en?,
        group: group?,
        department: department?,
        consulted,
        level: level?,
        applies: Condition(applies),
        depends,
        limits,
        variants,
        starts: starts?,
        procedures,
        materials: materials?,
        deferrable,
        produces: produces.flatten(),
        main_since: main_since
            .flatten()
            .and_then(|year| i16::try_from(year).ok()),
        source: source?,
    })
}

fn read_level(entry: &mut Entry<'_>) -> Option<LevelRule> {
    if entry.has("level_like") {
        if entry.has("level") || entry.has("level_rule") {
            entry.take(&["level", "level_rule"]);
            let text = "`level_like` and `level` exclude each other".to_owned();
            entry.refuse(Wrong::Contradiction(text));
        }
        let codes = entry.list("level_like", "codes of matters", owned)?;
        return Some(LevelRule::Like(codes));
    }
    let rules = optional_each(entry, "level_rule", |entry| {
        let level = entry.word("level", DecisionLevel::ALL, DecisionLevel::word);
        let choice = entry.entry("when").and_then(|mut when| {
            let choice = read_choice(&mut when);
            when.finish();
            choice
        });
        Some((choice?, level?))
    });
    let otherwise = entry.word("level", DecisionLevel::ALL, DecisionLevel::word)?;
    Some(LevelRule::Choose { rules, otherwise })
}

fn read_depends(entry: &mut Entry<'_>) -> Vec<Dependency> {
    let mut depends = Vec::new();
    for (key, kind) in [
        ("after", DependencyKind::Finish),
        ("alongside", DependencyKind::Promise),
    ] {
        let codes = optional_list(entry, key, "codes of matters");
        depends.extend(codes.into_iter().map(|on| Dependency { on, kind }));
    }
    unique(entry, depends.iter().map(|one| &one.on));
    depends
}

fn read_limits(entry: &mut Entry<'_>) -> Limits {
    let statutory = entry.has("statutory").then(|| {
        let mut limit = entry.entry("statutory")?;
        let budget = read_budget(&mut limit);
        limit.finish();
        budget
    });
    let promised = optional_each(entry, "promised", |entry| {
        let unit = entry.text("unit");
        let limit = read_budget(entry);
        let source = entry.text("source");
        Some(Promised {
            unit: unit?,
            limit: limit?,
            source: source?,
        })
    });
    unique(entry, promised.iter().map(|one| &one.unit));
    let limits = Limits {
        statutory: statutory.flatten(),
        promised,
        immediate: entry.flag("immediate"),
    };
    for one in &limits.promised {
        if let Some(law) = limits.statutory
            && longer(one.limit, law)
        {
            let text = format!(
                "the limit promised by {} is longer than the law's",
                one.unit
            );
            entry.refuse(Wrong::Contradiction(text));
        }
    }
    limits
}

/// Says whether one limit is longer than another; limits of different kinds are not compared.
fn longer(a: Budget, b: Budget) -> bool {
    match (a, b) {
        (Budget::Working(a), Budget::Working(b)) => a > b,
        (Budget::Calendar(a), Budget::Calendar(b)) => a > b,
        _ => false,
    }
}

fn read_procedure(entry: &mut Entry<'_>) -> Option<Procedure> {
    let kinds: Vec<SpecialProcedure> = PROCEDURES.iter().map(|(_, kind)| *kind).collect();
    let kind = entry.word(
        "procedure",
        &kinds,
        gangmu_domain::approvals::procedure_word,
    );
    let bound = read_budget(entry);
    Some(Procedure {
        kind: kind?,
        bound: bound?,
    })
}

/// Reads `working = n` or `calendar = n`, one to a thousand days.
fn read_budget(entry: &mut Entry<'_>) -> Option<Budget> {
    let days = |entry: &mut Entry<'_>, key: &str| {
        let number = entry.number(key, 1..=1_000)?;
        u32::try_from(number).ok()
    };
    match (entry.has("working"), entry.has("calendar")) {
        (true, false) => days(entry, "working").map(Budget::working),
        (false, true) => days(entry, "calendar").map(Budget::calendar),
        _ => {
            entry.take(&["working", "calendar"]);
            let text = "a limit is either `working` or `calendar` days".to_owned();
            entry.refuse(Wrong::Contradiction(text));
            None
        }
    }
}

/// Reads a table of fields with what is asked of each.
fn read_choice(entry: &mut Entry<'_>) -> Option<Choice> {
    let mut tests = Vec::new();
    for key in entry.keys() {
        let Some(field) = Field::from_word(&key) else {
            // Left for `finish`, which refuses it as unknown.
            continue;
        };
        match field.kind() {
            Kind::Quantity | Kind::Money | Kind::Year => {
                tests.extend(read_range(entry, &key, field));
            }
            Kind::Choice(words) => {
                let wanted = format!("words of {}", words.join(", "));
                let known = |word: &str| words.contains(&word).then(|| word.to_owned());
                let found = entry.list(&key, &wanted, known);
                tests.extend(found.map(|words| Test::OneOf(field, words)));
            }
            Kind::Unit | Kind::Department | Kind::Industry => {
                let found = entry.list(&key, "codes", owned);
                tests.extend(found.map(|codes| Test::OneOf(field, codes)));
            }
            _ => {
                entry.take(&[&key]);
                let text = format!("nothing can be asked of `{key}` here");
                entry.refuse(Wrong::Contradiction(text));
            }
        }
    }
    if tests.is_empty() {
        entry.refuse(Wrong::Contradiction(
            "a choice asks for something".to_owned(),
        ));
    }
    Some(Choice(tests))
}

fn read_range(entry: &mut Entry<'_>, key: &str, field: Field) -> Vec<Test> {
    const MOST: i64 = 1_000_000_000_000_000;
    let Some(mut range) = entry.entry(key) else {
        return Vec::new();
    };
    let mut bound = |key: &str| {
        range
            .has(key)
            .then(|| range.number(key, 0..=MOST))
            .flatten()
    };
    let (least, below) = (bound("at_least"), bound("below"));
    if least.is_none() && below.is_none() {
        range.refuse(Wrong::Contradiction(
            "it says `at_least` or `below`".to_owned(),
        ));
    }
    range.finish();
    let least = least.map(|n| Test::AtLeast(field, n));
    let below = below.map(|n| Test::Below(field, n));
    least.into_iter().chain(below).collect()
}

const STARTS: [Starts; 2] = [Starts::OnAcceptance, Starts::OnReceipt];

fn starts_word(starts: Starts) -> &'static str {
    match starts {
        Starts::OnAcceptance => "acceptance",
        Starts::OnReceipt => "receipt",
    }
}

fn read_days(
    entry: &mut Entry<'_>,
    key: &str,
    range: std::ops::RangeInclusive<i64>,
) -> Option<WorkingDays> {
    let number = entry.number(key, range)?;
    u32::try_from(number).ok().map(WorkingDays)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shape a list's reader asks for"
)]
fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn optional_list(entry: &mut Entry<'_>, key: &str, wanted: &str) -> Vec<String> {
    match entry.has(key) {
        true => entry.list(key, wanted, owned).unwrap_or_default(),
        false => Vec::new(),
    }
}

fn optional_each<'n, T>(
    entry: &mut Entry<'n>,
    key: &str,
    read: impl FnMut(&mut Entry<'n>) -> Option<T>,
) -> Vec<T> {
    match entry.has(key) {
        true => each(entry, key, read),
        false => Vec::new(),
    }
}
