// The fields of each kind of filter chip. They hand over what was entered as it is; the chip's schema judges it.
import { type ReactNode, useState } from "react";
import { NumberField } from "../../../components/number-field.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { Select } from "../../../components/select.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { Checkbox } from "../../../components/toggle.tsx";
import type { ChipKind, TagChips } from "../../../state/tag-chips.ts";
import { type AgeUnit, ageParts, ageSeconds, ageUnits, filterText } from "../../../text/tag-filter.ts";

interface FieldsProps {
  readonly chips: TagChips;
  readonly error: string | undefined;
  readonly onDraft: (raw: unknown) => void;
}

export const chipFields: Readonly<Record<ChipKind, (props: FieldsProps) => ReactNode>> = {
  glob: GlobFields,
  regex: RegexField,
  semver: SemverFields,
  latest: LatestFields,
  newerThanSeconds: AgeFields,
  platforms: PlatformsField,
  size: SizeFields,
};

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function GlobFields({ chips, error, onDraft }: FieldsProps) {
  const [include, setInclude] = useState(chips.glob?.include.join(" ") ?? "");
  const [exclude, setExclude] = useState(chips.glob?.exclude.join(" ") ?? "");
  const tell = (yes: string, no: string): void =>
    onDraft(
      words(yes).length + words(no).length === 0 ? undefined : { include: words(yes), exclude: words(no) },
    );
  return (
    <>
      <TextField
        label={filterText.include}
        hint={filterText.includeHint}
        placeholder="v1.* release-*"
        value={include}
        onValueChange={(next) => {
          setInclude(next);
          tell(next, exclude);
        }}
      />
      <TextField
        label={filterText.exclude}
        placeholder="*-rc*"
        value={exclude}
        error={error}
        onValueChange={(next) => {
          setExclude(next);
          tell(include, next);
        }}
      />
    </>
  );
}

function RegexField({ chips, error, onDraft }: FieldsProps) {
  const [text, setText] = useState(chips.regex ?? "");
  return (
    <TextField
      label={filterText.regexLabel}
      hint={filterText.regexHint}
      value={text}
      error={error}
      onValueChange={(next) => {
        setText(next);
        onDraft(next === "" ? undefined : next);
      }}
    />
  );
}

function SemverFields({ chips, error, onDraft }: FieldsProps) {
  const [range, setRange] = useState(chips.semver?.range ?? "");
  const [prereleases, setPrereleases] = useState(chips.semver?.prereleases ?? false);
  const tell = (text: string, also: boolean): void =>
    onDraft(text.trim() === "" ? undefined : { range: text.trim(), prereleases: also });
  return (
    <>
      <TextField
        label={filterText.range}
        hint={filterText.rangeHint}
        value={range}
        error={error}
        onValueChange={(next) => {
          setRange(next);
          tell(next, prereleases);
        }}
      />
      <Checkbox
        label={filterText.prereleases}
        checked={prereleases}
        onCheckedChange={(next) => {
          setPrereleases(next);
          tell(range, next);
        }}
      />
    </>
  );
}

function LatestFields({ chips, onDraft }: FieldsProps) {
  const [value, setValue] = useState({
    count: chips.latest?.count ?? null,
    by: chips.latest?.by ?? ("semver" as const),
    prereleases: chips.latest?.prereleases ?? false,
  });
  const change = (part: Partial<typeof value>): void => {
    const next = { ...value, ...part };
    setValue(next);
    onDraft(next.count === null ? undefined : next);
  };
  return (
    <>
      <NumberField
        label={filterText.count}
        value={value.count}
        min={1}
        max={100_000}
        placeholder="5"
        onValueChange={(count) => change({ count })}
      />
      <div className="flex items-center gap-2">
        <span aria-hidden className="text-xs text-muted">
          {filterText.by.label}
        </span>
        <Segmented
          label={filterText.by.label}
          value={value.by}
          options={[
            { value: "semver", label: filterText.by.semver },
            { value: "created", label: filterText.by.created },
          ]}
          onValueChange={(by) => change({ by })}
        />
      </div>
      {value.by === "semver" && (
        <Checkbox
          label={filterText.prereleases}
          checked={value.prereleases}
          onCheckedChange={(prereleases) => change({ prereleases })}
        />
      )}
    </>
  );
}

function AgeFields({ chips, onDraft }: FieldsProps) {
  const kept = chips.newerThanSeconds === undefined ? undefined : ageParts(chips.newerThanSeconds);
  const [count, setCount] = useState<number | null>(kept?.count ?? null);
  const [unit, setUnit] = useState<AgeUnit>(kept?.unit ?? "day");
  const tell = (many: number | null, of: AgeUnit): void =>
    onDraft(many === null ? undefined : ageSeconds(many, of));
  return (
    <div className="flex items-end gap-2">
      <NumberField
        label={filterText.age}
        value={count}
        min={1}
        placeholder="30"
        onValueChange={(next) => {
          setCount(next);
          tell(next, unit);
        }}
      />
      <Select
        label={filterText.unit.label}
        labelHidden
        value={unit}
        options={ageUnits.map((value) => ({ value, label: filterText.unit[value] }))}
        onValueChange={(next) => {
          setUnit(next);
          tell(count, next);
        }}
      />
    </div>
  );
}

function PlatformsField({ chips, error, onDraft }: FieldsProps) {
  const [text, setText] = useState(chips.platforms?.join(" ") ?? "");
  return (
    <TextField
      label={filterText.platformsLabel}
      hint={filterText.platformsHint}
      placeholder="linux/arm64"
      value={text}
      error={error}
      onValueChange={(next) => {
        setText(next);
        onDraft(words(next).length === 0 ? undefined : words(next));
      }}
    />
  );
}

const mib = 1024 * 1024;

function SizeFields({ chips, onDraft }: FieldsProps) {
  const inMib = (bytes: number | undefined): number | null => (bytes === undefined ? null : bytes / mib);
  const [smallest, setSmallest] = useState(inMib(chips.size?.smallest));
  const [largest, setLargest] = useState(inMib(chips.size?.largest));
  const tell = (from: number | null, to: number | null): void =>
    onDraft(
      from === null && to === null
        ? undefined
        : {
            ...(from === null ? {} : { smallest: Math.round(from * mib) }),
            ...(to === null ? {} : { largest: Math.round(to * mib) }),
          },
    );
  return (
    <>
      <div className="flex gap-2">
        <NumberField
          label={filterText.smallest}
          value={smallest}
          min={0}
          onValueChange={(next) => {
            setSmallest(next);
            tell(next, largest);
          }}
        />
        <NumberField
          label={filterText.largest}
          value={largest}
          min={0}
          onValueChange={(next) => {
            setLargest(next);
            tell(smallest, next);
          }}
        />
      </div>
      <p className="text-xs text-muted">{filterText.sizeHint}</p>
    </>
  );
}
