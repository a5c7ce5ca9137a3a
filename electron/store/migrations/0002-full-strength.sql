-- Policies, attachments, resumed bytes, queue order, saved jobs, uploads in parts, sole rights, knowledge of manifests and hosts.

ALTER TABLE runs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN position REAL NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN saved_job_id TEXT;
-- What another process asks of the one that works on the run: pause or cancel. Gone with every change of state.
ALTER TABLE runs ADD COLUMN wish TEXT;
CREATE INDEX runs_by_saved_job ON runs (saved_job_id, id);

ALTER TABLE run_tallies ADD COLUMN images_deleted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run_tallies ADD COLUMN attachments_copied INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run_tallies ADD COLUMN bytes_resumed INTEGER NOT NULL DEFAULT 0;

ALTER TABLE images ADD COLUMN writes_digest TEXT;
ALTER TABLE images ADD COLUMN attachments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN attachments_to_copy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN attachments_copied INTEGER NOT NULL DEFAULT 0;

ALTER TABLE blobs ADD COLUMN bytes_resumed INTEGER NOT NULL DEFAULT 0;

-- No foreign key from runs: a run stays in the history when its job is removed.
CREATE TABLE saved_jobs (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  spec TEXT NOT NULL,
  schedule TEXT,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_at INTEGER NOT NULL,
  next_run_at INTEGER,
  last_run_at INTEGER,
  last_run_id TEXT,
  note TEXT
) STRICT;
CREATE INDEX saved_jobs_by_time ON saved_jobs (next_run_at);

-- The token is what the destination gave us to go on with; it opens that one upload and nothing else.
CREATE TABLE uploads (
  endpoint_id TEXT NOT NULL,
  repository TEXT NOT NULL,
  digest TEXT NOT NULL,
  token TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (endpoint_id, repository, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  key TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a digest stands for never changes. `children` is a JSON array, `created` milliseconds since 1970.
-- Ids count up, so that the oldest can be forgotten without counting.
CREATE TABLE manifest_facts (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  children TEXT,
  has_created INTEGER NOT NULL DEFAULT 0 CHECK (has_created IN (0, 1)),
  created INTEGER
) STRICT;

CREATE TABLE host_capabilities (
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  present INTEGER NOT NULL CHECK (present IN (0, 1)),
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (host, name)
) STRICT, WITHOUT ROWID;

-- A deleted tag is done, but it is no image that arrived.
DROP TRIGGER image_added;
CREATE TRIGGER image_added AFTER INSERT ON images BEGIN
  UPDATE run_tallies SET
    images_succeeded = images_succeeded + (NEW.selected AND NEW.state = 'succeeded' AND NEW.action <> 'delete'),
    images_deleted = images_deleted + (NEW.selected AND NEW.state = 'succeeded' AND NEW.action = 'delete'),
    images_skipped = images_skipped + (NEW.selected AND NEW.state = 'skipped'),
    images_failed = images_failed + (NEW.selected AND NEW.state = 'failed'),
    images_remaining = images_remaining + (NEW.selected AND NEW.state IN ('planned', 'running'))
  WHERE run_id = NEW.run_id;
END;

DROP TRIGGER image_changed;
CREATE TRIGGER image_changed AFTER UPDATE OF state, selected ON images BEGIN
  UPDATE run_tallies SET
    images_succeeded = images_succeeded
      + (NEW.selected AND NEW.state = 'succeeded' AND NEW.action <> 'delete')
      - (OLD.selected AND OLD.state = 'succeeded' AND OLD.action <> 'delete'),
    images_deleted = images_deleted
      + (NEW.selected AND NEW.state = 'succeeded' AND NEW.action = 'delete')
      - (OLD.selected AND OLD.state = 'succeeded' AND OLD.action = 'delete'),
    images_skipped = images_skipped
      + (NEW.selected AND NEW.state = 'skipped') - (OLD.selected AND OLD.state = 'skipped'),
    images_failed = images_failed
      + (NEW.selected AND NEW.state = 'failed') - (OLD.selected AND OLD.state = 'failed'),
    images_remaining = images_remaining
      + (NEW.selected AND NEW.state IN ('planned', 'running'))
      - (OLD.selected AND OLD.state IN ('planned', 'running'))
  WHERE run_id = NEW.run_id;
END;

CREATE TRIGGER attachments_copied AFTER UPDATE OF attachments_copied ON images BEGIN
  UPDATE run_tallies SET attachments_copied = attachments_copied + NEW.attachments_copied - OLD.attachments_copied
  WHERE run_id = NEW.run_id;
END;

DROP TRIGGER blob_finished;
CREATE TRIGGER blob_finished AFTER UPDATE OF outcome, bytes_transferred, bytes_resumed ON blobs BEGIN
  UPDATE run_tallies SET
    bytes_transferred = bytes_transferred + NEW.bytes_transferred - OLD.bytes_transferred,
    bytes_resumed = bytes_resumed + NEW.bytes_resumed - OLD.bytes_resumed,
    bytes_present = bytes_present
      + NEW.size * (NEW.outcome IS 'present') - OLD.size * (OLD.outcome IS 'present'),
    bytes_mounted = bytes_mounted
      + NEW.size * (NEW.outcome IS 'mounted') - OLD.size * (OLD.outcome IS 'mounted'),
    mounts = mounts + (NEW.outcome IS 'mounted') - (OLD.outcome IS 'mounted')
  WHERE run_id = NEW.run_id;
END;
