// The limits of all transfers together: a quick switch for the bandwidth, and a panel with both sliders.
import { Gauge } from "lucide-react";
import { useEffect } from "react";
import { Button } from "../../components/button.tsx";
import { Popover } from "../../components/popover.tsx";
import { Switch } from "../../components/switch.tsx";
import { useConnection } from "../../state/connection.ts";
import { useUnits } from "../../state/formats.ts";
import { changeLimits, loadLimits, toggleBandwidth, useLimits } from "../../state/limits.ts";
import { limitText, transfersText } from "../../text/transfers.ts";
import { BandwidthSlider, LiveSlider } from "./live-slider.tsx";

const words = transfersText.limits;

export function LimitsControl() {
  const open = useConnection().kind === "open";
  useEffect(() => {
    if (open) void loadLimits();
  }, [open]);
  const limits = useLimits((state) => state.limits);
  const units = useUnits();
  if (limits === undefined) return null;
  const limited = limits.bandwidth !== null;
  return (
    <Popover
      align="end"
      title={words.title}
      trigger={
        <Button
          size="bar"
          icon={<Gauge aria-hidden className={`size-3.5 ${limited ? "text-warn" : "text-muted"}`} />}
          className="w-38"
        >
          {words.short}: {limitText(limits.bandwidth, units)}
        </Button>
      }
    >
      <div className="flex w-88 flex-col gap-3">
        <Switch label={words.toggle} checked={limited} onCheckedChange={() => void toggleBandwidth()} />
        <BandwidthSlider
          label={words.bandwidth}
          className="*:first:w-26"
          value={limits.bandwidth}
          onChange={(bandwidth) => changeLimits({ bandwidth })}
        />
        <LiveSlider
          label={words.runs}
          className="*:first:w-26"
          min={1}
          max={16}
          value={limits.parallelRuns}
          text={String}
          onChange={(parallelRuns) => changeLimits({ parallelRuns })}
        />
        {limits.timetable.length > 0 && <p className="text-xs text-muted">{words.timetable}</p>}
      </div>
    </Popover>
  );
}
