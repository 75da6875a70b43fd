ALTER TABLE rollup ADD COLUMN timed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollup ADD COLUMN first_byte_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollup ADD COLUMN total_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX rollup_account ON rollup (account_id, bucket_ms) WHERE size = 'd';
CREATE INDEX rollup_model ON rollup (model, bucket_ms) WHERE size = 'd';

CREATE TEMP TABLE timed AS
    SELECT size, bucket_ms, key_id, account_id, model, outcome,
        count(first_byte_ms) AS timed, total(first_byte_ms) AS first_byte_ms, sum(total_ms) AS total_ms
    FROM (
        SELECT sizes.column1 AS size, key_id, coalesce(account_id, '') AS account_id, coalesce(model, asked) AS model,
            outcome, first_byte_ms, total_ms,
            (SELECT max(bucket_ms) FROM rollup WHERE rollup.size = sizes.column1
                AND rollup.key_id = attempt.key_id AND rollup.bucket_ms <= attempt.at_ms) AS bucket_ms
        FROM attempt, (VALUES ('m'), ('h'), ('d')) AS sizes
        WHERE last AND accepted AND endpoint != 'count_tokens'
    )
    GROUP BY 1, 2, 3, 4, 5, 6;
UPDATE rollup SET timed = found.timed, first_byte_ms = CAST(found.first_byte_ms AS INTEGER), total_ms = found.total_ms
    FROM temp.timed AS found
    WHERE rollup.size = found.size AND rollup.bucket_ms = found.bucket_ms AND rollup.key_id = found.key_id
        AND rollup.account_id = found.account_id AND rollup.model = found.model AND rollup.outcome = found.outcome;
DROP TABLE temp.timed;

CREATE TABLE rollup_by (
    size TEXT NOT NULL,
    dimension TEXT NOT NULL,
    bucket_ms INTEGER NOT NULL,
    id TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    web_searches INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    timed INTEGER NOT NULL,
    first_byte_ms INTEGER NOT NULL,
    total_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    PRIMARY KEY (size, dimension, bucket_ms, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_by_id ON rollup_by (dimension, id, size, bucket_ms);
INSERT INTO rollup_by
    SELECT size, dimensions.column1, bucket_ms, CASE dimensions.column1 WHEN 'key' THEN key_id WHEN 'model' THEN model
            WHEN 'account' THEN account_id ELSE '' END AS id,
        sum(attempts), sum(requests), sum(failed), sum(input), sum(output), sum(cache_write_5m), sum(cache_write_1h),
        sum(cache_read), sum(web_searches), sum(cost), sum(unpriced), sum(timed), sum(first_byte_ms), sum(total_ms),
        max(last_ms)
    FROM rollup, (VALUES ('all'), ('key'), ('model'), ('account')) AS dimensions
    GROUP BY 1, 2, 3, 4;

-- What is forgotten: records and sums that begin before these instants may be gone.
ALTER TABLE watermark ADD COLUMN records_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE watermark ADD COLUMN minutes_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE watermark ADD COLUMN hours_ms INTEGER NOT NULL DEFAULT 0;
-- Until now nothing kept count of that, so what may be gone is taken to be.
UPDATE watermark SET
    records_ms = coalesce((SELECT min(at_ms) + 1 FROM attempt WHERE EXISTS
        (SELECT 1 FROM rollup WHERE size = 'd' AND bucket_ms < attempt.at_ms - 90000000)), 0),
    minutes_ms = coalesce((SELECT min(bucket_ms) + 1 FROM rollup WHERE size = 'm'), 0),
    hours_ms = coalesce((SELECT min(bucket_ms) + 1 FROM rollup WHERE size = 'h'), 0);
