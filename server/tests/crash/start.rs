//! Starts where nothing can be written: a clear message, and nothing half made that would be in the way later.

use crate::binary::Home;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_cannot_be_made_is_named() {
    let mut home = Home::new().await;
    home.set("SWITCHYARD_DATA", "/proc/switchyard");

    let output = Home::fail(home.command("serve"));

    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: ") && said.contains("cannot use /proc/switchyard"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_without_space_says_so_and_the_next_one_works() {
    let home = Home::new().await;
    home.account("sk-a");
    home.upstream.script("sk-a", upstream::Behaviour::ok());
    let server = home.serve().await;
    server.message("claude-sonnet-4-5", true).await.text().await.unwrap();
    server.kill().await;
    let mut command = std::process::Command::new("sh");
    let line = format!("ulimit -f 0; exec {} serve", env!("CARGO_BIN_EXE_switchyard"));
    home.prepare(command.args(["-c", &line]));

    let output = Home::fail(command);
    let server = home.serve().await;
    let totals = server.totals().await;
    server.stop().await;

    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: "), "{said}");
    assert!(said.contains("large") || said.contains("disk"), "{said}");
    assert_eq!(totals["requests"], 1);
    assert_eq!(home.books().await.len(), 1);
}
