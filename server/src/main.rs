//! The `switchyard` binary: arguments, wiring, shutdown.

mod assets;
mod cli;
mod command;
mod console;
mod control;
mod dialog;
mod failure;
mod output;
mod reach;
mod rotate;
mod serve;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;
use relay::config::Config;
use rustix::fs::Mode;

use cli::{Action, Arguments, Task};
use command::Command;
use failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Whatever is written in the data folder is its owner's alone.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure);
            failure.exit_code()
        }
    }
}

fn run(Arguments { action, json }: Arguments) -> Result<(), Failure> {
    let task = match action {
        Action::Serve { quickstart } => return serve::run(quickstart),
        Action::Config => return output::settings(Config::load()?.effective(), json),
        Action::Admin(action) => Task::Do(action.command()?),
        Action::Keys(action) => Task::Do(action.command()),
        Action::Accounts(action) => action.task()?,
        Action::Groups(action) => Task::Do(action.command()),
        Action::Usage(arguments) => Task::Do(arguments.command()),
        Action::Prices(action) => Task::Do(action.command()),
        Action::Secrets(action) => return rotate::run(action.new_key()?, json),
        Action::Status => Task::Do(Command::Status),
    };
    let config = Config::load()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::because("cannot start", &error))?;
    let reply = match task {
        Task::Do(command) => runtime.block_on(reach::run(config, command))?,
        Task::SignIn(begin) => runtime.block_on(dialog::sign_in(config, begin))?,
    };
    output::reply(&reply, json)
}

/// Tells on stderr what failed. If stderr is gone, there is nobody left to tell.
fn tell(failure: &Failure) {
    use std::io::Write as _;
    let _ = std::io::stderr().write_all(failure.text().as_bytes());
}
