-- Endpoints, jobs, runs with their images and blobs, what is known about blobs at endpoints, settings.

CREATE TABLE endpoints (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  temporary INTEGER NOT NULL CHECK (temporary IN (0, 1)),
  username TEXT,
  health TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  spec TEXT NOT NULL,
  source_id TEXT NOT NULL,
  destination_id TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- No foreign key to endpoints: a finished run stays in the history when its endpoint is removed.
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  job_id INTEGER NOT NULL REFERENCES jobs (id),
  state TEXT NOT NULL,
  state_reason TEXT,
  options TEXT NOT NULL,
  source TEXT NOT NULL,
  destination TEXT NOT NULL,
  plan TEXT NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  planned_at INTEGER,
  started_at INTEGER,
  finished_at INTEGER,
  lease_owner TEXT,
  lease_expires INTEGER
) STRICT;
CREATE INDEX runs_by_state ON runs (state, id);
CREATE INDEX runs_by_job ON runs (job_id);

-- Apart from the run's row, which is wide: these are written at each blob.
CREATE TABLE run_tallies (
  run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  images_succeeded INTEGER NOT NULL DEFAULT 0,
  images_skipped INTEGER NOT NULL DEFAULT 0,
  images_failed INTEGER NOT NULL DEFAULT 0,
  images_remaining INTEGER NOT NULL DEFAULT 0,
  bytes_transferred INTEGER NOT NULL DEFAULT 0,
  bytes_present INTEGER NOT NULL DEFAULT 0,
  bytes_mounted INTEGER NOT NULL DEFAULT 0,
  mounts INTEGER NOT NULL DEFAULT 0,
  retries INTEGER NOT NULL DEFAULT 0,
  active_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE images (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  source_repository TEXT NOT NULL,
  source_reference TEXT,
  destination_repository TEXT NOT NULL,
  destination_reference TEXT,
  digest TEXT,
  media_type TEXT,
  replaces_digest TEXT,
  action TEXT NOT NULL,
  reason TEXT NOT NULL,
  selected INTEGER NOT NULL DEFAULT 1 CHECK (selected IN (0, 1)),
  state TEXT NOT NULL,
  platforms TEXT NOT NULL,
  bytes_total INTEGER NOT NULL,
  bytes_to_transfer INTEGER NOT NULL,
  bytes_present INTEGER NOT NULL,
  bytes_mountable INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  verified INTEGER NOT NULL DEFAULT 0 CHECK (verified IN (0, 1)),
  destination_digest TEXT,
  error TEXT
) STRICT;
CREATE INDEX images_by_run ON images (run_id, id);
CREATE INDEX images_by_state ON images (run_id, state, id);

-- A blob once per run and destination repository. `outcome` stays when a finished blob has to be sent again.
CREATE TABLE blobs (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  repository TEXT NOT NULL,
  digest TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  expected TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  outcome TEXT,
  bytes_transferred INTEGER NOT NULL DEFAULT 0,
  UNIQUE (run_id, repository, digest)
) STRICT;

CREATE TABLE image_blobs (
  image_id INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  blob_id INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
  PRIMARY KEY (image_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_blobs_by_blob ON image_blobs (blob_id);

CREATE TABLE blob_locations (
  endpoint_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  repository TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (endpoint_id, digest, repository)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Tallies follow the rows in the same transaction, whatever changed them. Images that the user left out do not count.
CREATE TRIGGER image_added AFTER INSERT ON images BEGIN
  UPDATE run_tallies SET
    images_succeeded = images_succeeded + (NEW.selected AND NEW.state = 'succeeded'),
    images_skipped = images_skipped + (NEW.selected AND NEW.state = 'skipped'),
    images_failed = images_failed + (NEW.selected AND NEW.state = 'failed'),
    images_remaining = images_remaining + (NEW.selected AND NEW.state IN ('planned', 'running'))
  WHERE run_id = NEW.run_id;
END;

CREATE TRIGGER image_changed AFTER UPDATE OF state, selected ON images BEGIN
  UPDATE run_tallies SET
    images_succeeded = images_succeeded
      + (NEW.selected AND NEW.state = 'succeeded') - (OLD.selected AND OLD.state = 'succeeded'),
    images_skipped = images_skipped
      + (NEW.selected AND NEW.state = 'skipped') - (OLD.selected AND OLD.state = 'skipped'),
    images_failed = images_failed
      + (NEW.selected AND NEW.state = 'failed') - (OLD.selected AND OLD.state = 'failed'),
    images_remaining = images_remaining
      + (NEW.selected AND NEW.state IN ('planned', 'running'))
      - (OLD.selected AND OLD.state IN ('planned', 'running'))
  WHERE run_id = NEW.run_id;
END;

CREATE TRIGGER blob_finished AFTER UPDATE OF outcome, bytes_transferred ON blobs BEGIN
  UPDATE run_tallies SET
    bytes_transferred = bytes_transferred + NEW.bytes_transferred - OLD.bytes_transferred,
    bytes_present = bytes_present
      + NEW.size * (NEW.outcome IS 'present') - OLD.size * (OLD.outcome IS 'present'),
    bytes_mounted = bytes_mounted
      + NEW.size * (NEW.outcome IS 'mounted') - OLD.size * (OLD.outcome IS 'mounted'),
    mounts = mounts + (NEW.outcome IS 'mounted') - (OLD.outcome IS 'mounted')
  WHERE run_id = NEW.run_id;
END;
