//! The rules in use, in words with their sources, and loading a new file. What one would get wrong:
//! nothing is edited here; a rule is a plain file whose versions stay, each with its first day.
//! (规则设置)

use axum::Router;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use axum::routing::get;
use gangmu_app::domain::metrics::{LightPolicy, LightRule};
use gangmu_app::domain::organisation::Action;
use gangmu_app::policies::{AdmissionClass, PolicyVersionView, parse_gate_texts};
use gangmu_app::{AppError, Message as AppMessage, Reference, ReferenceKind};
use serde::Serialize;

use super::work;
use crate::i18n::{Lang, Message, Texts};
use crate::number;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{FieldError, Form};

/// The addresses of the rules but for the one that takes files.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/policies", get(show))
        .route("/policies/{file}", get(take))
}

/// The address that takes files.
pub fn upload_routes() -> Router<WebState> {
    Router::new().route("/policies/load", axum::routing::post(load))
}

/// The rules in use.
#[derive(Clone, Debug, Serialize)]
pub struct Policies {
    pub gates: Vec<Gate>,
    pub lights: Vec<Preset>,
    pub groupings: Vec<Grouping>,
    pub dispatch: Dispatch,
    pub admission: Vec<Admission>,
    pub versions: Vec<Version>,
    /// What this person may load.
    pub kinds: Vec<&'static str>,
    pub today: String,
    pub form: Form,
    /// Lines of a refused file.
    pub lines: Vec<String>,
}

/// What a project needs to enter a stage.
#[derive(Clone, Debug, Serialize)]
pub struct Gate {
    pub to: &'static str,
    pub conditions: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug, Serialize)]
pub struct Condition {
    pub text: String,
    pub who: &'static str,
    pub source: String,
}

/// A set of light rules.
#[derive(Clone, Debug, Serialize)]
pub struct Preset {
    pub name: String,
    pub source: String,
    pub active: bool,
    pub rules: Vec<Rule>,
}

/// One rule and the light each range of values gives.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    pub dimension: &'static str,
    pub basis: &'static str,
    pub bands: Vec<Band>,
    pub exemptible: bool,
}

/// A range of values and its light.
#[derive(Clone, Debug, Serialize)]
pub struct Band {
    pub light: &'static str,
    pub range: String,
}

/// A way of grouping industries.
#[derive(Clone, Debug, Serialize)]
pub struct Grouping {
    pub name: String,
    pub source: String,
    /// Headings with the divisions under them.
    pub groups: Vec<(String, String)>,
}

/// The numbers of the dispatch rules.
#[derive(Clone, Debug, Serialize)]
pub struct Dispatch {
    pub due: u32,
    pub banner: u32,
    pub league: u32,
    pub region: u32,
    pub attachment_mib: u64,
    pub workbook_mib: u64,
    pub types: String,
    pub failures: u32,
    pub minutes: u32,
}

/// What makes a project a major one somewhere. (入库标准)
#[derive(Clone, Debug, Serialize)]
pub struct Admission {
    pub name: String,
    pub source: String,
    pub active: bool,
    pub classes: Vec<Class>,
}

/// One class of projects and the least they cost.
#[derive(Clone, Debug, Serialize)]
pub struct Class {
    pub text: String,
    /// Yuan.
    pub least: i64,
    /// The investor type it goes by; empty where a person chooses the class.
    pub investor: &'static str,
}

/// A version of a rule that was loaded.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    pub kind: String,
    pub version: i64,
    pub valid_from: String,
    pub at: String,
    pub who: String,
}

async fn show(visit: Visit) -> Answer {
    let page = Policies::load(&visit).await?;
    visit.page(&page).await
}

/// The file in use, as a start for one's own.
async fn take(visit: Visit, Path(file): Path<String>) -> Answer {
    let kind = file
        .strip_suffix(".toml")
        .and_then(ReferenceKind::from_word)
        .ok_or(AppError::NotFound { what: "page" })?;
    let text = visit.app.policy_text(&visit.actor, kind).await?;
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.toml\"", kind.word()),
        ),
    ];
    Ok((headers, text).into_response())
}

async fn load(visit: Visit, mut multipart: Multipart) -> Answer {
    let (mut kind, mut from, mut text) = (String::new(), String::new(), Vec::new());
    while let Some(part) = multipart.next_field().await? {
        match part.name() {
            Some("kind") => kind = part.text().await?,
            Some("valid_from") => from = part.text().await?,
            Some("file") => text = part.bytes().await?.to_vec(),
            _ => {}
        }
    }
    let done = loaded(&visit, &kind, &from, text).await;
    let Err(error) = done else {
        return visit
            .done(Message::new("policies.loaded"), "/policies")
            .await;
    };
    let mut page = Policies::load(&visit).await?;
    page.form = Form::default()
        .value("kind", kind)
        .value("valid_from", from);
    (page.form.errors, page.lines) = problems(&visit, error)?;
    let html = visit.page(&page).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

/// Loads a file: what the page and the catalogue's editor both end in.
pub async fn loaded(visit: &Visit, kind: &str, from: &str, text: Vec<u8>) -> Result<(), AppError> {
    let kind =
        ReferenceKind::from_word(kind).ok_or_else(|| AppError::invalid("field.missing", "kind"))?;
    let from = if from.is_empty() {
        visit.app.today()
    } else {
        from.parse().map_err(|_| AppError::Invalid {
            messages: vec![AppMessage::new(
                "field.not_a_date",
                "valid_from",
                [from.to_owned()],
            )],
        })?
    };
    let text =
        String::from_utf8(text).map_err(|_| AppError::invalid("policies.not_utf8", "file"))?;
    if text.trim().is_empty() {
        return Err(AppError::invalid("policies.no_file", "file"));
    }
    visit
        .app
        .reference_import(&visit.actor, kind, &text, from)
        .await
}

/// What is wrong with a form or, line by line, with its file.
pub fn problems(visit: &Visit, error: AppError) -> Result<(Vec<FieldError>, Vec<String>), Failure> {
    let texts = visit.texts()?;
    let AppError::Invalid { messages } = &error else {
        return Ok((work::problems(visit, error)?, Vec::new()));
    };
    let of_file = |message: &&AppMessage| message.code.starts_with("reference.");
    let mut lines = Vec::new();
    for message in messages.iter().filter(of_file) {
        if message.code == "reference.bad_file" {
            lines.extend(
                message
                    .params
                    .iter()
                    .flat_map(|text| text.lines())
                    .map(ToOwned::to_owned),
            );
        } else {
            let said = crate::server::words::message(texts, &message.code, &message.params);
            let at = Message::new("policies.at_line").with("line", message.field.as_str());
            lines.push(format!("{}{}", texts.message(&at), texts.message(&said)));
        }
    }
    let mut errors = Vec::new();
    if !lines.is_empty() {
        errors.push(FieldError {
            field: "file".into(),
            message: Message::new("policies.bad_file"),
        });
    }
    let others = messages.iter().filter(|message| !of_file(message));
    errors.extend(others.map(|message| crate::server::words::field_error(texts, message)));
    Ok((errors, lines))
}

impl Policies {
    async fn load(visit: &Visit) -> Result<Self, Failure> {
        let gates = visit
            .app
            .policy_text(&visit.actor, ReferenceKind::Gates)
            .await?;
        let reference = visit.app.reference().await?;
        let texts = visit.texts()?;
        let versions = visit.app.policy_versions().await?;
        Ok(Self {
            gates: self::gates(&reference, visit.lang, &gates),
            lights: reference
                .lights
                .policies
                .iter()
                .map(|policy| preset(texts, visit.lang, policy, &reference.lights.active))
                .collect(),
            groupings: groupings(&reference, visit.lang),
            dispatch: dispatch(&reference),
            admission: admission(&reference, visit.lang),
            versions: versions.into_iter().map(version).collect(),
            kinds: kinds(visit),
            today: visit.app.today().to_string(),
            form: Form::default(),
            lines: Vec::new(),
        })
    }
}

fn kinds(visit: &Visit) -> Vec<&'static str> {
    let may = |kind: &ReferenceKind| {
        visit.may(if kind.is_policy() {
            Action::ManagePolicies
        } else {
            Action::ManageReference
        })
    };
    ReferenceKind::ALL
        .into_iter()
        .filter(may)
        .map(ReferenceKind::word)
        .collect()
}

fn named<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang == Lang::En && !en.is_empty() {
        en
    } else {
        zh
    }
}

fn gates(reference: &Reference, lang: Lang, text: &str) -> Vec<Gate> {
    let words = parse_gate_texts(text).unwrap_or_default();
    reference
        .gates
        .iter()
        .map(|gate| Gate {
            to: gate.to.word(),
            conditions: gate
                .conditions
                .iter()
                .map(|condition| {
                    let found = words.get(&condition.code);
                    Condition {
                        text: found
                            .map_or(condition.code.as_str(), |t| {
                                named(lang, &t.text, &t.text_en)
                            })
                            .to_owned(),
                        who: condition.who.word(),
                        source: found.map(|t| t.source.clone()).unwrap_or_default(),
                    }
                })
                .collect(),
        })
        .collect()
}

fn preset(texts: &Texts, lang: Lang, policy: &LightPolicy, active: &str) -> Preset {
    Preset {
        name: named(lang, &policy.name, &policy.name_en).to_owned(),
        source: policy.source.clone(),
        active: policy.code == active,
        rules: policy.rules.iter().map(|one| rule(texts, one)).collect(),
    }
}

fn rule(texts: &Texts, rule: &LightRule) -> Rule {
    let basis = rule.basis.word();
    let bands = rule.bands.iter().map(|band| Band {
        light: band.light.word(),
        range: range(texts, basis, band.from, band.below),
    });
    Rule {
        dimension: rule.dimension.word(),
        basis,
        bands: bands.collect(),
        exemptible: rule.exemptible,
    }
}

/// Words a range of values: hundredths for percentages and points, whole months else.
fn range(texts: &Texts, basis: &str, from: Option<i64>, below: Option<i64>) -> String {
    let months = basis == "months_late";
    let step = if months { 1 } else { 100 };
    let shown = |value: i64| {
        if months || value % 100 == 0 {
            (value / step).to_string()
        } else {
            number::grouped(i128::from(value), 2)
        }
    };
    // What a file states as "up to" is stored one step above.
    let upper = |value: i64| {
        let up_to = months || value.rem_euclid(100) == 1;
        let key = if up_to {
            "policies.up_to"
        } else {
            "policies.below"
        };
        let value = if up_to { value - 1 } else { value };
        texts.message(&Message::new(key).with("value", shown(value)))
    };
    let lower = |value: i64| {
        let above = !months && value.rem_euclid(100) == 1;
        let key = if above {
            "policies.above"
        } else {
            "policies.from"
        };
        let value = if above { value - 1 } else { value };
        texts.message(&Message::new(key).with("value", shown(value)))
    };
    match (from, below) {
        (Some(from), Some(below)) => format!("{} · {}", lower(from), upper(below)),
        (Some(from), None) => lower(from),
        (None, Some(below)) => upper(below),
        (None, None) => texts.message(&Message::new("policies.any")),
    }
}

fn groupings(reference: &Reference, lang: Lang) -> Vec<Grouping> {
    let all = reference.groupings.iter();
    all.map(|grouping| Grouping {
        name: named(lang, &grouping.name, &grouping.name_en).to_owned(),
        source: grouping.source.clone(),
        groups: grouping
            .groups
            .iter()
            .map(|group| {
                let rest = if group.rest { "…" } else { "" };
                let divisions = format!("{}{rest}", spans(&group.divisions));
                (
                    named(lang, &group.name, &group.name_en).to_owned(),
                    divisions,
                )
            })
            .collect(),
    })
    .collect()
}

/// "06, 13–43": runs of divisions as a span.
fn spans(divisions: &[String]) -> String {
    let mut spans: Vec<(u8, u8)> = Vec::new();
    for division in divisions.iter().filter_map(|text| text.parse::<u8>().ok()) {
        match spans.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(division) => *last = division,
            _ => spans.push((division, division)),
        }
    }
    let shown = spans.iter().map(|(first, last)| {
        if first == last {
            format!("{first:02}")
        } else {
            format!("{first:02}–{last:02}")
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn dispatch(reference: &Reference) -> Dispatch {
    const MIB: u64 = 1024 * 1024;
    let rules = &reference.dispatch;
    Dispatch {
        due: rules.due.0,
        banner: rules.cut_offs.banner.0,
        league: rules.cut_offs.league.0,
        region: rules.cut_offs.region.0,
        attachment_mib: rules.uploads.attachment_bytes / MIB,
        workbook_mib: rules.uploads.workbook_bytes / MIB,
        types: rules.uploads.types.join(" "),
        failures: rules.lock_out.failures,
        minutes: rules.lock_out.minutes,
    }
}

fn admission(reference: &Reference, lang: Lang) -> Vec<Admission> {
    let known = &reference.admission;
    let all = known.policies.iter();
    all.map(|policy| Admission {
        name: named(lang, &policy.name, &policy.name_en).to_owned(),
        source: policy.source.clone(),
        active: policy.code == known.active,
        classes: policy.classes.iter().map(|one| class(one, lang)).collect(),
    })
    .collect()
}

fn class(class: &AdmissionClass, lang: Lang) -> Class {
    Class {
        text: named(lang, &class.text, &class.text_en).to_owned(),
        least: class.least.0,
        investor: class.investor.map(|one| one.word()).unwrap_or_default(),
    }
}

fn version(view: PolicyVersionView) -> Version {
    Version {
        kind: view.kind,
        version: view.version,
        valid_from: view.valid_from,
        at: work::instant(view.at),
        who: view.who,
    }
}

impl Page for Policies {
    const TEMPLATE: &'static str = "pages/policies.html";

    fn samples() -> Vec<Self> {
        let band = |light, range: &str| Band {
            light,
            range: range.into(),
        };
        let full = Self {
            gates: vec![Gate {
                to: "implementation",
                conditions: vec![Condition {
                    text: "施工合同".into(),
                    who: "clerk",
                    source: "推断".into(),
                }],
            }],
            lights: vec![Preset {
                name: "银川 2025".into(),
                source: "银川市 2025 年重点项目红黄绿灯规则".into(),
                active: true,
                rules: vec![Rule {
                    dimension: "progress",
                    basis: "gap_to_time",
                    bands: vec![
                        band("red", "小于 -30"),
                        band("yellow", "不小于 -30 · 不大于 -10"),
                        band("green", "不小于 0"),
                    ],
                    exemptible: true,
                }],
            }],
            groupings: vec![Grouping {
                name: "内蒙古 2020".into(),
                source: "自治区统计公报".into(),
                groups: vec![("工业".into(), "06–46".into()), ("其他".into(), "…".into())],
            }],
            dispatch: Dispatch {
                due: 5,
                banner: 6,
                league: 7,
                region: 8,
                attachment_mib: 20,
                workbook_mib: 50,
                types: "pdf jpg png docx xlsx".into(),
                failures: 5,
                minutes: 15,
            },
            admission: vec![Admission {
                name: "内蒙古自治区 2025".into(),
                source: "自治区新闻发布会".into(),
                active: true,
                classes: vec![
                    Class {
                        text: "政府投资项目".into(),
                        least: 50_000_000,
                        investor: "government",
                    },
                    Class {
                        text: "科技、民生".into(),
                        least: 1_000_000_000,
                        investor: "",
                    },
                ],
            }],
            versions: vec![Version {
                kind: "lights".into(),
                version: 1,
                valid_from: "2026-01-01".into(),
                at: "2025-12-20T02:00:00Z".into(),
                who: "系统管理员".into(),
            }],
            kinds: vec!["gates", "lights", "admission", "calendar"],
            today: "2026-01-05".into(),
            form: Form::default(),
            lines: Vec::new(),
        };
        let refused = Self {
            form: Form::default()
                .value("kind", "lights")
                .error("file", Message::new("policies.bad_file")),
            lines: vec!["line 12: `bands` is missing".into()],
            versions: Vec::new(),
            ..full.clone()
        };
        let reader = Self {
            kinds: Vec::new(),
            ..full.clone()
        };
        vec![full, refused, reader]
    }
}

#[cfg(test)]
mod tests {
    use super::{range, spans};
    use crate::i18n::{Lang, Texts};

    #[test]
    fn runs_of_divisions_are_printed_as_spans() {
        let divisions: Vec<String> = ["06", "13", "14", "15", "44"].map(Into::into).into();
        assert_eq!(spans(&divisions), "06, 13–15, 44");
    }

    #[test]
    fn a_band_reads_as_its_file_states_it() {
        let texts = Texts::load(Lang::En).expect("texts");
        for (basis, from, below, expected) in [
            ("gap_to_time", None, Some(-3000), "below -30"),
            (
                "gap_to_time",
                Some(-3000),
                Some(-999),
                "from -30 · up to -10",
            ),
            ("gap_to_time", Some(0), None, "from 0"),
            ("months_late", Some(1), Some(3), "from 1 · up to 2"),
            ("ratio_to_time", Some(6_001), None, "above 60"),
        ] {
            assert_eq!(range(&texts, basis, from, below), expected);
        }
    }
}
