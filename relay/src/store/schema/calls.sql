-- One row of a call is listed, that of its last attempt; counts of tokens are not.
CREATE INDEX call_key ON attempt (key_id, at_ms) WHERE last AND endpoint <> 'count_tokens';
CREATE INDEX call_model ON attempt (coalesce(model, asked), at_ms) WHERE last AND endpoint <> 'count_tokens';
CREATE INDEX call_failed ON attempt (outcome, at_ms, cause)
    WHERE last AND endpoint <> 'count_tokens' AND outcome <> 'ok';
CREATE INDEX call_status ON attempt (status, at_ms) WHERE last AND endpoint <> 'count_tokens' AND status <> 200;
CREATE INDEX call_cost ON attempt (coalesce(cost, -1)) WHERE last AND endpoint <> 'count_tokens';
CREATE INDEX call_tokens ON attempt (input + output + cache_write_5m + cache_write_1h + cache_read)
    WHERE last AND endpoint <> 'count_tokens';
CREATE INDEX call_duration ON attempt (total_ms) WHERE last AND endpoint <> 'count_tokens';
