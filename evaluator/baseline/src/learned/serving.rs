//! A model as a service: questions wait in a bounded queue for a thread of the model's own.

use std::thread;

use tokio::sync::{mpsc, oneshot};

/// How many requests can wait.
const WAITING: usize = 32;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Too many requests wait.
    Busy,
    /// A group or item is unknown.
    Unknown(String),
}

/// The queue of a model.
pub struct Queue<Q, A>(mpsc::Sender<Asked<Q, A>>);

/// A question, and where its answer goes.
pub struct Asked<Q, A> {
    /// What is asked.
    pub question: Q,
    answer: oneshot::Sender<Result<A, Refused>>,
}

impl<Q, A> Clone for Queue<Q, A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<Q: Send + 'static, A: Send + 'static> Queue<Q, A> {
    /// Starts the thread that answers, which ends when nobody can ask any more.
    pub fn start(answer_all: impl FnOnce(mpsc::Receiver<Asked<Q, A>>) + Send + 'static) -> Self {
        let (queue, asked) = mpsc::channel(WAITING);
        thread::spawn(move || answer_all(asked));
        Self(queue)
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// Too many requests wait, or something is unknown.
    pub async fn ask(&self, question: Q) -> Result<A, Refused> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(Asked { question, answer }).map_err(|_| Refused::Busy)?;
        answered.await.unwrap_or(Err(Refused::Busy))
    }
}

impl<Q, A> Asked<Q, A> {
    /// Answers.
    pub fn answer(self, answer: Result<A, Refused>) {
        // Nobody may be waiting for it any more.
        let _ = self.answer.send(answer);
    }
}

/// A group or an item that the model doesn't know.
pub fn unknown(what: &str, name: &str) -> Refused {
    let name: String = name.chars().take(40).collect();
    Refused::Unknown(format!("unknown {what} `{name}`: this program has other data"))
}
