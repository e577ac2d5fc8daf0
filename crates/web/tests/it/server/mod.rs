//! The whole server in process, on a small region in SQLite. What one would get wrong: people are
//! made and log in as in life, so a test that needs one role should make only that one.

mod exchange;
mod library;
mod matrix;
mod problems;
mod returns;
mod schema;
mod sessions;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use gangmu_app::{App, FixedClock, KeepPassword};
use gangmu_web::server::{Options, WebState, router};
use jiff::civil::date;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub const BANNER: &str = "150502";
pub const LEAGUE: &str = "150500";
pub const REGION: &str = "150000";
pub const PASSWORD: &str = "a long enough phrase";

/// A server with the shipped region, at noon of 2025-01-06.
pub struct Server {
    pub app: App,
    pub clock: Arc<FixedClock>,
    router: Router,
    _folder: TempDir,
}

impl Server {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        // In memory where there is such a folder: the store waits until every commit is on disk.
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .expect("a folder");
        let clock = Arc::new(FixedClock::at(date(2025, 1, 6)));
        let database = format!("sqlite://{}", folder.path().join("gangmu.db").display());
        let files = folder.path().join("files");
        let app = App::open(&database, &files, clock.clone())
            .await
            .expect("an application");
        let state = WebState::new(app.clone(), options).expect("a state");
        Self {
            router: router(state).expect("a router"),
            app,
            clock,
            _folder: folder,
        }
    }

    /// Somebody nobody knows.
    pub fn visitor(&self) -> Client<'_> {
        Client {
            server: self,
            cookie: None,
            lang: "en",
        }
    }

    /// Makes a user with one post; their login is `role@unit`.
    pub async fn user(&self, role: Role, unit: &str, department: Option<&str>) -> i64 {
        let system = self.app.system().await.expect("the system");
        let login = format!("{}@{unit}", role.word());
        let added = self.app.user_add(&system, &login, &login, PASSWORD).await;
        let user = added.expect("a user");
        self.app
            .user_set_password(&system, user, PASSWORD, KeepPassword::Keep)
            .await
            .expect("a password that may stay");
        self.app
            .post_give(&system, user, role, unit, department)
            .await
            .expect("a post");
        user.0
    }

    /// Somebody logged in with one post.
    pub async fn person(&self, role: Role, unit: &str) -> Client<'_> {
        self.user(role, unit, None).await;
        self.log_in(&format!("{}@{unit}", role.word())).await
    }

    pub async fn log_in(&self, login: &str) -> Client<'_> {
        let body = json!({"login": login, "password": PASSWORD});
        let answer = self.visitor().post("/api/v1/session", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Client {
            cookie: Some(answer.session().expect("a session cookie")),
            ..self.visitor()
        }
    }

    /// Enters a project of a banner; names are made unique by a number.
    pub async fn project(&self, name: &str) -> ProjectId {
        let system = self.app.system().await.expect("the system");
        let body = json!({
            "name": name, "unit": BANNER, "industry": "44", "site": "工业园区",
            "total_investment": 1_000_000_000_i64, "owner": "某能源公司", "basis": "规划",
            "planned_start_on": "2025-03-01", "investor_type": "enterprise",
        });
        let reference = self.app.reference().await.expect("reference data");
        let mut edit = gangmu_app::library::ProjectEdit::default();
        for (word, value) in body.as_object().expect("fields") {
            use gangmu_app::domain::library::Field;
            let field = Field::from_word(word).expect("a field");
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let unit = gangmu_app::library::MoneyUnit::Yuan;
            let read = gangmu_app::library::parse_field(&reference, field, &text, unit);
            edit.fields.insert(field, read.expect("a value"));
        }
        self.app
            .project_create(&system, &edit)
            .await
            .expect("a project")
    }

    /// Takes a project through the gates until it is being built.
    pub async fn build(&self, id: ProjectId) {
        use gangmu_app::approvals::ActInput;
        use gangmu_app::domain::approvals::Act;
        use gangmu_app::domain::library::{Field, FundingSource, Value as Known};
        use gangmu_app::domain::{Yuan, pipeline::Stage};
        let system = self.app.system().await.expect("the system");
        let text = |text: &str| Known::Text(text.to_owned());
        let own = (FundingSource::OwnFunds, Yuan::wan(100_000));
        let mut edit = gangmu_app::library::ProjectEdit::default();
        for (field, value) in [
            (Field::Scale, text("两台机组")),
            (Field::Park, text("科尔沁园区")),
            (Field::Funding, Known::Funding([own].into())),
            (Field::ApprovalDocument, text("备案〔2024〕1号")),
            (
                Field::Code,
                Known::Code(format!("2401-150502-04-01-{:06}", id.0)),
            ),
            (Field::PlannedStart, Known::Date(date(2024, 3, 1))),
            (Field::DutyPerson, text("项目科科长")),
            (Field::ContractDocument, text("合同")),
            (Field::ActualStart, Known::Date(date(2024, 3, 10))),
        ] {
            edit.fields.insert(field, Some(value));
        }
        let edited = self.app.project_edit(&system, id, None, &edit).await;
        edited.expect("its fields");
        let photo = gangmu_app::library::Upload {
            file_name: "现场.jpg".into(),
            bytes: b"\xff\xd8\xff".as_slice().into(),
        };
        let added = self.app.attachment_add(&system, id, photo).await;
        added.expect("a photo");
        let because = gangmu_app::pipeline::Move {
            on: None,
            reason: String::new(),
            document_no: String::new(),
        };
        for stage in [Stage::Reserve, Stage::Preparation, Stage::Implementation] {
            if stage == Stage::Implementation {
                let case = self.app.case_view(&system, id, None).await.expect("a case");
                for item in case.items {
                    let open = matches!(item.phase.as_str(), "not_received" | "to_clarify");
                    if open && item.main_since.is_some() {
                        let reason = "依法豁免".to_owned();
                        let input = ActInput::new(Some(item.version), Act::Exempt { reason });
                        let done = self.app.item_act(&system, id, &item.code, &input).await;
                        done.expect("exempt");
                    }
                }
            }
            let moved = self.app.stage_move(&system, id, stage, &because).await;
            moved.expect("through the gate");
        }
    }

    /// Puts projects on the list of 2025 with a plan and opens January.
    pub async fn january(&self, projects: &[ProjectId]) {
        use gangmu_app::domain::Yuan;
        use gangmu_app::domain::metrics::Carried;
        use gangmu_app::domain::pipeline::Category;
        use gangmu_app::pipeline::{Move, NewEntry};
        let system = self.app.system().await.expect("the system");
        let entry = NewEntry {
            category: Category::Continuing,
            plan: Yuan::wan(12_000),
            monthly_plan: None,
            carried: Carried::default(),
        };
        let list: Vec<_> = projects.iter().map(|id| (*id, entry.clone())).collect();
        let because = Move {
            on: None,
            reason: "年初下达".into(),
            document_no: String::new(),
        };
        self.app
            .programme_adopt(&system, 2025, "2025年度重大项目清单", &list, &because)
            .await
            .expect("a list");
        self.app
            .period_open(&system, "2025-01".parse().expect("a period"))
            .await
            .expect("an open month");
    }
}

/// A browser or program: its session and language.
#[derive(Clone)]
pub struct Client<'a> {
    server: &'a Server,
    pub cookie: Option<String>,
    pub lang: &'static str,
}

impl Client<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()))
            .await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json("POST", path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.json("PUT", path, body).await
    }

    pub async fn json(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = self
            .request(method, path)
            .header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string()))).await
    }

    /// Posts a form as a page of ours would.
    pub async fn form(&self, path: &str, body: &str) -> Answer {
        let request = self
            .request("POST", path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body.to_owned()))).await
    }

    /// Uploads a file as a form.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        self.hand_in(path, &[(name, bytes)], &[]).await
    }

    /// Sends a form with files and fields.
    pub async fn hand_in(
        &self,
        path: &str,
        files: &[(&str, &[u8])],
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, bytes) in files {
            body.extend_from_slice(
                format!(
                    "--gangmu\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                     content-type: application/octet-stream\r\n\r\n"
                )
                .as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        for (name, value) in fields {
            body.extend_from_slice(
                format!(
                    "--gangmu\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .as_bytes(),
            );
        }
        body.extend_from_slice(b"--gangmu--\r\n");
        let request = self
            .request("POST", path)
            .header("content-type", "multipart/form-data; boundary=gangmu");
        self.send(request.body(Body::from(body))).await
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "gangmu.example")
            .header("accept-language", self.lang);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("gangmu_session={cookie}"));
        }
        request
    }

    pub async fn send(&self, request: axum::http::Result<Request<Body>>) -> Answer {
        let router = self.server.router.clone();
        let answer = router.oneshot(request.expect("a request")).await;
        let (parts, body) = answer.expect("an answer").into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// The body as JSON, what differs from run to run left out.
    pub fn body(&self) -> Value {
        let mut value: Value = serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} is not JSON: {}", self.status, self.text));
        if let Some(id) = value.get_mut("request_id") {
            assert_ne!(id.as_str().unwrap_or_default(), "", "a request number");
            *id = json!("[id]");
        }
        value
    }

    /// The key of the session cookie, if one is set.
    pub fn session(&self) -> Option<String> {
        let cookies = self.headers.get_all("set-cookie").into_iter();
        cookies
            .filter_map(|value| value.to_str().ok())
            .filter_map(|cookie| cookie.strip_prefix("gangmu_session="))
            .filter_map(|rest| rest.split(';').next())
            .find(|key| !key.is_empty())
            .map(str::to_owned)
    }

    /// Says that it is a refusal of this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body()["code"], code, "{}", self.text);
    }

    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.body()
    }

    #[track_caller]
    pub fn done(&self) {
        assert_eq!(self.status, 204, "{}", self.text);
    }
}
