// Where the window was and how large: kept in a file of the desktop's own, believed only where a screen still is.
import { readFileSync, writeFileSync } from "node:fs";
import type { BrowserWindow, Rectangle } from "electron";
import { z } from "zod";
import type { ElectronParts } from "./electron-parts.ts";

const stateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(800).max(16_384),
  height: z.number().int().min(560).max(16_384),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

/** Pixels of the window's head that must lie on a screen for a person to get hold of it. */
const leastInSight = 80;
/** Milliseconds after the last move until it is written. */
const writeDelayMs = 500;

/** Undefined where nothing is kept, or where it would lie outside of every screen. */
export function readWindowState(
  file: string,
  screen: Pick<ElectronParts["screen"], "getAllDisplays">,
): WindowState | undefined {
  const state = parseState(file);
  if (state === undefined) return undefined;
  const seen = screen.getAllDisplays().some(({ workArea }) => isInSight(state, workArea));
  return seen ? state : undefined;
}

function parseState(file: string): WindowState | undefined {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // The first start, or a file that was damaged: the default size is as good.
    return undefined;
  }
}

function isInSight(state: WindowState, area: Rectangle): boolean {
  const across = Math.min(state.x + state.width, area.x + area.width) - Math.max(state.x, area.x);
  const isHeadThere = state.y >= area.y - 8 && state.y < area.y + area.height - leastInSight;
  return across >= leastInSight && isHeadThere;
}

/** Writes where the window is whenever it was moved, and when it closes. */
export function keepWindowState(
  file: string,
  window: BrowserWindow,
  onProblem: (error: unknown) => void,
): void {
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isMinimized()) return;
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
    } catch (error) {
      onProblem(error);
    }
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(write, writeDelayMs);
    timer.unref();
  };
  window.on("resize", later);
  window.on("move", later);
  window.on("maximize", later);
  window.on("unmaximize", later);
  window.on("close", write);
}
