//! Has a release rebuilt when the site that it embeds has changed.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A debug build reads the site from disk.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../site");
    }
}
