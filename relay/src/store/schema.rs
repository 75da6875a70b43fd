//! The schema and its migrations, forward only, from the first day.

use rusqlite::Connection;

use super::StoreError;

/// Each entry brings the store from its index to the next version.
const MIGRATIONS: &[&str] = &[FIRST, SIGN_IN, CHOICE, ATTEMPTS_OF_ACCOUNT];

const FIRST: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE admin (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    signed_in_ms INTEGER
) STRICT;

CREATE TABLE session (
    hash BLOB PRIMARY KEY,
    admin_id TEXT NOT NULL REFERENCES admin (id) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    base_url TEXT NOT NULL,
    secret TEXT NOT NULL,
    secret_hint TEXT NOT NULL,
    priority INTEGER NOT NULL,
    paused_ms INTEGER,
    parked_ms INTEGER,
    parked_cause TEXT,
    created_ms INTEGER NOT NULL,
    deleted_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX account_name ON account (name) WHERE deleted_ms IS NULL;

CREATE TABLE client_key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    account_id TEXT REFERENCES account (id),
    created_ms INTEGER NOT NULL,
    deleted_ms INTEGER
) STRICT;

CREATE TABLE attempt (
    call BLOB NOT NULL,
    n INTEGER NOT NULL,
    last INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    account_id TEXT,
    endpoint TEXT NOT NULL,
    asked TEXT NOT NULL,
    model TEXT,
    stream INTEGER NOT NULL,
    sandbox INTEGER NOT NULL,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    cause TEXT,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    thinking INTEGER NOT NULL,
    web_searches INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    cost INTEGER,
    price TEXT,
    first_byte_ms INTEGER,
    total_ms INTEGER NOT NULL,
    PRIMARY KEY (call, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_at ON attempt (at_ms);

CREATE TABLE rollup (
    size TEXT NOT NULL,
    bucket_ms INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    model TEXT NOT NULL,
    outcome TEXT NOT NULL,
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
    last_ms INTEGER NOT NULL,
    PRIMARY KEY (size, bucket_ms, key_id, account_id, model, outcome)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_key ON rollup (size, key_id, bucket_ms);

CREATE TABLE watermark (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    segment INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
INSERT INTO watermark VALUES (1, 0, 0);
";

/// Accounts with tokens, proxies and groups.
const SIGN_IN: &str = "
ALTER TABLE account ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN concurrency INTEGER;
ALTER TABLE account ADD COLUMN proxy TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN proxy_password TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN project TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN identity TEXT NOT NULL DEFAULT '{}';
ALTER TABLE account ADD COLUMN needs_sign_in INTEGER NOT NULL DEFAULT 0;

CREATE TABLE token (
    account_id TEXT PRIMARY KEY REFERENCES account (id),
    version INTEGER NOT NULL,
    access TEXT NOT NULL,
    refresh TEXT NOT NULL,
    issued_ms INTEGER NOT NULL,
    ends_ms INTEGER
) STRICT;

CREATE TABLE refresh (
    account_id TEXT NOT NULL REFERENCES account (id),
    at_ms INTEGER NOT NULL,
    renewed INTEGER NOT NULL,
    cause TEXT NOT NULL
) STRICT;
CREATE INDEX refresh_account ON refresh (account_id, at_ms);

CREATE TABLE account_group (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE account_group_member (
    group_id TEXT NOT NULL REFERENCES account_group (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES account (id),
    PRIMARY KEY (group_id, account_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE client_key ADD COLUMN group_id TEXT REFERENCES account_group (id);
";

const CHOICE: &str = "
ALTER TABLE attempt ADD COLUMN decision TEXT;

CREATE TABLE cooldown (
    account_id TEXT NOT NULL,
    family TEXT NOT NULL,
    cause TEXT NOT NULL,
    words TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    strikes INTEGER NOT NULL,
    probe_ms INTEGER,
    probes INTEGER NOT NULL,
    PRIMARY KEY (account_id, family, cause)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_window (
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    used INTEGER NOT NULL,
    resets_ms INTEGER,
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;
";

/// An account's own attempts, for its page.
const ATTEMPTS_OF_ACCOUNT: &str = "CREATE INDEX attempt_account ON attempt (account_id, at_ms);";

pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (version, migration) in (1..).zip(MIGRATIONS).skip(usize::try_from(found).unwrap_or(0)) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}
