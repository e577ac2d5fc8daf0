//! The pages of the monthly work and of administration, each opened, refused and given nonsense,
//! through the whole server.

mod administration;
mod dispatch;
mod exchange;

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
    for word in words {
        assert!(
            answer.text.contains(word),
            "{word:?} is not on the page: {}",
            answer.text
        );
    }
}
