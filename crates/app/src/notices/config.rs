//! How notices leave the house: the mail server and the robots of group chats.
//!
//! Secrets stand in the environment or in files of their own, never in this file and never in the
//! database; nothing here is ever shown back.

use std::path::Path;
use std::time::Duration;

use gangmu_domain::notices::{NoticeKind, Preference, Quiet, Way, minute_from_text};
use serde::Deserialize;

/// What can be wrong with the file that says how notices leave the house.
#[derive(Debug, thiserror::Error)]
pub enum ChannelsError {
    /// The file, or one that holds a secret, cannot be read.
    #[error("`{path}` cannot be read")]
    Read {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not the TOML it should be.
    #[error("the channels cannot be understood: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A value cannot be used.
    #[error("{of}: {wrong}")]
    Wrong {
        /// Of what.
        of: String,
        /// What is wrong with it.
        wrong: String,
    },
}

/// A text nobody may see.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// How notices leave the house.
#[derive(Clone, Debug)]
pub struct Channels {
    /// Where people reach the pages, such as `https://gangmu.example.gov.cn`; empty when messages
    /// shall carry no links.
    pub home: String,
    /// The mail server; without one mail waits.
    pub mail: Option<MailServer>,
    /// The robots, each with a name of its own.
    pub robots: Vec<Robot>,
    /// How long a mail server may take over a word, and a robot over everything.
    pub patience: Duration,
}

impl Default for Channels {
    /// Nothing leaves the house.
    fn default() -> Self {
        Self {
            home: String::new(),
            mail: None,
            robots: Vec::new(),
            patience: Duration::from_secs(15),
        }
    }
}

/// How the way to a mail server is kept from other ears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte, mostly on port 465.
    #[default]
    Tls,
    /// TLS after a word in the open, mostly on port 587; refused when the server has none.
    StartTls,
    /// None: for a server on the same machine.
    None,
}

/// A mail server that takes our mail.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is secured.
    pub security: Security,
    /// Who we are to it; empty when it does not ask.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// Whom mail is from, such as `纲目 <gangmu@example.gov.cn>`.
    pub from: String,
}

/// Whose robots they are: each house signs and answers in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RobotKind {
    /// 企业微信: the key stands in the address.
    WeCom,
    /// 钉钉: the address holds a token, and each request is signed.
    DingTalk,
}

/// The robot of a group chat (群机器人).
#[derive(Clone, Debug)]
pub struct Robot {
    /// What it is called here; unique.
    pub name: String,
    /// Whose it is.
    pub kind: RobotKind,
    /// The code of the unit whose notices it repeats.
    pub unit: String,
    /// Where to post; holds its key.
    pub address: Secret,
    /// What requests are signed with; empty when they are not.
    pub secret: Secret,
    /// What it repeats, and when.
    pub preference: Preference,
    /// Whether names of people and what people wrote may go there.
    pub personal: bool,
    /// The language, `zh-CN` or `en`.
    pub locale: String,
    /// Whether it may stand on a private or loopback address.
    pub allow_private: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    home: String,
    mail: Option<MailEntry>,
    #[serde(default)]
    robot: Vec<RobotEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailEntry {
    host: String,
    port: u16,
    #[serde(default)]
    security: Security,
    #[serde(default)]
    user: String,
    password: Option<Source>,
    from: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RobotEntry {
    name: String,
    kind: RobotKind,
    unit: String,
    address: Source,
    secret: Option<Source>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    digest_at: String,
    #[serde(default)]
    quiet: Vec<String>,
    #[serde(default)]
    personal: bool,
    #[serde(default)]
    locale: String,
    #[serde(default)]
    allow_private: bool,
}

/// Where a secret is: `{ env = "NAME" }` or `{ file = "PATH" }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum Source {
    Env(String),
    File(String),
}

impl Source {
    fn read(&self) -> Result<Secret, ChannelsError> {
        let text = match self {
            Self::Env(name) => std::env::var(name).map_err(|_| ChannelsError::Wrong {
                of: name.clone(),
                wrong: "is not in the environment".to_owned(),
            })?,
            Self::File(path) => read(Path::new(path))?,
        };
        Ok(Secret::new(text.trim()))
    }
}

impl Channels {
    /// Reads the file that says how notices leave the house, and the secrets it points to.
    ///
    /// # Errors
    /// When it cannot be read or understood, or a secret is missing.
    pub fn read(path: &Path) -> Result<Self, ChannelsError> {
        let file: File = toml::from_str(&read(path)?)?;
        let robots: Vec<Robot> = file
            .robot
            .into_iter()
            .map(robot)
            .collect::<Result<_, _>>()?;
        for (at, one) in robots.iter().enumerate() {
            if robots.iter().take(at).any(|other| other.name == one.name) {
                return Err(wrong(&one.name, "two robots have this name"));
            }
        }
        Ok(Self {
            home: file.home.trim_end_matches('/').to_owned(),
            mail: file.mail.map(mail).transpose()?,
            robots,
            ..Self::default()
        })
    }

    /// Finds a robot by its name.
    pub(super) fn robot(&self, name: &str) -> Option<&Robot> {
        self.robots.iter().find(|robot| robot.name == name)
    }
}

fn read(path: &Path) -> Result<String, ChannelsError> {
    std::fs::read_to_string(path).map_err(|source| ChannelsError::Read {
        path: path.display().to_string(),
        source,
    })
}

fn wrong(of: &str, wrong: impl Into<String>) -> ChannelsError {
    ChannelsError::Wrong {
        of: of.to_owned(),
        wrong: wrong.into(),
    }
}

fn mail(entry: MailEntry) -> Result<MailServer, ChannelsError> {
    super::mail::mailbox(&entry.from).map_err(|found| wrong("mail.from", found))?;
    let password = entry.password.map(|source| source.read()).transpose()?;
    Ok(MailServer {
        host: entry.host,
        port: entry.port,
        security: entry.security,
        user: entry.user,
        password: password.unwrap_or_default(),
        from: entry.from,
    })
}

fn robot(entry: RobotEntry) -> Result<Robot, ChannelsError> {
    let name = entry.name.as_str();
    let address = entry.address.read()?;
    super::robot::target(&address).map_err(|found| wrong(name, found))?;
    let secret = entry.secret.map(|source| source.read()).transpose()?;
    let minute = |text: &str| {
        minute_from_text(text).ok_or_else(|| wrong(name, format!("`{text}` is no time of day")))
    };
    let mut preference = Preference::default();
    let mut way = Way::AtOnce;
    if !entry.digest_at.is_empty() {
        preference.digest_at = minute(&entry.digest_at)?;
        way = Way::Digest;
    }
    preference.quiet = match entry.quiet.as_slice() {
        [] => None,
        [from, to] => Some(Quiet {
            from: minute(from)?,
            to: minute(to)?,
        }),
        _ => return Err(wrong(name, "`quiet` takes two times of day")),
    };
    for word in &entry.kinds {
        if NoticeKind::from_word(word).is_none() {
            return Err(wrong(name, format!("`{word}` is no kind of notice")));
        }
    }
    let chosen = |kind: NoticeKind| {
        entry.kinds.is_empty() || entry.kinds.iter().any(|word| word == kind.word())
    };
    for kind in NoticeKind::ALL {
        let way = if chosen(*kind) { way } else { Way::Inbox };
        preference.ways.insert(*kind, way);
    }
    Ok(Robot {
        kind: entry.kind,
        unit: entry.unit,
        address,
        secret: secret.unwrap_or_default(),
        preference,
        personal: entry.personal,
        locale: entry.locale,
        allow_private: entry.allow_private,
        name: entry.name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channels(text: &str) -> Result<Channels, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        std::fs::write(&key, "https://robot.example/send?key=1\n").expect("a key");
        let text = text.replace("KEY", &key.display().to_string());
        let path = folder.path().join("channels.toml");
        std::fs::write(&path, text).expect("a file");
        Channels::read(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn the_manual_lists_every_kind_of_notice() {
        let manual = include_str!("../../../../docs/notices.md");
        for kind in NoticeKind::ALL {
            let row = format!("| `{}` |", kind.word());
            assert!(manual.contains(&row), "docs/notices.md lists no {row}");
        }
    }

    #[test]
    fn robots_and_a_mail_server_are_read_with_their_secrets() {
        let read = channels(
            r#"
            home = "https://gangmu.example/"
            [mail]
            host = "mail.example"
            port = 465
            from = "纲目 <gangmu@example.gov.cn>"
            [[robot]]
            name = "通辽"
            kind = "wecom"
            unit = "150500"
            address = { file = "KEY" }
            kinds = ["chase"]
            digest_at = "8:30"
            quiet = ["20:00", "07:00"]
            "#,
        )
        .expect("channels");
        assert_eq!(read.home, "https://gangmu.example");
        assert_eq!(
            read.mail.as_ref().map(|mail| mail.security),
            Some(Security::Tls)
        );
        let robot = read.robot("通辽").expect("a robot");
        assert_eq!(robot.address.reveal(), "https://robot.example/send?key=1");
        assert_eq!(robot.preference.way(NoticeKind::Chase), Way::Digest);
        assert_eq!(robot.preference.way(NoticeKind::Problem), Way::Inbox);
        assert_eq!(robot.preference.digest_at, 510);
        assert!(
            !format!("{read:?}").contains("key=1"),
            "a secret is not shown"
        );
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let robot = |more: &str| {
            format!(
                "[[robot]]\nname = \"甲\"\nkind = \"dingtalk\"\nunit = \"150500\"\n\
                 address = {{ file = \"KEY\" }}\n{more}\n"
            )
        };
        for (text, said) in [
            (
                robot("quiet = [\"20:00\"]"),
                "甲: `quiet` takes two times of day",
            ),
            (
                robot("digest_at = \"25:00\""),
                "甲: `25:00` is no time of day",
            ),
            (
                robot("kinds = [\"gossip\"]"),
                "甲: `gossip` is no kind of notice",
            ),
            (robot("") + &robot(""), "甲: two robots have this name"),
            (
                robot("secret = { env = \"GANGMU_TEST_NOWHERE\" }"),
                "GANGMU_TEST_NOWHERE: is not in the environment",
            ),
            (robot("").replace("KEY", "KEY-gone"), "cannot be read"),
            (robot("password = \"x\""), "unknown field `password`"),
            (
                "[mail]\nhost = \"m\"\nport = 25\nfrom = \"nobody\"".to_owned(),
                "mail.from",
            ),
        ] {
            let found = channels(&text).expect_err(&text);
            assert!(found.contains(said), "{text}\n{found}");
        }
    }
}
