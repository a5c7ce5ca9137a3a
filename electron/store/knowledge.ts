// What outlives a run: sole rights on work, uploads in parts, facts about manifests and hosts.
import { z } from "zod";
import { isDigest } from "../../shared/digest.ts";
import type { Journal } from "../engine/ports.ts";
import { readRow } from "./row-values.ts";
import type { RunParts } from "./run-parts.ts";

export type Knowledge = Pick<
  Journal,
  | "claim"
  | "unclaim"
  | "upload"
  | "saveUpload"
  | "forgetUpload"
  | "manifestFacts"
  | "rememberManifest"
  | "capability"
  | "rememberCapability"
>;

/** What was seen of a host longer ago is found out anew: registries are upgraded. Milliseconds. */
const capabilityLifetime = 7 * 24 * 3_600_000;
/** Registries throw uploads away that nobody goes on with, most of them after a week. Milliseconds. */
const uploadLifetime = 14 * 24 * 3_600_000;
/** Manifests whose facts are kept; those seen first are forgotten first (some 100 bytes each). */
export const keptFacts = 200_000;

export function createKnowledge(parts: RunParts): Knowledge {
  return { ...claims(parts), ...uploads(parts), ...facts(parts), ...capabilities(parts) };
}

/** A claim lives as long as its process renews it; one of a dead process is free at once. */
function claims({ database, leases, now }: RunParts): Pick<Knowledge, "claim" | "unclaim"> {
  const find = database.prepare("SELECT run_id, owner, expires FROM claims WHERE key = ?");
  const take = database.prepare(
    `INSERT INTO claims (key, run_id, owner, expires) VALUES (:key, :run, :owner, :expires)
     ON CONFLICT (key) DO UPDATE SET run_id = excluded.run_id, owner = excluded.owner, expires = excluded.expires`,
  );
  const drop = database.prepare("DELETE FROM claims WHERE key = ? AND run_id = ? AND owner = ?");
  return {
    claim: (runId, key) =>
      database.write("claim", () => {
        // Who lost the run may not keep others from its work.
        leases.assertHeld(runId);
        const row = find.get([key]);
        const own = row?.run_id === runId && row.owner === leases.owner;
        if (row !== undefined && !own && !leases.isOver({ owner: row.owner, expires: row.expires }))
          return false;
        take.run({ key, run: runId, owner: leases.owner, expires: now() + leases.leaseMs });
        return true;
      }),
    unclaim: (runId, key) =>
      database.write("unclaim", () => {
        drop.run([key, runId, leases.owner]);
      }),
  };
}

const uploadRow = z.object({
  token: z.string(),
  offset: z.number().int().nonnegative(),
  updatedAt: z.number(),
});

function uploads({ database, now }: RunParts): Pick<Knowledge, "upload" | "saveUpload" | "forgetUpload"> {
  const find = database.prepare(
    `SELECT token, bytes AS offset, updated_at AS updatedAt FROM uploads
     WHERE endpoint_id = ? AND repository = ? AND digest = ?`,
  );
  const save = database.prepare(
    `INSERT INTO uploads (endpoint_id, repository, digest, token, bytes, updated_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (endpoint_id, repository, digest) DO UPDATE SET
       token = excluded.token, bytes = excluded.bytes, updated_at = excluded.updated_at`,
  );
  const drop = database.prepare(
    "DELETE FROM uploads WHERE endpoint_id = ? AND repository = ? AND digest = ?",
  );
  database.prepare("DELETE FROM uploads WHERE updated_at < ?").run([now() - uploadLifetime]);
  return {
    upload: (endpointId, repository, digest) => {
      const row = database.look("get-upload", () => find.get([endpointId, repository, digest]));
      if (row === undefined) return undefined;
      const upload = readRow(uploadRow, row);
      // An upload that cannot be read is one that begins again.
      return upload.ok ? upload.value : undefined;
    },
    saveUpload: (endpointId, repository, digest, { token, offset }) =>
      database.write("save-upload", () => {
        save.run([endpointId, repository, digest, token, offset, now()]);
      }),
    forgetUpload: (endpointId, repository, digest) =>
      database.write("forget-upload", () => {
        drop.run([endpointId, repository, digest]);
      }),
  };
}

const childrenColumn = z.string().transform((text, context) => {
  const parsed = z.array(z.string().refine(isDigest)).safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data.filter(isDigest);
  context.addIssue("expected digests");
  return z.NEVER;
});

function facts({ database }: RunParts): Pick<Knowledge, "manifestFacts" | "rememberManifest"> {
  const find = database.prepare("SELECT children, has_created, created FROM manifest_facts WHERE digest = ?");
  const save = database.prepare(
    `INSERT INTO manifest_facts (digest, children, has_created, created)
     VALUES (:digest, :children, :has, :created)
     ON CONFLICT (digest) DO UPDATE SET
       children = coalesce(excluded.children, children),
       has_created = max(has_created, excluded.has_created),
       created = iif(excluded.has_created, excluded.created, created)`,
  );
  const prune = database.prepare(
    `DELETE FROM manifest_facts WHERE id <= (SELECT max(id) FROM manifest_facts) - ${keptFacts}`,
  );
  return {
    manifestFacts: (digest) => {
      const row = database.look("get-manifest-facts", () => find.get([digest]));
      if (row === undefined) return {};
      const children = childrenColumn.safeParse(row.children);
      return {
        ...(children.success ? { children: children.data } : {}),
        ...(row.has_created === 1 ? { created: row.created === null ? null : Number(row.created) } : {}),
      };
    },
    rememberManifest: (digest, { children, created }) =>
      database.write("remember-manifest", () => {
        save.run({
          digest,
          children: children === undefined ? null : JSON.stringify(children),
          has: created === undefined ? 0 : 1,
          created: created ?? null,
        });
        prune.run();
      }),
  };
}

function capabilities({ database, now }: RunParts): Pick<Knowledge, "capability" | "rememberCapability"> {
  const find = database.prepare(
    "SELECT present FROM host_capabilities WHERE host = ? AND name = ? AND seen_at > ?",
  );
  const save = database.prepare(
    `INSERT INTO host_capabilities (host, name, present, seen_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (host, name) DO UPDATE SET present = excluded.present, seen_at = excluded.seen_at`,
  );
  return {
    capability: (host, name) => {
      const row = database.look("get-capability", () => find.get([host, name, now() - capabilityLifetime]));
      return row === undefined ? undefined : row.present === 1;
    },
    rememberCapability: (host, name, present) =>
      database.write("remember-capability", () => {
        save.run([host, name, present ? 1 : 0, now()]);
      }),
  };
}
