ALTER TABLE attempt ADD COLUMN facts TEXT;

CREATE TABLE price_override (
    model TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    prices TEXT NOT NULL,
    set_ms INTEGER NOT NULL,
    PRIMARY KEY (model, from_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE price_layer (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE price_version (version TEXT PRIMARY KEY, layers TEXT NOT NULL, own TEXT NOT NULL) STRICT;
