//! What templates can call: texts, figures, dates, addresses, icons. Filters take `none` and print a
//! dash for it: a missing figure is common, and never an error.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Kwargs, Rest, Serde, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};
use serde::Deserialize;

use crate::assets::Manifest;
use crate::dates;
use crate::i18n::{Message, Param, Texts};
use crate::number::{self, DASH, TextUnit};
use crate::view::{Query, Rate};

/// Adds all functions and filters for one language.
pub fn install(environment: &mut Environment<'static>, texts: Texts, manifest: Arc<Manifest>) {
    let lang = texts.lang();
    let texts = Arc::new(texts);
    install_texts(environment, &texts);
    install_money(environment, &texts);
    install_figures(environment);
    environment.add_filter("date", move |value: Value| {
        date(&value, |day| dates::day(day, lang))
    });
    environment.add_filter("month", move |value: Value| {
        date(&value, |day| dates::month(day, lang))
    });
    environment.add_filter("instant", |value: Value| {
        match value.as_str().and_then(|text| text.parse().ok()) {
            Some(at) => dates::instant(at),
            None => DASH.to_owned(),
        }
    });
    let icons = manifest.href("icons.svg");
    environment.add_function("icon", move |name: &str, kwargs: Kwargs| {
        icon(&icons, name, &kwargs)
    });
    environment.add_function("asset", move |name: &str| manifest.href(name));
    environment.add_function("link_with", link_with);
    environment.add_function("link_without", |query: Serde<Query>, name: &str| {
        query.with(name, "").href()
    });
    environment.add_function("query_value", |query: Serde<Query>, name: &str| {
        query.get(name).unwrap_or_default().to_owned()
    });
}

fn install_texts(environment: &mut Environment<'static>, texts: &Arc<Texts>) {
    let source = Arc::clone(texts);
    environment.add_function(
        "t",
        move |key: &str, kwargs: Kwargs| -> Result<String, Error> {
            Ok(source.t(key, &params(&kwargs)?))
        },
    );
    let source = Arc::clone(texts);
    environment.add_function("message", move |message: Serde<Message>| {
        source.message(&message)
    });
    let source = Arc::clone(texts);
    environment.add_function("texts_under", move |prefixes: Rest<String>| {
        let found = prefixes.iter().flat_map(|prefix| source.under(prefix));
        Value::from(
            found
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .collect::<BTreeMap<_, _>>(),
        )
    });
}

/// Amounts in text: `money` is the whole, `money_figure` and `money_unit` its parts for tiles.
fn install_money(environment: &mut Environment<'static>, texts: &Arc<Texts>) {
    let lang = texts.lang();
    let source = Arc::clone(texts);
    environment.add_filter("money", move |value: Value| {
        figure(&value, |yuan| source.money(yuan))
    });
    environment.add_filter("money_figure", move |value: Value| {
        figure(&value, |yuan| TextUnit::of(lang, yuan).print(yuan))
    });
    let source = Arc::clone(texts);
    environment.add_filter("money_unit", move |value: Value| {
        let yuan = i128::try_from(value).unwrap_or_default();
        source.money_unit(TextUnit::of(lang, yuan))
    });
}

fn install_figures(environment: &mut Environment<'static>) {
    environment.add_filter("num", |value: Value| {
        figure(&value, |n| number::grouped(n, 0))
    });
    environment.add_filter("amount", |value: Value| {
        value.as_str().map(number::grouped_in)
    });
    environment.add_filter("wan", |value: Value| figure(&value, number::wan));
    environment.add_filter("wan_exact", |value: Value| {
        figure(&value, number::wan_exact)
    });
    environment.add_filter("pct", |value: Value| {
        rate(&value, |r| number::percent(wide(r).0, wide(r).1))
    });
    environment.add_filter("permille", |value: Value| {
        rate(&value, |r| {
            number::permille(wide(r).0, wide(r).1).map(|tenths| tenths.to_string())
        })
    });
    environment.add_filter(
        "pp",
        |value: Value, other: Option<Serde<Rate>>| match other {
            Some(other) => rate(&value, |r| number::points_between(wide(r), wide(*other))),
            None => figure(&value, number::signed_tenths),
        },
    );
    environment.add_filter("share", |part: Value, whole: Value| share(&part, &whole));
}

fn params(kwargs: &Kwargs) -> Result<BTreeMap<String, Param>, Error> {
    kwargs
        .args()
        .map(|name| {
            let value: Value = kwargs.get(name)?;
            let param = match i64::try_from(value.clone()) {
                Ok(number) if value.kind() == ValueKind::Number => Param::Int(number),
                _ => Param::Text(value.to_string()),
            };
            Ok((name.to_owned(), param))
        })
        .collect()
}

fn figure(value: &Value, print: impl Fn(i128) -> String) -> Result<String, Error> {
    if value.is_none() {
        return Ok(DASH.to_owned());
    }
    i128::try_from(value.clone()).map(print)
}

fn rate(value: &Value, print: impl Fn(Rate) -> Option<String>) -> Result<String, Error> {
    if value.is_none() {
        return Ok(DASH.to_owned());
    }
    let rate = Rate::deserialize(value.clone())?;
    Ok(print(rate).unwrap_or_else(|| DASH.to_owned()))
}

fn wide(rate: Rate) -> (i128, i128) {
    (i128::from(rate.num), i128::from(rate.den))
}

/// `part` of `whole` in tenths of a percent, kept within 0…1000: the width of a bar.
fn share(part: &Value, whole: &Value) -> Result<i64, Error> {
    let (part, whole) = (
        i128::try_from(part.clone())?,
        i128::try_from(whole.clone())?,
    );
    let tenths = number::permille(part, whole).unwrap_or(0).clamp(0, 1000);
    Ok(i64::try_from(tenths).unwrap_or(0))
}

fn date(value: &Value, print: impl Fn(jiff::civil::Date) -> String) -> Result<String, Error> {
    if value.is_none() {
        return Ok(DASH.to_owned());
    }
    let text = value.as_str().unwrap_or_default();
    dates::parse(text).map(print).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("{text:?} is not a date"),
        )
    })
}

fn icon(sprite: &str, name: &str, kwargs: &Kwargs) -> Result<Value, Error> {
    let class: Option<&str> = kwargs.get("class")?;
    kwargs.assert_all_used()?;
    let plain = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == ' ')
    };
    let class = class.unwrap_or_default();
    if !plain(name) || !plain(class) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "icon names are plain words",
        ));
    }
    Ok(Value::from_safe_string(format!(
        r#"<svg class="icon {class}" aria-hidden="true" focusable="false"><use href="{sprite}#{name}"></use></svg>"#
    )))
}

fn link_with(query: Serde<Query>, kwargs: Kwargs) -> Result<String, Error> {
    let mut query = query.0;
    for name in kwargs.args() {
        let value: Value = kwargs.get(name)?;
        query = query.with(
            name,
            &if value.is_none() {
                String::new()
            } else {
                value.to_string()
            },
        );
    }
    Ok(query.href())
}
