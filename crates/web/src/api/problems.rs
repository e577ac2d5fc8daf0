//! Examples of refusals for the document. What one would get wrong: they are not made up; a test
//! asks for each of them and compares it with what the server says.

use serde_json::{Value, json};

/// Returns an example of the problem document of a status, if the API answers with it.
#[must_use]
pub fn example(status: &str) -> Option<Value> {
    let (code, title, detail) = words(status)?;
    let mut problem = json!({
        "type": format!("urn:gangmu:problem:{code}"),
        "title": title,
        "status": status.parse::<u16>().unwrap_or_default(),
        "code": code,
        "detail": detail,
        "request_id": "5f3a9c01",
    });
    match status {
        "400" => {
            problem["messages"] = json!([{
                "code": "request.not_json",
                "field": "",
                "params": ["1", "11"],
                "text": "The content is not complete JSON: it can be read up to line 1, character 11",
            }]);
        }
        "403" => problem["who_may"] = json!(["Security administrator"]),
        "422" => {
            problem["messages"] = json!([{
                "code": "field.not_money",
                "field": "total_investment",
                "params": ["much"],
                "text": "“much” is not an amount of money",
            }]);
        }
        _ => {}
    }
    Some(problem)
}

fn words(status: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match status {
        "400" => (
            "unreadable",
            "The request cannot be read",
            "Check what was typed, or the API document, and try again.",
        ),
        "401" => (
            "not_logged_in",
            "Please log in",
            "You are logged out, or the user name or password is wrong.",
        ),
        "403" => (
            "refused",
            "You may not do this",
            "It is outside what your post covers.",
        ),
        "404" => (
            "not_found",
            "Not found",
            "There is no such project: the address may be wrong, or it lies outside what you may see.",
        ),
        "409" => (
            "changed",
            "Somebody else changed it meanwhile",
            "The project was changed after you opened it; your change was not saved. Reload and try again.",
        ),
        "413" => (
            "too_large",
            "Too large",
            "It is more than one request may bring. Split or compress it and try again.",
        ),
        "415" => (
            "media_type",
            "The content is of another type",
            "Send the Content-Type that the API document names.",
        ),
        "422" => (
            "invalid",
            "Some things need to be corrected",
            "Nothing was saved. Correct each of them and submit again.",
        ),
        "423" => (
            "locked",
            "The account is locked for a while",
            "Too many wrong passwords: the account is locked until 2025-01-06 12:15. Try again then, or ask the security administrator.",
        ),
        _ => return None,
    })
}
