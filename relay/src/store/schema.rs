//! The schema and its migrations, forward only, from the first day.

use rusqlite::Connection;

use super::StoreError;

/// Each entry brings the store from its index to the next version.
const MIGRATIONS: &[&str] =
    &[FIRST, SIGN_IN, CHOICE, ATTEMPTS_OF_ACCOUNT, PRICES, ROLLUPS, LIMITS, CALLS, WINDOWS, OUTCOMES];

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

/// What else an attempt was priced by, the operator's own prices, and the tables that records were priced with.
const PRICES: &str = include_str!("schema/prices.sql");

/// Times in the sums, and sums by one dimension at a time.
const ROLLUPS: &str = include_str!("schema/rollups.sql");

/// Keys with limits, and what these are charged beyond what was used.
const LIMITS: &str = include_str!("schema/limits.sql");

/// Lists of calls, by what they are narrowed and ordered by.
const CALLS: &str = include_str!("schema/calls.sql");

/// How full accounts' windows were, by hour.
const WINDOWS: &str = "
CREATE TABLE window_hour (
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    hour_ms INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (account_id, name, hour_ms)
) STRICT, WITHOUT ROWID;
";

/// Sums by outcome alone, and indexes of calls that are enough by themselves.
const OUTCOMES: &str = include_str!("schema/outcomes.sql");

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

#[cfg(test)]
mod tests {
    use super::*;

    /// A store of the second version, with one call of two attempts in its sums.
    fn old() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(FIRST).unwrap();
        connection.execute_batch(SIGN_IN).unwrap();
        connection.pragma_update(None, "user_version", 2).unwrap();
        let at_ms = 1_795_528_812_000_i64;
        for (n, last, accepted, outcome, first) in
            [(1, 0, 0, "upstream_error", None), (2, 1, 1, "ok", Some(120))]
        {
            connection
                .execute(
                    "INSERT INTO attempt VALUES (x'00', ?1, ?2, ?3, ?4, 'k', 'a', 'messages', 'm', NULL, 1, 0, 200,
                     ?5, NULL, 5, 6, 0, 0, 0, 0, 0, 1, 70, 'v', ?6, 900)",
                    (n, last, accepted, at_ms, outcome, first),
                )
                .unwrap();
        }
        for (size, bucket_ms) in
            [("m", 1_795_528_800_000_i64), ("h", 1_795_528_800_000), ("d", 1_795_478_400_000)]
        {
            for (model, outcome, requests) in [("", "upstream_error", 0), ("m", "ok", 1)] {
                connection
                    .execute(
                        "INSERT INTO rollup VALUES (?1, ?2, 'k', 'a', ?3, ?4, 1, ?5, 0, 5, 6, 0, 0, 0, 0, 70, 0, ?6)",
                        (size, bucket_ms, model, outcome, requests, at_ms),
                    )
                    .unwrap();
            }
        }
        connection
    }

    #[test]
    fn an_old_store_gets_times_and_narrow_sums() {
        let mut connection = old();

        migrate(&mut connection).unwrap();

        let narrow = "SELECT requests, input, cost, timed, first_byte_ms, total_ms FROM rollup_by
                      WHERE size = ?1 AND dimension = ?2 AND id = ?3";
        let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<[i64; 6]> {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?])
        };
        for size in ["m", "h", "d"] {
            for (dimension, id) in [("all", ""), ("key", "k"), ("account", "a")] {
                let found = connection.query_row(narrow, (size, dimension, id), row).unwrap();
                assert_eq!(found, [1, 10, 140, 1, 120, 900], "{size} {dimension}");
            }
            let found = connection.query_row(narrow, (size, "model", "m"), row).unwrap();
            assert_eq!(found, [1, 5, 70, 1, 120, 900], "{size}");
        }
    }
}
