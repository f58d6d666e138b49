//! Who holds the connections of a listener: so many in all and so many an address, so that no client
//! keeps the others out.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;
use tokio::sync::Notify;

/// How many connections there may be.
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
    /// Connections of proxies are those of everybody, and only count in all.
    proxies: Vec<IpNet>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    /// By address and, within one, in the order in which they were opened.
    by_address: HashMap<IpAddr, Vec<Arc<Connection>>>,
    count: usize,
}

/// One connection.
pub(super) struct Connection {
    id: u64,
    address: IpAddr,
    /// Requests that are being answered on it.
    answering: AtomicUsize,
    closed: Notify,
}

/// A place that is given back when it is dropped.
pub(super) struct ConnectionPlace {
    places: Arc<ConnectionPlaces>,
    connection: Arc<Connection>,
}

/// Marks a connection as answering until it is dropped.
pub(super) struct Answering(Arc<Connection>);

impl ConnectionPlaces {
    pub(super) fn new(most: MostConnections, proxies: &[IpNet]) -> Arc<Self> {
        let proxies = proxies.to_vec();
        Arc::new(Self { most, proxies, open: Mutex::default() })
    }

    /// A place for a new connection. Where its address holds as many as it may, or all are taken, a
    /// connection gives way: the oldest on which nothing is being answered, of the newcomer's own address
    /// or of the one that holds most. None where there is no such connection, or where the newcomer's
    /// address holds most already.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<ConnectionPlace> {
        let address = network(peer);
        let is_proxy = self.proxies.iter().any(|proxies| proxies.contains(&peer.to_canonical()));
        let mut open = self.lock();
        let own = open.by_address.get(&address).map_or(0, Vec::len);
        if own >= self.most.per_address && !is_proxy {
            open.close_idle(address)?;
        } else if open.count >= self.most.all {
            let (greediest, most) = open.by_address.iter().max_by_key(|(_, held)| held.len())?;
            if most.len() <= own && !is_proxy {
                return None;
            }
            let greediest = *greediest;
            open.close_idle(greediest)?;
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
    /// Closes the oldest connection of an address on which nothing is being answered.
    fn close_idle(&mut self, address: IpAddr) -> Option<()> {
        let mut held = self.by_address.get(&address)?.iter();
        let idle = held.find(|it| it.answering.load(Ordering::SeqCst) == 0)?;
        idle.closed.notify_one();
        let id = idle.id;
        self.remove(address, id);
        Some(())
    }

    /// Removes a connection, if it is still there.
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

    /// Done once the place was given to somebody else.
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
    /// Marks it as answering until the mark is dropped.
    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.answering.fetch_add(1, Ordering::SeqCst);
        Answering(Arc::clone(self))
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
    async fn an_address_holds_only_so_many_and_gives_them_back() {
        let places = places(10, 2);
        let (a, b) = (ip("2001:db8::1"), ip("2001:db8::ffff:1"));
        let first = places.take(a).unwrap();
        let second = places.take(b).unwrap();
        let busy = [first.connection().answering(), second.connection().answering()];
        assert!(places.take(a).is_none(), "a /64 is one client");
        assert!(places.take(ip("2001:db8:0:1::1")).is_some());
        drop(busy);
        let third = places.take(a).unwrap();
        first.taken_away().await;
        drop(third);
        drop(second);
        assert!(places.take(b).is_some());
        drop(first);
        for _ in 0..9 {
            std::mem::forget(places.take(ip("10.1.2.3")).expect("a proxy carries everybody"));
        }
    }

    #[tokio::test]
    async fn where_all_are_taken_whoever_holds_most_gives_the_oldest_idle_one_up() {
        let places = places(4, 8);
        let (greedy, newcomer) = (ip("192.0.2.1"), ip("192.0.2.2"));
        let held: Vec<_> = (0..4).map(|_| places.take(greedy).unwrap()).collect();
        let busy = held[0].connection().answering();
        assert!(places.take(greedy).is_none(), "nothing is taken from others for it");
        let first = places.take(newcomer).unwrap();
        // the first answers, so the second goes
        held[1].taken_away().await;
        let second = places.take(newcomer).unwrap();
        held[2].taken_away().await;
        assert!(places.take(newcomer).is_none(), "both hold two now");
        drop((busy, held));
        assert!(places.take(newcomer).is_some());
        drop((first, second));
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
