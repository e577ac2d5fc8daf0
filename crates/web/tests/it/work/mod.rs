//! The pages of the monthly work and of administration, each opened, refused and given nonsense,
//! through the whole server.

mod administration;
mod approvals;
mod cases;
mod dispatch;
mod exchange;
mod liaison;
mod notices;
mod plans;
mod problems;
mod record;
mod sittings;
mod supervision;
mod walk;
mod winter;

use crate::server::{Answer, Client};

/// Follows one redirection after a form did its work.
pub async fn followed(client: &Client<'_>, answer: Answer) -> Answer {
    assert_eq!(answer.status, 303, "{}", answer.text);
    client.get(answer.header("location")).await
}

/// Sees that a page came and shows all of this.
#[track_caller]
pub fn shows(answer: &Answer, status: u16, words: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let text = plain(answer);
    for word in words {
        assert!(text.contains(word), "{word:?} is not on the page: {text}");
    }
}

/// The page with what templates escape written plainly.
fn plain(answer: &Answer) -> String {
    answer.text.replace("&#x2f;", "/").replace("&amp;", "&")
}

/// What stands between two texts for the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).expect("the text before").1;
    rest.split_once(after).expect("the text after").0
}
