//! Catalogues as kept texts: the current one, and the ones cases were made under.
//!
//! A kept text never changes, so what was parsed of it once is kept in memory for good.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gangmu_domain::approvals::{Budget, Catalogue, Limits, Matter};
use gangmu_domain::organisation::UnitPath;
use gangmu_store::{Conn, Tx, approvals};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::sync::RwLock;
use utoipa::ToSchema;

use super::view::DepartmentView;
use crate::error::{AppError, OrNotFound};
use crate::policies::parse_approvals;
use crate::problems::NamedView;
use crate::{App, Reference};

/// The parsed catalogues by version.
pub(crate) type Kept = Arc<RwLock<BTreeMap<i64, Arc<Catalogue>>>>;

impl App {
    /// Returns the catalogue that new cases are made under today, and its text.
    pub(crate) async fn current_catalogue(&self) -> Result<(Catalogue, String), AppError> {
        let text = self.policy("approvals", self.today()).await?;
        let catalogue = parse(&text)?;
        Ok((catalogue, text))
    }

    /// What the matters of the catalogue in use are called, by code.
    pub(crate) async fn matters_named(&self) -> Result<HashMap<String, NamedView>, AppError> {
        let (catalogue, _) = self.current_catalogue().await?;
        let named = catalogue.matters.iter().map(|one| NamedView {
            code: one.code.clone(),
            name: one.name.clone(),
            name_en: one.name_en.clone(),
        });
        Ok(named.map(|one| (one.code.clone(), one)).collect())
    }

    /// Keeps the text of a catalogue and returns its version.
    pub(super) async fn keep_catalogue(&self, tx: &Tx, text: &str) -> Result<i64, AppError> {
        let digest = Sha256::digest(text.as_bytes());
        let sha256 = digest.iter().fold(String::new(), |mut hex, byte| {
            use std::fmt::Write as _;
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Ok(approvals::catalogue_keep(tx, &sha256, text, self.now()).await?)
    }

    /// Returns a kept catalogue.
    pub(super) async fn catalogue(
        &self,
        conn: &impl Conn,
        version: i64,
    ) -> Result<Arc<Catalogue>, AppError> {
        if let Some(kept) = self.catalogues.read().await.get(&version) {
            return Ok(Arc::clone(kept));
        }
        let text = approvals::catalogue_get(conn, version)
            .await?
            .or_not_found("catalogue")?;
        let catalogue = Arc::new(parse(&text)?);
        let mut kept = self.catalogues.write().await;
        kept.insert(version, Arc::clone(&catalogue));
        Ok(catalogue)
    }

    /// Shows the catalogue that new cases are made under today.
    ///
    /// # Errors
    /// When the database fails or the catalogue cannot be read.
    pub async fn approval_catalogue(&self) -> Result<CatalogueView, AppError> {
        let reference = self.reference().await?;
        let (catalogue, _) = self.current_catalogue().await?;
        Ok(CatalogueView::new(&reference, &catalogue))
    }
}

pub(super) fn parse(text: &str) -> Result<Catalogue, AppError> {
    parse_approvals(text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        AppError::Reference {
            name: "approvals".to_owned(),
            problem: lines.join("\n"),
        }
    })
}

/// The catalogue as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CatalogueView {
    /// The matters in their order.
    pub matters: Vec<MatterView>,
    /// One per route.
    pub templates: Vec<TemplateView>,
    /// The materials.
    pub materials: Vec<MaterialView>,
    /// How the offices answer each other.
    pub rules: RulesView,
}

/// A matter as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MatterView {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The part of the way, a word.
    pub group: String,
    /// Who leads.
    pub department: DepartmentView,
    /// Who is asked.
    pub consulted: Vec<DepartmentView>,
    /// What must be decided before it starts.
    pub after: Vec<String>,
    /// What must be decided before it is.
    pub alongside: Vec<String>,
    /// The limit of the law, such as `working 20`; empty where there is none.
    pub statutory: String,
    /// The limits promised, each with the code of the unit.
    pub promised: Vec<(String, String)>,
    /// Decided on the day it comes.
    pub immediate: bool,
    /// The first year in which it counts among the main matters.
    pub main_since: Option<i16>,
    /// Codes of the materials it asks for.
    pub materials: Vec<String>,
    /// Of these, those that may come later.
    pub deferrable: Vec<String>,
    /// The code of the material it produces.
    pub produces: Option<String>,
    /// Where the row comes from.
    pub source: String,
}

/// A template as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplateView {
    /// The route, a word.
    pub route: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The codes of its matters.
    pub matters: Vec<String>,
}

/// A material as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MaterialView {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
}

/// The service rules as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RulesView {
    /// Received before this hour: forwarded the same working day.
    pub forward_before_hour: u8,
    /// Later: within so many working days.
    pub forward_within: u32,
    /// So many working days of silence accept.
    pub silence: u32,
    /// So many working days of silence agree.
    pub consult_silence: u32,
    /// So soon after the last deferred document the decision follows.
    pub convert_within: u32,
    /// The light turns yellow at so many days left.
    pub warn_when_left: u32,
}

impl CatalogueView {
    pub(super) fn new(reference: &Reference, catalogue: &Catalogue) -> Self {
        let service = &catalogue.service;
        Self {
            matters: catalogue
                .matters
                .iter()
                .map(|one| MatterView::new(reference, one))
                .collect(),
            templates: catalogue
                .templates
                .iter()
                .map(|one| TemplateView {
                    route: one.route.word().to_owned(),
                    name: one.name.clone(),
                    name_en: one.name_en.clone(),
                    matters: one.matters.clone(),
                })
                .collect(),
            materials: catalogue.materials.iter().map(MaterialView::new).collect(),
            rules: RulesView {
                forward_before_hour: service.forward_before_hour,
                forward_within: service.forward_within.0,
                silence: service.silence.0,
                consult_silence: service.consult_silence.0,
                convert_within: service.convert_within.0,
                warn_when_left: service.warn_when_left,
            },
        }
    }
}

impl MaterialView {
    pub(super) fn new(material: &gangmu_domain::approvals::Material) -> Self {
        Self {
            code: material.code.clone(),
            name: material.name.clone(),
            name_en: material.name_en.clone(),
        }
    }
}

impl MatterView {
    fn new(reference: &Reference, matter: &Matter) -> Self {
        use gangmu_domain::approvals::DependencyKind as D;
        // A catalogue is no unit's own.
        let top = UnitPath::top();
        let department = |code: &String| DepartmentView::of_code(reference, &top, code);
        let depends = |kind: D| {
            let such = matter.depends.iter().filter(|one| one.kind == kind);
            such.map(|one| one.on.clone()).collect()
        };
        let Limits {
            statutory,
            promised,
            immediate,
        } = &matter.limits;
        Self {
            code: matter.code.clone(),
            name: matter.name.clone(),
            name_en: matter.name_en.clone(),
            group: matter.group.word().to_owned(),
            department: department(&matter.department),
            consulted: matter.consulted.iter().map(department).collect(),
            after: depends(D::Finish),
            alongside: depends(D::Promise),
            statutory: statutory.map(budget_text).unwrap_or_default(),
            promised: promised
                .iter()
                .map(|one| (one.unit.clone(), budget_text(one.limit)))
                .collect(),
            immediate: *immediate,
            main_since: matter.main_since,
            materials: matter.materials.clone(),
            deferrable: matter.deferrable.clone(),
            produces: matter.produces.clone(),
            source: matter.source.clone(),
        }
    }
}

/// Writes a limit as `working 20` or `calendar 60`.
pub(super) fn budget_text(budget: Budget) -> String {
    match budget {
        Budget::Working(days) => format!("working {}", days.0),
        Budget::Calendar(days) => format!("calendar {}", days.0),
    }
}

/// What a matter is called; a code the catalogue no longer has stands for itself.
pub(crate) fn named(names: &HashMap<String, NamedView>, code: &str) -> NamedView {
    names.get(code).cloned().unwrap_or_else(|| NamedView {
        code: code.to_owned(),
        name: code.to_owned(),
        name_en: code.to_owned(),
    })
}
