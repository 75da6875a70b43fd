//! What a start needs, and refuses (hard case 40).

use relay::clock::Clock;
use relay::config::Config;
use relay::folder::FolderLock;
use relay::start::StartError;
use rstest::rstest;

use crate::support::{ENCRYPTION_KEY, NOW_MS};

#[rstest]
#[case("short")]
#[case("0123456789012345678901234567890")]
#[case("                                        ")]
#[case("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
#[case("CHANGE-THIS-ENCRYPTION-KEY-32-CHARS-LONG")]
#[case("change_this_to_a_secret_of_your_own_please")]
fn a_weak_secret_is_refused_by_name_and_not_repeated(
    #[case] weak: &str,
    #[values("ENCRYPTION_KEY", "JWT_SECRET")] name: &str,
) {
    let refused =
        Config::from_values(&[("SWITCHYARD_DATA", "unused"), (name, weak)]).unwrap_err().to_string();

    let setting = if name == "JWT_SECRET" { "secret.jwt" } else { "secret.encryption_key" };
    assert!(refused.contains(setting) && refused.contains("at least 32 characters"), "{refused}");
    assert!(!refused.contains(weak));
}

#[tokio::test]
async fn an_empty_secret_counts_as_none_and_a_random_one_is_made() {
    let mut made = Vec::new();
    for _ in 0..2 {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let values = [("SWITCHYARD_DATA", data), ("ENCRYPTION_KEY", ""), ("JWT_SECRET", "")];
        let lock = FolderLock::take(folder.path()).unwrap();
        let relay = relay::start::open(Config::from_values(&values).unwrap(), Clock::fake(NOW_MS), &lock)
            .await
            .unwrap();
        made.push(std::fs::read_to_string(folder.path().join("secrets.env")).unwrap());
        relay.tasks.stop().await;
    }

    let secrets: Vec<_> = made.iter().flat_map(|file| file.lines()).collect();
    assert_eq!(secrets.len(), 4);
    for secret in &secrets {
        assert_eq!(secret.split_once('=').unwrap().1.len(), 64);
        assert_eq!(secrets.iter().filter(|other| *other == secret).count(), 1);
    }
}

#[tokio::test]
async fn another_encryption_key_than_the_store_s_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lock = FolderLock::take(folder.path()).unwrap();
    let data = folder.path().to_str().unwrap();
    let open = async |key: &str| {
        let config = Config::from_values(&[("SWITCHYARD_DATA", data), ("ENCRYPTION_KEY", key)]).unwrap();
        relay::start::open(config, Clock::fake(NOW_MS), &lock).await
    };
    open(ENCRYPTION_KEY).await.unwrap().tasks.stop().await;

    let other = open("another encryption key, as long as the first").await;
    let none = open("").await;

    for refused in [other, none] {
        let refused = refused.err().unwrap();
        assert!(matches!(&refused, StartError::Secrets(_)), "{refused}");
        assert!(!refused.to_string().contains("another encryption key"), "{refused}");
    }
    open(ENCRYPTION_KEY).await.unwrap().tasks.stop().await;
}

#[test]
fn a_folder_in_use_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let _lock = FolderLock::take(folder.path()).unwrap();

    let refused = FolderLock::take(folder.path()).unwrap_err();

    assert!(refused.to_string().contains("is in use by another Switchyard"), "{refused}");
}
