//! Records in the journal: room is set aside for each, so none may be longer than that.

use serde_json::json;
use upstream::Behaviour;

use crate::support::TestRelay;

/// What is set aside for a record.
const ROOM: usize = 4 << 10;

/// The lengths of the frames in the journal, each with its length in front.
fn lengths(journal: &std::path::Path) -> Vec<usize> {
    let mut lengths = Vec::new();
    for entry in std::fs::read_dir(journal).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let mut rest = bytes.as_slice();
        while let Some((length, _)) = rest.split_first_chunk() {
            let length = 8 + usize::try_from(u32::from_le_bytes(*length)).unwrap();
            lengths.push(length);
            rest = &rest[length..];
        }
    }
    lengths
}

#[tokio::test]
async fn texts_of_clients_and_upstreams_never_outgrow_the_room_for_a_record() {
    // What strict limits keep beyond what was used is in records as well.
    let strict =
        [("SWITCHYARD_LIMITS_BUDGET", "strict"), ("SWITCHYARD_LIMITS_KEY", "tokens 100000000G/total")];
    let relay = TestRelay::with(&strict).await;
    let longest = ["\"", "\\", "\u{1F600}", "\u{7f}", "\u{ffff}"];

    for text in longest {
        let model = text.repeat(256 / text.len());
        let long = text.repeat(3_000);
        let answer = json!({
            "type": "message", "id": long, "model": long, "stop_reason": long, "content": [],
            "usage": {"input_tokens": u64::MAX, "output_tokens": u64::MAX, "cache_read_input_tokens": u64::MAX,
                      "cache_creation_input_tokens": u64::MAX, "service_tier": text.repeat(8)},
        });
        let error = json!({"type": "error", "error": {"type": long, "message": long}}).to_string();
        let answers = [
            Behaviour::replay_json(answer.to_string()),
            Behaviour::replay(format!("event: error\ndata: {error}\n\n")),
            Behaviour::status(400).body(error.clone()),
            Behaviour::status(500).body(error),
        ];
        for answer in answers {
            relay.upstream.script("sk-a", answer);
            let most = 1_000_000_000_000_000_u64;
            let body =
                json!({"model": model, "stream": true, "max_tokens": most, "messages": []}).to_string();
            let _ = relay.post("/api/v1/messages").body(body).send().await.unwrap().bytes().await;
        }
    }

    let lengths = lengths(&relay.shared.config.data.join("journal"));
    assert!(lengths.len() >= 40, "{lengths:?}");
    assert!(lengths.iter().all(|length| *length <= ROOM), "{lengths:?}");
}
