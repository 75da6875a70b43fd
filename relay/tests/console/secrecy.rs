//! No secret shows in an answer, a log line or a debug text (hard case 44).

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use relay::admin::session::{self, Visitor};
use relay::admin::setup;
use relay::secret::Secret;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::house::{House, PASSWORD, bearer};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn passwords_and_tokens_show_nowhere() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let house = House::new().await;
    let link = setup::announce(&house.shared, "http://localhost:3000").await.unwrap().unwrap();
    let token = Secret::new(link.reveal().split_once('=').unwrap().1);
    let opened = setup::set_up(&house.shared, Some(&token), "admin", Secret::new(PASSWORD)).await.unwrap();

    let mut seen = format!("{link:?} {token:?} {opened:?}");
    seen += &house.sign_in("admin", "a wrong guess").await.text;
    let change = json!({ "currentPassword": "a wrong guess", "newPassword": "the next password" });
    seen += &house
        .send(bearer("POST", "/web/auth/change-password", opened.token.reveal(), Some(change)))
        .await
        .text;
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "the next password" });
    seen += &house
        .send(bearer("POST", "/web/auth/change-password", opened.token.reveal(), Some(change)))
        .await
        .text;
    let visitor = Visitor { address: [192, 0, 2, 1].into(), device: Some(opened.device.clone()) };
    seen += &format!("{visitor:?}");
    let failed = session::sign_in(&house.shared, "admin", Secret::new("a wrong guess"), &visitor).await;
    seen += &format!("{failed:?}");
    seen += std::str::from_utf8(&log.0.lock().unwrap()).unwrap();

    assert!(seen.contains("set-up is done"), "the log was caught");
    for secret in [
        PASSWORD,
        "a wrong guess",
        "the next password",
        token.reveal(),
        opened.token.reveal(),
        opened.device.reveal(),
        "$argon2id",
    ] {
        assert!(!seen.contains(secret), "{secret} in {seen}");
    }
}

#[tokio::test]
async fn nothing_in_the_data_folder_opens_a_session() {
    let house = House::inhabited().await;
    let token = house.token().await;
    let id = token.split('.').nth(1).unwrap().to_owned();

    let mut kept = Vec::new();
    for file in std::fs::read_dir(house.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            kept.extend(std::fs::read(path).unwrap());
        }
    }

    let kept = String::from_utf8_lossy(&kept);
    let claims = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, id).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert!(!kept.contains(claims["jti"].as_str().unwrap()));
    assert!(!kept.contains(&token));
    assert!(!kept.contains(PASSWORD));
}
