-- The fixed tables. The tables of the registers (r_<register>) are derived from the catalogue.
-- Ids are 16 bytes, instants "2026-03-31T08:00:00.000Z", dates "2026-03-31"; both sort as text.

-- Every change of every record, for ever. src/store/journal.c says what the hash covers.
CREATE TABLE journal (
	no INTEGER PRIMARY KEY,        -- from 1 without gaps
	at TEXT NOT NULL,
	who BLOB,                      -- account; null: the system
	via TEXT NOT NULL,             -- web, import, tick, ...
	register TEXT NOT NULL,
	record BLOB NOT NULL,
	version INTEGER NOT NULL,      -- of the record, after the change
	step TEXT NOT NULL,            -- create, update, delete or the step's name
	change TEXT NOT NULL,          -- {"number":..,"state":[before,after],"fields":{name:[before,after]}}
	reason TEXT,
	prev BLOB NOT NULL,            -- hash of the entry before; zeros for the first
	hash BLOB NOT NULL
);
CREATE INDEX journal_record ON journal(record, no);
CREATE INDEX journal_at ON journal(at);

-- Where the journal ended at the last commit: shows entries that were cut off.
CREATE TABLE journal_head (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	no INTEGER NOT NULL,
	hash BLOB NOT NULL,
	digest TEXT NOT NULL           -- sm3 or sha256
);

-- Answers of the last seven days, for requests that come twice.
CREATE TABLE idempotency (
	who BLOB NOT NULL,             -- account; nil for the system
	key BLOB NOT NULL,
	body BLOB NOT NULL,            -- digest of the request
	at TEXT NOT NULL,
	answer TEXT NOT NULL,          -- [[id,version,journal number,human number],...]
	PRIMARY KEY (who, key)
);
CREATE INDEX idempotency_at ON idempotency(at);

-- Deadlines (model/clock.h). Recomputable from the journal.
CREATE TABLE clock (
	record BLOB NOT NULL,
	clock TEXT NOT NULL,
	register TEXT NOT NULL,
	run INTEGER NOT NULL,
	started TEXT,
	due TEXT,
	warn_at TEXT,
	stopped TEXT,
	paused_at TEXT,
	paused_ms INTEGER NOT NULL,
	level INTEGER NOT NULL,
	next_level_at TEXT,
	next_at TEXT,
	warned INTEGER NOT NULL,
	overdue INTEGER NOT NULL,
	extensions INTEGER NOT NULL,
	holder BLOB,
	held_since TEXT,
	handed_on INTEGER NOT NULL,
	PRIMARY KEY (record, clock)
);
CREATE INDEX clock_next ON clock(next_at) WHERE next_at IS NOT NULL;
CREATE INDEX clock_holder ON clock(holder, due) WHERE stopped IS NULL;

-- Since when each light of a project has its severity. Recomputable.
CREATE TABLE light_since (
	record BLOB NOT NULL,
	light TEXT NOT NULL,
	severity INTEGER NOT NULL,
	since TEXT NOT NULL,
	PRIMARY KEY (record, light)
);

-- Uploaded files; the bytes lie in files/ by their SHA-256. The id is a digest of the other columns.
CREATE TABLE file (
	id BLOB PRIMARY KEY,
	sha256 BLOB NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	account BLOB,
	at TEXT NOT NULL,
	taken_at TEXT,
	longitude_e7 INTEGER,
	latitude_e7 INTEGER
);

-- Sessions, one-time links and API tokens by the digest of their secret.
CREATE TABLE session (
	key BLOB PRIMARY KEY,
	kind TEXT NOT NULL,            -- web, link, token
	id BLOB NOT NULL,
	account BLOB NOT NULL,
	created_at TEXT NOT NULL,
	used_at TEXT NOT NULL,
	expires_at TEXT,
	name TEXT,
	data BLOB
);
CREATE INDEX session_account ON session(account, kind);
CREATE INDEX session_expires ON session(expires_at) WHERE expires_at IS NOT NULL;

-- Password hashes and failed attempts; opaque here.
CREATE TABLE credential (
	account BLOB PRIMARY KEY,
	data BLOB NOT NULL
);

CREATE TABLE setting (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

-- What the full-text index holds, and up to which journal entry. Recomputable.
CREATE TABLE search_row (
	no INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	register TEXT NOT NULL,
	words TEXT NOT NULL
);
CREATE TABLE search_state (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	no INTEGER NOT NULL
);
INSERT INTO search_state(one, no) VALUES (1, 0);
CREATE VIRTUAL TABLE search USING fts5(words, content='search_row', content_rowid='no', tokenize='bigram');

-- What the indexes of the register tables were made from.
CREATE TABLE schema_index (
	name TEXT PRIMARY KEY,
	made TEXT NOT NULL
);
