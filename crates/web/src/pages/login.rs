//! The log-in page. It never says whether the name or the password was wrong.

use serde::Serialize;

use crate::i18n::Message;
use crate::render::Page;
use crate::view::Form;

/// Log-in, first try or again.
#[derive(Clone, Debug, Serialize)]
pub struct Login {
    pub form: Form,
    /// Where to go afterwards; a local path.
    pub next: String,
    /// Shown only in the demonstration region.
    pub accounts: Vec<DemoAccount>,
}

/// A log-in of the demonstration region.
#[derive(Clone, Debug, Serialize)]
pub struct DemoAccount {
    pub user: String,
    pub password: String,
    pub who: String,
}

impl Page for Login {
    const TEMPLATE: &'static str = "pages/login.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            form: Form::default(),
            next: "/".into(),
            accounts: Vec::new(),
        };
        let again = Self {
            form: Form::default()
                .value("user", "tongliao")
                .error("user", Message::new("login.wrong")),
            accounts: vec![DemoAccount {
                user: "tongliao".into(),
                password: "gangmu-demo".into(),
                who: "通辽市发改委调度员".into(),
            }],
            ..first.clone()
        };
        vec![first, again]
    }
}
