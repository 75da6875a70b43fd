//! How a command fails: what happened, why, and what to do about it; on stderr, with the right exit code.

use std::fmt::Write as _;
use std::process::ExitCode;

use relay::admin;
use relay::config::ConfigError;
use relay::folder::FolderError;
use relay::model::problem::{FieldProblem, Problem};
use relay::start::StartError;
use serde::{Deserialize, Serialize};

/// Why a command was not done. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// What is wrong, with its causes.
    pub(crate) cause: String,
    /// What to do.
    pub(crate) hint: Option<String>,
    /// The command line itself was wrong.
    pub(crate) usage: bool,
}

impl Failure {
    /// Something failed.
    pub(crate) fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), hint: None, usage: false }
    }

    /// The command line does not make sense.
    pub(crate) fn usage(cause: impl Into<String>) -> Self {
        Self { usage: true, ..Self::new(cause) }
    }

    /// Says what to do.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Something failed; the error's whole chain is told.
    pub(crate) fn because(what: &str, error: &dyn std::error::Error) -> Self {
        let mut cause = format!("{what}: {error}");
        let mut next = error.source();
        while let Some(error) = next {
            // Many errors repeat their source in their own text.
            if !cause.contains(&error.to_string()) {
                let _ = write!(cause, ": {error}");
            }
            next = error.source();
        }
        Self::new(cause)
    }

    /// As text for a person.
    pub(crate) fn text(&self) -> String {
        let hint = self.hint.as_ref().map(|hint| format!("hint: {hint}\n")).unwrap_or_default();
        format!("error: {}\n{hint}", self.cause)
    }

    /// 2 for wrong usage, else 1.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(if self.usage { 2 } else { 1 })
    }
}

impl From<FieldProblem> for Failure {
    fn from(problem: FieldProblem) -> Self {
        let cause = match problem.field.as_str() {
            "" => problem.problem.to_string(),
            field => format!("{field}: {}", problem.problem),
        };
        match problem.problem {
            Problem::NotFound => Self::new(cause)
                .hint("`switchyard accounts list` and `switchyard keys list` show what there is"),
            Problem::Taken => Self::new(cause).hint("choose another name"),
            _ => Self::new(cause),
        }
    }
}

impl From<admin::Error> for Failure {
    /// The whole cause: for whoever may read the data folder. Over the socket goes [`admin::Error::for_person`].
    fn from(error: admin::Error) -> Self {
        match error {
            admin::Error::Problem(problem) => problem.into(),
            other => Self::because("the store did not do it", &other),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(error.to_string())
            .hint("docs/settings.md lists every setting; `switchyard config` shows those in force")
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        Self::because("cannot take the data folder", &error)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::because("cannot open the data folder", &error)
    }
}
