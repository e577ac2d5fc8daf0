//! Kills a real server and a real import at random moments: nothing acknowledged is lost, nothing is
//! half-applied. GANGMU_KILLS says how often (10 by default, 200 in `make nightly`).

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

const PASSWORD: &str = "crash-test-2026";

fn kills() -> u64 {
    std::env::var("GANGMU_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10)
}

/// The same sequence every run, so that a failure can be looked at.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn gangmu(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gangmu"));
    command
        .arg("--database")
        .arg(format!("sqlite://{}", folder.join("g.db").display()))
        .arg("--files")
        .arg(folder.join("files"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = gangmu(folder, arguments).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn done(folder: &Path, arguments: &[&str], input: &str) -> String {
    let output = run(folder, arguments, input);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {text}{errors}");
    text
}

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child = gangmu(folder, &["serve", "--listen", "127.0.0.1:0"])
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next().expect("the server tells its address").unwrap();
            let digits = line
                .trim_end_matches('/')
                .rsplit(':')
                .next()
                .unwrap()
                .to_owned();
            if let Ok(port) = digits.parse() {
                break port;
            }
        };
        Self { child, port }
    }

    fn log_in(&self) -> Client {
        let mut client = Client {
            port: self.port,
            cookie: String::new(),
        };
        let body = json!({"login": "crash", "password": PASSWORD});
        client
            .call("POST", "/api/v1/session", Some(&body))
            .expect("logged in");
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As little of HTTP as the test needs: one request a connection.
#[derive(Clone)]
struct Client {
    port: u16,
    cookie: String,
}

impl Client {
    /// Returns the status and the JSON, or nothing when the server died meanwhile.
    fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .ok()?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let origin = format!("127.0.0.1:{}", self.port);
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {origin}\r\nOrigin: http://{origin}\r\n\
             Accept: application/json\r\nContent-Type: application/json\r\nCookie: {}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.cookie,
            body.len()
        )
        .ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        for line in head.lines() {
            if let Some(cookie) = line.to_lowercase().strip_prefix("set-cookie: ") {
                let length = cookie.split(';').next().unwrap_or_default().len();
                // Lower case was only for finding the header.
                self.cookie = line["set-cookie: ".len()..][..length].to_owned();
            }
        }
        let json = body.find(['{', '[']).map_or("null", |at| &body[at..]);
        let end = json.rfind(['}', ']']).map_or(json.len(), |at| at + 1);
        Some((
            status,
            serde_json::from_str(&json[..end]).unwrap_or(Value::Null),
        ))
    }

    fn ok(&mut self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (status, json) = self.call(method, path, body).expect("the server answers");
        assert!(status < 300, "{method} {path}: {status} {json}");
        json
    }

    fn grid(&mut self) -> BTreeMap<i64, (i64, Option<i64>)> {
        let grid = self.ok("GET", "/api/v1/periods/2026-01/returns", None);
        let rows = grid["rows"].as_array().unwrap();
        rows.iter()
            .map(|row| {
                let version = row["version"].as_i64().unwrap();
                let month = row["month_investment"].as_i64();
                (row["project_id"].as_i64().unwrap(), (version, month))
            })
            .collect()
    }
}

/// A region with a clerk, a list and an open month.
fn region(folder: &Path) {
    done(
        folder,
        &["generate", "--projects", "40", "--months", "2"],
        "",
    );
    let password = format!("{PASSWORD}\n");
    done(folder, &["user", "add", "crash", "测试岗位"], &password);
    done(folder, &["user", "password", "crash", "--keep"], &password);
    done(folder, &["user", "post", "crash", "clerk", "150000"], "");
    let server = Server::start(folder);
    let mut client = server.log_in();
    let list = client.ok(
        "GET",
        "/api/v1/projects?per_page=40&stage=implementation",
        None,
    );
    let entries: Vec<Value> = list["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let entry = json!({"category": "continuing", "annual_plan": 1_000_000});
            json!({"project_id": row["project_id"], "entry": entry})
        })
        .collect();
    let programme = json!({"year": 2026, "name": "2026", "entries": entries});
    client.ok("POST", "/api/v1/programmes", Some(&programme));
    client.ok(
        "POST",
        "/api/v1/periods",
        Some(&json!({"period": "2026-01"})),
    );
}

/// Clerks who file at the same time, so that filings share transactions.
const CLERKS: usize = 8;

/// Files returns of some projects until the server is gone; tells what was acknowledged.
fn burst(
    mut client: Client,
    mut versions: BTreeMap<i64, i64>,
    mut dice: Dice,
    tell: &mpsc::Sender<(i64, i64, i64)>,
) {
    let projects: Vec<i64> = versions.keys().copied().collect();
    loop {
        let at = usize::try_from(dice.roll(projects.len() as u64)).unwrap();
        let project = projects[at];
        let amount = i64::try_from(dice.roll(100_000)).unwrap();
        let body = json!({
            "version": versions[&project], "month_investment": amount, "funds": {},
            "site_status": "working", "image_progress": "基础施工", "problems": "",
            "correction_reason": "", "explanations": {},
        });
        let path = format!("/api/v1/projects/{project}/returns/2026-01");
        let Some((status, row)) = client.call("PUT", &path, Some(&body)) else {
            return;
        };
        let Some(version) = row["version"].as_i64().filter(|_| status == 200) else {
            return;
        };
        versions.insert(project, version);
        let _ = tell.send((project, version, amount));
    }
}

#[test]
fn slow_a_killed_server_loses_nothing_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    region(folder);
    let mut dice = Dice(20_260_108);
    let mut known: BTreeMap<i64, (i64, Option<i64>)> = BTreeMap::new();
    let mut acknowledged = 0;
    for kill in 0..kills() {
        let server = Server::start(folder);
        let mut client = server.log_in();
        let stored = client.grid();
        for (project, (version, month)) in &known {
            let (now, found) = stored[project];
            assert!(now >= *version, "kill {kill}: project {project} went back");
            if now == *version {
                assert_eq!(found, *month, "kill {kill}: project {project}");
            }
        }
        known.clone_from(&stored);
        let (tell, told) = mpsc::channel();
        // Each clerk has projects of its own: only the server puts their filings together.
        let bursts: Vec<_> = (0..CLERKS)
            .map(|clerk| {
                let own = stored.iter().skip(clerk).step_by(CLERKS);
                let own = own.map(|(project, (version, _))| (*project, *version));
                let (own, dice) = (own.collect(), Dice(dice.roll(u64::MAX)));
                let (client, tell) = (client.clone(), tell.clone());
                std::thread::spawn(move || burst(client, own, dice, &tell))
            })
            .collect();
        drop(tell);
        std::thread::sleep(Duration::from_millis(20 + dice.roll(400)));
        drop(server);
        for burst in bursts {
            burst.join().unwrap();
        }
        for (project, version, amount) in told {
            known.insert(project, (version, Some(amount)));
            acknowledged += 1;
        }
        done(folder, &["doctor"], "");
    }
    assert!(
        acknowledged > 0,
        "the server acknowledged nothing, so nothing was tested"
    );
}

#[test]
fn slow_a_killed_import_leaves_all_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    done(folder, &["migrate"], "");
    let mut dice = Dice(7);
    let mut adopted = 0;
    for kill in 0..kills() {
        let table = folder.join(format!("{kill}.csv"));
        let mut text = "项目名称,所属区域,总投资（万元）\n".to_owned();
        for row in 0..150 {
            text.push_str(&format!(
                "第{kill}批第{row}号项目,科尔沁区,{}\n",
                1_000 + row
            ));
        }
        std::fs::write(&table, text).unwrap();
        let table = table.to_str().unwrap();
        let mut child = gangmu(folder, &["import", "--adopt", table])
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(dice.roll(900)));
        let _ = child.kill();
        child.wait().unwrap();
        let preview: Value =
            serde_json::from_str(&done(folder, &["import", "--json", table], "")).unwrap();
        let counts = (&preview["counts"]["new"], &preview["counts"]["unchanged"]);
        match (counts.0.as_i64().unwrap(), counts.1.as_i64().unwrap()) {
            (150, 0) => {}
            (0, 150) => adopted += 1,
            other => panic!("kill {kill}: half an import, {other:?}"),
        }
    }
    done(folder, &["doctor"], "");
    println!(
        "{adopted} of {} imports were adopted before they were killed",
        kills()
    );
}
