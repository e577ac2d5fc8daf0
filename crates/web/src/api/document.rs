//! The OpenAPI document: what all routes share is added here, once, after they were collected.

use utoipa::openapi::path::{Operation, OperationBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, SchemaType, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Content, ContentBuilder, Info, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, ResponseBuilder,
    ResponsesBuilder, Schema,
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
    components.schemas.values_mut().for_each(instants);
    components.security_schemes.insert(
        "session".to_owned(),
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE))).into(),
    );
    let own = OperationBuilder::new()
        .operation_id(Some("openapi"))
        .summary(Some("This document"))
        .responses(
            ResponsesBuilder::new()
                .response("200", own_answer())
                .build(),
        )
        .build();
    document.paths.paths.insert(
        PATH.to_owned(),
        PathItem::new(utoipa::openapi::HttpMethod::Get, own),
    );
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(
                path,
                operation,
                super::PUBLIC.contains(&(method, path.as_str())),
            );
        }
    }
    document
}

/// The document follows a specification of its own.
fn own_answer() -> ResponseBuilder {
    let object = ObjectBuilder::new().description(Some("OpenAPI 3.1"));
    let content = ContentBuilder::new().schema(Some(object)).build();
    ResponseBuilder::new()
        .description("This document")
        .content("application/json", content)
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

/// Gives every refusal its shape and an example, and names those that any such route may answer.
fn complete(path: &str, operation: &mut Operation, public: bool) {
    let takes_query =
        operation.parameters.iter().flatten().any(
            |one| matches!(one, RefOr::T(one) if matches!(one.parameter_in, ParameterIn::Query)),
        );
    let takes_body = operation.request_body.is_some();
    let asks = takes_body || takes_query;
    let takes_json = matches!(&operation.request_body,
        Some(RefOr::T(body)) if body.content.contains_key("application/json"));
    let also = [
        ("400", takes_body),
        ("401", !public),
        ("403", !public),
        ("404", path.contains('{')),
        ("413", takes_body),
        ("415", takes_json),
        ("422", asks),
    ];
    let responses = &mut operation.responses.responses;
    for (status, applies) in also {
        if applies {
            let plain = || ResponseBuilder::new().description(meaning(status)).build();
            responses
                .entry(status.to_owned())
                .or_insert_with(|| plain().into());
        }
    }
    for (status, response) in responses.iter_mut() {
        if let (true, RefOr::T(response)) = (status.starts_with('4'), response) {
            response
                .content
                .insert(PROBLEM_JSON.to_owned(), problem(status).into());
        }
    }
    let any = ResponseBuilder::new()
        .description("Nothing was changed; the problem document says why")
        .content(PROBLEM_JSON, problem("default"));
    responses.insert("default".to_owned(), any.build().into());
    if !public {
        operation.security = Some(vec![SecurityRequirement::new::<_, [String; 0], String>(
            "session",
            [],
        )]);
    }
}

const PROBLEM_JSON: &str = "application/problem+json";

fn meaning(status: &str) -> &'static str {
    match status {
        "400" => "The body cannot be read; `messages` says where it breaks off",
        "401" => "Not logged in",
        "403" => "Your posts do not allow it; `who_may` says whose do",
        "404" => "It does not exist, or you may not know of it",
        "413" => "The body is larger than the server takes",
        "415" => "The body is not said to be JSON",
        _ => "Something asked for is wrong; `messages` says all of it",
    }
}

fn problem(status: &str) -> Content {
    ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(super::problems::example(status))
        .build()
}

/// Says of members that hold instants what `wire::instants` makes of them on the way out.
fn instants(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            for (name, member) in &mut object.properties {
                match member {
                    RefOr::T(Schema::Object(one)) if is_instant(name, &one.schema_type) => {
                        one.schema_type = texted(&one.schema_type);
                        one.format = Some(SchemaFormat::KnownFormat(KnownFormat::DateTime));
                    }
                    other => instants(other),
                }
            }
        }
        Schema::AllOf(all) => all.items.iter_mut().for_each(instants),
        _ => {}
    }
}

fn is_instant(name: &str, kind: &SchemaType) -> bool {
    super::wire::names_an_instant(name) && *kind != texted(kind)
}

/// Returns the type with texts in place of whole numbers.
fn texted(kind: &SchemaType) -> SchemaType {
    let text = |kind: &Type| match kind {
        Type::Integer => Type::String,
        other => other.clone(),
    };
    match kind {
        SchemaType::Type(one) => SchemaType::Type(text(one)),
        SchemaType::Array(several) => SchemaType::Array(several.iter().map(text).collect()),
        SchemaType::AnyValue => SchemaType::AnyValue,
    }
}
