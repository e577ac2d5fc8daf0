//! Texts: both languages have the same keys and places, and each key is used. A key is used when it
//! stands in quotes in a template, a source file or a script, or below a quoted prefix ending in a
//! dot (`"stage." ~ name`).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use axum::http::{HeaderMap, HeaderValue};
use gangmu_web::i18n::{Lang, Message, Texts};

fn texts(lang: Lang) -> Texts {
    Texts::load(lang).expect("texts load")
}

fn sources() -> String {
    let mut out = String::new();
    for folder in ["templates", "src", "../../web-assets/src"] {
        read_into(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
            &mut out,
        );
    }
    out
}

fn read_into(path: &Path, out: &mut String) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("folder") {
            read_into(&entry.expect("entry").path(), out);
        }
    } else if path
        .extension()
        .is_some_and(|end| ["html", "rs", "ts"].iter().any(|e| end == *e))
    {
        out.push_str(&fs::read_to_string(path).expect("source"));
    }
}

/// All quoted words that look like a key or a prefix of keys.
fn quoted(source: &str) -> BTreeSet<String> {
    source
        .split(['"', '\'', '`'])
        .filter(|word| {
            word.contains('.')
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b))
        })
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn both_languages_have_the_same_keys() {
    let keys = |lang| {
        texts(lang)
            .keys()
            .filter(|key| !key.ends_with("_one"))
            .map(ToOwned::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let (zh, en) = (keys(Lang::ZhCn), keys(Lang::En));
    assert_eq!(
        zh.difference(&en).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "missing in English"
    );
    assert_eq!(
        en.difference(&zh).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "missing in Chinese"
    );
}

#[test]
fn no_key_is_unused() {
    let words = quoted(&sources());
    let unused: Vec<String> = texts(Lang::ZhCn)
        .keys()
        .filter(|key| {
            let below_prefix = words
                .iter()
                .any(|word| word.ends_with('.') && key.starts_with(word.as_str()));
            !below_prefix && !words.contains(*key)
        })
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_key_named_in_a_template_or_script_exists() {
    let all = sources();
    let texts = texts(Lang::ZhCn);
    let known: BTreeSet<&str> = texts.keys().collect();
    let mut missing = BTreeSet::new();
    for call in ["t(\"", "t('", "Message::new(\"", "texts.get(\""] {
        let mut rest = all.as_str();
        while let Some((before, after)) = rest.split_once(call) {
            rest = after;
            // `asset("app.css")` also ends in t(.
            let own_word = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let key = after.split(['"', '\'']).next().unwrap_or_default();
            let whole = quoted(&format!("\"{key}\"")).contains(key) && !key.ends_with('.');
            if own_word && whole && !known.contains(key) {
                missing.insert(key.to_owned());
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn both_languages_fill_the_same_places() {
    let (zh, en) = (texts(Lang::ZhCn), texts(Lang::En));
    let places = |text: &str| -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    for (key, text) in zh.under("") {
        assert_eq!(
            places(text),
            places(&en.message(&Message::new(key))),
            "{key}"
        );
    }
}

#[test]
fn english_counts_one_thing_in_the_singular() {
    let count = |n: i64| texts(Lang::En).message(&Message::new("count.projects").with("n", n));
    assert_eq!(
        (count(1), count(3343)),
        ("1 project".into(), "3,343 projects".into())
    );
}

fn check_lang(cookie: &str, accept: &str, expected: Lang) {
    let mut headers = HeaderMap::new();
    headers.insert("cookie", HeaderValue::from_str(cookie).expect("cookie"));
    headers.insert(
        "accept-language",
        HeaderValue::from_str(accept).expect("accept"),
    );
    assert_eq!(
        Lang::from_headers(&headers),
        expected,
        "cookie {cookie:?}, accept {accept:?}"
    );
}

#[test]
fn the_language_is_the_chosen_one_else_the_browsers_else_chinese() {
    check_lang("", "", Lang::ZhCn);
    check_lang("", "en-GB,en;q=0.9,zh;q=0.8", Lang::En);
    check_lang("", "de,en;q=0.5,zh-CN;q=0.7", Lang::ZhCn);
    check_lang("", "fr", Lang::ZhCn);
    check_lang("a=b; gangmu_lang=en", "zh-CN", Lang::En);
    check_lang("gangmu_lang=zh-CN", "en", Lang::ZhCn);
    check_lang("gangmu_lang=xx", "en;q=nonsense", Lang::En);
}
