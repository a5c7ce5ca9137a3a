// The licences of what the window and its host are made of, as the build wrote them.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { ErrorState, LoadingRows } from "../../components/states.tsx";
import { commonText } from "../../text/common.ts";
import { aboutText } from "../../text/settings.ts";

export function Notices() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" className="mt-2" onClick={() => setOpen(true)}>
        {aboutText.notices}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={aboutText.noticesTitle}
        description={aboutText.noticesText}
        width="large"
      >
        <NoticesBody />
      </Dialog>
    </>
  );
}

async function readNotices(signal: AbortSignal): Promise<string> {
  const answer = await fetch("./third-party-notices.md", { signal });
  // A server for development answers every path with the page.
  if (answer.ok && answer.headers.get("content-type")?.startsWith("text/html") !== true) return answer.text();
  throw new FreightlinerError({ code: "io", operation: "read-notices", message: aboutText.noNotices });
}

function NoticesBody() {
  const { data, error, refetch } = useQuery({
    queryKey: ["third-party-notices"],
    queryFn: ({ signal }) => readNotices(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null)
    return (
      <ErrorState
        error={toFreightlinerError(error, "read-notices")}
        action={{ label: commonText.retry, onSelect: () => void refetch() }}
      />
    );
  if (data === undefined) return <LoadingRows label={aboutText.noticesLoading} rows={8} />;
  return (
    <pre data-selectable className="text-xs whitespace-pre-wrap">
      {data}
    </pre>
  );
}
