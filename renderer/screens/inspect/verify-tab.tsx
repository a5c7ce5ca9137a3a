// Reads an image on both sides again and says whether they are the same, down to the blobs.
import { useEffect, useRef, useState } from "react";
import type { MethodResult } from "../../../shared/contract.ts";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { isRepositoryName } from "../../../shared/reference.ts";
import { referenceTextSchema } from "../../../shared/selection.ts";
import { call } from "../../api/client.ts";
import { Badge, StatusIcon } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { Select } from "../../components/select.tsx";
import { ErrorState } from "../../components/states.tsx";
import { TextField } from "../../components/text-field.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { useEndpoints } from "../../state/endpoints.ts";
import { useBytes } from "../../state/formats.ts";
import type { ImageAt } from "../../state/navigation.ts";
import { copyOwnCommand, pairCommand } from "../../state/own-commands.ts";
import { commandsText } from "../../text/commands.ts";
import { inspectText } from "../../text/inspect.ts";
import { counterpart } from "./counterpart.ts";

const text = inspectText.verify;
type Verified = MethodResult<"image.verify">;
type Difference = Verified["differences"][number];
type Outcome =
  | { readonly kind: "none" }
  | { readonly kind: "running" }
  | { readonly kind: "done"; readonly result: Verified }
  | { readonly kind: "failed"; readonly error: FreightlinerError };

export function VerifyTab({ image }: { readonly image: ImageAt }) {
  const endpoints = useEndpoints((state) => state.endpoints);
  const [other, setOther] = useState<ImageAt>(() => counterpart(image));
  const [attachments, setAttachments] = useState(true);
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const valid = isRepositoryName(other.repository) && referenceTextSchema.safeParse(other.reference).success;
  const options = attachments ? [] : ["--no-attachments"];
  const start = async (): Promise<void> => {
    const mine = new AbortController();
    running.current = mine;
    setOutcome({ kind: "running" });
    try {
      const result = await call(
        "image.verify",
        { source: image, destination: other, attachments },
        mine.signal,
      );
      setOutcome({ kind: "done", result });
    } catch (thrown) {
      if (!mine.signal.aborted)
        setOutcome({ kind: "failed", error: toFreightlinerError(thrown, "image.verify") });
    }
  };
  const stop = (): void => {
    running.current?.abort();
    setOutcome({ kind: "none" });
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-px">
      <p className="text-xs text-muted">{text.hint}</p>
      <form
        className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1fr)] gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (valid && outcome.kind !== "running") void start();
        }}
      >
        <Select
          label={text.registry}
          value={other.endpointId}
          options={endpoints.map(({ id, name }) => ({ value: id, label: name }))}
          onValueChange={(endpointId) => setOther({ ...other, endpointId })}
        />
        <TextField
          label={text.repository}
          value={other.repository}
          onValueChange={(repository) => setOther({ ...other, repository })}
        />
        <TextField
          label={text.reference}
          value={other.reference}
          onValueChange={(reference) => setOther({ ...other, reference })}
          error={valid ? undefined : text.invalid}
        />
        <Checkbox
          label={text.attachments}
          checked={attachments}
          onCheckedChange={setAttachments}
          className="col-span-2 self-center"
        />
        <div className="flex justify-end gap-2">
          <Button
            variant="quiet"
            disabled={!valid}
            onClick={() =>
              void copyOwnCommand(() => pairCommand("verify", { source: image, destination: other }, options))
            }
          >
            {commandsText.copyAsCommand}
          </Button>
          {outcome.kind === "running" ? (
            <Button onClick={stop}>{text.stop}</Button>
          ) : (
            <Button variant="primary" type="submit" disabled={!valid}>
              {text.start}
            </Button>
          )}
        </div>
      </form>
      <div aria-live="polite">
        {outcome.kind === "running" && (
          <div className="flex flex-col gap-2">
            <p className="text-sm">{text.running}</p>
            <ProgressBar label={text.running} fraction={undefined} className="w-64" />
          </div>
        )}
        {outcome.kind === "done" && <Result result={outcome.result} />}
      </div>
      {outcome.kind === "failed" && (
        <ErrorState
          error={outcome.error}
          where={endpoints.find(({ id }) => id === other.endpointId)?.name}
          action={{ label: text.start, onSelect: () => void start() }}
        />
      )}
    </div>
  );
}

const kinds = ["tag", "manifest", "blob"] as const;

/** They come as they are found, which is each time in another order. */
function inOrder(a: Difference, b: Difference): number {
  return kinds.indexOf(a.what) - kinds.indexOf(b.what) || a.text.localeCompare(b.text);
}

function Result({ result }: { readonly result: Verified }) {
  const bytes = useBytes();
  return (
    <div className="flex flex-col gap-3 rounded-md border border-line p-4">
      <p className="flex items-center gap-2 text-sm font-medium">
        <StatusIcon kind={result.equal ? "ok" : "bad"} />
        {result.equal ? text.equal : text.unequal}
      </p>
      <p className="text-xs text-muted">{text.read(result.manifests, result.blobs, bytes(result.bytes))}</p>
      {result.differences.length > 0 && (
        <>
          <h3 className="text-xs font-medium">{text.differences}</h3>
          <ul className="flex flex-col gap-2 text-xs">
            {result.differences.toSorted(inOrder).map((difference) => (
              <li
                key={`${difference.what} ${difference.digest ?? ""} ${difference.text}`}
                className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-2"
              >
                <span>
                  <Badge>{text.what[difference.what]}</Badge>
                </span>
                <span data-selectable className="break-words">
                  {difference.text}
                  {difference.digest !== null && !difference.text.includes(difference.digest) && (
                    <code className="block font-mono break-all text-muted">{difference.digest}</code>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
