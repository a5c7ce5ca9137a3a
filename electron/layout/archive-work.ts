// Where an archive is unpacked and worked on: a folder of the data folder, with a note of which file it came from.
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ioError } from "../files/errors.ts";
import { layoutError } from "./layout-error.ts";
import { fileStatus, readPlain, writeAtomically } from "./safe-files.ts";
import { isWriterDead, writerName } from "./stale-files.ts";

const noteSchema = z.object({
  /** Of the archive when it was unpacked or packed last; null where there was none. */
  stamp: z.string().nullable(),
  format: z.enum(["oci", "docker"]),
  /** True from the first write until all of it stands in the archive. */
  dirty: z.boolean(),
});
export type ArchiveNote = z.infer<typeof noteSchema>;

export class ArchiveWork {
  readonly #folder: string;
  readonly #users: string;
  #name: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#users = join(folder, "users");
  }

  /** Says that this process works here, so that no other removes it. */
  async enter(): Promise<void> {
    try {
      await mkdir(this.#users, { recursive: true, mode: 0o700 });
      this.#name = writerName();
      await mkdir(join(this.#users, this.#name), { mode: 0o700 });
    } catch (error) {
      throw ioError("open-archive", this.#folder, error);
    }
  }

  /** Removes the folder where nobody else works in it, unless something waits there to be packed. */
  async leave(): Promise<void> {
    if (this.#name !== undefined) await rm(join(this.#users, this.#name), { recursive: true, force: true });
    this.#name = undefined;
    const others = await readdir(this.#users).catch(() => []);
    if (others.some((name) => !isWriterDead(name))) return;
    const note = await this.note();
    if (note?.dirty === true) return;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Undefined where nothing was unpacked yet. */
  async note(): Promise<ArchiveNote | undefined> {
    const bytes = await readPlain(join(this.#folder, "note.json"), 4096);
    if (bytes === undefined) return undefined;
    try {
      return noteSchema.parse(JSON.parse(bytes.toString("utf8")));
    } catch (cause) {
      throw layoutError(
        "protocol",
        "open-archive",
        `${join(this.#folder, "note.json")} cannot be read; remove the folder to unpack the archive anew.`,
        cause,
      );
    }
  }

  async write(note: ArchiveNote): Promise<void> {
    await writeAtomically(join(this.#folder, "note.json"), async (handle) => {
      await handle.writeFile(JSON.stringify(note));
    });
  }
}

/** Changes whenever the file does; null where there is none. */
export async function archiveStamp(path: string): Promise<string | null> {
  return (await fileStatus(path))?.stamp ?? null;
}
