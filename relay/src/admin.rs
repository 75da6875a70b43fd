//! The admin road: one file per noun. Every function takes `&Admin`, which only a valid session or the machine's own
//! operator can be turned into; so a forgotten check does not compile.

pub mod account;
pub mod figure;
pub mod flash;
pub mod group;
pub mod holder;
pub mod journal;
pub mod key;
pub mod local;
mod name;
pub mod price;
pub mod request;
pub mod session;
pub mod setup;
pub mod sign_in;
mod token;
pub mod usage;

use crate::model::problem::{FieldProblem, Problem};
use crate::secret::password::PasswordError;
use crate::store::StoreError;

/// Proof that the caller may administer. Made only in this module.
#[derive(Clone, Debug)]
pub struct Admin {
    name: String,
    session: Option<OpenSession>,
}

/// The session that an administrator came with.
#[derive(Clone, Debug)]
struct OpenSession {
    hash: [u8; 32],
    admin_id: String,
    created_ms: i64,
    used_ms: i64,
    expires_ms: i64,
}

impl Admin {
    /// The administrator's name, for logs; `local` for the machine's own operator.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Why an administrative act was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something is wrong with what was given.
    #[error(transparent)]
    Problem(#[from] FieldProblem),
    /// The store failed; the person is told that something went wrong here, the log gets the cause.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl Error {
    /// A problem with one field.
    pub fn field(field: &str, problem: Problem) -> Self {
        Self::Problem(FieldProblem::at(field, problem))
    }

    /// A problem with the whole.
    pub fn whole(problem: Problem) -> Self {
        Self::Problem(FieldProblem::whole(problem))
    }

    /// What the person is told.
    pub fn for_person(&self) -> FieldProblem {
        match self {
            Self::Problem(problem) => problem.clone(),
            Self::Password(PasswordError::Busy) => {
                FieldProblem::whole(Problem::SlowDown { retry_after_s: 5 })
            }
            Self::Store(_) | Self::Password(PasswordError::Failed(_)) => {
                FieldProblem::whole(Problem::Internal)
            }
        }
    }
}
