-- Sums by outcome alone, as by key, model and account.
INSERT INTO rollup_by
    SELECT size, 'outcome', bucket_ms, outcome,
        sum(attempts), sum(requests), sum(failed), sum(input), sum(output), sum(cache_write_5m), sum(cache_write_1h),
        sum(cache_read), sum(web_searches), sum(cost), sum(unpriced), sum(timed), sum(first_byte_ms), sum(total_ms),
        max(last_ms)
    FROM rollup GROUP BY size, bucket_ms, outcome;

-- Indexes that have what calls are put in order by: those of one key, model, account or outcome are put in order without
-- looking each of them up. A status other than 2xx is among the failures.
DROP INDEX call_status;
DROP INDEX call_failed;
DROP INDEX call_key;
DROP INDEX call_model;
DROP INDEX attempt_account;
CREATE INDEX call_failed ON attempt (outcome, at_ms, call, n, cause, status, total_ms, cost, input, output,
    cache_write_5m, cache_write_1h, cache_read, last, endpoint)
    WHERE last AND endpoint <> 'count_tokens' AND outcome <> 'ok';
CREATE INDEX call_key ON attempt (key_id, at_ms, call, n, total_ms, cost, input, output, cache_write_5m, cache_write_1h,
    cache_read, last, endpoint) WHERE last AND endpoint <> 'count_tokens';
CREATE INDEX call_model ON attempt (coalesce(model, asked), at_ms, call, n, total_ms, cost, input, output,
    cache_write_5m, cache_write_1h, cache_read, last, endpoint) WHERE last AND endpoint <> 'count_tokens';
CREATE INDEX attempt_account ON attempt (account_id, at_ms, call, n, total_ms, cost, input, output, cache_write_5m,
    cache_write_1h, cache_read, last, endpoint);
