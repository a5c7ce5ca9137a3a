// Says that a link cannot be opened: one box at a time. A page that fires links must not cover the screen with them.
import { toFreightlinerError } from "../../shared/errors.ts";
import type { ElectronParts } from "./electron-parts.ts";

export interface RefusedLinksOptions {
  readonly electron: Pick<ElectronParts, "app" | "dialog">;
  readonly onProblem: (error: unknown) => void;
}

/** Of the links that are refused while the box is open only the latest is told, once it is closed. */
export function refusedLinks({ electron, onProblem }: RefusedLinksOptions): (error: unknown) => void {
  const { app, dialog } = electron;
  let latest: unknown;
  let open = false;

  async function show(): Promise<void> {
    // A link may come with the command line; boxes that do not hold the program up are there from then on.
    await app.whenReady();
    while (latest !== undefined) {
      const { message } = toFreightlinerError(latest, "open-link");
      latest = undefined;
      await dialog.showMessageBox({
        type: "error",
        message: "This link cannot be opened",
        detail: message,
        buttons: ["OK"],
      });
    }
  }

  return (error) => {
    onProblem(error);
    latest = error;
    if (open) return;
    open = true;
    show()
      .catch(onProblem)
      .finally(() => {
        open = false;
      });
  };
}
