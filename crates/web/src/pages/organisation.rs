//! Who there is: the tree of reporting units and the departments. What one would get wrong: units
//! are loaded from files, not typed in, because codes and figures hang on them. (组织机构)

use axum::Router;
use axum::routing::get;
use gangmu_app::domain::organisation::Action;
use gangmu_app::organisation::UnitNode;
use serde::Serialize;

use super::common::name;
use super::work;
use crate::i18n::Lang;
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};

/// The address of the page.
pub fn routes() -> Router<WebState> {
    Router::new().route("/organisation", get(show))
}

/// Units and departments.
#[derive(Clone, Debug, Serialize)]
pub struct Organisation {
    pub top: Unit,
    pub total: usize,
    pub zones: usize,
    pub departments: Vec<Department>,
    pub may_load: bool,
}

/// A unit with those below it.
#[derive(Clone, Debug, Serialize)]
pub struct Unit {
    pub code: String,
    pub name: String,
    pub level: i16,
    pub zone: bool,
    pub children: Vec<Unit>,
}

/// A department.
#[derive(Clone, Debug, Serialize)]
pub struct Department {
    pub code: String,
    pub name: String,
    pub short_name: String,
}

async fn show(visit: Visit) -> Answer {
    let tree = visit.app.unit_tree(&visit.actor).await?;
    let reference = visit.app.reference().await?;
    let top = unit(visit.lang, &tree);
    let page = Organisation {
        total: count(&top, |_| true),
        zones: count(&top, |unit| unit.zone),
        departments: reference
            .departments_at(&visit.actor.unit())
            .into_iter()
            .map(|one| Department {
                name: name(visit.lang, &one.name, &one.name_en),
                code: one.code,
                short_name: one.short_name,
            })
            .collect(),
        may_load: visit.may(Action::ManageReference),
        top,
    };
    visit.page(&page).await
}

fn unit(lang: Lang, node: &UnitNode) -> Unit {
    Unit {
        code: node.unit.code.clone(),
        name: work::unit_name(lang, &node.unit),
        level: node.level,
        zone: node.kind == "zone",
        children: node
            .children
            .iter()
            .map(|child| unit(lang, child))
            .collect(),
    }
}

fn count(unit: &Unit, wanted: fn(&Unit) -> bool) -> usize {
    let below: usize = unit.children.iter().map(|child| count(child, wanted)).sum();
    usize::from(wanted(unit)) + below
}

impl Page for Organisation {
    const TEMPLATE: &'static str = "pages/organisation.html";

    fn samples() -> Vec<Self> {
        let leaf = |code: &str, name: &str, zone| Unit {
            code: code.into(),
            name: name.into(),
            level: 2,
            zone,
            children: Vec::new(),
        };
        let league = |code: &str, name: &str, children| Unit {
            code: code.into(),
            name: name.into(),
            level: 1,
            zone: false,
            children,
        };
        let top = Unit {
            code: "150000".into(),
            name: "内蒙古自治区".into(),
            level: 0,
            zone: false,
            children: vec![
                league(
                    "150500",
                    "通辽市",
                    vec![
                        leaf("150502", "科尔沁区", false),
                        leaf("150581", "霍林郭勒市", false),
                        leaf("150571", "通辽经济技术开发区", true),
                    ],
                ),
                league(
                    "150600",
                    "鄂尔多斯市",
                    vec![leaf("150602", "东胜区", false)],
                ),
            ],
        };
        vec![Self {
            total: count(&top, |_| true),
            zones: count(&top, |unit| unit.zone),
            departments: vec![
                Department {
                    code: "drc".into(),
                    name: "发展和改革委员会".into(),
                    short_name: "发改委".into(),
                },
                Department {
                    code: "energy".into(),
                    name: "能源局".into(),
                    short_name: "能源局".into(),
                },
            ],
            may_load: true,
            top,
        }]
    }
}
