//! The two stories of the demonstration, and what is refused, with values that occur nowhere
//! else, and somebody on every wire.

use std::convert::Infallible;

use ark_ff::Zero;
use circuits::Inputs;
use rand::rngs::OsRng;
use records::{Fr, RecordBundle};
use serde_json::{Value as Json, json};
use service::client::{Client, Encoding, RequestDraft};
use statements::{Presentation, Request, catalogue};
use tests::city::{
    Asked, City, Counter, DOCUMENTS, Person, broker_documents, citizen_documents, crowd, now,
    sampler,
};
use tests::{PROVER, schema};
use wallet::Selection;

use crate::needle::Needle;
use crate::plant::plant;
use crate::proxy::Proxy;

/// Records before those of the stories: their indexes are large, and not in the first bucket.
const BEFORE: usize = 1_100;

/// Reveals the day of arrival.
const REVEALING: &str = "port_arrival_by_air";

/// A day of arrival that somebody puts in place of the record's.
const TAMPERED: &str = "1955-06-08";

/// Something that does not belong in a presentation.
const MISPLACED: &str = "Eyjafjallajökull-Ouagadougou-Titicaca";

/// One proxy for each party.
pub(crate) struct Wires {
    pub(crate) departments: Proxy,
    pub(crate) citizen: Proxy,
    pub(crate) broker: Proxy,
    pub(crate) counter: Proxy,
}

/// What happened.
pub(crate) struct Told {
    pub(crate) wires: Wires,
    /// The records, by document type.
    pub(crate) records: Vec<(&'static str, RecordBundle)>,
    /// What only the holder knows.
    pub(crate) secrets: Vec<Needle>,
    /// What was sent and must go no further.
    pub(crate) refused: Vec<Needle>,
    /// What departments and the counter identify themselves with.
    pub(crate) tokens: Vec<Needle>,
    /// Those who acted; their wallets are theirs alone.
    pub(crate) people: [Person; 2],
    /// What `/metrics` said at the end.
    pub(crate) metrics: Vec<u8>,
}

/// Tells the stories to the service at `url`.
pub(crate) fn tell(city: &City, url: &str) -> Told {
    let [departments, citizen, broker, counter] = [(); 4].map(|()| Proxy::new(url));
    let wires = Wires { departments, citizen, broker, counter };
    let counter = Counter::new(wires.counter.url());
    let at_citizen = Client::new(wires.citizen.url()).unwrap();
    let at_broker = Client::new(wires.broker.url()).unwrap();
    let mut people = [Person::new(&at_citizen), Person::new(&at_broker)];
    let records = issue(city, wires.departments.url(), &mut people);
    let [citizen, broker] = &mut people;

    let (mut secrets, mut tokens) = (Vec::new(), Vec::new());
    let mut tell = |person: &mut Person, client: &Client, name: &str, form: Encoding| {
        let asked = ask(&counter, name);
        let fetched = client.fetch_request(&asked.request.nonce).unwrap();
        let presentation = answer(person, client, &fetched, &mut secrets);
        let reply = client.present(&fetched.nonce, &presentation, form).unwrap();
        assert!(reply.valid, "{name}: {reply:?}");
        assert_eq!(counter.result(&asked)["status"], "valid");
        tokens.push(Needle::text("token of a result", &asked.token));
    };
    citizen.wallet.refresh(&at_citizen, now()).unwrap();
    broker.wallet.refresh(&at_broker, now()).unwrap();
    tell(citizen, &at_citizen, "valid_driving_licence", Encoding::Json);
    tell(citizen, &at_citizen, "one_benefit_per_person", Encoding::Cbor);
    tell(broker, &at_broker, "consignment_cleared_and_taxed", Encoding::Cbor);
    tell(broker, &at_broker, "consignment_cleared_and_taxed", Encoding::Json);
    tell(broker, &at_broker, REVEALING, Encoding::Json);
    refused(broker, &at_broker, &counter, &mut secrets);

    tokens.extend(DOCUMENTS.map(|name| Needle::text("token of a ledger", city.token(name))));
    let refused = vec![Needle::text("tampered", TAMPERED), Needle::text("misplaced", MISPLACED)];
    let metrics = reqwest::blocking::get(format!("{url}/metrics")).unwrap().bytes().unwrap();
    Told { wires, records, secrets, refused, tokens, people, metrics: metrics.to_vec() }
}

fn ask(counter: &Counter, name: &str) -> Asked {
    let scope = |draft: &mut RequestDraft| {
        let needed = catalogue::by_name(name).unwrap().needs_scope();
        draft.scope = needed.then(|| "vouchers of this year".to_owned());
    };
    counter.ask(name, scope)
}

/// Departments issue the records, among those of many others.
fn issue(city: &City, url: &str, people: &mut [Person; 2]) -> Vec<(&'static str, RecordBundle)> {
    let mut sampler = sampler(41);
    let citizen = citizen_documents(&mut sampler).into_iter().map(|document| (0, document));
    let broker = broker_documents(&mut sampler).into_iter().map(|document| (1, document));
    let mut records = Vec::new();
    for (number, (person, (name, row))) in (1_u32..).zip(citizen.chain(broker)) {
        let channel = city.channel(name, url);
        crowd(&channel, BEFORE + 7 * number as usize);
        let row = plant(schema(name), row, number);
        records.push((name, people[person].receive(&channel, name, row)));
        crowd(&channel, 100);
    }
    records
}

/// A wallet answers; what its prover is given becomes known to the test.
fn answer(
    person: &mut Person,
    client: &Client,
    request: &Request,
    secrets: &mut Vec<Needle>,
) -> Presentation {
    let statement = catalogue::by_id(request.statement).unwrap();
    let plan = person.wallet.plan(request, statement, &Selection::automatic(), now()).unwrap();
    let prove = |inputs: &[Inputs]| {
        secrets.extend(inputs.iter().flat_map(private));
        Ok::<_, Infallible>(PROVER.prove_all(inputs).unwrap())
    };
    person.wallet.present_with(&plan, client, PROVER.key(), &mut OsRng, prove).unwrap()
}

fn private(inputs: &Inputs) -> Vec<Needle> {
    let private = &inputs.private;
    let mut fields = vec![
        ("the holder's secret", private.secret.field()),
        ("a holder tag's blind", private.blind.field()),
    ];
    fields.extend(private.link_blinds.iter().map(|blind| ("a link's blind", blind.field())));
    // Zero stands for what is not used.
    fields.retain(|(_, field)| *field != Fr::zero());
    fields.into_iter().map(|(name, field)| Needle::field(name, field)).collect()
}

/// A presentation with another value than the record's, and one that is none.
fn refused(broker: &mut Person, client: &Client, counter: &Counter, secrets: &mut Vec<Needle>) {
    let asked = ask(counter, REVEALING);
    let request = &asked.request;
    let mut tampered = answer(broker, client, request, secrets);
    tampered.proofs[0].revealed.insert("arrived_on".to_owned(), json!(TAMPERED));
    let reply = client.present(&request.nonce, &tampered, Encoding::Json).unwrap();
    assert_eq!(reply.refusal.unwrap().code, "proof-invalid");
    assert_eq!(counter.result(&asked)["status"], "refused");

    let url = format!("{}/v1/requests/{}/presentation", client.url(), request.nonce);
    let mut malformed: Vec<Json> = vec![json!(tampered); 4];
    malformed[0][MISPLACED] = json!(MISPLACED);
    malformed[1]["version"] = json!(MISPLACED);
    malformed[2]["proofs"][0]["proof"] = json!(MISPLACED);
    malformed[3]["proofs"][0]["revealed"]["arrived_on"] = json!(MISPLACED);
    let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    for body in malformed {
        let answer = http.post(&url).json(&body).send().unwrap();
        let (status, text) = (answer.status(), answer.text().unwrap());
        assert!(status == 400 || status == 422 || text.contains("\"valid\":false"), "{text}");
    }
}
