//! What reading an answer costs on the road: the aim is well under a microsecond per delta.
#![allow(missing_docs, clippy::expect_used)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use relay::meter::cost::cost;
use relay::model::usage::{Tokens, Usage};
use relay::price::Table;
use relay::stream::observe::{End, Observer};
use relay::wire::anthropic::call::CallFields;

const DELTA: &[u8] = b"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a piece of the answer\"}}\n\n";

const STREAM: &[u8] = include_bytes!("../tests/fixtures/anthropic-tool-use.sse");

fn deltas(criterion: &mut Criterion) {
    let many = DELTA.repeat(100);
    let mut group = criterion.benchmark_group("deltas");
    group.throughput(Throughput::Elements(100));
    group.bench_function("one a piece", |bencher| {
        let mut observer = Observer::stream();
        bencher.iter(|| {
            for _ in 0..100 {
                black_box(observer.feed(black_box(DELTA)));
            }
        });
    });
    for (name, size) in [("many a piece", many.len()), ("split in the middle", 97)] {
        group.bench_function(name, |bencher| {
            let mut observer = Observer::stream();
            bencher.iter(|| {
                for piece in many.chunks(size) {
                    black_box(observer.feed(black_box(piece)));
                }
            });
        });
    }
    group.finish();
}

fn answers(criterion: &mut Criterion) {
    criterion.bench_function("a stream of 17 events", |bencher| {
        bencher.iter(|| {
            let mut observer = Observer::stream();
            observer.feed(black_box(STREAM));
            observer.finish(End::Whole)
        });
    });
}

fn calls(criterion: &mut Criterion) {
    let text = "some words of a prompt, \\\"quoted\\\" and not ".repeat(2_000);
    let body = format!(
        r#"{{"messages":[{{"role":"user","content":"{text}"}}],"model":"claude-opus-5","stream":true,"max_tokens":1}}"#
    );
    let mut group = criterion.benchmark_group("call");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("fields of 84 KB", |bencher| {
        bencher.iter(|| CallFields::read(black_box(body.as_bytes())).expect("it is valid").stream);
    });
    group.finish();
}

fn prices(criterion: &mut Criterion) {
    let table = Table::embedded();
    let usage = Usage { tokens: Tokens { input: 12, output: 34, ..Tokens::default() }, ..Usage::default() };
    criterion.bench_function("cost", |bencher| {
        bencher.iter(|| cost(&table, black_box("claude-sonnet-4-5-20250929"), black_box(&usage), 0));
    });
}

criterion_group!(benches, deltas, answers, calls, prices);
criterion_main!(benches);
