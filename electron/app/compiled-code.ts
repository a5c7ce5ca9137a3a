// Keeps what V8 made of the program's code beside that code, so that the next start need not compile it again.
import { statSync } from "node:fs";
import { join } from "node:path";

/**
 * Some 30 ms of the 200 that a short command takes. Who may write there may change the program as well, so what is read
 * back is as trustworthy as the program; where nobody may write, Node goes on without. Only for the owner of the program:
 * what root left there its owner could not remove with the next build.
 * https://nodejs.org/api/module.html#module-compile-cache
 * @param folder of the program's code, absolute
 */
export function keepCompiledCode(folder: string): void {
  if (process.getuid !== undefined && statSync(folder).uid !== process.getuid()) return;
  process.getBuiltinModule("node:module").enableCompileCache(join(folder, ".compiled"));
}
