//! Words for notices, on the page, in mail and in group chats. What one would get wrong: what goes
//! to a group names no people and repeats nothing people wrote, unless that is allowed.

use gangmu_app::domain::notices::Channel;
use gangmu_app::notices::{NoticeView, Outgoing, Worded};

use crate::i18n::{Lang, Message, Texts};
use crate::pages::common;
use crate::render::Templates;
use crate::view::Query;

/// How much of a notice is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// With what people wrote: reasons and titles.
    InFull,
    /// Only what it is about.
    InBrief,
}

/// Finds words for messages that leave the house, in the language of whoever gets them.
pub fn wording(templates: Templates) -> impl Fn(&Outgoing) -> Worded + Send + Sync {
    move |outgoing| {
        let lang = Lang::from_tag(&outgoing.locale).unwrap_or_default();
        match templates.texts(lang) {
            Some(texts) => message(texts, outgoing),
            // Both languages are loaded at the start.
            None => Worded {
                subject: String::new(),
                text: String::new(),
            },
        }
    }
}

fn message(texts: &Texts, outgoing: &Outgoing) -> Worded {
    let told = match outgoing.personal {
        true => Told::InFull,
        false => Told::InBrief,
    };
    let mail = outgoing.channel == Channel::Mail;
    let lines: Vec<String> = outgoing
        .notices
        .iter()
        .map(|notice| {
            let unit = common::unit_name(texts.lang(), &notice.unit);
            let said = text(texts, notice, &unit, told);
            match href(notice).filter(|_| !outgoing.home.is_empty()) {
                Some(href) if mail => format!("{said}\n{}{href}", outgoing.home),
                Some(href) => format!("{said} {}{href}", outgoing.home),
                None => said,
            }
        })
        .collect();
    let n = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let subject = match lines.as_slice() {
        [only] => {
            let first = only.lines().next().unwrap_or_default();
            let about: String = first.chars().take(60).collect();
            texts.message(&Message::new("post.subject").with("about", about))
        }
        _ => texts.message(&Message::new("post.subject_many").with("n", n)),
    };
    let text = if mail {
        let mut text = lines.join("\n\n") + "\n\n-- \n";
        text += &texts.message(&Message::new("post.footer"));
        if !outgoing.home.is_empty() {
            text += &format!("\n{}/notices/preferences", outgoing.home);
        }
        text + "\n"
    } else {
        let heading = texts.message(&Message::new("post.heading").with("n", n));
        let more = |n: i64| texts.message(&Message::new("post.more").with("n", n));
        fitting(&heading, &lines, more, outgoing.most_bytes)
    };
    Worded { subject, text }
}

/// Joins as many lines as there is room for and says how many are left out.
fn fitting(
    heading: &str,
    lines: &[String],
    more: impl Fn(i64) -> String,
    most_bytes: Option<usize>,
) -> String {
    let most = most_bytes.unwrap_or(usize::MAX);
    let left = |n: usize| more(i64::try_from(n).unwrap_or(i64::MAX));
    let room_for_more = left(lines.len()).len() + 1;
    let mut text = heading.to_owned();
    for (at, line) in lines.iter().enumerate() {
        let last = at + 1 == lines.len();
        let needed = text.len() + 1 + line.len() + if last { 0 } else { room_for_more };
        if needed > most {
            return text + "\n" + &left(lines.len() - at);
        }
        text.push('\n');
        text += line;
    }
    text
}

pub(super) fn text(texts: &Texts, notice: &NoticeView, unit: &str, told: Told) -> String {
    let day = |text: &str| {
        crate::dates::parse(text).map_or_else(
            || text.to_owned(),
            |day| crate::dates::day(day, texts.lang()),
        )
    };
    let month = notice.period.as_deref().and_then(crate::dates::parse);
    let month = month.map(|day| crate::dates::month(day, texts.lang()));
    let message = match (notice.kind.as_str(), notice.late) {
        ("chase", Some(late)) => Message::new("notices.chase")
            .with("n", late)
            .with("due", day(notice.due_on.as_deref().unwrap_or_default())),
        ("reopened", _) if told == Told::InBrief => Message::new("notices.reopened_brief"),
        ("reopened", _) => Message::new("notices.reopened")
            .with("reason", notice.reason.clone().unwrap_or_default()),
        ("approval", _) => {
            let key = match told == Told::InFull && !notice.project_name.is_empty() {
                true => "notices.approval_of",
                false => "notices.approval",
            };
            Message::new(key)
                .with("project", notice.project_name.clone())
                .with("matter", notice.matter.clone().unwrap_or_default())
                .with("due", day(notice.due_on.as_deref().unwrap_or_default()))
        }
        ("sitting", _) => sitting(texts, notice, day, told),
        ("letter", _) => Message::new("notices.letter")
            .with("title", notice.matter.clone().unwrap_or_default())
            .with("n", notice.late.unwrap_or_default())
            .with("due", day(notice.due_on.as_deref().unwrap_or_default())),
        ("problem", _) => problem(texts, notice, day, told),
        ("resolution", _) => resolution(texts, notice, day, told),
        ("meeting", _) => meeting(notice, day, told),
        ("plan", _) => plan(texts, notice, told),
        ("supervision", _) => supervision(texts, notice, day, told),
        ("duty", _) => duty(texts, notice, day, told),
        ("winter", _) => winter(notice, day, told),
        _ => Message::new("notices.other"),
    };
    let message = message.with("unit", unit.to_owned());
    texts.message(&message.with("month", month.unwrap_or_default()))
}

/// Which department a sitting asks, and until when its silence is no agreement yet.
fn sitting(
    texts: &Texts,
    notice: &NoticeView,
    day: impl Fn(&str) -> String,
    told: Told,
) -> Message {
    let asked = notice.department.as_ref();
    let asked = asked.map(|one| common::name(texts.lang(), &one.name, &one.name_en));
    let message = match told {
        Told::InFull => {
            Message::new("notices.sitting").with("title", notice.matter.clone().unwrap_or_default())
        }
        Told::InBrief => Message::new("notices.sitting_brief"),
    };
    message
        .with("department", asked.unwrap_or_default())
        .with("due", day(notice.due_on.as_deref().unwrap_or_default()))
}

/// What was done with a problem, and until when the next step is due.
fn problem(
    texts: &Texts,
    notice: &NoticeView,
    day: impl Fn(&str) -> String,
    told: Told,
) -> Message {
    let act = notice.act.as_deref().unwrap_or_default();
    let act = match act {
        "soon" | "today" => crate::server::words::word(texts, "notices.problem_told.", act),
        _ => crate::server::words::word(texts, "problems.act.", act),
    };
    let message = match told {
        Told::InFull => {
            Message::new("notices.problem").with("title", notice.matter.clone().unwrap_or_default())
        }
        Told::InBrief => Message::new("notices.problem_brief"),
    };
    message
        .with("act", act)
        .with("due", day(notice.due_on.as_deref().unwrap_or_default()))
}

/// A winter plan was handed in or sent back, or a unit's plans are to be filed.
fn winter(notice: &NoticeView, day: impl Fn(&str) -> String, told: Told) -> Message {
    let act = notice.act.as_deref().unwrap_or_default();
    let of_unit = matches!(act, "soon" | "late");
    let key = match (told, of_unit) {
        (Told::InBrief, false) => format!("notices.winter_brief.{act}"),
        _ => format!("notices.winter_told.{act}"),
    };
    Message::new(key)
        .with("project", notice.project_name.clone())
        .with("n", notice.late.unwrap_or_default())
        .with("due", day(notice.due_on.as_deref().unwrap_or_default()))
}

/// What happened to something agreed: given, coming due, past its day, reported, sent back.
fn resolution(
    texts: &Texts,
    notice: &NoticeView,
    day: impl Fn(&str) -> String,
    told: Told,
) -> Message {
    let happened = notice.act.as_deref().unwrap_or_default();
    let happened = crate::server::words::word(texts, "resolutions.told.", happened);
    let message = match (told, notice.project_name.is_empty()) {
        (Told::InBrief, _) => Message::new("notices.resolution_brief"),
        (Told::InFull, true) => Message::new("notices.resolution"),
        (Told::InFull, false) => {
            Message::new("notices.resolution_of").with("project", notice.project_name.clone())
        }
    };
    message
        .with("body", notice.matter.clone().unwrap_or_default())
        .with("told", happened)
        .with("due", day(notice.due_on.as_deref().unwrap_or_default()))
}

/// A meeting's agenda is ready, or its minutes are; or it moves, or is not held.
fn meeting(notice: &NoticeView, day: impl Fn(&str) -> String, told: Told) -> Message {
    let act = notice.act.as_deref().unwrap_or_default();
    let key = match (act, told) {
        ("held", Told::InFull) => "notices.minutes",
        ("held", Told::InBrief) => "notices.minutes_brief",
        ("moved", Told::InFull) => "notices.meeting_moved",
        ("moved", Told::InBrief) => "notices.meeting_moved_brief",
        ("cancelled", Told::InFull) => "notices.meeting_cancelled",
        ("cancelled", Told::InBrief) => "notices.meeting_cancelled_brief",
        (_, Told::InFull) => "notices.agenda",
        (_, Told::InBrief) => "notices.agenda_brief",
    };
    Message::new(key)
        .with("title", notice.matter.clone().unwrap_or_default())
        .with("n", notice.late.unwrap_or_default())
        .with("on", day(notice.due_on.as_deref().unwrap_or_default()))
}

/// What one answers for from now on, or is to sign.
fn duty(texts: &Texts, notice: &NoticeView, day: impl Fn(&str) -> String, told: Told) -> Message {
    let act = notice.act.as_deref().unwrap_or_default();
    let key = match (act, told, &notice.matter) {
        ("handed_over", ..) => "notices.handed_over",
        (_, Told::InBrief, _) => "notices.duty_brief",
        (_, Told::InFull, Some(_)) => "notices.duty_of",
        (_, Told::InFull, None) => "notices.duty",
    };
    Message::new(key)
        .with("duty", common::worded(texts, "liaison.duty.", act))
        .with("title", notice.matter.clone().unwrap_or_default())
        .with("n", notice.late.unwrap_or_default())
        .with("due", day(notice.due_on.as_deref().unwrap_or_default()))
}

/// What became of a plan whose tasks charge the office, or did.
fn plan(texts: &Texts, notice: &NoticeView, told: Told) -> Message {
    let act = notice.act.as_deref().unwrap_or_default();
    let act = common::worded(texts, "plans.told.", act);
    let message = match (told, notice.late) {
        (Told::InBrief, _) => Message::new("notices.plan_brief"),
        (Told::InFull, None | Some(0)) => Message::new("notices.plan_without"),
        (Told::InFull, Some(n)) => Message::new("notices.plan").with("n", n),
    };
    message
        .with("act", act)
        .with("title", notice.matter.clone().unwrap_or_default())
}

/// What the ladder of supervision, a letter or a supervisor says, and by when something is due.
fn supervision(
    texts: &Texts,
    notice: &NoticeView,
    day: impl Fn(&str) -> String,
    told: Told,
) -> Message {
    let act = notice.act.as_deref().unwrap_or_default();
    let act = match act.strip_prefix("overruled_") {
        Some(state) => {
            let state = common::worded(texts, "supervision.state.", state);
            texts.message(&Message::new("supervision.told.overruled").with("state", state))
        }
        None => common::worded(texts, "supervision.told.", act),
    };
    let message = match (told, notice.due_on.as_deref()) {
        (Told::InBrief, _) => Message::new("notices.supervision_brief"),
        (Told::InFull, None) => Message::new("notices.supervision_step"),
        (Told::InFull, Some(due)) => Message::new("notices.supervision").with("due", day(due)),
    };
    message
        .with("act", act)
        .with("title", notice.matter.clone().unwrap_or_default())
}

/// Where the work is: the project's return, the month, its returns not handed in, or the project.
pub(super) fn href(notice: &NoticeView) -> Option<String> {
    if let Some(problem) = notice.problem_id {
        return Some(format!("/problems/{problem}"));
    }
    if let Some(sitting) = notice.sitting_id {
        return Some(format!("/approvals/sittings/{sitting}"));
    }
    if let Some(resolution) = notice.resolution_id {
        return Some(format!("/resolutions/{resolution}"));
    }
    if let Some(meeting) = notice.meeting_id {
        return Some(format!("/meetings/{meeting}"));
    }
    if let Some(handover) = notice.handover_id {
        return Some(format!("/handovers/{handover}"));
    }
    if let (Some(plan), "plan") = (notice.plan_id, notice.kind.as_str()) {
        return Some(format!("/plans/{plan}"));
    }
    if let Some(plan) = notice.plan_id {
        let of_letter = ["urge", "supervise", "replied", "settled", "again"];
        let act = notice.act.as_deref().unwrap_or_default();
        if of_letter.contains(&act) || act.starts_with("letter_") {
            return Some("/supervision/letters".to_owned());
        }
        let period = notice.period.as_deref().unwrap_or_default();
        let path = format!("/supervision/{plan}");
        return Some(Query::new(path, &[("period", period)]).href());
    }
    if let Some(season) = notice.season {
        let season = season.to_string();
        let unit = notice.unit.code.as_str();
        return Some(match notice.project_id {
            Some(project) => format!("/projects/{project}/winter?season={season}"),
            None => {
                let params = [
                    ("season", season.as_str()),
                    ("unit", unit),
                    ("state", "late"),
                ];
                let all = [
                    ("season", season.as_str()),
                    ("unit", unit),
                    ("state", "undecided"),
                ];
                let soon = notice.act.as_deref() == Some("soon");
                Query::new("/winter", if soon { &all } else { &params }).href() + "#rows"
            }
        });
    }
    match (&notice.period, notice.project_id) {
        (Some(period), None) if notice.kind != "chase" => {
            let path = format!("/dispatch/{period}");
            Some(Query::new(path, &[("unit", &notice.unit.code)]).href())
        }
        (Some(period), Some(project)) => Some(format!("/dispatch/{period}/{project}")),
        (Some(period), None) => {
            let unit = notice.unit.code.as_str();
            let late = [
                ("on_list", "1"),
                ("period", period.as_str()),
                ("unit", unit),
                ("facet", "not_reported"),
            ];
            Some(Query::new("/projects", &late).href())
        }
        (None, Some(project)) if notice.kind == "approval" => {
            Some(format!("/projects/{project}/approvals"))
        }
        (None, Some(project)) => Some(format!("/projects/{project}")),
        (None, None) if notice.kind == "meeting" => Some("/resolutions?part=mine".to_owned()),
        (None, None) if notice.kind == "duty" => Some("/my".to_owned()),
        (None, None) if notice.kind == "letter" => Some("/approvals/letters#letters".to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn a_message_that_grows_too_long_says_how_many_are_left_out() {
        let lines: Vec<String> = (1..=4).map(|n| format!("通知{n}")).collect();
        let more = |n: i64| format!("+{n}");
        let all = "标题\n通知1\n通知2\n通知3\n通知4";
        assert_eq!(fitting("标题", &lines, more, None), all);
        assert_eq!(fitting("标题", &lines, more, Some(all.len())), all);
        let less = fitting("标题", &lines, more, Some(all.len() - 1));
        assert_eq!(less, "标题\n通知1\n通知2\n通知3\n+1");
        assert_eq!(fitting("标题", &lines, more, Some(12)), "标题\n+4");
    }
}
