//! The page of every no: not found, not allowed, closed, broken. It says what may be done instead
//! and who may do it.

use serde::Serialize;

use crate::i18n::Message;
use crate::render::Page;
use crate::view::Link;

/// A refusal in words.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    pub title: Message,
    pub lines: Vec<Message>,
    /// Posts or people who may do it.
    pub who_may: Vec<String>,
    pub links: Vec<Link>,
    /// For faults: what to tell the administrator.
    pub request_number: Option<String>,
}

impl Refusal {
    /// The address leads nowhere, or to something this person may not know of.
    pub fn not_found() -> Self {
        Self::titled("refusal.not_found", "refusal.not_found_hint")
    }

    /// The person may see it but not do it.
    pub fn forbidden(who_may: Vec<String>) -> Self {
        Self {
            who_may,
            ..Self::titled("refusal.forbidden", "refusal.forbidden_hint")
        }
    }

    /// Something broke on our side; nothing was changed.
    pub fn fault(request_number: String) -> Self {
        Self {
            request_number: Some(request_number),
            ..Self::titled("refusal.fault", "refusal.fault_hint")
        }
    }

    fn titled(title: &str, line: &str) -> Self {
        Self {
            title: Message::new(title),
            lines: vec![Message::new(line)],
            who_may: Vec::new(),
            links: Vec::new(),
            request_number: None,
        }
    }
}

impl Page for Refusal {
    const TEMPLATE: &'static str = "pages/refusal.html";

    fn samples() -> Vec<Self> {
        let forbidden = Self {
            links: vec![Link::new("2025年12月调度", "/dispatch/2025-12")],
            ..Self::forbidden(vec![
                "通辽市发改委调度员".into(),
                "自治区发改委重大项目处".into(),
            ])
        };
        vec![Self::not_found(), forbidden, Self::fault("01JH-7".into())]
    }
}
