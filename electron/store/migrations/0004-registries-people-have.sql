-- What is known of registries: their probe, names that people typed in; and secrets, encrypted by the system's keychain.

ALTER TABLE endpoints ADD COLUMN capabilities TEXT;

CREATE TABLE named_repositories (
  endpoint_id TEXT NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  PRIMARY KEY (endpoint_id, name)
) STRICT, WITHOUT ROWID;

-- Ciphertext only: what the keychain made of a secret.
CREATE TABLE sealed_secrets (
  key TEXT PRIMARY KEY,
  sealed BLOB NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
