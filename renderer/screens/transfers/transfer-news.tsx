// Says aloud what happens to the transfers and writes how far they are into the window's title.
import { useEffect, useState } from "react";
import { progressKey } from "../../../shared/contract.ts";
import { fraction } from "../../../shared/progress.ts";
import { onProgressOf, progressOf, useProgress } from "../../state/progress.ts";
import { useRuns } from "../../state/runs.ts";
import { percentText, titleText } from "../../text/transfers.ts";
import { Announcer } from "./announce.ts";
import { cap } from "./row-numbers.ts";

export function TransferNews() {
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    const announcer = new Announcer();
    const say = (text: string | undefined): void => {
      if (text !== undefined) setSpoken(text);
    };
    const hearAll = (): void => {
      for (const run of useRuns.getState().runs) say(announcer.hear(run));
    };
    const hearProgress = (): void => {
      for (const run of useRuns.getState().runs) {
        const value = run.state === "running" ? progressOf(progressKey.run(run.id)) : undefined;
        if (value !== undefined) say(announcer.progress(run, value.bytes, value.total));
      }
    };
    hearAll();
    const stops = [useRuns.subscribe(hearAll), onProgressOf(progressKey.total, hearProgress)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);

  const total = useProgress(progressKey.total);
  const percent = total === undefined ? "" : percentText(cap(fraction(total.bytes, total.total)));
  useEffect(() => {
    document.title = titleText(percent);
  }, [percent]);

  return (
    <div aria-live="polite" className="hidden-text">
      {spoken}
    </div>
  );
}
