// The Log drawer: live lines of one run or of all.
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine, Download } from "lucide-react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { type LogLine, logLevels } from "../../../shared/log-line.ts";
import { Button } from "../../components/button.tsx";
import { Drawer } from "../../components/drawer.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { closeDrawer, openDrawer, useNavigation } from "../../state/navigation.ts";
import { useRuns } from "../../state/runs.ts";
import { saveFile } from "../../state/save-file.ts";
import { commonText } from "../../text/common.ts";
import { logText } from "../../text/settings.ts";
import { runName } from "../../text/transfers.ts";
import { keptLines, plainLine, useLogLines } from "./log-lines.ts";

export function LogDrawer() {
  const drawer = useNavigation((state) => state.drawer);
  const open = drawer?.kind === "log";
  const runId = open ? drawer.runId : undefined;
  const run = useRuns(({ runs }) => runs.find(({ id }) => id === runId));
  return (
    <Drawer
      open={open}
      onOpenChange={(next) => !next && closeDrawer()}
      title={runId === undefined ? logText.title : logText.ofRun}
      description={run === undefined ? logText.description : runName(run)}
      width="wide"
    >
      {open && <Log key={runId ?? ""} runId={runId} />}
    </Drawer>
  );
}

function Log({ runId }: { readonly runId: string | undefined }) {
  const [level, setLevel] = useState<LogLine["level"]>("info");
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim());
  const { lines, error, loaded } = useLogLines({ runId, level, text: wanted });
  const save = (): void =>
    saveFile({
      fileName: `freightliner-log${runId === undefined ? "" : `-${runId}`}.txt`,
      mediaType: "text/plain",
      text: `${lines.map(plainLine).join("\n")}\n`,
    });
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={logText.level}
          value={level}
          options={logLevels.map((value) => ({ value, label: logText.levels[value] }))}
          onValueChange={setLevel}
        />
        <SearchField
          label={logText.filter}
          placeholder={logText.filter}
          value={text}
          onValueChange={setText}
          className="min-w-40 flex-1"
        />
        {runId !== undefined && (
          <Button size="small" onClick={() => openDrawer({ kind: "log", runId: undefined })}>
            {logText.allRuns}
          </Button>
        )}
        <Button
          size="small"
          icon={<Download aria-hidden className="size-3.5" />}
          disabled={lines.length === 0}
          onClick={save}
        >
          {logText.export}
        </Button>
      </div>
      {error !== undefined && lines.length === 0 ? (
        <ErrorState error={error} />
      ) : !loaded ? (
        <LoadingRows label={commonText.loading} rows={8} />
      ) : lines.length === 0 ? (
        <EmptyState title={logText.none} />
      ) : (
        <Lines lines={lines} showRuns={runId === undefined} />
      )}
    </div>
  );
}

/** Pixels from the end within which the list follows what comes. */
const nearEnd = 40;

function Lines({ lines, showRuns }: { readonly lines: readonly LogLine[]; readonly showRuns: boolean }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 20,
  });
  // Goes to the end when lines came.
  useEffect(() => {
    if (follows) virtualizer.scrollToIndex(lines.length - 1, { align: "end" });
  }, [lines, follows, virtualizer]);
  const scrolled = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    setFollows(left < nearEnd);
  };
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        aria-label={logText.lines}
        // Read when it is gone to: lines that come every second would talk over everything else.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        onScroll={scrolled}
        data-selectable
        className="min-h-0 flex-1 overflow-auto rounded-md border border-line bg-sunken py-1 font-mono text-xs"
      >
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return (
              line !== undefined && (
                <div
                  key={item.key}
                  data-index={item.index}
                  ref={virtualizer.measureElement}
                  style={{ top: item.start }}
                  className="absolute inset-x-0 flex gap-2.5 px-3 py-0.5 hover:bg-hover"
                >
                  <LineBody line={line} showRun={showRuns} />
                </div>
              )
            );
          })}
        </div>
      </div>
      <div className="mt-1.5 flex h-6 items-center gap-2 text-xs text-muted" role="status">
        {lines.length >= keptLines && logText.fewer(keptLines)}
        {!follows && (
          <>
            <span className="ml-auto">{logText.paused}</span>
            <Button
              size="small"
              icon={<ArrowDownToLine aria-hidden className="size-3.5" />}
              onClick={() => setFollows(true)}
            >
              {logText.follow}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

const levelLooks: Readonly<Record<LogLine["level"], string>> = {
  debug: "text-muted",
  info: "text-info",
  warn: "text-warn",
  error: "text-bad font-semibold",
};
const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

function LineBody({ line, showRun }: { readonly line: LogLine; readonly showRun: boolean }) {
  const { at, level, message, runId, fields } = line;
  return (
    <>
      <time dateTime={new Date(at).toISOString()} className="shrink-0 text-muted">
        {clock.format(at)}
      </time>
      <span className={`w-10 shrink-0 ${levelLooks[level]}`}>{level}</span>
      {showRun && runId !== null && (
        <button
          type="button"
          title={`${logText.onlyRun}: ${runId}`}
          onClick={() => openDrawer({ kind: "log", runId })}
          className="shrink-0 rounded-sm text-accent hover:underline"
        >
          …{runId.slice(-6)}
        </button>
      )}
      <span className="min-w-0 flex-1 break-words whitespace-pre-wrap">
        {message}
        {fields !== "" && fields !== "{}" && <span className="text-muted"> {fields}</span>}
      </span>
    </>
  );
}
