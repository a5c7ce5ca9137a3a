// Keeps the runs current on every screen, says aloud what happens to them and writes how far they are into the window's title.
import { useEffect } from "react";
import { progressKey } from "../../../shared/contract.ts";
import { fraction } from "../../../shared/progress.ts";
import { Spoken } from "../../components/spoken.tsx";
import { useConnection } from "../../state/connection.ts";
import { onProgressOf, progressOf, useProgress } from "../../state/progress.ts";
import { loadRuns, useRuns } from "../../state/runs.ts";
import { say } from "../../state/spoken.ts";
import { percentText, titleText } from "../../text/transfers.ts";
import { Announcer } from "./announce.ts";
import { cap } from "./row-numbers.ts";

export function TransferNews() {
  const open = useConnection().kind === "open";
  useEffect(() => {
    if (open) void loadRuns();
  }, [open]);
  useEffect(() => {
    const announcer = new Announcer();
    /** A quarter takes the place of the one before; that a transfer started or ended is said in any case. */
    const sayOf = (about: string, text: string | undefined): void => {
      if (text !== undefined) say(text, about);
    };
    const hearAll = (): void => {
      const { runs } = useRuns.getState();
      for (const run of runs) sayOf(`${run.id} ${run.state}`, announcer.hear(run));
    };
    const hearProgress = (): void => {
      for (const run of useRuns.getState().runs) {
        const value = run.state === "running" ? progressOf(progressKey.run(run.id)) : undefined;
        if (value !== undefined) sayOf(run.id, announcer.progress(run, value.bytes, value.total));
      }
    };
    hearAll();
    const stops = [
      useRuns.subscribe((state, before) => {
        if (state.runs !== before.runs) hearAll();
      }),
      onProgressOf(progressKey.total, hearProgress),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);

  const total = useProgress(progressKey.total);
  const percent = total === undefined ? "" : percentText(cap(fraction(total.bytes, total.total)));
  useEffect(() => {
    document.title = titleText(percent);
  }, [percent]);

  return <Spoken />;
}
