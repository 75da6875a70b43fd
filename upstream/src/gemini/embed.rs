//! Owns embeddings: numbers that follow from the length of the text alone.

use serde::Deserialize;
use serde_json::{Value, json};

/// Dimensions when the request does not say.
const USUAL_DIMENSIONS: usize = 8;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct One {
    content: Value,
    #[serde(alias = "output_dimensionality")]
    output_dimensionality: Option<usize>,
}

#[derive(Deserialize)]
struct Many {
    requests: Vec<One>,
}

/// The reply to `embedContent`.
pub(crate) fn one(body: &[u8]) -> Result<Value, String> {
    let one: One = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    Ok(json!({"embedding": embedding(&one)}))
}

/// The reply to `batchEmbedContents`.
pub(crate) fn many(body: &[u8]) -> Result<Value, String> {
    let Many { requests } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let embeddings: Vec<_> = requests.iter().map(embedding).collect();
    Ok(json!({"embeddings": embeddings}))
}

fn embedding(one: &One) -> Value {
    let length = u32::try_from(one.content.to_string().len()).unwrap_or(u32::MAX);
    let dimensions = one.output_dimensionality.unwrap_or(USUAL_DIMENSIONS).min(3072);
    let values: Vec<_> =
        (1_u32..).take(dimensions).map(|at| f64::from(length) / f64::from(at * 1000)).collect();
    json!({"values": values})
}
