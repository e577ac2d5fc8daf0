//! Copies to the robot of a group chat, as 企业微信 and 钉钉 take them.
//!
//! What one would get wrong: a robot's address is a way out of the house, so it is no way back in:
//! the address is looked up once, checked, and connected to as it was checked; an answer that
//! sends us elsewhere is not followed.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::address::{Refused, resolve};
use super::config::{Robot, RobotKind, Secret};
use super::outbox::Trouble;

/// The longest answer that is read, in bytes.
const LONGEST: usize = 64 * 1024;

impl RobotKind {
    /// The longest text of one message, in bytes.
    pub(super) const fn most_bytes(self) -> usize {
        match self {
            Self::WeCom => 2_048,
            Self::DingTalk => 18_000,
        }
    }
}

/// Where to post.
pub(super) struct Target {
    uri: Uri,
    host: String,
    port: u16,
    tls: bool,
}

/// Reads the address of a robot.
pub(super) fn target(address: &Secret) -> Result<Target, String> {
    let uri: Uri = address
        .reveal()
        .parse()
        .map_err(|_| "the address is no URL".to_owned())?;
    let tls = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err("the address must begin with https:// or http://".to_owned()),
    };
    let authority = uri
        .authority()
        .map(|part| part.as_str())
        .unwrap_or_default();
    if authority.contains('@') {
        return Err("the address may not hold a user".to_owned());
    }
    let host = uri.host().unwrap_or_default().to_owned();
    let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
    Ok(Target {
        host,
        port,
        tls,
        uri,
    })
}

/// What a robot answers, in the form both houses use.
#[derive(Deserialize)]
struct Answer {
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

/// "Too often" in the words of both houses: try later.
const TOO_OFTEN: [i64; 4] = [45_009, 45_033, 130_101, 410_100];

/// Posts one text; the whole conversation may take so long.
pub(super) async fn send(
    robot: &Robot,
    now: i64,
    text: &str,
    patience: Duration,
) -> Result<(), Trouble> {
    match tokio::time::timeout(patience, post(robot, now, text)).await {
        Ok(done) => done,
        Err(_) => Err(Trouble::Later("it does not answer".to_owned())),
    }
}

async fn post(robot: &Robot, now: i64, text: &str) -> Result<(), Trouble> {
    let target = target(&robot.address).map_err(Trouble::ForGood)?;
    let address = resolve(&target.host, target.port, robot.allow_private)
        .await
        .map_err(|refused| match refused {
            Refused::Unknown(found) => Trouble::Later(found),
            Refused::Private => Trouble::ForGood("its address is a private one".to_owned()),
        })?;
    let later = |error: &dyn std::error::Error| Trouble::Later(super::outbox::chain(error));
    let stream = TcpStream::connect(address).await.map_err(|e| later(&e))?;
    let body = json!({ "msgtype": "text", "text": { "content": text } }).to_string();
    let request = Request::post(path(robot, &target, now))
        .header(HOST, host_header(&target))
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| Trouble::ForGood(error.to_string()))?;
    let (status, bytes) = if target.tls {
        let name = ServerName::try_from(target.host.clone())
            .map_err(|error| Trouble::ForGood(error.to_string()))?;
        let connector = TlsConnector::from(tls_config()?);
        let stream = connector
            .connect(name, stream)
            .await
            .map_err(|e| later(&e))?;
        exchange(stream, request).await?
    } else {
        exchange(stream, request).await?
    };
    judge(status, &bytes)
}

async fn exchange(
    stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Bytes), Trouble> {
    let later = |error: &hyper::Error| Trouble::Later(super::outbox::chain(error));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|e| later(&e))?;
    // Ends when the sender is dropped: with this function, or with the time that it may take.
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(|e| later(&e));
    let done = match answer {
        Ok(answer) => {
            let status = answer.status();
            let read = Limited::new(answer.into_body(), LONGEST).collect().await;
            match read {
                Ok(body) => Ok((status, body.to_bytes())),
                Err(error) => Err(Trouble::Later(error.to_string())),
            }
        }
        Err(trouble) => Err(trouble),
    };
    connection.abort();
    done
}

fn judge(status: StatusCode, bytes: &[u8]) -> Result<(), Trouble> {
    if status.is_redirection() {
        let found = format!("{status}: it sends us elsewhere, which is not followed");
        return Err(Trouble::ForGood(found));
    }
    if !status.is_success() {
        let busy = status.is_server_error()
            || status == StatusCode::TOO_MANY_REQUESTS
            || status == StatusCode::REQUEST_TIMEOUT;
        let found = status.to_string();
        return Err(if busy {
            Trouble::Later(found)
        } else {
            Trouble::ForGood(found)
        });
    }
    match serde_json::from_slice::<Answer>(bytes) {
        Ok(answer) if answer.errcode == 0 => Ok(()),
        Ok(answer) => {
            let found = format!("{} {}", answer.errcode, answer.errmsg);
            Err(
                match TOO_OFTEN.contains(&answer.errcode) || answer.errcode == -1 {
                    true => Trouble::Later(found),
                    false => Trouble::ForGood(found),
                },
            )
        }
        Err(_) => Err(Trouble::ForGood(
            "its answer is not one of a robot".to_owned(),
        )),
    }
}

fn host_header(target: &Target) -> String {
    let authority = target.uri.authority();
    authority.map_or_else(|| target.host.clone(), |part| part.as_str().to_owned())
}

/// The path with its query; 钉钉 wants the time and a signature in it.
fn path(robot: &Robot, target: &Target, now: i64) -> String {
    let path = target
        .uri
        .path_and_query()
        .map_or("/", |part| part.as_str());
    let secret = robot.secret.reveal();
    if robot.kind != RobotKind::DingTalk || secret.is_empty() {
        return path.to_owned();
    }
    let joint = if path.contains('?') { '&' } else { '?' };
    format!(
        "{path}{joint}timestamp={now}&sign={}",
        signature(secret, now)
    )
}

/// Signs an instant: HMAC-SHA-256 of the instant and the secret, in base64, escaped for a query.
fn signature(secret: &str, now: i64) -> String {
    let mut mac = match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mac) => mac,
        // Keys of any length are taken; a robot that gets no signature says so.
        Err(_) => return String::new(),
    };
    mac.update(format!("{now}\n{secret}").as_bytes());
    let text = STANDARD.encode(mac.finalize().into_bytes());
    text.replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

/// Whom to trust is what the machine trusts: an office's own authority counts.
fn tls_config() -> Result<Arc<ClientConfig>, Trouble> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(Arc::clone(config));
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Trouble::Later(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::clone(CONFIG.get_or_init(|| Arc::new(config))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_as_the_house_wants_it() {
        // Computed with Python's hmac, base64 and urllib.
        assert_eq!(
            signature("SECthis is secret", 1_736_136_000_000),
            "rY%2BBM9ol7LhFhlP0bMlIVqHs8Zm51dNOqrLDgjnnlXE%3D"
        );
    }

    #[test]
    fn an_answer_says_whether_to_try_again() {
        let said = |status: u16, body: &str| match judge(
            StatusCode::from_u16(status).unwrap(),
            body.as_bytes(),
        ) {
            Ok(()) => "sent",
            Err(Trouble::ForGood(_)) => "for good",
            Err(Trouble::Later(_) | Trouble::Down(_)) => "later",
        };
        for (status, body, expected) in [
            (200, r#"{"errcode":0,"errmsg":"ok"}"#, "sent"),
            (
                200,
                r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#,
                "later",
            ),
            (
                200,
                r#"{"errcode":130101,"errmsg":"send too fast"}"#,
                "later",
            ),
            (
                200,
                r#"{"errcode":310000,"errmsg":"sign not match"}"#,
                "for good",
            ),
            (200, "<html>", "for good"),
            (302, "", "for good"),
            (404, "", "for good"),
            (429, "", "later"),
            (500, "", "later"),
            (503, "", "later"),
        ] {
            assert_eq!(said(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn an_address_must_be_one_to_post_to() {
        let read = |text: &str| target(&Secret::new(text)).map(|t| (t.host, t.port, t.tls));
        assert_eq!(
            read("https://oapi.dingtalk.com/robot/send?access_token=1"),
            Ok(("oapi.dingtalk.com".to_owned(), 443, true))
        );
        assert_eq!(
            read("http://[::1]:8080/x"),
            Ok(("[::1]".to_owned(), 8080, false))
        );
        for text in ["ftp://a/b", "/send", "", "https://me:word@robot.example/"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
