//! Projects, their moves, lists and papers over the API.

use gangmu_app::domain::organisation::Role;
use serde_json::{Value, json};

use super::{BANNER, LEAGUE, PASSWORD, REGION, Server};

#[tokio::test]
async fn a_project_is_entered_read_edited_and_seen_as_it_stood() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let fields = json!({
        "name": "霍都 60 万吨预焙阳极", "unit": "科尔沁区", "industry": "32", "total_investment": 2_000_000_000_i64,
        "planned_start_on": "2025年3月", "longitude": "122.263119", "start_year": 2025,
        "tags": ["绿色", "铝"], "funding": {"bank_loans": 1_200_000_000_i64, "own_funds": 800_000_000},
        "benefits": [{"metric": "coal_saved", "quantity": "12.50", "unit": "万吨/年", "note": ""}],
    });
    let twins = clerk
        .post("/api/v1/projects/twins", json!({"fields": fields}))
        .await
        .ok();
    assert_eq!(twins, json!([]));
    let made = clerk
        .post(
            "/api/v1/projects",
            json!({"fields": fields, "reason": "谋划"}),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.body()["project_id"].clone();
    let path = format!("/api/v1/projects/{id}");
    let project = clerk.get(&path).await.ok();
    let value = |project: &Value, word: &str| {
        let fields = project["fields"].as_array().cloned().unwrap_or_default();
        let found = fields.into_iter().find(|field| field["field"] == word);
        found
            .map(|field| field["value"].clone())
            .unwrap_or_default()
    };
    for (word, expected) in [
        ("unit", json!("150502")),
        ("total_investment", json!(2_000_000_000_i64)),
        ("planned_start_on", json!("2025-03-01")),
        ("longitude", json!(122_263_119)),
        ("start_year", json!(2025)),
        ("funding", fields["funding"].clone()),
        ("benefits", fields["benefits"].clone()),
    ] {
        assert_eq!(value(&project, word), expected, "{word}");
    }
    // What was read can be sent back, and changes nothing.
    let same: serde_json::Map<String, Value> = project["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .filter(|field| field["group"] != "pipeline" && !field["value"].is_null())
        .map(|field| {
            (
                field["field"].as_str().unwrap_or_default().to_owned(),
                field["value"].clone(),
            )
        })
        .collect();
    let back = json!({"version": project["version"], "fields": same});
    let after = clerk.json("PATCH", &path, back).await.ok();
    assert_eq!(after["version"], project["version"]);

    server.clock.set(jiff::civil::date(2025, 1, 7));
    let clerk = server.log_in("clerk@150502").await;
    let change = |version: &Value| json!({"version": version, "fields": {"total_investment": 2_100_000_000_i64, "tags": null}, "reason": "批复调整"});
    let after = clerk
        .json("PATCH", &path, change(&project["version"]))
        .await
        .ok();
    assert_eq!(value(&after, "total_investment"), 2_100_000_000_i64);
    assert_eq!(after["events"][0]["reason"], "批复调整");
    let answer = clerk
        .json("PATCH", &path, change(&project["version"]))
        .await;
    answer.refused(409, "changed");
    assert_eq!(answer.body()["current"]["version"], after["version"]);
    let then = clerk.get(&format!("{path}?as_of=2025-01-06")).await.ok();
    assert_eq!(value(&then, "total_investment"), 2_000_000_000_i64);
    clerk
        .get(&format!("{path}?as_of=2024-12-31"))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_likely_twin_is_shown_before_it_is_entered() {
    let server = Server::new().await;
    let first = server.project("奈曼旗天然碱").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let fields = json!({"name": "奈曼旗天然碱", "unit": BANNER, "owner": "某能源公司"});
    let twins = clerk
        .post("/api/v1/projects/twins", json!({"fields": fields}))
        .await
        .ok();
    assert_eq!(twins[0]["project_id"], first.0);
    let answer = clerk
        .post("/api/v1/projects", json!({"fields": fields}))
        .await;
    answer.refused(422, "likely_twin");
    assert!(
        answer.text.contains("has the same name and place"),
        "{}",
        answer.text
    );
    let again = json!({"fields": fields, "not_a_twin": true});
    assert_eq!(clerk.post("/api/v1/projects", again).await.status, 201);
}

#[tokio::test]
async fn a_list_is_filtered_sorted_and_paged_by_its_address() {
    let server = Server::new().await;
    let ids = [
        server.project("甲").await,
        server.project("乙").await,
        server.project("丙").await,
    ];
    server.january(&ids[..2]).await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    for (query, expected) in [
        ("", 3),
        ("?on_list=true&period=2025-01", 2),
        ("?q=甲", 1),
        ("?stage=concept,reserve&investor=enterprise", 3),
        ("?stage=completed", 0),
        ("?unit=150502&industry=44", 3),
        (
            "?on_list=true&period=2025-01&facet=not_reported&status=due",
            2,
        ),
    ] {
        let path = format!("/api/v1/projects{}", query.replace('甲', "%E7%94%B2"));
        assert_eq!(clerk.get(&path).await.ok()["projects"], expected, "{query}");
    }
    let page = clerk
        .get("/api/v1/projects?sort=-entered&per_page=2&page=2")
        .await
        .ok();
    assert_eq!(
        (&page["pages"], page["rows"].as_array().map(Vec::len)),
        (&json!(2), Some(1))
    );
}

#[tokio::test]
async fn a_gate_names_every_unmet_condition_and_the_way_is_open_when_they_are_met() {
    let server = Server::new().await;
    let id = server.project("扎铝二期").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let path = format!("/api/v1/projects/{id}");
    let stage = |to: &str| json!({"to": to, "because": {"reason": "前期成熟"}});
    let unmet = clerk.get(&format!("{path}/gate")).await.ok();
    let answer = clerk.post(&format!("{path}/stage"), stage("reserve")).await;
    answer.refused(422, "invalid");
    let listed = answer.body()["messages"].as_array().map(Vec::len);
    assert_eq!(listed, unmet.as_array().map(Vec::len));
    assert!(listed > Some(1), "{}", answer.text);
    clerk
        .post(&format!("{path}/stage"), stage("paradise"))
        .await
        .refused(422, "invalid");
    for act in ["suspend", "resume"] {
        clerk
            .post(&format!("{path}/{act}"), json!({"reason": "资金"}))
            .await
            .done();
    }
    clerk
        .post(&format!("{path}/resume"), json!({}))
        .await
        .refused(422, "invalid");
    let out = json!({"exit": "cancelled", "because": {"reason": "业主放弃"}});
    clerk.post(&format!("{path}/withdraw"), out).await.done();
    assert_eq!(clerk.get(&path).await.ok()["stage"], "cancelled");
}

#[tokio::test]
async fn a_project_is_split_and_merged() {
    let server = Server::new().await;
    let (one, two) = (server.project("一期").await, server.project("二期").await);
    let clerk = server.person(Role::Clerk, BANNER).await;
    let part = |name: &str, total: i64| json!({"name": name, "total_investment": total, "since_start": 0, "year_to_date": 0, "annual_plan": 0});
    let split = |second: i64| json!({"parts": [part("甲", 400_000_000), part("乙", second)], "because": {"reason": "分期"}});
    let path = format!("/api/v1/projects/{one}/split");
    clerk.post(&path, split(1)).await.refused(422, "invalid");
    let answer = clerk.post(&path, split(600_000_000)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let parts = answer.body()["project_ids"].clone();
    let merge = json!({"others": parts, "because": {"reason": "合并建设"}});
    clerk
        .post(&format!("/api/v1/projects/{two}/merge"), merge)
        .await
        .done();
    assert_eq!(
        clerk.get(&format!("/api/v1/projects/{two}")).await.ok()["links"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

#[tokio::test]
async fn a_list_of_a_year_is_adopted_adjusted_and_its_bridge_adds_up() {
    let server = Server::new().await;
    let (one, two) = (server.project("一期").await, server.project("二期").await);
    let region = server.person(Role::Clerk, REGION).await;
    let entry = |plan: i64| json!({"category": "new_start", "annual_plan": plan});
    let list = json!({"year": 2025, "name": "2025年度重大项目", "entries": [{"project_id": one.0, "entry": entry(100)}], "because": {"on": "2025-01-02"}});
    region.post("/api/v1/programmes", list.clone()).await.done();
    region
        .post("/api/v1/programmes", list)
        .await
        .refused(409, "exists");
    assert_eq!(
        region.get("/api/v1/programmes").await.ok()[0]["adopted_on"],
        "2025-01-02"
    );
    let adjust = |id, entry: Value, reason: &str| {
        let body = json!({"entry": entry, "because": {"reason": reason, "on": "2025-01-05"}});
        region.put(
            Box::leak(format!("/api/v1/programmes/2025/projects/{id}").into_boxed_str()),
            body,
        )
    };
    adjust(two, entry(50), "").await.refused(422, "invalid");
    adjust(two, entry(50), "新增").await.done();
    adjust(one, json!(null), "调出").await.done();
    let bridge = region
        .get("/api/v1/programmes/2025/bridge?from=2025-01-03&to=2025-01-06")
        .await
        .ok();
    assert_eq!(
        (
            &bridge["opening"]["annual_plan"],
            &bridge["closing"]["annual_plan"]
        ),
        (&json!(100), &json!(50))
    );
    region
        .get("/api/v1/programmes/2025/bridge?from=2025-02-03&to=2025-01-06")
        .await
        .refused(422, "invalid");
    let pipeline = region.get("/api/v1/pipeline").await.ok();
    assert_eq!(pipeline["stages"][0]["projects"], 2);
}

#[tokio::test]
async fn a_paper_is_kept_given_back_as_a_download_and_taken_off() {
    let server = Server::new().await;
    let id = server.project("一期").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let path = format!("/api/v1/projects/{id}/attachments");
    let page = b"<html><script>alert(1)</script></html>";
    clerk
        .upload(&path, "批复.pdf", page)
        .await
        .refused(422, "invalid");
    clerk
        .upload(&path, "空.pdf", b"")
        .await
        .refused(422, "invalid");
    clerk
        .post(&path, json!({}))
        .await
        .refused(400, "unreadable");
    let added = clerk.upload(&path, "批复\".pdf", b"%PDF-1.7 body").await;
    assert_eq!(added.status, 201, "{}", added.text);
    let one = format!("{path}/{}", added.body()["seq"]);
    let answer = clerk.get(&one).await;
    assert_eq!(answer.text, "%PDF-1.7 body");
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    let disposition = answer.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename*=UTF-8''"),
        "{disposition}"
    );
    assert!(
        !disposition.contains('"') && disposition.is_ascii(),
        "{disposition}"
    );
    assert_eq!(clerk.json("DELETE", &one, json!({})).await.status, 204);
    clerk.get(&one).await.refused(404, "not_found");
}

#[tokio::test]
async fn users_get_posts_and_the_audit_trail_tells() {
    let server = Server::new().await;
    let security = server.person(Role::SecurityAdministrator, REGION).await;
    let new = json!({"login": "liaison", "display_name": "联络员", "password": PASSWORD});
    let added = security.post("/api/v1/users", new.clone()).await;
    assert_eq!(added.status, 201, "{}", added.text);
    security
        .post("/api/v1/users", new)
        .await
        .refused(409, "exists");
    let user = added.body()["user_id"].clone();
    let path = format!("/api/v1/users/{user}");
    let posts = format!("{path}/posts");
    security
        .post(&posts, json!({"role": "king", "unit": REGION}))
        .await
        .refused(422, "invalid");
    security
        .post(&posts, json!({"role": "officer", "unit": LEAGUE}))
        .await
        .refused(422, "invalid");
    security
        .post(&posts, json!({"role": "clerk", "unit": LEAGUE}))
        .await
        .done();
    let users = security.get("/api/v1/users").await.ok();
    let liaison = users
        .as_array()
        .expect("users")
        .iter()
        .find(|u| u["login"] == "liaison")
        .cloned();
    let liaison = liaison.expect("the new user");
    assert_eq!(liaison["posts"][0]["unit_code"], LEAGUE);
    assert!(!users.to_string().contains("argon2"), "{users}");
    let post = format!("/api/v1/posts/{}", liaison["posts"][0]["post_id"]);
    assert_eq!(security.json("DELETE", &post, json!({})).await.status, 204);
    security
        .json("DELETE", &post, json!({}))
        .await
        .refused(404, "not_found");
    security
        .put(&format!("{path}/password"), json!({"password": "short"}))
        .await
        .refused(422, "invalid");
    security
        .put(
            &format!("{path}/password"),
            json!({"password": "another long phrase"}),
        )
        .await
        .done();
    security
        .json("PATCH", &path, json!({"disabled": true}))
        .await
        .done();

    let auditor = server.person(Role::Auditor, REGION).await;
    let trail = auditor
        .get(&format!("/api/v1/audit?subject=user:{user}"))
        .await
        .ok();
    let actions: Vec<&str> = trail
        .as_array()
        .expect("lines")
        .iter()
        .filter_map(|line| line["action"].as_str())
        .collect();
    assert_eq!(
        actions,
        [
            "user_set_disabled",
            "user_set_password",
            "post_give",
            "user_add"
        ]
    );
    assert_eq!(trail[0]["at"], "2025-01-06T04:00:00Z");
}

#[tokio::test]
async fn reference_files_are_loaded_by_the_administrator_and_checked() {
    let server = Server::new().await;
    let system = server.person(Role::SystemAdministrator, REGION).await;
    let load = |kind: &str, text: &str| {
        let request = system.request("PUT", &format!("/api/v1/reference/{kind}"));
        system.send(
            request
                .header("content-type", "text/plain")
                .body(text.to_owned().into()),
        )
    };
    load("departments", "this is\nno,table,at all")
        .await
        .refused(422, "invalid");
    load("colours", "").await.refused(404, "not_found");
    let dispatch = include_str!("../../../../../data/policies/dispatch.toml");
    load("dispatch", dispatch).await.done();
    let units = system.get("/api/v1/units").await.ok();
    assert_eq!(units["code"], REGION);
    assert!(units["children"].as_array().map_or(0, Vec::len) >= 12);
}
