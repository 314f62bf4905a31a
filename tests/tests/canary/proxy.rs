//! Somebody on the wire: a TCP proxy that keeps all bytes of both directions.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A proxy in front of one service, for one party.
pub(crate) struct Proxy {
    url: String,
    connections: Arc<Mutex<Vec<Arc<Connection>>>>,
}

/// What went over one connection. Apart from others, so that nothing is torn.
#[derive(Default)]
struct Connection {
    sent: Mutex<Vec<u8>>,
    received: Mutex<Vec<u8>>,
}

impl Proxy {
    /// Listens in front of the service at `url`.
    pub(crate) fn new(url: &str) -> Self {
        let upstream = url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&connections);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&upstream).unwrap());
                let connection = Arc::new(Connection::default());
                kept.lock().unwrap().push(Arc::clone(&connection));
                let there = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let one = Arc::clone(&connection);
                thread::spawn(move || copy(there.0, there.1, &one.sent));
                thread::spawn(move || copy(server, client, &connection.received));
            }
        });
        Self { url, connections }
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What the party has sent, by connection.
    pub(crate) fn sent(&self) -> Vec<Vec<u8>> {
        let connections = self.connections.lock().unwrap();
        connections.iter().map(|one| one.sent.lock().unwrap().clone()).collect()
    }

    /// What the party has received, by connection.
    pub(crate) fn received(&self) -> Vec<Vec<u8>> {
        let connections = self.connections.lock().unwrap();
        connections.iter().map(|one| one.received.lock().unwrap().clone()).collect()
    }

    /// The first lines of the party's requests: method and path.
    pub(crate) fn request_lines(&self) -> Vec<String> {
        let sent = self.sent();
        let texts = sent.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let lines = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
        lines.filter_map(|line| Some(line.strip_suffix(" HTTP/1.1")?.to_owned())).collect()
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, kept: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 16_384];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        // Kept before it is passed on: whoever has an answer finds it here.
        kept.lock().unwrap().extend(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
