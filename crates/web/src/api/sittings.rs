//! Joint sittings: calling one, saying what a department thinks, closing it with decisions.
//!
//! What one would get wrong: a decision is an act of a matter; closing records all of them or none,
//! and refuses one over a matter that a department objects to or can still answer.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::AppError;
use gangmu_app::approvals::{ActInput, SittingCall, SittingRowView, SittingView, Stance};
use gangmu_app::domain::approvals::Act;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::DepartmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::organisation::unknown;
use super::{At, Body, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(sittings, sitting_call))
        .routes(routes!(sitting))
        .routes(routes!(opinion))
        .routes(routes!(close))
}

/// The joint sittings of one's unit and those below, newest first
#[utoipa::path(get, path = "/api/v1/approvals/sittings", tag = "approvals",
    responses((status = 200, description = "At most 100", body = Vec<SittingRowView>)))]
async fn sittings(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<Vec<SittingRowView>>, Failure> {
    Reply::ok(state.app.sitting_list(&actor).await?)
}

/// A call for a sitting.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Call {
    /// What it is called.
    title: String,
    /// The code of the unit that holds it.
    unit: String,
    /// The projects; their open matters that ask other departments are the agenda.
    projects: Vec<i64>,
}

/// The sitting that was called.
#[derive(Serialize, ToSchema)]
struct Called {
    sitting_id: i64,
}

/// Call a joint sitting over one project or many
#[utoipa::path(post, path = "/api/v1/approvals/sittings", tag = "approvals", request_body = Call,
    responses((status = 201, description = "Called", body = Called), (status = 422, description = "No name, or nothing to sit over")))]
async fn sitting_call(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(asked): Body<Call>,
) -> Result<(StatusCode, Reply<Called>), Failure> {
    let reference = state.app.reference().await?;
    let unit = reference.unit_by_code(&asked.unit);
    let unit = unit.ok_or_else(|| unknown("unit", &asked.unit))?;
    let call = SittingCall {
        title: asked.title,
        unit: unit.path.clone(),
        projects: asked.projects.into_iter().map(ProjectId).collect(),
    };
    let sitting_id = state.app.sitting_call(&actor, &call).await?;
    Ok((StatusCode::CREATED, Reply::ok(Called { sitting_id })?))
}

/// A joint sitting: its agenda and every department's opinion
#[utoipa::path(get, path = "/api/v1/approvals/sittings/{sitting}", tag = "approvals", params(("sitting" = i64, Path)),
    responses((status = 200, description = "The sitting", body = SittingView)))]
async fn sitting(
    State(state): State<WebState>,
    Person(actor): Person,
    At(sitting): At<i64>,
) -> Result<Reply<SittingView>, Failure> {
    Reply::ok(state.app.sitting_view(&actor, sitting).await?)
}

/// What a department says of a matter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Opinion {
    project_id: i64,
    /// The code of the matter.
    matter: String,
    department_id: i64,
    /// agree, conditional, object.
    stance: String,
    /// Must say something unless the department agrees.
    #[serde(default)]
    body: String,
}

/// Record a department's opinion
#[utoipa::path(post, path = "/api/v1/approvals/sittings/{sitting}/opinions", tag = "approvals", params(("sitting" = i64, Path)),
    request_body = Opinion, responses((status = 204, description = "Recorded"), (status = 409, description = "The time is over, or the sitting is closed")))]
async fn opinion(
    State(state): State<WebState>,
    Person(actor): Person,
    At(sitting): At<i64>,
    Body(asked): Body<Opinion>,
) -> Result<StatusCode, Failure> {
    let stance = Stance::from_word(&asked.stance);
    let stance = stance.ok_or_else(|| unknown("stance", &asked.stance))?;
    let what = (ProjectId(asked.project_id), asked.matter.as_str());
    let department = DepartmentId(asked.department_id);
    let said = (stance, asked.body.as_str());
    state
        .app
        .sitting_say(&actor, sitting, what, department, said)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a sitting decided of a matter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    project_id: i64,
    /// The code of the matter.
    matter: String,
    /// The version of the matter that was looked at.
    version: i64,
    /// grant, refuse.
    act: String,
    #[serde(default)]
    document_no: String,
    /// The legal ground of a refusal.
    #[serde(default)]
    ground: String,
}

/// How a sitting ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Closing {
    /// The version of the sitting that was looked at.
    version: i64,
    /// What was decided; matters not named here stay as they are.
    #[serde(default)]
    decisions: Vec<Decision>,
}

impl Decision {
    fn read(self) -> Result<(ProjectId, String, ActInput), AppError> {
        let act = match self.act.as_str() {
            "grant" => Act::Grant {
                document_no: self.document_no,
            },
            "refuse" => Act::Refuse {
                ground: self.ground,
                document_no: self.document_no,
            },
            other => return Err(unknown("act", other)),
        };
        let input = ActInput::new(Some(self.version), act);
        Ok((ProjectId(self.project_id), self.matter, input))
    }
}

/// Close a joint sitting: its decisions become acts of the matters, all or none
#[utoipa::path(post, path = "/api/v1/approvals/sittings/{sitting}/close", tag = "approvals", params(("sitting" = i64, Path)),
    request_body = Closing, responses((status = 204, description = "Closed"), (status = 409, description = "Not agreed, closed already, or changed meanwhile")))]
async fn close(
    State(state): State<WebState>,
    Person(actor): Person,
    At(sitting): At<i64>,
    Body(asked): Body<Closing>,
) -> Result<StatusCode, Failure> {
    let decisions = asked.decisions.into_iter().map(Decision::read);
    let decisions = decisions.collect::<Result<Vec<_>, AppError>>()?;
    state
        .app
        .sitting_close(&actor, sitting, asked.version, &decisions)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
