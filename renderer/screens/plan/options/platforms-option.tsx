// Which platforms are copied: those that the plan has seen, and any that is typed.
import { Check, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { platformSchema } from "../../../../shared/platform.ts";
import { IconButton } from "../../../components/button.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { changeOptions } from "../../../state/plan.ts";
import { usePlanRows } from "../../../state/plan-rows.ts";
import { optionsText } from "../../../text/plan-options.ts";

export function PlatformsOption({ platforms }: { readonly platforms: readonly string[] }) {
  const seen = usePlanRows((rows) => rows.platforms);
  const known = [...new Set([...seen, ...platforms])].filter(isPlatform).toSorted();
  const toggle = (platform: string): void =>
    changeOptions({
      platforms: platforms.includes(platform)
        ? platforms.filter((one) => one !== platform)
        : [...platforms, platform],
    });
  return (
    <fieldset className="flex min-w-0 flex-col gap-2 border-0 p-0">
      <legend className="mb-1 text-xs font-medium">{optionsText.platforms}</legend>
      <div className="flex flex-wrap gap-1">
        {known.map((platform) => (
          <button
            key={platform}
            type="button"
            aria-pressed={platforms.includes(platform)}
            onClick={() => toggle(platform)}
            className="flex h-6 items-center gap-1 rounded-md border border-control px-2 text-xs text-muted hover:bg-hover hover:text-text aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-strong"
          >
            {platforms.includes(platform) && <Check aria-hidden className="size-3" />}
            {platform}
          </button>
        ))}
      </div>
      <p className="text-xs text-muted">
        {platforms.length === 0 ? optionsText.allPlatforms : optionsText.somePlatforms}
      </p>
      <AddPlatform
        onAdd={(platform) => {
          if (!platforms.includes(platform)) changeOptions({ platforms: [...platforms, platform] });
        }}
      />
    </fieldset>
  );
}

function AddPlatform({ onAdd }: { readonly onAdd: (platform: string) => void }) {
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const platform = text.trim();
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (!isPlatform(platform)) {
      setTried(true);
      return;
    }
    onAdd(platform);
    setText("");
    setTried(false);
  };
  return (
    <form onSubmit={add} className="flex items-end gap-1">
      <TextField
        label={optionsText.addPlatform}
        className="min-w-0 flex-1"
        value={text}
        placeholder={optionsText.addPlatformHint}
        error={tried && !isPlatform(platform) ? optionsText.platformInvalid : undefined}
        onValueChange={setText}
      />
      <IconButton
        type="submit"
        size="normal"
        variant="secondary"
        label={optionsText.add}
        icon={<Plus aria-hidden className="size-4" />}
      />
    </form>
  );
}

function isPlatform(text: string): boolean {
  return platformSchema.safeParse(text).success;
}
