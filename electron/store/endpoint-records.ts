// The table of endpoints.
import { z } from "zod";
import {
  capabilityReportSchema,
  endpointHealthSchema,
  endpointIdSchema,
  endpointSettingsSchema,
} from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { Database, Row, SqlParameters } from "./database.ts";
import type { Parked } from "./parked.ts";
import { flagColumn, jsonColumn, notFound, readRow, unreadable } from "./row-values.ts";
import type { EndpointRecords, StoredEndpoint } from "./store.ts";

const endpointRow = z.object({
  id: endpointIdSchema,
  name: z.string(),
  settings: jsonColumn.pipe(endpointSettingsSchema),
  sample: flagColumn,
  temporary: flagColumn,
  username: z.string().nullable(),
  health: jsonColumn.pipe(endpointHealthSchema),
  capabilities: jsonColumn.pipe(capabilityReportSchema).nullable(),
});

const columns = "id, name, settings, sample, temporary, username, health, capabilities";

function toColumns(endpoint: StoredEndpoint, now: number): SqlParameters {
  return {
    id: endpoint.id,
    name: endpoint.name,
    settings: JSON.stringify(endpoint.settings),
    sample: endpoint.sample ? 1 : 0,
    temporary: endpoint.temporary ? 1 : 0,
    username: endpoint.username,
    health: JSON.stringify(endpoint.health),
    capabilities: endpoint.capabilities === null ? null : JSON.stringify(endpoint.capabilities),
    now,
  };
}

export function endpointRecords(database: Database, parked: Parked, now: () => number): EndpointRecords {
  const all = database.prepare(`SELECT ${columns} FROM endpoints ORDER BY rowid`);
  const one = database.prepare(`SELECT ${columns} FROM endpoints WHERE id = ?`);
  const insert = database.prepare(
    `INSERT INTO endpoints (${columns}, created_at)
     VALUES (:id, :name, :settings, :sample, :temporary, :username, :health, :capabilities, :now)`,
  );
  const update = database.prepare(
    `UPDATE endpoints SET name = :name, settings = :settings, sample = :sample, temporary = :temporary,
       username = :username, health = :health, capabilities = :capabilities WHERE id = :id`,
  );
  const remove = database.prepare("DELETE FROM endpoints WHERE id = ?");
  const forget = database.prepare("DELETE FROM blob_locations WHERE endpoint_id = ?");
  const count = database.prepare(
    "UPDATE endpoints SET sign_ins = sign_ins + 1 WHERE id = ? RETURNING sign_ins",
  );
  const counts = database.prepare("SELECT id, sign_ins FROM endpoints");
  const unheard = database.prepare("SELECT id FROM endpoints WHERE sign_ins_heard < sign_ins");
  const hear = database.prepare("UPDATE endpoints SET sign_ins_heard = sign_ins WHERE id = ?");
  const users = database.prepare(
    `SELECT runs.id FROM runs JOIN jobs ON jobs.id = runs.job_id
     WHERE runs.state NOT IN ('succeeded', 'failed', 'cancelled') AND ? IN (jobs.source_id, jobs.destination_id)
     LIMIT 1`,
  );

  function read(row: Row): StoredEndpoint | undefined {
    const endpoint = readRow(endpointRow, row);
    if (endpoint.ok) return endpoint.value;
    parked.add("endpoints", String(row.id), endpoint.reason);
    return undefined;
  }

  return {
    list: () =>
      database.read("list-endpoints", () =>
        all
          .all()
          .map(read)
          .filter((endpoint) => endpoint !== undefined),
      ),
    get: (id) =>
      database.read("get-endpoint", () => {
        const row = one.get([id]);
        if (row === undefined) throw notFound("endpoint", id);
        const endpoint = readRow(endpointRow, row);
        if (endpoint.ok) return endpoint.value;
        throw unreadable("endpoints", id, endpoint.reason);
      }),
    insert: (endpoint) =>
      database.write("add-endpoint", () => {
        insert.run(toColumns(endpoint, now()));
      }),
    update: (endpoint) =>
      database.write("update-endpoint", () => {
        if (update.run(toColumns(endpoint, now())) === 0) throw notFound("endpoint", endpoint.id);
      }),
    remove: (id) =>
      database.write("remove-endpoint", () => {
        const user = users.get([id]);
        if (user !== undefined) {
          throw new FreightlinerError({
            code: "busy",
            operation: "remove-endpoint",
            message: `The endpoint "${id}" is used by the run ${String(user.id)}, which is not finished.`,
          });
        }
        if (remove.run([id]) === 0) throw notFound("endpoint", id);
        forget.run([id]);
      }),
    countSignIn: (id) =>
      database.write("count-sign-in", () => {
        const row = count.get([id]);
        if (row === undefined) throw notFound("endpoint", id);
        return Number(row.sign_ins);
      }),
    signIns: () =>
      database.look("read-sign-ins", () => {
        const rows = counts.all();
        return new Map(rows.map(({ id, sign_ins }) => [String(id), Number(sign_ins)]));
      }),
    hearSignIns: () =>
      database.write("hear-sign-ins", () => {
        const ids = unheard.all().map(({ id }) => String(id));
        for (const id of ids) hear.run([id]);
        return ids;
      }),
  };
}
