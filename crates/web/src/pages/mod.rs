//! The pages: one module per capability, each with its typed contexts. Every context is listed in
//! [`samples`], which is what the tests render; a page that is not there fails them.

pub mod account;
pub mod approvals;
pub mod audit;
pub mod common;
pub mod desk;
pub mod dispatch;
pub mod exports;
pub mod gallery;
pub mod handovers;
pub mod home;
pub mod imports;
pub mod ledgers;
pub mod liaison;
pub mod login;
pub mod meetings;
pub mod notices;
pub mod organisation;
pub mod password;
pub mod periods;
pub mod pipeline;
pub mod plans;
pub mod policies;
pub mod problems;
pub mod programmes;
pub mod project;
pub mod projects;
pub mod refusal;
pub mod resolutions;
pub mod review;
pub mod rollup;
pub mod supervision;
pub mod users;
pub mod visits;
pub mod winter;
pub mod work;

use axum::Router;
use minijinja::Value;
use minijinja::value::Serde;

use crate::render::Page;
use crate::server::WebState;

/// The addresses of all pages: each capability brings its own.
pub fn routes() -> Router<WebState> {
    Router::new()
        .merge(account::routes())
        .merge(approvals::routes())
        .merge(audit::routes())
        .merge(desk::routes())
        .merge(dispatch::routes())
        .merge(exports::routes())
        .merge(imports::routes())
        .merge(ledgers::routes())
        .merge(notices::routes())
        .merge(organisation::routes())
        .merge(periods::routes())
        .merge(policies::routes())
        .merge(resolutions::routes())
        .merge(review::routes())
        .merge(users::routes())
        .merge(visits::routes())
        .merge(handovers::routes())
        .merge(home::routes())
        .merge(liaison::routes())
        .merge(meetings::routes())
        .merge(pipeline::routes())
        .merge(plans::routes())
        .merge(problems::routes())
        .merge(programmes::routes())
        .merge(project::routes())
        .merge(projects::routes())
        .merge(rollup::routes())
        .merge(supervision::routes())
        .merge(winter::routes())
}

/// Addresses that take large bodies: imports and attachments.
pub fn upload_routes() -> Router<WebState> {
    Router::new()
        .merge(approvals::record::upload_routes())
        .merge(imports::upload_routes())
        .merge(ledgers::upload_routes())
        .merge(plans::upload_routes())
        .merge(policies::upload_routes())
        .merge(project::upload_routes())
        .merge(supervision::upload_routes())
        .merge(visits::upload_routes())
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
    add::<account::OwnAccount>(&mut all);
    add::<approvals::CasePage>(&mut all);
    add::<approvals::CataloguePage>(&mut all);
    add::<approvals::FitPage>(&mut all);
    add::<approvals::Letters>(&mut all);
    add::<approvals::MatterList>(&mut all);
    add::<approvals::record::LogsPage>(&mut all);
    add::<approvals::record::ProcessPage>(&mut all);
    add::<approvals::record::TimedMatters>(&mut all);
    add::<approvals::record::TimingPage>(&mut all);
    add::<approvals::record::WhatIfPage>(&mut all);
    add::<approvals::shelf::ShelfPage>(&mut all);
    add::<approvals::sittings::CallPage>(&mut all);
    add::<approvals::sittings::SittingList>(&mut all);
    add::<approvals::sittings::SittingPage>(&mut all);
    add::<approvals::sittings::SittingSheet>(&mut all);
    add::<audit::Audit>(&mut all);
    add::<desk::Desk>(&mut all);
    add::<dispatch::NoPeriod>(&mut all);
    add::<dispatch::form::ReturnForm>(&mut all);
    add::<dispatch::grid::DispatchGrid>(&mut all);
    add::<dispatch::list::DispatchList>(&mut all);
    add::<exports::Exports>(&mut all);
    add::<gallery::Gallery>(&mut all);
    add::<handovers::Handovers>(&mut all);
    add::<handovers::HandoverSheet>(&mut all);
    add::<imports::Imports>(&mut all);
    add::<imports::Preview>(&mut all);
    add::<ledgers::LedgerImport>(&mut all);
    add::<ledgers::LedgerPreview>(&mut all);
    add::<home::Home>(&mut all);
    add::<liaison::Chains>(&mut all);
    add::<liaison::LiaisonList>(&mut all);
    add::<liaison::LoadPage>(&mut all);
    add::<liaison::NewAssignment>(&mut all);
    add::<liaison::NewCharge>(&mut all);
    add::<liaison::ResponsibilityPage>(&mut all);
    add::<login::Login>(&mut all);
    add::<meetings::MeetingList>(&mut all);
    add::<meetings::MeetingPage>(&mut all);
    add::<meetings::MeetingScreen>(&mut all);
    add::<notices::Notices>(&mut all);
    add::<notices::Outbox>(&mut all);
    add::<notices::Preferences>(&mut all);
    add::<organisation::Organisation>(&mut all);
    add::<password::Password>(&mut all);
    add::<periods::ClosePeriod>(&mut all);
    add::<periods::ReopenPeriod>(&mut all);
    add::<periods::Correction>(&mut all);
    add::<periods::Month>(&mut all);
    add::<periods::Periods>(&mut all);
    add::<policies::Policies>(&mut all);
    add::<refusal::Refusal>(&mut all);
    add::<resolutions::ResolutionList>(&mut all);
    add::<resolutions::ResolutionPage>(&mut all);
    add::<review::ReviewQueue>(&mut all);
    add::<users::Person>(&mut all);
    add::<users::Users>(&mut all);
    add::<visits::ProjectVisits>(&mut all);
    add::<visits::VisitForm>(&mut all);
    add::<visits::VisitPage>(&mut all);
    add::<pipeline::PipelinePage>(&mut all);
    add::<plans::ComparePage>(&mut all);
    add::<plans::CoverPage>(&mut all);
    add::<plans::DutyPage>(&mut all);
    add::<plans::NewPlanPage>(&mut all);
    add::<plans::PlanImportPage>(&mut all);
    add::<plans::PlanImportPreview>(&mut all);
    add::<plans::PlanList>(&mut all);
    add::<plans::PlanPage>(&mut all);
    add::<plans::TaskPage>(&mut all);
    add::<problems::ProblemList>(&mut all);
    add::<problems::ProblemPage>(&mut all);
    add::<problems::NewProblem>(&mut all);
    add::<programmes::ProgrammePage>(&mut all);
    add::<project::ProjectPage>(&mut all);
    add::<projects::Projects>(&mut all);
    add::<projects::form_page::ProjectForm>(&mut all);
    add::<rollup::RollupPage>(&mut all);
    add::<rollup::lights::LightsPage>(&mut all);
    add::<supervision::ItemPage>(&mut all);
    add::<supervision::LetterList>(&mut all);
    add::<supervision::LetterPage>(&mut all);
    add::<supervision::MissedList>(&mut all);
    add::<supervision::RoundPage>(&mut all);
    add::<supervision::SupervisionList>(&mut all);
    add::<winter::WinterList>(&mut all);
    add::<winter::WinterPageView>(&mut all);
    all
}

fn add<P: Page>(all: &mut Vec<Sample>) {
    all.extend(P::samples().iter().enumerate().map(|(case, page)| Sample {
        template: P::TEMPLATE,
        case,
        context: Value::from(Serde(page)),
    }));
}
