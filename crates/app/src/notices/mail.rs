//! Copies by mail.

use std::time::{Duration, SystemTime};

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::config::{MailServer, Security};
use super::outbox::{Trouble, Worded};

/// Reads an address such as `horqin@example.gov.cn`.
pub(super) fn address(text: &str) -> Result<Address, String> {
    text.parse::<Address>().map_err(|error| error.to_string())
}

/// Reads an address with or without a name before it.
pub(super) fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse::<Mailbox>().map_err(|error| error.to_string())
}

/// Says that nobody wrote this and no machine should answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Hands one message to the mail server.
///
/// `id` is the same when the same copies are sent again, so that a mail server or a reader can see
/// that a message is one they have.
pub(super) async fn send(
    server: &MailServer,
    to: &str,
    id: &str,
    now: i64,
    worded: &Worded,
    patience: Duration,
) -> Result<(), Trouble> {
    let message = message(server, to, id, now, worded).map_err(Trouble::ForGood)?;
    let transport =
        transport(server, patience).map_err(|found| Trouble::Down(found.to_string()))?;
    match transport.send(message).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => Err(Trouble::ForGood(said(&error))),
        // The server spoke: it will not or cannot take this one now.
        Err(error) if error.is_transient() => Err(Trouble::Later(said(&error))),
        Err(error) => Err(Trouble::Down(said(&error))),
    }
}

fn message(
    server: &MailServer,
    to: &str,
    id: &str,
    now: i64,
    worded: &Worded,
) -> Result<Message, String> {
    let from = mailbox(&server.from)?;
    let domain = from.email.domain().to_owned();
    let at = Duration::from_millis(u64::try_from(now).unwrap_or(0));
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, address(to)?))
        .subject(&worded.subject)
        .message_id(Some(format!("<{id}@{domain}>")))
        .date(SystemTime::UNIX_EPOCH + at)
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN)
        .body(worded.text.clone())
        .map_err(|error| error.to_string())
}

fn transport(
    server: &MailServer,
    patience: Duration,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
    let secured = || TlsParameters::new(server.host.clone());
    let tls = match server.security {
        Security::Tls => Tls::Wrapper(secured()?),
        Security::StartTls => Tls::Required(secured()?),
        Security::None => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(server.port)
        .tls(tls)
        .timeout(Some(patience));
    if !server.user.is_empty() {
        let password = server.password.reveal().to_owned();
        builder = builder.credentials(Credentials::new(server.user.clone(), password));
    }
    Ok(builder.build())
}

/// The error with its causes, which is where the server's own words are.
fn said(error: &lettre::transport::smtp::Error) -> String {
    super::outbox::chain(error)
}
