//! Sums by time as columns: which series there are, and what stands in which column.

use relay::model::figure::{Share, Slice, Totals};

use super::{Column, Series};

/// The largest parts by name, as many as `most`, then all others as one. `colour` is asked for each name.
pub(crate) fn series(
    shares: &[Share],
    most: usize,
    others: &str,
    colour: impl Fn(&str) -> u8,
) -> Vec<Series> {
    let used: Vec<_> = shares.iter().filter(|share| share.totals.is_used()).collect();
    let named = used.iter().filter(|share| !share.id.is_empty()).take(most);
    let mut series: Vec<Series> = named
        .map(|share| Series {
            id: share.id.clone(),
            name: share.name.clone(),
            colour: colour(&share.id),
            told: None,
        })
        .collect();
    if series.len() < used.len() {
        series.push(Series { id: String::new(), name: others.to_owned(), colour: 0, told: None });
    }
    series
}

/// One column for each start, used or not: only what was used has a slice. `head` names a column, briefly and in full.
pub(crate) fn columns(
    series: &[Series],
    starts: &[i64],
    slices: &[Slice],
    of: impl Fn(&Totals) -> f64,
    head: impl Fn(i64) -> (String, String),
) -> Vec<Column> {
    let empty = |at_ms: &i64| {
        let (short, long) = head(*at_ms);
        Column { short, long, values: vec![0.0; series.len()] }
    };
    let mut columns: Vec<Column> = starts.iter().map(empty).collect();
    for slice in slices {
        let place = starts.partition_point(|start| *start <= slice.at_ms).saturating_sub(1);
        let Some(column) = columns.get_mut(place) else { continue };
        for part in &slice.parts {
            let own = series.iter().position(|series| series.id == part.id);
            let place = own.or(series.len().checked_sub(1));
            if let Some(value) = place.and_then(|place| column.values.get_mut(place)) {
                *value += of(&part.totals);
            }
        }
    }
    columns
}
