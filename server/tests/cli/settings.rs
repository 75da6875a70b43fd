//! Settings and secrets as the binary sees them.

use std::fs;

use crate::home::Home;

const KEY: &str = "an-encryption-key-of-enough-characters";
const OTHER: &str = "another-encryption-key-of-enough-length";

#[test]
fn config_shows_every_setting_with_its_origin_and_no_secret() {
    let home = Home::new().with("ENCRYPTION_KEY", KEY).with("LOG_LEVEL", "debug");

    let shown = home.run("config --json");

    let settings = shown.json();
    let find = |name: &str| {
        let all = settings.as_array().expect("a list");
        all.iter().find(|setting| setting["name"] == name).expect(name).clone()
    };
    assert!(!shown.stdout.contains(KEY));
    assert_eq!(find("secret.encryption_key")["value"], "[redacted]");
    assert_eq!(
        (find("log.level")["value"].as_str(), find("log.level")["origin"].as_str()),
        (Some("debug"), Some("environment"))
    );
    assert_eq!(find("relay.tries")["origin"], "default");
    assert_eq!(settings.as_array().expect("a list").len(), relay::config::SETTINGS.len());
}

#[test]
fn config_says_which_secrets_were_made_here() {
    let home = Home::new();
    home.run("status").ok();

    let settings = home.run("config --json").json();

    let all = settings.as_array().expect("a list");
    let secret = all.iter().find(|setting| setting["name"] == "secret.jwt").expect("the setting");
    assert_eq!(
        (secret["value"].as_str(), secret["origin"].as_str()),
        (Some("[redacted]"), Some("secrets.env"))
    );
}

#[test]
fn a_dotenv_file_is_honoured_and_the_environment_wins() {
    let home = Home::new().with("LOG_LEVEL", "warn");
    let dotenv = format!("SWITCHYARD_DATA=elsewhere\nENCRYPTION_KEY={KEY}\nLOG_LEVEL=debug\n");
    fs::write(home.path().join(".env"), dotenv).expect("a file");

    home.run("keys create --name laptop").ok();
    let shown = home.run("config").stdout;

    assert!(home.path().join("elsewhere/switchyard.db").exists() && !home.data().exists());
    assert!(
        !fs::read_to_string(home.path().join("elsewhere/secrets.env"))
            .expect("a file")
            .contains("ENCRYPTION_KEY")
    );
    let level = shown.lines().find(|line| line.contains("log.level")).expect("the level");
    assert!(level.contains("warn") && level.contains("environment"), "{level}");
}

#[test]
fn another_encryption_key_is_refused() {
    let home = Home::new().with("ENCRYPTION_KEY", KEY);
    home.run("keys create --name laptop").ok();
    let home = home.with("ENCRYPTION_KEY", OTHER);

    for line in ["serve", "keys list"] {
        let refused = home.run(line);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(
            refused.stderr.contains("ENCRYPTION_KEY is not the one that this data folder was sealed under")
        );
        assert!(!refused.stderr.contains(OTHER));
    }
}

#[test]
fn a_setting_that_means_nothing_is_named_with_its_origin() {
    let home = Home::new().with("SWITCHYARD_RELAY_TRIES", "none");

    let refused = home.run("serve");

    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.starts_with("error: setting relay.tries (from environment) must be 1 to 255\n"),
        "{refused:?}"
    );
}

#[test]
fn the_settings_page_lists_every_setting() {
    let page = include_str!("../../../docs/settings.md");

    for setting in relay::config::SETTINGS {
        let default =
            if setting.default.is_empty() { "unset".to_owned() } else { format!("`{}`", setting.default) };
        let row = format!("| `{}` | `{}` | {default} | {}", setting.name, setting.env, setting.doc);
        assert!(page.contains(&row), "docs/settings.md lacks this row:\n{row}");
    }
    assert_eq!(page.lines().filter(|line| line.starts_with("| `")).count(), relay::config::SETTINGS.len());
}
