//! Limits the connections of a listener, in total and per address, so that no client can keep the
//! others out.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;
use tokio::sync::Notify;

/// The maximum numbers of connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct MostConnections {
    /// In all.
    pub(super) all: usize,
    /// From one address.
    pub(super) per_address: usize,
}

/// The open connections of a listener, by the address they come from.
pub(super) struct ConnectionPlaces {
    most: MostConnections,
    /// Connections of proxies are shared by everyone, and only count in total.
    proxies: Vec<IpNet>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    /// By address; within an address, in the order in which they were opened.
    by_address: HashMap<IpAddr, Vec<Arc<Connection>>>,
    count: usize,
}

/// One connection.
pub(super) struct Connection {
    id: u64,
    address: IpAddr,
    /// Requests in progress on it.
    answering: AtomicUsize,
    closed: Notify,
}

/// A place that is released when it is dropped.
pub(super) struct ConnectionPlace {
    places: Arc<ConnectionPlaces>,
    connection: Arc<Connection>,
}

/// Marks a connection as busy until it is dropped.
pub(super) struct Answering(Arc<Connection>);

/// Marks a busy connection as waiting for its client until it is dropped.
pub(super) struct WaitingForClient(Arc<Connection>);

impl ConnectionPlaces {
    pub(super) fn new(most: MostConnections, proxies: &[IpNet]) -> Arc<Self> {
        let proxies = proxies.to_vec();
        Arc::new(Self { most, proxies, open: Mutex::default() })
    }

    /// A place for a new connection. If all places, or all of its address, are taken, a connection
    /// that waits for its client is closed for it: one of the address with the most connections,
    /// and only of the same address or one with more, so that nobody can push others out. `None` if
    /// no such connection waits.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<ConnectionPlace> {
        let address = network(peer);
        let is_proxy = self.proxies.iter().any(|proxies| proxies.contains(&peer.to_canonical()));
        let mut open = self.lock();
        let own = open.by_address.get(&address).map_or(0, Vec::len);
        if own >= self.most.per_address && !is_proxy {
            open.close_waiting(|other, _| other == address)?;
        } else if open.count >= self.most.all {
            open.close_waiting(|other, held| other == address || is_proxy || held > own)?;
        }
        open.next += 1;
        let connection = Arc::new(Connection {
            id: open.next,
            address,
            answering: AtomicUsize::new(0),
            closed: Notify::new(),
        });
        open.by_address.entry(address).or_default().push(Arc::clone(&connection));
        open.count += 1;
        Some(ConnectionPlace { places: Arc::clone(self), connection })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Closes the oldest connection that waits for its client, of the address with the most
    /// connections among those that may lose one.
    fn close_waiting(&mut self, may_lose: impl Fn(IpAddr, usize) -> bool) -> Option<()> {
        let losers =
            self.by_address.iter().filter(|(address, held)| may_lose(**address, held.len()));
        let waiting = losers.filter_map(|(_, held)| {
            let oldest = held.iter().find(|connection| connection.waits_for_client())?;
            Some((held.len(), Arc::clone(oldest)))
        });
        let (_, closed) = waiting.max_by_key(|(held, _)| *held)?;
        closed.closed.notify_one();
        self.remove(closed.address, closed.id);
        Some(())
    }

    /// Removes a connection, if it still exists.
    fn remove(&mut self, address: IpAddr, id: u64) {
        let Some(held) = self.by_address.get_mut(&address) else { return };
        let before = held.len();
        held.retain(|connection| connection.id != id);
        self.count -= before - held.len();
        if held.is_empty() {
            self.by_address.remove(&address);
        }
    }
}

impl ConnectionPlace {
    pub(super) fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.connection)
    }

    /// Completes once the place was given to another connection.
    pub(super) async fn taken_away(&self) {
        self.connection.closed.notified().await;
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.places.lock().remove(self.connection.address, self.connection.id);
    }
}

impl Connection {
    /// Marks it as busy until the mark is dropped.
    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.answering.fetch_add(1, Ordering::SeqCst);
        Answering(Arc::clone(self))
    }

    /// Marks it as waiting for its client, although a request on it has begun.
    pub(super) fn waiting(self: &Arc<Self>) -> WaitingForClient {
        self.answering.fetch_sub(1, Ordering::SeqCst);
        WaitingForClient(Arc::clone(self))
    }

    fn waits_for_client(&self) -> bool {
        self.answering.load(Ordering::SeqCst) == 0
    }
}

impl Drop for WaitingForClient {
    fn drop(&mut self) {
        self.0.answering.fetch_add(1, Ordering::SeqCst);
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What counts as one address: an IPv6 client has a whole /64 to itself.
pub fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: usize, per_address: usize) -> Arc<ConnectionPlaces> {
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        ConnectionPlaces::new(MostConnections { all, per_address }, &proxies)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn an_address_holds_only_so_many_and_replaces_its_own_that_wait() {
        let places = places(10, 2);
        let (a, b) = (ip("2001:db8::1"), ip("2001:db8::ffff:1"));
        let (first, second) = (places.take(a).unwrap(), places.take(b).unwrap());
        let busy = first.connection().answering();
        let third = places.take(a).unwrap();
        second.taken_away().await;
        let busy_too = third.connection().answering();
        assert!(places.take(a).is_none(), "a /64 is one client, and both of its are answering");
        assert!(places.take(ip("2001:db8:0:1::1")).is_some());
        let waiting = third.connection().waiting();
        assert!(places.take(b).is_some(), "a request that waits for its client can be given up");
        third.taken_away().await;
        drop((waiting, busy, busy_too));
        for _ in 0..9 {
            std::mem::forget(places.take(ip("10.1.2.3")).expect("a proxy carries everybody"));
        }
    }

    #[tokio::test]
    async fn where_all_are_taken_whoever_holds_most_gives_the_oldest_waiting_one_up() {
        let places = places(4, 4);
        let (greedy, newcomer) = (ip("192.0.2.1"), ip("192.0.2.2"));
        let held: Vec<_> = (0..4).map(|_| places.take(greedy).unwrap()).collect();
        let busy = held[0].connection().answering();
        let first = places.take(newcomer).unwrap();
        // the first answers, so the second goes
        held[1].taken_away().await;
        let second = places.take(newcomer).unwrap();
        held[2].taken_away().await;
        // both hold two now, so that each only replaces its own
        let third = places.take(newcomer).unwrap();
        first.taken_away().await;
        assert_eq!(places.lock().by_address[&greedy].len(), 2);
        drop((busy, held, first, second, third));
        assert_eq!(places.lock().count, 0);
    }

    #[tokio::test]
    async fn where_all_answer_nothing_is_taken_away() {
        let places = places(2, 2);
        let held: Vec<_> = (0..2).map(|_| places.take(ip("192.0.2.1")).unwrap()).collect();
        let _busy: Vec<_> = held.iter().map(|place| place.connection().answering()).collect();
        assert!(places.take(ip("192.0.2.2")).is_none());
    }
}
