-- The first schema. It is written as SQLite reads it; for PostgreSQL the words INTEGER, BLOB, TEXT, STRICT and WITHOUT
-- ROWID are exchanged (engine.go). Times are microseconds since 1970 in UTC, 0 for none. Structures are JSON in TEXT.
-- The operation comes first in every key; installation, setting, person, token and the places are reference tables.

CREATE TABLE installation (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE data_key (
    operation  TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    wrapped    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (operation, number)
) STRICT;

CREATE TABLE person (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    operation TEXT NOT NULL,
    role     TEXT NOT NULL,
    password TEXT NOT NULL,
    state    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX person_name ON person (name);

CREATE TABLE token (
    hash       TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    hash       TEXT    NOT NULL PRIMARY KEY,
    person     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_person ON session (person);

CREATE TABLE area (
    country TEXT    NOT NULL,
    code    TEXT    NOT NULL,
    level   INTEGER NOT NULL,
    parent  TEXT    NOT NULL,
    search  TEXT    NOT NULL,
    data    TEXT    NOT NULL,
    PRIMARY KEY (country, code)
) STRICT;

CREATE TABLE area_closure (
    country    TEXT    NOT NULL,
    ancestor   TEXT    NOT NULL,
    descendant TEXT    NOT NULL,
    depth      INTEGER NOT NULL,
    PRIMARY KEY (country, ancestor, descendant)
) STRICT, WITHOUT ROWID;

CREATE TABLE site (
    country TEXT NOT NULL,
    ssid    TEXT NOT NULL,
    area    TEXT NOT NULL,
    search  TEXT NOT NULL,
    data    TEXT NOT NULL,
    PRIMARY KEY (country, ssid)
) STRICT;

CREATE TABLE flow_point (
    country TEXT NOT NULL,
    id      TEXT NOT NULL,
    area    TEXT NOT NULL,
    search  TEXT NOT NULL,
    data    TEXT NOT NULL,
    PRIMARY KEY (country, id)
) STRICT;

CREATE TABLE operation (
    slug TEXT NOT NULL PRIMARY KEY,
    data TEXT NOT NULL
) STRICT;

CREATE TABLE activity (
    operation TEXT NOT NULL REFERENCES operation (slug),
    id        TEXT NOT NULL,
    data      TEXT NOT NULL,
    PRIMARY KEY (operation, id)
) STRICT;

CREATE TABLE round (
    operation TEXT    NOT NULL,
    activity  TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    data      TEXT    NOT NULL,
    PRIMARY KEY (operation, activity, number),
    FOREIGN KEY (operation, activity) REFERENCES activity (operation, id)
) STRICT;

CREATE TABLE target (
    operation TEXT    NOT NULL,
    activity  TEXT    NOT NULL,
    round     INTEGER NOT NULL,
    unit      TEXT    NOT NULL,
    data      TEXT    NOT NULL,
    PRIMARY KEY (operation, activity, round, unit),
    FOREIGN KEY (operation, activity, round) REFERENCES round (operation, activity, number)
) STRICT;

CREATE TABLE form (
    operation    TEXT    NOT NULL REFERENCES operation (slug),
    form         TEXT    NOT NULL,
    version      TEXT    NOT NULL,
    activity     TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    hash         TEXT    NOT NULL,
    media        TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    tool         TEXT    NOT NULL,
    tool_hash    TEXT    NOT NULL,
    definition   BLOB    NOT NULL,
    xform        BLOB    NOT NULL,
    PRIMARY KEY (operation, form, version)
) STRICT;

CREATE TABLE device (
    operation   TEXT    NOT NULL REFERENCES operation (slug),
    id          TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    secret_hash TEXT    NOT NULL,
    ha1         BLOB    NOT NULL,
    state       TEXT    NOT NULL,
    teams       TEXT    NOT NULL,
    areas       TEXT    NOT NULL,
    points      TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL,
    sends       INTEGER NOT NULL,
    failures    INTEGER NOT NULL,
    PRIMARY KEY (operation, id)
) STRICT;
CREATE INDEX device_secret ON device (secret_hash);

CREATE TABLE record (
    operation     TEXT    NOT NULL REFERENCES operation (slug),
    id            TEXT    NOT NULL,
    activity      TEXT    NOT NULL,
    round         INTEGER NOT NULL,
    form          TEXT    NOT NULL,
    form_version  TEXT    NOT NULL,
    instance      TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    source        TEXT    NOT NULL,
    device        TEXT    NOT NULL,
    received_at   INTEGER NOT NULL,
    original      TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    state_reason  TEXT    NOT NULL,
    superseded_by TEXT    NOT NULL,
    replaces      TEXT    NOT NULL,
    counts        INTEGER NOT NULL,
    corrections   INTEGER NOT NULL,
    change_seq    INTEGER NOT NULL,
    unit          TEXT    NOT NULL,
    date          TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    site          TEXT    NOT NULL,
    point         TEXT    NOT NULL,
    place         TEXT    NOT NULL,
    mapped        TEXT    NOT NULL,
    carried_from  INTEGER NOT NULL,
    sensitivity   TEXT    NOT NULL,
    search        TEXT    NOT NULL,
    answers       BLOB    NOT NULL,
    PRIMARY KEY (operation, id)
) STRICT;
CREATE UNIQUE INDEX record_instance ON record (operation, form, instance, version) WHERE instance <> '';
CREATE INDEX record_replaces ON record (operation, form, replaces) WHERE replaces <> '';
CREATE INDEX record_change ON record (operation, change_seq);
CREATE INDEX record_unit ON record (operation, activity, round, unit, id, state, counts); -- the last two so that counting reads the index alone
CREATE INDEX record_state ON record (operation, state, id);
CREATE INDEX record_device ON record (operation, device, id);

CREATE TABLE identity (
    operation TEXT NOT NULL,
    record    TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (operation, record),
    FOREIGN KEY (operation, record) REFERENCES record (operation, id)
) STRICT;

CREATE TABLE correction (
    operation TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    record    TEXT    NOT NULL,
    path      TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    finding   TEXT    NOT NULL,
    actor     TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    sealed    BLOB    NOT NULL,
    PRIMARY KEY (operation, id),
    FOREIGN KEY (operation, record) REFERENCES record (operation, id)
) STRICT;
CREATE INDEX correction_record ON correction (operation, record, id);

CREATE TABLE attachment (
    operation TEXT    NOT NULL,
    record    TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    sha256    TEXT    NOT NULL,
    bytes     INTEGER NOT NULL,
    state     TEXT    NOT NULL,
    PRIMARY KEY (operation, record, name),
    FOREIGN KEY (operation, record) REFERENCES record (operation, id)
) STRICT;
CREATE INDEX attachment_blob ON attachment (operation, sha256);

CREATE TABLE finding (
    operation TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    record    TEXT    NOT NULL,
    over      TEXT    NOT NULL,
    check_id  TEXT    NOT NULL,
    level     TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    actor     TEXT    NOT NULL,
    decided_at INTEGER NOT NULL,
    comment   TEXT    NOT NULL,
    data      TEXT    NOT NULL,
    PRIMARY KEY (operation, id),
    FOREIGN KEY (operation, record) REFERENCES record (operation, id)
) STRICT;
CREATE INDEX finding_record ON finding (operation, record);
CREATE INDEX finding_over ON finding (operation, over) WHERE over <> '';
CREATE INDEX finding_state ON finding (operation, state, id);

CREATE TABLE blob (
    operation TEXT    NOT NULL,
    sha256    TEXT    NOT NULL,
    part      INTEGER NOT NULL,
    parts     INTEGER NOT NULL,
    bytes     INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    sealed    BLOB    NOT NULL,
    PRIMARY KEY (operation, sha256, part)
) STRICT;

CREATE TABLE journal (
    operation TEXT    NOT NULL,
    node      TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    body_hash TEXT    NOT NULL,
    prev      TEXT    NOT NULL,
    hash      TEXT    NOT NULL,
    PRIMARY KEY (operation, node, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX journal_id ON journal (operation, id);
CREATE INDEX journal_subject ON journal (operation, subject);

CREATE TABLE journal_body (
    operation TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    erased_at INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    sealed    BLOB    NOT NULL,
    PRIMARY KEY (operation, id),
    FOREIGN KEY (operation, id) REFERENCES journal (operation, id)
) STRICT;

CREATE TABLE job (
    operation    TEXT    NOT NULL,
    id           TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    once         TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    attempts     INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    failure      TEXT    NOT NULL,
    payload      BLOB    NOT NULL,
    PRIMARY KEY (operation, id)
) STRICT;
CREATE UNIQUE INDEX job_once ON job (operation, kind, once) WHERE state = 'queued' AND once <> '';
CREATE INDEX job_due ON job (state, due_at, id);

CREATE TABLE import (
    operation   TEXT    NOT NULL REFERENCES operation (slug),
    id          TEXT    NOT NULL,
    activity    TEXT    NOT NULL,
    round       INTEGER NOT NULL,
    file        TEXT    NOT NULL,
    file_sha256 TEXT    NOT NULL,
    sheet       TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    rows_read   INTEGER NOT NULL,
    inserted    INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    skipped     INTEGER NOT NULL,
    failed      INTEGER NOT NULL,
    mapping     BLOB    NOT NULL,
    PRIMARY KEY (operation, id)
) STRICT;

CREATE TABLE import_error (
    operation TEXT    NOT NULL,
    import    TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    data      TEXT    NOT NULL,
    PRIMARY KEY (operation, import, number),
    FOREIGN KEY (operation, import) REFERENCES import (operation, id)
) STRICT;

CREATE TABLE release (
    operation     TEXT    NOT NULL REFERENCES operation (slug),
    id            TEXT    NOT NULL,
    activity      TEXT    NOT NULL,
    round         INTEGER NOT NULL,
    title         TEXT    NOT NULL,
    manifest_hash TEXT    NOT NULL,
    snapshot_seq  INTEGER NOT NULL,
    snapshot_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    created_by    TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    previous      TEXT    NOT NULL,
    manifest      BLOB    NOT NULL,
    PRIMARY KEY (operation, id)
) STRICT;

CREATE TABLE release_file (
    operation TEXT    NOT NULL,
    release   TEXT    NOT NULL,
    path      TEXT    NOT NULL,
    sha256    TEXT    NOT NULL,
    bytes     INTEGER NOT NULL,
    PRIMARY KEY (operation, release, path),
    FOREIGN KEY (operation, release) REFERENCES release (operation, id)
) STRICT;
