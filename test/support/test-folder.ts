// A temporary folder that lasts as long as the test that is running: what it made closes before, in its afterEach.
import { onTestFinished } from "vitest";
import { tempFolder } from "./temp.ts";

/** The path of a new empty folder. Only inside of a test or its beforeEach. */
export async function testFolder(name: string): Promise<string> {
  const folder = await tempFolder(name);
  onTestFinished(folder.remove);
  return folder.path;
}
