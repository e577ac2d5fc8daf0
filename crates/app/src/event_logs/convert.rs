//! From the log of a file to the columns of the kernel.

use std::collections::BTreeSet;

use gangmu_analysis::process::{Log, LogBuilder, TooManyEvents};
use gangmu_exchange::eventlog::{EventLog, LogFull, NAME, TIME, Value};

/// Returns the columns, and how many events had no name or no instant and are not in them.
pub(super) fn columns(log: &EventLog) -> Result<(Log, usize), LogFull> {
    let (name, time) = (log.key(NAME), log.key(TIME));
    let mut builder = LogBuilder::with_capacity(log.n_cases(), log.n_events());
    // The number of an activity by the number of its text.
    let mut activities: Vec<Option<u32>> = Vec::new();
    let mut left_out = 0;
    for case in 0..log.n_cases() {
        builder.begin_case().map_err(|TooManyEvents| LogFull)?;
        for event in log.events(case) {
            let (mut text, mut at) = (None, None);
            for attribute in log.event_attributes(event) {
                match attribute.value {
                    Value::Text(id) | Value::Id(id) if Some(attribute.key) == name => {
                        text = Some(id)
                    }
                    Value::Time(instant) if Some(attribute.key) == time => at = Some(instant),
                    _ => {}
                }
            }
            let (Some(text), Some(at)) = (text, at) else {
                left_out += 1;
                continue;
            };
            let place = text as usize;
            if activities.len() <= place {
                activities.resize(place + 1, None);
            }
            let activity =
                *activities[place].get_or_insert_with(|| builder.activity(log.text(text)));
            builder.event(activity, at);
        }
    }
    Ok((builder.finish(), left_out))
}

/// The names of all case attributes, in order of the alphabet.
pub(super) fn case_keys(log: &EventLog) -> Vec<String> {
    let keys: BTreeSet<&str> = (0..log.n_cases())
        .flat_map(|case| log.case_attributes(case))
        .map(|attribute| log.text(attribute.key))
        .take(100_000)
        .collect();
    keys.into_iter().take(50).map(str::to_owned).collect()
}
