//! Signing in to a provider from the command line: a link is shown, a code is pasted, until the account is there.
//!
//! Begin and end are one process's: the running server's, else this one's, which holds the data folder meanwhile.

use relay::config::Config;
use relay::model::problem::FieldProblem;
use relay::model::sign_in::SignIn;

use crate::cli;
use crate::command::{AccountCommand, Command, Reply};
use crate::failure::Failure;
use crate::reach::Desk;

/// Runs a sign-in from the command that begins it to the account.
///
/// # Errors
/// What kept it from its end; nothing is changed then.
pub(crate) async fn sign_in(config: Config, begin: Command) -> Result<Reply, Failure> {
    let (desk, begun) = Desk::open(config, begin).await?;
    let done = match begun {
        Ok(Reply::SignIn(begun)) => talk(&desk, &begun).await,
        other => other,
    };
    desk.close().await;
    done
}

async fn talk(desk: &Desk, begun: &SignIn) -> Result<Reply, Failure> {
    let mut question = format!(
        "Open this address, allow access, and paste what the page shows then (the code, or the whole address):\n\n  \
         {}\n\nCode: ",
        begun.url
    );
    let mut wants_project = false;
    loop {
        let line = read(question).await?.ok_or_else(|| Failure::new("no code was pasted"))?;
        // The code before it was good, and is not needed again.
        let (code, project) = if wants_project { (String::new(), Some(line)) } else { (line, None) };
        let complete = AccountCommand::Complete { sign_in: begun.id.clone(), code, project };
        let problem = match desk.ask(Command::Account(Box::new(complete))).await? {
            Reply::NotYet(problem) => problem,
            done => return Ok(done),
        };
        wants_project = problem.field == "project";
        question = again(problem, wants_project);
    }
}

fn again(problem: FieldProblem, wants_project: bool) -> String {
    let failure = Failure::from(problem).text();
    let wanted = match wants_project {
        true => "Its project's id",
        false => "Paste another code (or nothing, to try once more with a code that was good)",
    };
    format!("\n{failure}{wanted}: ")
}

async fn read(question: String) -> Result<Option<String>, Failure> {
    let read = tokio::task::spawn_blocking(move || cli::code(&question)).await;
    read.map_err(|error| Failure::because("cannot ask", &error))?
}
