//! One matter of the catalogue in a form: taken out of the text on the page, changed, put back.
//! What one would get wrong: the form changes the text that is being edited and nothing else; it is
//! looked at and saved like any other change of the text. (事项编辑)

use gangmu_app::approvals::CatalogueView;
use gangmu_app::domain::approvals::{DecisionLevel, MatterGroup};
use gangmu_app::policies::MatterBlock;
use gangmu_app::{AppError, Message as AppMessage};
use serde::Serialize;

use crate::i18n::Texts;
use crate::pages::common::{keyed, name};
use crate::pages::work::{Sent, sent};
use crate::server::{Failure, Visit};
use crate::view::Choice;

/// A matter that is open in the form. What is typed stands in the page's form.
#[derive(Clone, Debug, Serialize)]
pub struct MatterForm {
    pub code: String,
    pub groups: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub papers: Vec<Choice>,
    pub lists: Vec<Ticks>,
}

/// A list of codes, ticked.
#[derive(Clone, Debug, Serialize)]
pub struct Ticks {
    pub field: &'static str,
    pub chosen: usize,
    pub ticks: Vec<Tick>,
}

/// A code that can be ticked.
#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// Lines of one value that are typed as they stand.
const TEXTS: [&str; 5] = ["name", "name_en", "group", "department", "produces"];
/// Lines that are typed as TOML: tables within a line.
pub const RAW: [&str; 5] = [
    "applies",
    "level_rule",
    "promised",
    "variant",
    "not_counted",
];
/// Lines that are lists of codes.
const LISTS: [&str; 6] = [
    "after",
    "alongside",
    "consulted",
    "materials",
    "deferrable",
    "level_like",
];

/// What the form shows of a matter when it is opened.
pub fn opened(text: &str, code: &str) -> Result<Sent, AppError> {
    let block = MatterBlock::of(text, code).ok_or_else(|| only_text(code))?;
    let mut typed: Sent = Vec::new();
    let mut put = |field: &str, value: String| typed.push((field.to_owned(), value));
    put("code", code.to_owned());
    for field in TEXTS.into_iter().chain(["level", "source", "main_since"]) {
        put(field, block.text(field));
    }
    for field in RAW {
        put(field, block.raw(field).to_owned());
    }
    for field in LISTS {
        for code in block.list(field) {
            put(field, code);
        }
    }
    for unit in ["working", "calendar"] {
        if let Some(days) = block.number_in("statutory", unit) {
            put("statutory_unit", unit.to_owned());
            put("statutory_days", days.to_string());
        }
    }
    let starts = block.text("starts");
    let starts = if starts.is_empty() {
        "acceptance"
    } else {
        &starts
    };
    put("starts", starts.to_owned());
    if block.text("immediate") == "true" {
        put("immediate", "true".to_owned());
    }
    Ok(typed)
}

/// Puts what was typed into the text.
pub fn applied(text: &str, form: &Sent) -> Result<String, AppError> {
    let code = sent(form, "code");
    let mut block = MatterBlock::of(text, code).ok_or_else(|| only_text(code))?;
    for field in TEXTS.into_iter().chain(["level"]) {
        block.set_text(field, sent(form, field));
    }
    // A line break in a text of one line is a slip of the pen.
    block.set_text("source", &sent(form, "source").replace(['\r', '\n'], " "));
    for field in RAW {
        block.set_raw(field, &sent(form, field).replace("\r\n", "\n"));
    }
    for field in LISTS {
        let codes = form.iter().filter(|(key, _)| key == field);
        let codes: Vec<String> = codes.map(|(_, code)| code.clone()).collect();
        match (field, codes.is_empty()) {
            // The catalogue asks for this line even where nothing is needed.
            ("materials", true) => block.set_raw(field, "[]"),
            _ => block.set_list(field, &ordered(&block.list(field), codes)),
        }
    }
    if !block.list("level_like").is_empty() {
        block.set_raw("level", "");
    }
    block.set_raw("main_since", &whole(form, "main_since")?);
    let days = whole(form, "statutory_days")?;
    let unit = match sent(form, "statutory_unit") {
        "calendar" => "calendar",
        _ => "working",
    };
    match days.as_str() {
        "" => block.set_raw("statutory", ""),
        days => block.set_raw("statutory", &format!("{{ {unit} = {days} }}")),
    }
    match sent(form, "starts") {
        "receipt" => block.set_text("starts", "receipt"),
        _ => block.set_raw("starts", ""),
    }
    match sent(form, "immediate") {
        "true" => block.set_raw("immediate", "true"),
        _ => block.set_raw("immediate", ""),
    }
    block.put_into(text).ok_or_else(|| only_text(code))
}

/// Keeps the order of what stays; ticks come in the order of the page.
fn ordered(before: &[String], ticked: Vec<String>) -> Vec<String> {
    let stays = before.iter().filter(|code| ticked.contains(code)).cloned();
    let mut all: Vec<String> = stays.collect();
    let new: Vec<String> = (ticked.into_iter())
        .filter(|code| !before.contains(code))
        .collect();
    all.extend(new);
    all
}

/// A whole number as it was typed, or nothing.
fn whole(form: &Sent, field: &str) -> Result<String, AppError> {
    let typed = sent(form, field);
    match typed.is_empty() || typed.parse::<u32>().is_ok() {
        true => Ok(typed.to_owned()),
        false => Err(AppError::Invalid {
            messages: vec![AppMessage::new(
                "field.not_allowed",
                field,
                [typed.to_owned()],
            )],
        }),
    }
}

fn only_text(code: &str) -> AppError {
    AppError::Invalid {
        messages: vec![AppMessage::new(
            "catalogue.only_text",
            "matter",
            [code.to_owned()],
        )],
    }
}

impl MatterForm {
    /// Lists what can be chosen for a matter; `typed` says what is.
    pub async fn load(visit: &Visit, typed: &Sent) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let catalogue = visit.app.approval_catalogue().await?;
        let reference = visit.app.reference().await?;
        let departments: Vec<Choice> = reference
            .departments
            .iter()
            .map(|one| {
                let label = name(visit.lang, &one.short_name, &one.name_en);
                Choice::new(one.code.clone(), label)
            })
            .collect();
        let (matters, papers) = named(texts, &catalogue);
        let lists = LISTS.into_iter().map(|field| {
            let choices = match field {
                "consulted" => &departments,
                "materials" | "deferrable" => &papers,
                _ => &matters,
            };
            Ticks::new(field, choices, typed)
        });
        Ok(Self {
            code: sent(typed, "code").to_owned(),
            groups: words(
                texts,
                "approvals.group.",
                MatterGroup::ALL,
                MatterGroup::word,
            ),
            levels: words(
                texts,
                "approvals.level.",
                DecisionLevel::ALL,
                DecisionLevel::word,
            ),
            lists: lists.collect(),
            departments,
            papers,
        })
    }
}

/// The matters and the papers of the current catalogue.
fn named(texts: &Texts, catalogue: &CatalogueView) -> (Vec<Choice>, Vec<Choice>) {
    let lang = texts.lang();
    (
        matters(texts, catalogue),
        (catalogue.materials.iter())
            .map(|one| Choice::new(one.code.clone(), name(lang, &one.name, &one.name_en)))
            .collect(),
    )
}

/// The matters of the current catalogue with their codes, as choices.
pub fn matters(texts: &Texts, catalogue: &CatalogueView) -> Vec<Choice> {
    let lang = texts.lang();
    let all = catalogue.matters.iter();
    all.map(|one| {
        let label = format!("{} {}", one.code, name(lang, &one.name, &one.name_en));
        Choice::new(one.code.clone(), label)
    })
    .collect()
}

fn words<T: Copy>(
    texts: &Texts,
    key: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter()
        .map(|one| Choice::new(word(*one), texts.message(&keyed(key, word(*one)))))
        .collect()
}

impl MatterForm {
    /// One for the gallery.
    pub fn sample() -> Self {
        let choices = |all: &[(&str, &str)]| -> Vec<Choice> {
            all.iter().map(|one| Choice::new(one.0, one.1)).collect()
        };
        let matters = choices(&[
            ("A02", "A02 企业投资项目核准"),
            ("A17", "A17 社会稳定风险评估"),
        ]);
        let papers = choices(&[("application", "申请书"), ("land_opinion", "用地预审意见")]);
        let typed = vec![("alongside".to_owned(), "A17".to_owned())];
        let of = |field: &&'static str| match *field {
            "materials" | "deferrable" => Ticks::new(field, &papers, &typed),
            _ => Ticks::new(field, &matters, &typed),
        };
        Self {
            code: "A05".to_owned(),
            groups: choices(&[("land_planning", "用地规划")]),
            departments: choices(&[("natural_resources", "自然资源局")]),
            levels: choices(&[("project", "项目所在级")]),
            lists: LISTS.iter().map(of).collect(),
            papers,
        }
    }
}

impl Ticks {
    fn new(field: &'static str, choices: &[Choice], typed: &Sent) -> Self {
        let chosen = |value: &str| typed.iter().any(|(key, one)| key == field && one == value);
        let ticks: Vec<Tick> = choices
            .iter()
            .map(|one| Tick {
                value: one.value.clone(),
                label: one.label.clone(),
                chosen: chosen(&one.value),
            })
            .collect();
        Self {
            field,
            chosen: ticks.iter().filter(|one| one.chosen).count(),
            ticks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../../data/policies/approvals.toml");

    #[test]
    fn opening_a_matter_and_putting_it_back_changes_no_letter() {
        for n in 1..=26 {
            let code = format!("A{n:02}");
            let typed = opened(SHIPPED, &code).unwrap();
            assert_eq!(applied(SHIPPED, &typed).unwrap(), SHIPPED, "{code}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_by_its_field() {
        let mut typed = opened(SHIPPED, "A02").unwrap();
        for (field, value) in &mut typed {
            if field == "statutory_days" {
                *value = "二十".to_owned();
            }
        }
        let refused = applied(SHIPPED, &typed).unwrap_err();
        let AppError::Invalid { messages } = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(messages[0].field, "statutory_days");
    }
}
