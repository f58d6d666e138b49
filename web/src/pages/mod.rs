//! One struct per page. The server fills it in, and it renders itself.

mod answer;
mod board;
mod challenges;
mod compare;
mod compared;
mod compared_axis;
mod compared_queries;
mod data;
mod data_set;
mod desk;
mod dialog_guide;
mod error;
mod explore;
mod facts;
mod figure;
mod filter;
mod form;
mod interval;
mod layout;
mod limits;
mod phase;
mod problem;
mod query;
mod row;
mod scorecard;
mod scores;
mod shown_rows;
mod sort;
mod statistics;
mod submission;
mod submissions;
mod submit;
mod take_part;
mod talk;
mod text;

pub use answer::Answer;
pub use board::BoardPage;
pub use challenges::{ChallengesPage, Entry};
pub use compare::{CompareChoice, ComparePage, Compared, Comparison, Contender, RecallCurves};
pub use compared::{ComparedMeasure, Difference, PBand, PValue};
pub use compared_queries::{QueriesApart, QueryApart, QueryItem, QueryPage};
pub use data::{DataFile, DataOffer, ReadyData};
pub use data_set::{DataSetPage, DataSetPhase, Example};
pub use desk::{Cell, DeskPage, Dots, Section};
pub use dialog_guide::{DialogFacts, DialogGuidePage};
pub use error::ErrorPage;
pub use explore::{ExplorePage, ListedQuery, ShownItem};
pub use facts::{Counters, Facts, Resolution, Share, Targets};
pub use figure::{DataTable, Figure, Plot};
pub use filter::Filter;
pub use form::{Asking, Field, FieldKind, Form, Weight};
pub use interval::Interval;
pub use layout::{Head, Layout, Link, around};
pub(crate) use layout::{SAID, VISITOR};
pub use limits::{Allowed, Day, LimitsPage, PhaseLimits};
pub use phase::Phase;
pub use problem::{Place, Problem};
pub use query::{QueryViewPage, RankedItem, Strip};
pub use row::{EarlierPlace, Entrant, RankInterval, Row};
pub use scorecard::{GroupScore, Scorecard, Standing};
pub use scores::{MeasureName, ShownScores, Value};
pub use sort::{Column, Sort, encoded};
pub use statistics::{StatisticsPage, StatisticsSection};
pub use submission::{Edited, Outcome, Question, SubmissionPage, TurnCurves};
pub use submissions::{OwnPhase, OwnState, OwnSubmission, SubmissionsPage};
pub use submit::{Blocked, Limit, Repeated, SubmitPage};
pub use take_part::{Download, Guide, TakePartPage};
pub use talk::{TalkPage, TalkShower, TalkTurn};
pub use text::{Sanitised, TextPage};

use crate::Result;

/// A whole page, ready to be sent as `text/html; charset=utf-8`.
pub trait Page {
    /// The page as HTML.
    fn render(&self) -> Result<String>;
}

impl<T: askama::Template> Page for T {
    fn render(&self) -> Result<String> {
        Ok(askama::Template::render(self)?)
    }
}
