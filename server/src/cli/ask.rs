//! Asking for what must not stand on a command line: from standard input, or from a person without echo.

use std::io::{BufRead, IsTerminal, Read, stdin};

use crate::failure::Failure;

/// A longer line is no password.
const LINE_MAX: u64 = 64 * 1024;

/// A password: one line of standard input, else asked for twice.
pub(super) fn password(from_stdin: bool) -> Result<String, Failure> {
    if from_stdin {
        return line();
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
    if from_stdin { line() } else { prompt("API key: ", "--secret-stdin") }
}

fn prompt(text: &str, instead: &str) -> Result<String, Failure> {
    if !stdin().is_terminal() {
        return Err(
            Failure::usage("there is no terminal to ask on").hint(format!("pipe it in and give {instead}"))
        );
    }
    rpassword::prompt_password(text).map_err(|error| Failure::because("cannot ask", &error))
}

fn line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = stdin().lock().take(LINE_MAX).read_line(&mut line);
    read.map_err(|error| Failure::because("cannot read standard input", &error))?;
    let text = line.trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        return Err(Failure::usage("standard input is empty"));
    }
    Ok(text.to_owned())
}
