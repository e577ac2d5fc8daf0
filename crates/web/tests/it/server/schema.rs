//! The document against the server: every answer in JSON has a schema, what the server really
//! answers fits it to the last member, and the examples of refusals are what it really says.

use axum::body::Body;
use gangmu_app::domain::organisation::Role;
use serde_json::{Map, Value, json};

use super::{BANNER, Client, PASSWORD, REGION, Server};

/// Routes whose answer is a file or the document itself.
const NOT_JSON: &[(&str, &str)] = &[
    ("get", "/api/v1/projects/{project}/attachments/{seq}"),
    ("get", "/api/v1/imports/{import}/annotated"),
    ("get", "/api/v1/exports/list"),
    ("get", "/api/v1/exports/{kind}"),
    ("get", "/api/v1/plans/{plan}/table.xlsx"),
    ("get", "/api/v1/plans/{plan}/table.docx"),
    ("get", "/api/v1/plans/ledger.xlsx"),
    ("get", "/api/v1/plans/duties.xlsx"),
    (
        "get",
        "/api/v1/plans/{plan}/indicators/{indicator}/proofs/{value}/{file}",
    ),
    ("get", "/api/v1/problems/ledger.xlsx"),
    ("get", "/api/v1/problems/{problem}/order.docx"),
    (
        "get",
        "/api/v1/supervision/{plan}/rounds/{period}/table.xlsx",
    ),
    (
        "get",
        "/api/v1/supervision/{plan}/rounds/{period}/bulletin.docx",
    ),
    ("get", "/api/v1/supervision/missed.xlsx"),
    (
        "get",
        "/api/v1/supervision/letters/{unit}/{year}/{seq}/letter.docx",
    ),
    (
        "get",
        "/api/v1/supervision/letters/{unit}/{year}/{seq}/files/{act}/{file}",
    ),
    (
        "get",
        "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}/proofs/{act}/{file}",
    ),
    ("get", "/api/v1/winter/ledger.xlsx"),
    ("get", "/api/v1/liaison/ledger.xlsx"),
    ("get", "/api/v1/liaison/load.xlsx"),
    ("get", "/api/v1/liaison/chains.xlsx"),
    ("get", "/api/v1/visits/ledger.xlsx"),
    ("get", "/api/v1/visits/{visit}/record.docx"),
    ("get", "/api/v1/resolutions/ledger.xlsx"),
    ("get", "/api/v1/meetings/{meeting}/agenda.docx"),
    ("get", "/api/v1/meetings/{meeting}/minutes.docx"),
    ("get", "/api/v1/handovers/{handover}/list.docx"),
    ("get", "/api/v1/approvals/logs/{format}"),
    ("get", "/api/v1/approvals/timing.xlsx"),
];

async fn document(server: &Server) -> Value {
    server.visitor().get("/api/v1/openapi.json").await.ok()
}

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").iter();
            methods.map(|(method, one)| (method.clone(), path.clone(), one.clone()))
        })
        .collect()
}

#[tokio::test]
async fn every_answer_in_json_has_a_schema_that_says_something() {
    let server = Server::new().await;
    let document = document(&server).await;
    let mut checked = 0;
    for (method, path, operation) in operations(&document) {
        let responses = operation["responses"].as_object().expect("responses");
        for (status, answer) in responses {
            let refused = status.starts_with('4') || status == "default";
            let of = |kind: &str| answer["content"][kind]["schema"].clone();
            if refused {
                let schema = of("application/problem+json");
                assert_eq!(
                    schema["$ref"], "#/components/schemas/Problem",
                    "{method} {path} {status}"
                );
                let shown = &answer["content"]["application/problem+json"]["example"];
                assert!(
                    status == "default" || shown.is_object(),
                    "{method} {path} {status} has no example"
                );
            } else if status != "204" && !NOT_JSON.contains(&(&method, &path)) {
                let schema = of("application/json");
                assert!(
                    names_members(&document, &schema),
                    "{method} {path} {status}: {schema}"
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 25, "{checked}");
}

/// Whether a schema says more than "something".
fn names_members(document: &Value, schema: &Value) -> bool {
    match schema["$ref"].as_str() {
        Some(name) => names_members(document, resolve(document, name)),
        None => {
            schema["type"] == "object" || schema["allOf"].is_array() || {
                schema["type"] == "array" && names_members(document, &schema["items"])
            }
        }
    }
}

fn resolve<'a>(document: &'a Value, name: &str) -> &'a Value {
    let found = document.pointer(name.trim_start_matches('#'));
    found.unwrap_or_else(|| panic!("{name} is not in the document"))
}

#[tokio::test]
async fn what_is_answered_fits_the_document() {
    let server = Server::new().await;
    let document = document(&server).await;
    let id = server.project("奈曼旗天然碱").await;
    server.project("奈曼旗天然碱二期").await;
    server.january(&[id]).await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let security = server.person(Role::SecurityAdministrator, REGION).await;
    let auditor = server.person(Role::Auditor, REGION).await;
    let project = format!("/api/v1/projects/{id}");
    let row = format!("{project}/returns/2025-01");
    let typed = json!({"version": 0, "month_investment": 900_000_000, "site_status": "working"});
    clerk.put(&row, typed).await.ok();
    let table = "项目名称,总投资（万元）,所属旗县\n合计,1,\n新厂,待定吧,科尔沁区\n奈曼旗天然碱,1,科尔沁区\n";
    let files = [("计划.csv", table.as_bytes())];
    let import = clerk.hand_in("/api/v1/imports", &files, &[("year", "2025")]);
    let import = import.await.body()["import_id"].to_string();
    for (client, path, asked) in [
        (&clerk, "/api/v1/me", String::new()),
        (&clerk, "/api/v1/units", String::new()),
        (&clerk, "/api/v1/projects", "?sort=-entered".to_owned()),
        (&clerk, "/api/v1/projects/{project}", String::new()),
        (&clerk, "/api/v1/projects/{project}/gate", String::new()),
        (
            &clerk,
            "/api/v1/projects/{project}/returns/{period}",
            String::new(),
        ),
        (
            &clerk,
            "/api/v1/projects/{project}/returns/{period}/events",
            String::new(),
        ),
        (&clerk, "/api/v1/pipeline", String::new()),
        (&clerk, "/api/v1/programmes", String::new()),
        (
            &clerk,
            "/api/v1/programmes/{year}/bridge",
            "?from=2025-01-01&to=2025-01-31".to_owned(),
        ),
        (&clerk, "/api/v1/rollup", String::new()),
        (
            &clerk,
            "/api/v1/rollup/course",
            "?period=2025-01".to_owned(),
        ),
        (&clerk, "/api/v1/rollup/lights", String::new()),
        (&clerk, "/api/v1/periods", String::new()),
        (&clerk, "/api/v1/periods/{period}/returns", String::new()),
        (&clerk, "/api/v1/periods/{period}/progress", String::new()),
        (&clerk, "/api/v1/periods/{period}/late", String::new()),
        (&clerk, "/api/v1/periods/{period}/reviews", String::new()),
        (&clerk, "/api/v1/notices", String::new()),
        (&clerk, "/api/v1/approvals/timing", "?by=office".to_owned()),
        (&clerk, "/api/v1/approvals/timing/matters", String::new()),
        (&clerk, "/api/v1/approvals/process", String::new()),
        (
            &clerk,
            "/api/v1/approvals/what-if",
            "?matter=A05".to_owned(),
        ),
        (&clerk, "/api/v1/imports", String::new()),
        (&clerk, "/api/v1/imports/{import}", String::new()),
        (&security, "/api/v1/users", String::new()),
        (&auditor, "/api/v1/audit", String::new()),
    ] {
        let address = path
            .replace("{project}", &id.0.to_string())
            .replace("{import}", &import)
            .replace("{period}", "2025-01")
            .replace("{year}", "2025");
        let answer = client.get(&(address + &asked)).await.ok();
        let operation = &document["paths"][path]["get"];
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let problems = misfits(&document, schema, &answer, path);
        assert!(problems.is_empty(), "{problems:#?}");
    }
    assert!(
        misfits(
            &document,
            &json!({"$ref": "#/components/schemas/Me"}),
            &json!({}),
            "me"
        )
        .len()
            > 3
    );
}

/// Lists where a value differs from its schema: members missing or unheard of, other types.
fn misfits(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return misfits(document, resolve(document, name), value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let tried = choices.iter().map(|one| misfits(document, one, value, at));
        return tried.min_by_key(Vec::len).unwrap_or_default();
    }
    if !fits_type(&schema["type"], value) && schema["allOf"].is_null() {
        return vec![format!("{at}: {value} is not {}", schema["type"])];
    }
    match value {
        Value::Array(items) => {
            let of = |(n, one)| misfits(document, &schema["items"], one, &format!("{at}[{n}]"));
            items.iter().enumerate().flat_map(of).collect()
        }
        Value::Object(members) => misfit_members(document, schema, members, at),
        Value::String(text) if schema["format"] == "date-time" => {
            let read = text.parse::<jiff::Timestamp>();
            read.err()
                .map(|_| format!("{at}: {text} is not an instant"))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

fn fits_type(kind: &Value, value: &Value) -> bool {
    let one = |word: &str| match word {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    };
    match kind {
        Value::String(word) => one(word),
        Value::Array(words) => words.iter().filter_map(Value::as_str).any(one),
        _ => true,
    }
}

fn misfit_members(
    document: &Value,
    schema: &Value,
    members: &Map<String, Value>,
    at: &str,
) -> Vec<String> {
    let (mut known, mut required) = (Map::new(), Vec::new());
    gather(document, schema, &mut known, &mut required);
    let rest = &schema["additionalProperties"];
    let free = known.is_empty() && schema["allOf"].is_null();
    let mut found: Vec<String> = required
        .iter()
        .filter(|name| !members.contains_key(*name))
        .map(|name| format!("{at}.{name} is missing"))
        .collect();
    for (name, member) in members {
        match known.get(name) {
            Some(schema) => {
                found.extend(misfits(document, schema, member, &format!("{at}.{name}")))
            }
            None if rest.is_object() => {
                found.extend(misfits(document, rest, member, &format!("{at}.{name}")))
            }
            None if free => {}
            None => found.push(format!("{at}.{name} is not in the document")),
        }
    }
    found
}

/// Collects the members of a schema and of those it is put together from.
fn gather(
    document: &Value,
    schema: &Value,
    known: &mut Map<String, Value>,
    required: &mut Vec<String>,
) {
    if let Some(name) = schema["$ref"].as_str() {
        return gather(document, resolve(document, name), known, required);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        gather(document, part, known, required);
    }
    if let Some(members) = schema["properties"].as_object() {
        known.extend(members.clone());
    }
    let names = schema["required"].as_array().into_iter().flatten();
    required.extend(names.filter_map(Value::as_str).map(str::to_owned));
}

#[tokio::test]
async fn the_examples_of_refusals_are_what_the_server_says() {
    let server = Server::new().await;
    let id = server.project("奈曼旗天然碱").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let visitor = server.visitor();
    let project = format!("/api/v1/projects/{id}");
    let change = json!({"version": 99, "fields": {"site": "西区"}});
    let wrong = json!({"version": 0, "fields": {"total_investment": "much"}});
    let large = json!({"reason": "x".repeat(2 * 1024 * 1024)});
    let raw = |body: &'static str, kind: &'static str| {
        let request = clerk.request("POST", "/api/v1/projects");
        clerk.send(request.header("content-type", kind).body(Body::from(body)))
    };
    for (status, answer) in [
        ("400", raw("{\"fields\": ", "application/json").await),
        (
            "415",
            raw("fields=1", "application/x-www-form-urlencoded").await,
        ),
        ("401", visitor.get("/api/v1/me").await),
        ("403", clerk.get("/api/v1/users").await),
        ("404", clerk.get("/api/v1/projects/999").await),
        ("409", clerk.json("PATCH", &project, change).await),
        ("413", clerk.post("/api/v1/projects", large).await),
        ("422", clerk.json("PATCH", &project, wrong).await),
        ("423", locked(&server, &visitor).await),
    ] {
        let mut example = gangmu_web::api::problems::example(status).expect("an example");
        example["request_id"] = json!("[id]");
        let mut said = answer.body();
        // The project as it is now comes along; `ProjectView` documents it.
        said.as_object_mut().expect("a problem").remove("current");
        assert_eq!(said, example, "{status}");
    }
}

async fn locked(server: &Server, visitor: &Client<'_>) -> super::Answer {
    server.user(Role::Leader, BANNER, None).await;
    let login = format!("leader@{BANNER}");
    for _ in 0..5 {
        let typed = json!({"login": login, "password": "not this one"});
        visitor
            .post("/api/v1/session", typed)
            .await
            .refused(401, "not_logged_in");
    }
    let typed = json!({"login": login, "password": PASSWORD});
    visitor.post("/api/v1/session", typed).await
}
