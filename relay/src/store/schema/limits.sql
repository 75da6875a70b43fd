-- Keys with limits.
ALTER TABLE client_key ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE client_key ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE client_key ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE client_key ADD COLUMN limits TEXT NOT NULL DEFAULT '{"version":"1"}';
ALTER TABLE client_key ADD COLUMN first_used_ms INTEGER;
ALTER TABLE client_key ADD COLUMN former_hash BLOB;
ALTER TABLE client_key ADD COLUMN former_until_ms INTEGER;
UPDATE client_key SET first_used_ms =
    (SELECT min(bucket_ms) FROM rollup WHERE size = 'd' AND key_id = client_key.id);

-- What strict limits are charged beyond what the sums say was used, by day.
ALTER TABLE attempt ADD COLUMN surplus_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN surplus_cost INTEGER NOT NULL DEFAULT 0;
CREATE TABLE surplus (
    key_id TEXT NOT NULL,
    model TEXT NOT NULL,
    day_ms INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (key_id, model, day_ms)
) STRICT, WITHOUT ROWID;
