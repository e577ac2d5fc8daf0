//! Every page renders in every state and language, strictly; what renders is not yet beautiful,
//! which is what the gallery is looked at for.

use std::collections::BTreeSet;
use std::error::Error as _;

use gangmu_web::i18n::Lang;
use gangmu_web::pages::samples;
use gangmu_web::render::{Templates, page_templates};
use gangmu_web::shell::Shell;

fn each_rendered(mut look: impl FnMut(&str, &str)) {
    let templates = Templates::load().expect("templates load");
    for lang in Lang::ALL {
        for sample in samples() {
            let name = format!("{} #{} {}", sample.template, sample.case, lang.tag());
            match templates.render(sample.template, &Shell::sample(lang), sample.context) {
                Ok(html) => look(&name, &html),
                Err(error) => panic!(
                    "{name}: {error}: {:?}",
                    error.source().map(ToString::to_string)
                ),
            }
        }
    }
}

#[test]
fn every_page_renders_in_every_state_and_language() {
    each_rendered(|name, html| {
        assert!(
            !html.contains('⟦'),
            "{name} shows a text key: {:?}",
            html.split('⟦').nth(1).and_then(|t| t.split('⟧').next())
        );
    });
}

#[test]
fn every_page_has_one_h1_a_title_and_nothing_inline() {
    each_rendered(|name, html| {
        assert_eq!(html.matches("<h1").count(), 1, "{name}: h1");
        assert!(!html.contains(" style="), "{name}: style attribute");
        assert!(!html.contains("<style"), "{name}: style element");
        for event in [
            " onclick=",
            " onload=",
            " onsubmit=",
            " onchange=",
            "javascript:",
        ] {
            assert!(!html.contains(event), "{name}: {event}");
        }
        for script in html.split("<script").skip(1) {
            let head = script.split('>').next().unwrap_or_default();
            assert!(
                head.contains(" src=") || head.contains("application/json"),
                "{name}: inline script {head}"
            );
        }
    });
}

#[test]
fn every_id_on_a_page_is_used_once() {
    each_rendered(|name, html| {
        let mut seen = BTreeSet::new();
        for id in html
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            assert!(seen.insert(id), "{name}: id {id} twice");
        }
        for target in html
            .split(" for=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            assert!(
                seen.contains(target),
                "{name}: label for {target}, which is not there"
            );
        }
    });
}

#[test]
fn every_page_template_has_a_sample() {
    let sampled: BTreeSet<String> = samples()
        .iter()
        .map(|sample| sample.template.to_owned())
        .collect();
    let present: BTreeSet<String> = page_templates().into_iter().collect();
    assert_eq!(sampled, present);
}

#[test]
fn every_icon_on_a_page_is_in_the_sprite() {
    let listed = include_str!("../../../../web-assets/icons.json");
    each_rendered(|name, html| {
        for icon in html
            .split(".svg#")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let plain = icon.strip_suffix("-filled").unwrap_or(icon);
            assert!(
                listed.contains(&format!("\"{plain}\"")),
                "{name}: icon {icon}"
            );
        }
    });
}
