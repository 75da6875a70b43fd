//! The fake provider, and what it says it has billed.

use std::net::SocketAddr;
use std::ops::Sub;
use std::path::Path;

use anyhow::{Context, Result};

use super::http;
use super::machine::many_files;
use super::program::Program;

/// The running provider.
pub(super) struct Provider {
    _program: Program,
    pub(super) address: SocketAddr,
}

/// Answers and their tokens, as counted by the provider or by the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Billed {
    pub(super) answers: u64,
    pub(super) input: u64,
    pub(super) output: u64,
}

impl Sub for Billed {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            answers: self.answers - before.answers,
            input: self.input - before.input,
            output: self.output - before.output,
        }
    }
}

impl Provider {
    /// Starts it on a free port.
    pub(super) fn start(binary: &Path) -> Result<Self> {
        let mut program = Program::start(many_files(binary).args(["--port", "0", "--totals"]))?;
        let url = program.line()?;
        let address = url.strip_prefix("http://").and_then(|address| address.parse().ok());
        Ok(Self { address: address.context("the fake provider has no address")?, _program: program })
    }

    /// Where it listens.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it has billed so far, for whole answers.
    pub(super) fn billed(&self) -> Result<Billed> {
        let totals = http::get_json(self.address, "/_totals", "")?;
        Ok(Billed {
            answers: http::whole(&totals, "/complete")?,
            input: http::whole(&totals, "/billed_complete/input")?,
            output: http::whole(&totals, "/billed_complete/output")?,
        })
    }
}
