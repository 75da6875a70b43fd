//! Asking for what must not stand on a command line: from standard input, or from a person without echo.

use std::io::{BufRead, IsTerminal, Read, Write, stderr, stdin};

use crate::failure::Failure;

/// A longer line is no password.
const LINE_MAX: u64 = 64 * 1024;
/// A longer file holds no tokens.
const FILE_MAX: u64 = 256 * 1024;

/// A password: one line of standard input, else asked for twice.
pub(super) fn password(from_stdin: bool) -> Result<String, Failure> {
    if from_stdin {
        return needed();
    }
    let password = prompt("Password: ", "--password-stdin")?;
    if prompt("Again: ", "--password-stdin")? == password {
        Ok(password)
    } else {
        Err(Failure::new("the two passwords differ").hint("run the command again"))
    }
}

/// An account's secret: one line of standard input, else asked for.
pub(super) fn secret(from_stdin: bool) -> Result<String, Failure> {
    if from_stdin { needed() } else { prompt("API key: ", "--secret-stdin") }
}

/// A proxy's password: one line of standard input, else asked for where there is a user and somebody to ask. An empty
/// one is none.
pub(super) fn proxy_password(from_stdin: bool, has_user: bool) -> Result<Option<String>, Failure> {
    let password = match (from_stdin, has_user && stdin().is_terminal()) {
        (true, _) => needed()?,
        (false, true) => prompt("Proxy password (empty for none): ", "--proxy-password-stdin")?,
        (false, false) => String::new(),
    };
    Ok(Some(password).filter(|password| !password.is_empty()))
}

/// Tokens: whatever standard input has.
pub(super) fn tokens() -> Result<String, Failure> {
    let mut text = String::new();
    let read = stdin().lock().take(FILE_MAX).read_to_string(&mut text);
    read.map_err(|error| Failure::because("cannot read standard input", &error))?;
    if text.trim().is_empty() { Err(Failure::usage("standard input is empty")) } else { Ok(text) }
}

/// A new encryption key: one line of standard input.
pub(super) fn new_key() -> Result<String, Failure> {
    needed()
}

/// What a person pastes after a sign-in; nothing at the end of standard input. The question goes to standard error, so
/// that standard output stays a script's.
///
/// # Errors
/// If standard input cannot be read.
pub(crate) fn code(question: &str) -> Result<Option<String>, Failure> {
    // If it cannot be shown, there is nobody to answer it.
    let _ = write!(stderr(), "{question}").and_then(|()| stderr().flush());
    line()
}

fn prompt(text: &str, instead: &str) -> Result<String, Failure> {
    if !stdin().is_terminal() {
        return Err(
            Failure::usage("there is no terminal to ask on").hint(format!("pipe it in and give {instead}"))
        );
    }
    rpassword::prompt_password(text).map_err(|error| Failure::because("cannot ask", &error))
}

fn needed() -> Result<String, Failure> {
    line()?.filter(|line| !line.is_empty()).ok_or_else(|| Failure::usage("standard input is empty"))
}

/// The next line of standard input.
fn line() -> Result<Option<String>, Failure> {
    let mut line = String::new();
    let read = stdin().lock().take(LINE_MAX).read_line(&mut line);
    match read.map_err(|error| Failure::because("cannot read standard input", &error))? {
        0 => Ok(None),
        _ => Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned())),
    }
}
