// What happens when the last transfer has ended, as a choice in the screen's head.
import { readSetting } from "../../../shared/settings.ts";
import { Select } from "../../components/select.tsx";
import { showToast } from "../../components/toast.tsx";
import { askToNotify } from "../../state/browser-notices.ts";
import { useConnection } from "../../state/connection.ts";
import { setSetting, useSettings } from "../../state/settings.ts";
import { transfersText } from "../../text/transfers.ts";

const words = transfersText.afterQueue;

export function AfterQueueChoice() {
  const connection = useConnection();
  const value = useSettings(({ values }) => readSetting(values, "afterQueue"));
  const canQuit = connection.kind === "open" && connection.capabilities.face === "desktop";
  const tellsItself = connection.kind === "open" && connection.capabilities.can.notify;
  const choices = (["nothing", "notify", "quit"] as const).filter((choice) => choice !== "quit" || canQuit);
  return (
    <div className="flex shrink-0 items-center gap-2 text-xs text-muted" title={words.label}>
      {/* Where the head is narrow, the choice has its name for screen readers and as a tooltip only. */}
      <span aria-hidden className="whitespace-nowrap max-[1180px]:hidden">
        {words.label}
      </span>
      <Select
        label={words.label}
        labelHidden
        inBar
        className="w-32"
        value={value}
        options={choices.map((choice) => ({ value: choice, label: words[choice] }))}
        onValueChange={(next) => {
          setSetting("afterQueue", next);
          if (next === "notify" && !tellsItself) void askFirst();
        }}
      />
    </div>
  );
}

/** Without the browser's leave the end is only seen in the window. */
async function askFirst(): Promise<void> {
  if ((await askToNotify()) !== "granted") showToast({ title: words.refused });
}
