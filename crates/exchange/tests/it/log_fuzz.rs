//! Logs that are noise, or were once logs: no panic, an answer, and no more in it than there was.

use crate::event_logs::SMALL;
use gangmu_exchange::Limits;
use gangmu_exchange::eventlog::ocel::{flatten, from_cases, read_ocel, write_ocel};
use gangmu_exchange::eventlog::{compress, read_log, write_xes};
use proptest::prelude::*;

const OBJECTS: &str = r#"{"objectTypes":[{"name":"case","attributes":[{"name":"n","type":"integer"}]}],
"eventTypes":[{"name":"受理","attributes":[]}],"objects":[{"id":"p","type":"case","attributes":[
{"name":"n","time":"1970-01-01T00:00:00Z","value":1.5}]}],"events":[{"id":"e","type":"受理",
"time":"2026-03-02T09:00:00+08:00","relationships":[{"objectId":"p","qualifier":"case"}]}]}"#;

const TABLE: &str = "case:concept:name,concept:name,time:timestamp,case:deadline\n\
    A,受理,2026-03-01 09:00:00+08:00,2026-03-05 18:00:00Z\nA,决定,2026-03-02,\n\"B\",\"a,\"\"b\",,\n";

/// Pieces that parsers stumble over.
const PIECES: [&str; 18] = [
    "<",
    ">",
    "/>",
    "</",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE a [",
    "&",
    "&#0;",
    "&lt;",
    "\"",
    "\u{0}",
    "\u{FEFF}",
    "<trace>",
    "</log>",
    "99999999999999999999",
];

#[derive(Clone, Debug)]
enum Harm {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index, usize),
    Again(prop::sample::Index, usize),
    Put(prop::sample::Index, usize),
    End(prop::sample::Index),
}

fn any_harm() -> impl Strategy<Value = Harm> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Harm::Flip(at, byte)),
        (at(), 1_usize..60).prop_map(|(at, length)| Harm::Cut(at, length)),
        (at(), 1_usize..200).prop_map(|(at, length)| Harm::Again(at, length)),
        (at(), 0..PIECES.len()).prop_map(|(at, piece)| Harm::Put(at, piece)),
        at().prop_map(Harm::End),
    ]
}

fn harmed(bytes: &[u8], harms: &[Harm]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for harm in harms {
        if bytes.is_empty() {
            break;
        }
        let stretch = |at: &prop::sample::Index, length: usize| {
            let at = at.index(bytes.len());
            at..(at + length).min(bytes.len())
        };
        match harm {
            Harm::Flip(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] ^= byte;
            }
            Harm::Cut(at, length) => {
                bytes.drain(stretch(at, *length));
            }
            Harm::Again(at, length) => {
                let range = stretch(at, *length);
                let again = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, again);
            }
            Harm::Put(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, PIECES[*piece].bytes());
            }
            Harm::End(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
    bytes
}

fn limits() -> Limits {
    Limits {
        unpacked_bytes: 1 << 20,
        ..Limits::default()
    }
}

/// Reads bytes as every kind of log; what is read is written and read again with the same counts.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(file) = read_log(bytes, &limits()) {
        let (cases, events) = (file.log.n_cases(), file.log.n_events());
        // No event is shorter than four bytes, whether unpacked from at most a megabyte or not.
        prop_assert!(cases + events <= bytes.len().max(1 << 20));
        let again = read_log(&write_xes(&file.log), &Limits::default());
        let again = again.map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
        prop_assert_eq!((again.log.n_cases(), again.log.n_events()), (cases, events));
        let (objects, left_out) = from_cases(&file.log, "case");
        let (objects, problems) = read_ocel(&write_ocel(&objects), &Limits::default())
            .map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
        prop_assert_eq!(problems, vec![]);
        prop_assert_eq!(objects.events.len() + left_out, events);
    }
    if let Ok((log, _)) = read_ocel(bytes, &limits()) {
        prop_assert!(log.events.len() + log.objects.len() <= bytes.len());
        let again = read_ocel(&write_ocel(&log), &Limits::default()).unwrap();
        prop_assert_eq!(&again.0, &log);
        let flat = flatten(&log, "case").unwrap();
        prop_assert!(flat.n_cases() <= log.objects.len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn noise_is_refused_or_read_but_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        survives(&bytes)?;
        survives(&[b"<log>", bytes.as_slice()].concat())?;
        survives(&[b"\x1F\x8B\x08\x00", bytes.as_slice()].concat())?;
    }

    #[test]
    fn a_harmed_log_is_refused_or_read_but_never_a_panic(harms in prop::collection::vec(any_harm(), 1..6)) {
        for whole in [SMALL, TABLE, OBJECTS] {
            let bytes = harmed(whole.as_bytes(), &harms);
            survives(&bytes)?;
            survives(&compress(&bytes))?;
        }
        survives(&harmed(&compress(SMALL.as_bytes()), &harms))?;
    }
}
