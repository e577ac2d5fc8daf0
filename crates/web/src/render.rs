//! Rendering of pages: strict about undefined names, escaping everything. One environment per
//! language, so that templates and macros say `t("key")` and never pass a language around.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Html;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::assets::Manifest;
use crate::functions;
use crate::i18n::{Lang, Texts, TextsError};
use crate::shell::Shell;

#[derive(RustEmbed)]
#[folder = "templates"]
struct Sources;

/// A page: its typed context, its template, and samples that tests and the gallery render.
pub trait Page: Serialize + Sized {
    const TEMPLATE: &'static str;

    /// Every state worth looking at: full, empty, refused, with errors.
    fn samples() -> Vec<Self>;
}

/// Why a page could not be rendered; users see a request number instead.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("loading the texts")]
    Texts(#[from] TextsError),
    #[error("loading template {name}")]
    Template {
        name: String,
        #[source]
        source: minijinja::Error,
    },
    #[error("rendering {name}")]
    Render {
        name: String,
        #[source]
        source: minijinja::Error,
    },
}

/// All templates in all languages, ready to render; cheap to clone.
#[derive(Clone)]
pub struct Templates(Arc<BTreeMap<Lang, (Texts, Environment<'static>)>>);

impl Templates {
    /// Compiles the embedded templates once per language.
    pub fn load() -> Result<Self, RenderError> {
        let manifest = Arc::new(Manifest::load());
        let mut by_lang = BTreeMap::new();
        for lang in Lang::ALL {
            let texts = Texts::load(lang)?;
            by_lang.insert(lang, (texts.clone(), environment(texts, &manifest)?));
        }
        Ok(Self(Arc::new(by_lang)))
    }

    /// Renders a page inside its frame, in the frame's language.
    pub fn page<P: Page>(&self, shell: &Shell, page: &P) -> Result<Html<String>, RenderError> {
        self.render(P::TEMPLATE, shell, Value::from(Serde(page)))
            .map(Html)
    }

    /// Renders any template with a context already made: fragments for htmx, and samples.
    pub fn render(&self, name: &str, shell: &Shell, page: Value) -> Result<String, RenderError> {
        let failed = |source| RenderError::Render {
            name: name.to_owned(),
            source,
        };
        let Some((_, environment)) = self.0.get(&shell.lang) else {
            return Err(failed(minijinja::Error::new(
                minijinja::ErrorKind::TemplateNotFound,
                "no templates in this language",
            )));
        };
        let context = context! { shell => Serde(shell), ..page };
        environment
            .get_template(name)
            .and_then(|template| template.render(context))
            .map_err(failed)
    }

    /// The texts of a language, for answers that are not pages.
    pub fn texts(&self, lang: Lang) -> Option<&Texts> {
        self.0.get(&lang).map(|(texts, _)| texts)
    }
}

/// The names of all page templates: `pages/….html`.
pub fn page_templates() -> Vec<String> {
    Sources::iter()
        .filter(|name| name.starts_with("pages/"))
        .map(|name| name.into_owned())
        .collect()
}

fn environment(
    texts: Texts,
    manifest: &Arc<Manifest>,
) -> Result<Environment<'static>, RenderError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for name in Sources::iter() {
        let Some(file) = Sources::get(&name) else {
            continue;
        };
        let source = String::from_utf8_lossy(&file.data).into_owned();
        environment
            .add_template_owned(name.to_string(), source)
            .map_err(|source| RenderError::Template {
                name: name.to_string(),
                source,
            })?;
    }
    functions::install(&mut environment, texts, Arc::clone(manifest));
    Ok(environment)
}
