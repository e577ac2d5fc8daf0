//! The PostgreSQL server for tests and the databases on it.
//!
//! Migrating takes longer than copying, so each test program migrates one template and tests copy
//! it. Tests may run in processes of their own; what they share is guarded by a lock on the server.

use std::collections::hash_map::{DefaultHasher, RandomState};
use std::hash::{BuildHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use gangmu_store::Db;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const VARIABLE: &str = "GANGMU_TEST_POSTGRES";
const WRAPPER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tools/with-postgres");

/// A copy of the template; dropped from the server with the value.
pub(crate) struct Database {
    name: String,
    address: String,
}

impl Database {
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // On a thread of its own: the test's runtime may be the one that is running this.
        let dropped = std::thread::spawn(move || {
            crate::block_on(async {
                let mut server = connect(server_address()).await;
                run(&mut server, &sql).await;
            });
        });
        if dropped.join().is_err() {
            eprintln!("the database {} stays behind", self.name);
        }
    }
}

/// What a database is made from.
pub(crate) enum From {
    /// The migrated template.
    Template,
    /// Nothing: it has no table yet.
    Nothing,
}

/// Makes a database.
pub(crate) async fn database(from: From) -> Database {
    let mut server = connect(server_address()).await;
    let template = match from {
        From::Template => template(&mut server).await,
        From::Nothing => "template1".to_owned(),
    };
    let name = format!("gangmu_{:016x}", RandomState::new().hash_one(&template));
    run(
        &mut server,
        &format!("CREATE DATABASE {name} TEMPLATE {template}"),
    )
    .await;
    Database {
        address: address_of(server_address(), &name),
        name,
    }
}

/// Makes the template of this test program unless another process has; returns its name.
async fn template(server: &mut PgConnection) -> String {
    let (program, build) = fingerprint();
    let name = format!("gangmu_template_{program:016x}_{build:016x}");
    run(server, "SELECT pg_advisory_lock(726169)").await;
    let found: Vec<String> = sqlx::query_scalar("SELECT datname FROM pg_database")
        .fetch_all(&mut *server)
        .await
        .expect("the list of databases");
    if !found.contains(&name) {
        // Templates of earlier builds of the same program are of no more use.
        let older = format!("gangmu_template_{program:016x}_");
        for old in found.iter().filter(|found| found.starts_with(&older)) {
            run(server, &format!("DROP DATABASE {old} WITH (FORCE)")).await;
        }
        // Under another name until it is whole: whoever is stopped here leaves no half template.
        let draft = format!("{older}draft");
        run(server, &format!("CREATE DATABASE {draft}")).await;
        let address = address_of(server_address(), &draft);
        drop(Db::open(&address).await.expect("a migrated template"));
        run(server, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
    }
    run(server, "SELECT pg_advisory_unlock(726169)").await;
    name
}

/// Tells test programs apart, and the builds of one.
fn fingerprint() -> (u64, u64) {
    let path = std::env::current_exe().expect("the path of the test program");
    let file = path.metadata().expect("the test program");
    let hash = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        value(&mut hasher);
        hasher.finish()
    };
    let build = hash(&|h| (file.len(), file.modified().ok()).hash(h));
    (hash(&|h| path.hash(h)), build)
}

async fn connect(address: &str) -> PgConnection {
    match PgConnection::connect(address).await {
        Ok(server) => server,
        Err(error) => panic!("the PostgreSQL in {VARIABLE} does not answer: {error}"),
    }
}

async fn run(server: &mut PgConnection, sql: &str) {
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(server).await {
        panic!("`{sql}` failed: {error}");
    }
}

/// Puts another database's name into the address of a server.
fn address_of(server: &str, database: &str) -> String {
    let (path, query) = match server.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (server, String::new()),
    };
    let host_at = path.find("://").map_or(0, |at| at + 3);
    let host_end = path[host_at..]
        .find('/')
        .map_or(path.len(), |at| host_at + at);
    format!("{}/{database}{query}", &path[..host_end])
}

fn server_address() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| std::env::var(VARIABLE).unwrap_or_else(|_| start()))
}

/// Starts a private server that lives as long as this process holds its input open.
fn start() -> String {
    static SERVER: OnceLock<Child> = OnceLock::new();
    let mut child = Command::new(WRAPPER)
        .args(["--never-install", "sh", "-c"])
        .arg(format!("echo \"${VARIABLE}\"; exec cat >/dev/null"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{WRAPPER} does not run: {error}"));
    let mut address = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut address).ok();
    }
    if address.trim().is_empty() {
        let mut said = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_string(&mut said).ok();
        }
        panic!("no PostgreSQL for this test: {said}");
    }
    SERVER.set(child).ok();
    address.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::address_of;

    #[test]
    fn an_address_gets_another_database() {
        for (server, wanted) in [
            (
                "postgres://u@h/postgres?host=%2Ftmp",
                "postgres://u@h/x?host=%2Ftmp",
            ),
            ("postgres://u:p@h:5433/a", "postgres://u:p@h:5433/x"),
            ("postgres://u@h", "postgres://u@h/x"),
        ] {
            assert_eq!(address_of(server, "x"), wanted);
        }
    }
}
