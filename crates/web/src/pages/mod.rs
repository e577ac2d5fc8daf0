//! The pages: one module per capability, each with its typed contexts. Every context is listed in
//! [`samples`], which is what the tests render; a page that is not there fails them.

pub mod common;
pub mod dispatch_grid;
pub mod gallery;
pub mod home;
pub mod login;
pub mod password;
pub mod pipeline;
pub mod programmes;
pub mod project;
pub mod projects;
pub mod refusal;
pub mod rollup;

use axum::Router;
use minijinja::Value;
use minijinja::value::Serde;

use crate::render::Page;
use crate::server::WebState;

/// The addresses of all pages: each capability brings its own.
pub fn routes() -> Router<WebState> {
    Router::new()
        .merge(home::routes())
        .merge(pipeline::routes())
        .merge(programmes::routes())
        .merge(project::routes())
        .merge(projects::routes())
        .merge(rollup::routes())
}

/// Addresses that take large bodies: imports and attachments.
pub fn upload_routes() -> Router<WebState> {
    Router::new().merge(project::upload_routes())
}

/// One state of one page, ready to render.
pub struct Sample {
    pub template: &'static str,
    pub case: usize,
    pub context: Value,
}

/// Every page in every state worth looking at.
pub fn samples() -> Vec<Sample> {
    let mut all = Vec::new();
    add::<dispatch_grid::DispatchGrid>(&mut all);
    add::<gallery::Gallery>(&mut all);
    add::<home::Home>(&mut all);
    add::<login::Login>(&mut all);
    add::<password::Password>(&mut all);
    add::<pipeline::PipelinePage>(&mut all);
    add::<programmes::ProgrammePage>(&mut all);
    add::<project::ProjectPage>(&mut all);
    add::<projects::Projects>(&mut all);
    add::<projects::form_page::ProjectForm>(&mut all);
    add::<refusal::Refusal>(&mut all);
    add::<rollup::RollupPage>(&mut all);
    all
}

fn add<P: Page>(all: &mut Vec<Sample>) {
    all.extend(P::samples().iter().enumerate().map(|(case, page)| Sample {
        template: P::TEMPLATE,
        case,
        context: Value::from(Serde(page)),
    }));
}
