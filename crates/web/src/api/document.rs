//! The OpenAPI document: what all routes share is added here, once, after they were collected.

use utoipa::openapi::path::{Operation, OperationBuilder};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, Info, OpenApi, PathItem, Ref, ResponseBuilder, ResponsesBuilder,
};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::server::{Problem, ProblemMessage, SESSION_COOKIE};

/// Where the document itself is.
pub const PATH: &str = "/api/v1/openapi.json";

/// Adds title, the session cookie, the document's own route and the shape of failures.
pub fn finished(mut document: OpenApi) -> OpenApi {
    document.info = Info::new("Gangmu 纲目", env!("CARGO_PKG_VERSION"));
    document.info.description = Some(DESCRIPTION.to_owned());
    let components = document.components.get_or_insert_default();
    for (name, schema) in [
        (Problem::name(), Problem::schema()),
        (ProblemMessage::name(), ProblemMessage::schema()),
    ] {
        components.schemas.insert(name.into_owned(), schema);
    }
    components.security_schemes.insert(
        "session".to_owned(),
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE))).into(),
    );
    let own = OperationBuilder::new()
        .operation_id(Some("openapi"))
        .summary(Some("This document"))
        .responses(
            ResponsesBuilder::new()
                .response("200", ResponseBuilder::new().description("This document"))
                .build(),
        )
        .build();
    document.paths.paths.insert(
        PATH.to_owned(),
        PathItem::new(utoipa::openapi::HttpMethod::Get, own),
    );
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(operation, super::PUBLIC.contains(&(method, path.as_str())));
        }
    }
    document
}

const DESCRIPTION: &str = "The project library, rolling pipeline, monthly dispatch and metrics. \
    Money is in whole yuan, dates are ISO dates, instants RFC 3339, rates `{num, den}`. Log in \
    with POST /api/v1/session and send its cookie. Every failure is a problem document (RFC 9457); \
    `Accept-Language` chooses its words.";

/// Lists a path's operations by method.
pub fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("patch", &mut item.patch),
    ]
    .into_iter()
    .filter_map(|(method, slot)| slot.as_mut().map(|operation| (method, operation)))
    .collect()
}

fn complete(operation: &mut Operation, public: bool) {
    let problem = || {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build();
        ResponseBuilder::new()
            .description("Nothing was changed; the problem document says why")
            .content("application/problem+json", content)
            .build()
    };
    let responses = &mut operation.responses.responses;
    responses.insert("default".to_owned(), problem().into());
    if !public {
        responses.insert("401".to_owned(), problem().into());
        operation.security = Some(vec![SecurityRequirement::new::<_, [String; 0], String>(
            "session",
            [],
        )]);
    }
}
