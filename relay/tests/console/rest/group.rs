//! Groups of accounts by REST.

use http::StatusCode;
use relay::admin::key;
use relay::model::id::GroupId;
use relay::model::key::{Binding, NewKey};
use serde_json::{Value, json};

use super::{Script, data, refused};

async fn keyed(script: &Script, name: &str, more: Value) -> Value {
    let mut body = json!({ "name": name, "apiKey": "sk-ant-api03-good" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    script.post("claude-accounts", body).await
}

#[tokio::test]
async fn a_group_is_made_changed_listed_and_deleted() {
    let script = Script::start().await;
    let account = keyed(&script, "one", json!({})).await;
    let new = json!({ "name": "team", "platform": "claude", "description": "ours" });

    let made = script.post("account-groups", new).await;
    let path = format!("account-groups/{}", made["id"].as_str().unwrap());
    let filled = json!({ "name": "crew", "accountIds": [account["id"]] });
    let filled = data(&script.send("PUT", &path, Some(filled)).await);
    let members = script.get(&format!("{path}/members")).await;
    let claude = script.get("account-groups?platform=claude").await;
    let gemini = script.get("account-groups?platform=gemini").await;
    let deleted = script.send("DELETE", &path, None).await.json();

    assert_eq!((&made["name"], &made["memberCount"]), (&json!("team"), &json!(0)));
    assert_eq!((&filled["name"], &filled["memberCount"]), (&json!("crew"), &json!(1)));
    assert_eq!(filled["platform"], "claude");
    assert_eq!((&members[0]["id"], &members[0]["accountType"]), (&account["id"], &json!("group")));
    assert_eq!((claude, gemini), (json!([filled]), json!([])));
    assert_eq!(deleted["success"], true);
    refused(&script.send("GET", &path, None).await, StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn an_account_joins_and_leaves_groups_by_its_type() {
    let script = Script::start().await;
    let group = async |name: &str| {
        script.post("account-groups", json!({ "name": name })).await["id"].as_str().unwrap().to_owned()
    };
    let (red, blue) = (group("red").await, group("blue").await);

    let account = keyed(&script, "one", json!({ "accountType": "group", "groupId": red })).await;
    let path = format!("claude-accounts/{}", account["id"].as_str().unwrap());
    let put = async |body: Value| data(&script.send("PUT", &path, Some(body)).await);
    let both = put(json!({ "accountType": "group", "groupIds": [red, blue] })).await;
    let untouched = put(json!({ "priority": 3 })).await;
    let of_blue = script.get(&format!("claude-accounts?groupId={blue}")).await;
    let alone = put(json!({ "accountType": "shared" })).await;
    let ungrouped = script.get("claude-accounts?groupId=ungrouped").await;

    assert_eq!(account["groupInfos"], json!([{ "id": red, "name": "red" }]));
    assert_eq!(both["groupInfos"].as_array().unwrap().len(), 2);
    assert_eq!(untouched["groupInfos"], both["groupInfos"]);
    assert_eq!(of_blue[0]["id"], account["id"]);
    assert_eq!((&alone["accountType"], &alone["groupInfos"]), (&json!("shared"), &json!([])));
    assert_eq!(ungrouped[0]["id"], account["id"]);
}

#[tokio::test]
async fn a_group_with_keys_stays() {
    let script = Script::start().await;
    let made = script.post("account-groups", json!({ "name": "team" })).await;
    let id = made["id"].as_str().unwrap();
    let new = NewKey::new("k").bound(Binding::Group(GroupId::new(id)));
    key::create(&script.house.shared, &script.house.operator(), new).await.unwrap();

    let kept = script.send("DELETE", &format!("account-groups/{id}"), None).await;

    refused(&kept, StatusCode::CONFLICT, "conflict");
}

#[tokio::test]
async fn a_wrong_group_is_refused() {
    let script = Script::start().await;
    script.post("account-groups", json!({ "name": "team" })).await;
    let post = async |body: Value| script.send("POST", "account-groups", Some(body)).await;

    refused(&post(json!({ "name": "team" })).await, StatusCode::CONFLICT, "taken");
    refused(&post(json!({ "name": " " })).await, StatusCode::BAD_REQUEST, "required");
    refused(&post(json!({ "name": "a", "members": ["none"] })).await, StatusCode::NOT_FOUND, "not_found");
    refused(&post(json!({ "name": "a", "members": "none" })).await, StatusCode::BAD_REQUEST, "bad_request");
}
