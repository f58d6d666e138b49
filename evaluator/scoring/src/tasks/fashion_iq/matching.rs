//! Finds the query that an object answers.
//!
//! Lists repeat `(reference, captions)` pairs, so content alone doesn't identify a query. Position alone
//! must not, or a shuffled file would be scored as noise. So the k-th object answers the k-th query
//! while every object agrees with its query. From the first that doesn't, each is matched by its id, or
//! by its content with repeated pairs in order of occurrence.
//!
//! Captions are an echo: programs trim, join or exchange them. So if only captions disagree, the
//! candidates may still be in the list's order, and [`Matching::is_in_step`] says whether they are.
//!
//! The objects before that position keep their queries: if object j agrees with query j for all j up to
//! k, the i-th object with some content is at the i-th occurrence of that content in the list, so both
//! ways give the same result. One pass is therefore enough.

use crate::benchmark::GroupList;

/// What an object says about the query it answers.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Identity<'r> {
    pub(crate) id: Option<&'r [u8]>,
    pub(crate) reference: Option<&'r [u8]>,
    /// In the form of [`push_caption`](crate::benchmark::push_caption).
    pub(crate) captions: Option<&'r [u8]>,
    /// Whether its captions have the wrong type, so that they match no query.
    pub(crate) captions_are_unreadable: bool,
    /// Whether part of it could not be understood, which is a separate problem.
    pub(crate) damaged: bool,
}

/// Where an object belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It answers this query.
    Query(usize),
    /// It answers a query that this earlier object has answered.
    Again { query: usize, by: usize },
    /// The list ended before it.
    Extra,
    /// No query has that id.
    UnknownId,
    /// It has the id of this query, but not its reference.
    Contradicts(usize),
    /// No query has that reference and those captions. This is the query at its position, if all objects
    /// before it were in order.
    UnknownContent { expected: Option<usize> },
    /// Out of order, without captions and id.
    Bare,
    /// What it says cannot be understood.
    Unknowable,
}

/// The place where a file left the list's order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Departure {
    /// The position of the first object that disagrees, and of the query expected there.
    pub(crate) row: usize,
}

/// The objects whose captions differ from their query's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OtherCaptions {
    /// The first of them.
    pub(crate) first: usize,
    pub(crate) count: usize,
}

/// Matches the objects of one file, in their order, with the queries of one list.
pub(crate) struct Matching<'b> {
    list: GroupList<'b>,
    rows: usize,
    /// The object that answers each query, plus one; 0 for none.
    answers: Vec<u32>,
    departure: Option<Departure>,
    /// Whether each object so far has the reference, and the id if any, of the query at its position.
    in_step: bool,
    /// The objects in step whose captions differ from those of the query at their position.
    other_captions: Option<OtherCaptions>,
    /// Objects in order that have neither captions nor id.
    bare: Vec<usize>,
    /// Where the last object belongs.
    last: Option<usize>,
    /// Objects whose query is unknown.
    unidentified: usize,
}

impl<'b> Matching<'b> {
    pub(crate) fn new(list: GroupList<'b>) -> Self {
        Self {
            list,
            rows: 0,
            answers: vec![0; list.group.queries.len()],
            departure: None,
            in_step: true,
            other_captions: None,
            bare: Vec::new(),
            last: None,
            unidentified: 0,
        }
    }

    /// How many objects there were.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Where the file left the list's order, if it did.
    pub(crate) fn departure(&self) -> Option<Departure> {
        self.departure
    }

    /// Whether the candidates are in the list's order so far, regardless of captions and of objects
    /// after the last query's.
    pub(crate) fn is_in_step(&self) -> bool {
        self.in_step
    }

    /// The objects in step whose captions differ from those of the query at their position.
    pub(crate) fn other_captions(&self) -> Option<OtherCaptions> {
        self.other_captions
    }

    /// The objects matched by position alone in a file that then left the list's order; returned once.
    pub(crate) fn take_bare(&mut self) -> Vec<usize> {
        match self.departure {
            Some(_) => std::mem::take(&mut self.bare),
            None => Vec::new(),
        }
    }

    /// The stretches of queries without an answer, as first and last; and how many objects there
    /// were whose query is unknown, any of which may be the answer.
    pub(crate) fn unanswered(&self) -> (Vec<(usize, usize)>, usize) {
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        let open = self.answers.iter().enumerate().filter(|(_, answer)| **answer == 0);
        for (query, _) in open {
            match stretches.last_mut() {
                Some((_, last)) if *last + 1 == query => *last = query,
                _ => stretches.push((query, query)),
            }
        }
        (stretches, self.unidentified)
    }

    /// Takes the next object.
    pub(crate) fn place(&mut self, says: &Identity<'_>) -> Place {
        let row = self.rows;
        self.rows += 1;
        self.keep_step(row, says);
        let place = self.find(row, says);
        self.last = None;
        match place {
            Place::Query(query) => {
                self.answers[query] = row as u32 + 1;
                self.last = Some(query);
            }
            Place::Contradicts(query) if self.answers[query] == 0 => {
                // It answers that query or another one; only the team knows which.
                self.unidentified += 1;
            }
            Place::Bare | Place::Unknowable => self.unidentified += 1,
            _ => {}
        }
        place
    }

    fn keep_step(&mut self, row: usize, says: &Identity<'_>) {
        if !self.in_step || row >= self.answers.len() {
            return;
        }
        let named = says.reference.is_some() || says.id.is_some();
        self.in_step = named && !says.damaged && self.names_agree(row, says);
        if self.in_step && !self.captions_agree(row, says) {
            let other = self.other_captions.get_or_insert(OtherCaptions { first: row, count: 0 });
            other.count += 1;
        }
    }

    fn find(&mut self, row: usize, says: &Identity<'_>) -> Place {
        if self.departure.is_none() {
            if row >= self.answers.len() {
                return Place::Extra;
            }
            if self.agrees(row, says) {
                if says.id.is_none() && says.captions.is_none() && !says.damaged {
                    self.bare.push(row);
                }
                return Place::Query(row);
            }
            self.departure = Some(Departure { row });
        }
        if says.damaged || says.captions_are_unreadable && says.id.is_none() {
            return Place::Unknowable;
        }
        match (says.id, says.reference, says.captions) {
            (Some(id), ..) => self.by_id(id, says),
            (None, Some(reference), Some(captions)) => self.by_content(row, reference, captions),
            (None, Some(_), None) => Place::Bare,
            (None, None, _) => Place::Unknowable,
        }
    }

    fn by_id(&self, id: &[u8], says: &Identity<'_>) -> Place {
        match self.list.by_id(id) {
            None => Place::UnknownId,
            Some(query) if !self.names_agree(query, says) => Place::Contradicts(query),
            Some(query) => self.open(query),
        }
    }

    fn by_content(&self, row: usize, reference: &[u8], captions: &[u8]) -> Place {
        let queries = self.list.by_content(reference, captions);
        let open = queries.iter().find(|&&query| self.answers[query as usize] == 0);
        match (open, queries.last()) {
            (Some(&query), _) => Place::Query(query as usize),
            (None, Some(&query)) => self.open(query as usize),
            (None, None) => {
                let in_order = row == 0 || self.last == Some(row - 1);
                let expected = (in_order && row < self.answers.len()).then_some(row);
                Place::UnknownContent { expected }
            }
        }
    }

    fn open(&self, query: usize) -> Place {
        match self.answers[query] {
            0 => Place::Query(query),
            by => Place::Again { query, by: by as usize - 1 },
        }
    }

    /// Whether nothing that the object says contradicts the query.
    fn agrees(&self, query: usize, says: &Identity<'_>) -> bool {
        self.names_agree(query, says) && self.captions_agree(query, says)
    }

    fn names_agree(&self, query: usize, says: &Identity<'_>) -> bool {
        says.reference.is_none_or(|reference| reference == self.list.reference(query))
            && says.id.is_none_or(|id| id == self.list.query(query).id.as_bytes())
    }

    fn captions_agree(&self, query: usize, says: &Identity<'_>) -> bool {
        !says.captions_are_unreadable
            && says.captions.is_none_or(|captions| captions == self.list.captions(query))
    }
}
