//! nginx as a plain pass-through to the fake provider: what moving the bytes alone costs.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http;
use super::machine::on_core;
use super::program::Program;
use super::provider::Provider;

/// How long a start may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);

/// A running nginx.
pub(super) struct Nginx {
    _program: Program,
    address: SocketAddr,
    worker: u32,
}

impl Nginx {
    /// Starts it on a free port. Its files go into `folder`.
    pub(super) fn start(binary: &Path, folder: &Path, provider: &Provider, core: usize) -> Result<Self> {
        let address = http::free_address()?;
        let settings = folder.join("nginx.conf");
        fs::write(&settings, configuration(folder, address, provider.address))?;
        let mut command = on_core(core, binary);
        command.arg("-c").arg(&settings).arg("-p").arg(folder).arg("-e").arg(folder.join("nginx.log"));
        let mut program = Program::start(&mut command)?;
        let begun = Instant::now();
        while http::get(address, "/_totals", "").is_err() {
            program.check().context("nginx does not run")?;
            if begun.elapsed() > PATIENCE {
                bail!("nginx does not answer");
            }
            thread::sleep(PAUSE);
        }
        let master = program.pid();
        let workers = fs::read_to_string(format!("/proc/{master}/task/{master}/children"))?;
        let worker = workers.trim().parse().with_context(|| format!("one worker, not `{workers}`"))?;
        Ok(Self { _program: program, address, worker })
    }

    /// The process of its one worker.
    pub(super) fn pid(&self) -> u32 {
        self.worker
    }

    /// Where messages go.
    pub(super) fn url(&self) -> String {
        format!("http://{}/v1/messages", self.address)
    }
}

/// One worker that keeps connections on both sides and buffers nothing, as the relay does.
fn configuration(folder: &Path, address: SocketAddr, provider: SocketAddr) -> String {
    let folder = folder.display();
    let kept = "keepalive_requests 1000000000; keepalive_timeout 1h;";
    let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("    {name}_temp_path {folder}/{name};\n"))
        .concat();
    format!(
        "daemon off;\n\
         worker_processes 1;\n\
         worker_rlimit_nofile 4096;\n\
         pid {folder}/nginx.pid;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\n\
         {paths}    access_log off;\n    {kept}\n\
         \x20   upstream provider {{ server {provider}; keepalive 1024; {kept} }}\n\
         \x20   server {{\n        listen {address} backlog=4096;\n        location / {{\n\
         \x20           proxy_pass http://provider;\n            proxy_http_version 1.1;\n\
         \x20           proxy_set_header connection \"\";\n            proxy_buffering off;\n\
         \x20           proxy_request_buffering off;\n        }}\n    }}\n}}\n"
    )
}
