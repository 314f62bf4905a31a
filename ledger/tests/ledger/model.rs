//! Random histories against a plain model.

use crate::common::{Model, NOW, issue, leaf, memory_ledger, opened};
use ledger::{Event, EventRefusal, LedgerError};
use proptest::prelude::*;
use records::Leaf;
use tlog_tiles::{Hash, check_record, check_tree, record_hash};

/// An event near the edges of `0..600`, seldom one that does not fit.
fn event() -> impl Strategy<Value = Event> {
    let index = prop_oneof![Just(0_u64), Just(511), Just(512), 0..600_u64];
    let value = prop_oneof![20 => 1..=u64::MAX, 1 => Just(0)];
    (0..4, index, value).prop_map(|(kind, index, value)| match kind {
        0 | 1 => Event::Issue { leaf: leaf(value) },
        2 => Event::Amend { index, leaf: leaf(value) },
        _ => Event::Revoke { index },
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn random_histories_are_those_of_the_model(
        first in prop_oneof![Just(0_u64), Just(7), 505..520_u64, Just(590)],
        batches in prop::collection::vec(prop::collection::vec(event(), 1..12), 1..8),
    ) {
        let ledger = memory_ledger();
        let mut model = Model::default();
        let mut history = vec![(0, model.clone())];
        let imported: Vec<Event> = (1..=first).map(issue).collect();
        for batch in std::iter::once(imported).chain(batches).filter(|batch| !batch.is_empty()) {
            let mut next = model.clone();
            let refused = batch.iter().position(|event| !next.apply(event));
            match (refused, ledger.append(&batch, NOW)) {
                (None, Ok(appended)) => {
                    let issued = batch.iter().filter(|e| matches!(e, Event::Issue { .. })).count();
                    let expected: Vec<u64> =
                        (next.leaves.len() - issued..next.leaves.len()).map(|i| i as u64).collect();
                    let indices: Vec<u64> = appended.indices.iter().flatten().copied().collect();
                    prop_assert_eq!(indices, expected);
                    model = next;
                    history.push((model.log.len() as u64, model.clone()));
                }
                (Some(expected), Err(LedgerError::Refused { position, .. })) => {
                    prop_assert_eq!(position, expected);
                }
                (expected, got) => prop_assert!(false, "expected {expected:?}, got {got:?}"),
            }
            model.check(&ledger);
        }
        for (size, model) in history {
            model.check_witnesses(&ledger, size);
        }
    }
}

#[test]
fn an_empty_ledger_has_a_checkpoint() {
    let ledger = memory_ledger();
    Model::default().check(&ledger);
    let signed = opened(&ledger, &ledger.checkpoint(0).unwrap().unwrap());
    assert_eq!((signed.size, signed.time), (0, NOW));
}

#[test]
fn records_are_amended_and_revoked_while_they_are_active() {
    let ledger = memory_ledger();
    let refused = |events: &[Event]| match ledger.append(events, NOW) {
        Err(LedgerError::Refused { position, reason }) => (position, reason),
        other => panic!("{other:?}"),
    };
    let revoke = Event::Revoke { index: 0 };
    let amend = Event::Amend { index: 0, leaf: leaf(9) };
    assert_eq!(refused(&[revoke]), (0, EventRefusal::NeverIssued { index: 0 }));
    assert_eq!(refused(&[issue(0)]), (0, EventRefusal::EmptyLeaf));
    // Within one batch, in order.
    assert_eq!(refused(&[issue(1), revoke, amend]), (2, EventRefusal::Revoked { index: 0 }));
    assert_eq!(refused(&[issue(1), revoke, revoke]), (2, EventRefusal::Revoked { index: 0 }));
    assert_eq!(refused(&[amend, issue(1)]), (0, EventRefusal::NeverIssued { index: 0 }));
    let empty = Event::Amend { index: 0, leaf: Leaf::EMPTY };
    assert_eq!(refused(&[issue(1), empty]), (1, EventRefusal::EmptyLeaf));
    let far = Event::Revoke { index: u64::MAX };
    assert_eq!(refused(&[issue(1), far]), (1, EventRefusal::NeverIssued { index: u64::MAX }));
    Model::default().check(&ledger);

    let appended = ledger.append(&[issue(1), amend, issue(2), revoke], NOW).unwrap();
    assert_eq!(appended.indices, [Some(0), None, Some(1), None]);
    assert_eq!(refused(&[amend]), (0, EventRefusal::Revoked { index: 0 }));
    // The index of a revoked record is never used again.
    assert_eq!(ledger.append(&[issue(3)], NOW).unwrap().indices, [Some(2)]);
}

#[test]
fn a_refused_batch_leaves_nothing() {
    let ledger = memory_ledger();
    ledger.append(&[issue(1)], NOW).unwrap();
    let before = ledger.latest().unwrap();
    let mut batch: Vec<Event> = (2..1_000).map(issue).collect();
    batch.push(Event::Revoke { index: 5_000 });
    let error = ledger.append(&batch, NOW + 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "event 998 of the batch is refused: no record was ever issued at index 5000"
    );
    assert_eq!(ledger.latest().unwrap(), before);
    let mut model = Model::default();
    model.apply(&issue(1));
    model.check(&ledger);
    assert!(matches!(ledger.append(&[], NOW), Err(LedgerError::NoEvents)));
    let many = vec![issue(1); ledger::MAX_EVENTS + 1];
    assert!(matches!(ledger.append(&many, NOW), Err(LedgerError::TooManyEvents { .. })));
}

#[test]
fn time_never_goes_back() {
    let ledger = memory_ledger();
    let time = |checkpoint| opened(&ledger, &checkpoint).time;
    assert_eq!(time(ledger.append(&[issue(1)], NOW + 10).unwrap().checkpoint), NOW + 10);
    assert_eq!(time(ledger.append(&[issue(2)], NOW + 5).unwrap().checkpoint), NOW + 10);
    let latest = ledger.latest().unwrap();
    assert_eq!(ledger.publish(NOW + 5).unwrap(), latest);
    assert_eq!(ledger.publish(NOW + 10).unwrap(), latest);
    let fresh = ledger.publish(NOW + 11).unwrap();
    assert_eq!(time(fresh.clone()), NOW + 11);
    assert_eq!(ledger.latest().unwrap(), fresh);
    assert_eq!(ledger.checkpoint(2).unwrap().unwrap(), fresh);
    assert_eq!(opened(&ledger, &fresh).state_root, opened(&ledger, &latest).state_root);
    ledger.witness(2, 0).unwrap();
}

#[test]
fn only_published_sizes_have_witness_bundles() {
    let ledger = memory_ledger();
    ledger.append(&[issue(1), issue(2)], NOW).unwrap();
    assert!(matches!(ledger.witness(1, 0), Err(LedgerError::NotPublished { size: 1 })));
    assert!(matches!(ledger.witness(3, 0), Err(LedgerError::NotPublished { size: 3 })));
    let buckets = records::domain::CAPACITY / 512;
    ledger.witness(2, buckets - 1).unwrap();
    assert!(matches!(ledger.witness(2, buckets), Err(LedgerError::NoSuchBucket { .. })));
}

#[test]
fn events_are_read_by_range() {
    let ledger = memory_ledger();
    let all: Vec<Event> = (1..=700).map(issue).collect();
    for part in all.chunks(61) {
        ledger.append(part, NOW).unwrap();
    }
    for (from, limit) in [(0, 1), (0, 700), (255, 2), (256, 256), (300, 400), (699, 9), (700, 9)] {
        let end = all.len().min(from + limit);
        assert_eq!(ledger.events(from as u64, limit).unwrap(), all[from..end]);
    }
    assert_eq!(ledger.events(u64::MAX, usize::MAX).unwrap(), []);
    assert_eq!(ledger.events(3, 0).unwrap(), []);
}

#[test]
fn proofs_verify() {
    let ledger = memory_ledger();
    let mut roots = vec![];
    let mut next = 1;
    for count in [1, 6, 249, 1, 300, 2_000, 1] {
        let batch: Vec<Event> = (next..next + count).map(issue).collect();
        next += count;
        let signed = opened(&ledger, &ledger.append(&batch, NOW).unwrap().checkpoint);
        roots.push((signed.size, Hash(signed.log_root)));
    }
    for (i, (new, new_root)) in roots.iter().enumerate() {
        for (old, old_root) in &roots[..=i] {
            let proof = ledger.prove_consistency(*old, *new).unwrap();
            check_tree(&proof, *new, *new_root, *old, *old_root).unwrap();
        }
        for index in [0, new / 2, new - 1] {
            let proof = ledger.prove_inclusion(index, *new).unwrap();
            let hash = record_hash(&issue(index + 1).to_bytes());
            check_record(&proof, *new, *new_root, index, hash).unwrap();
        }
    }
    let size = next - 1;
    assert!(matches!(ledger.prove_consistency(0, 5), Err(LedgerError::NoSuchProof(_))));
    assert!(matches!(ledger.prove_consistency(6, 5), Err(LedgerError::NoSuchProof(_))));
    assert!(matches!(ledger.prove_consistency(5, size + 1), Err(LedgerError::NoSuchProof(_))));
    assert!(matches!(ledger.prove_inclusion(5, 5), Err(LedgerError::NoSuchProof(_))));
    assert!(matches!(ledger.prove_inclusion(0, size + 1), Err(LedgerError::NoSuchProof(_))));
}

#[test]
fn a_long_history_of_many_bundles() {
    let ledger = memory_ledger();
    let mut model = Model::default();
    // Past the first full tile of the second level of the log: 65,536 entries.
    for start in (0..66_000_u64).step_by(11_000) {
        let batch: Vec<Event> = (start + 1..=start + 11_000).map(issue).collect();
        batch.iter().for_each(|event| assert!(model.apply(event)));
        ledger.append(&batch, NOW).unwrap();
    }
    let signed = opened(&ledger, &ledger.latest().unwrap());
    assert_eq!(signed.log_root, model.log_root());
    assert_eq!(signed.state_root, model.state_root());
    let root = Hash(signed.log_root);
    for index in [0, 65_535, 65_536, 65_999] {
        let proof = ledger.prove_inclusion(index, 66_000).unwrap();
        check_record(&proof, 66_000, root, index, record_hash(&issue(index + 1).to_bytes()))
            .unwrap();
    }
}
