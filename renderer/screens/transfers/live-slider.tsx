// A slider that changes something while it is moved: a few times a second, and at last the value that it was left at.
import { useEffect, useRef, useState } from "react";
import { Slider, type SliderProps } from "../../components/slider.tsx";
import { useUnits } from "../../state/formats.ts";
import { limitText } from "../../text/transfers.ts";
import { bandwidthAtStep, noLimitStep, stepOfBandwidth } from "./bandwidth-scale.ts";

/** Milliseconds between two changes while it is moved. */
const pace = 200;

type LiveSliderProps = Omit<SliderProps, "onValueChange" | "onValueCommitted"> & {
  /** Resolves when the change holds. */
  readonly onChange: (value: number) => Promise<void>;
};

export function LiveSlider({ value, onChange, ...rest }: LiveSliderProps) {
  // What was set by hand counts until it holds: news on its way would make the thumb jump back.
  const [moved, setMoved] = useState<number>();
  const wanted = useRef<number>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(onChange);
  latest.current = onChange;

  const send = (): void => {
    timer.current = undefined;
    const sent = wanted.current;
    if (sent === undefined) return;
    void latest.current(sent).finally(() => {
      if (wanted.current !== sent || timer.current !== undefined) return;
      wanted.current = undefined;
      setMoved(undefined);
    });
  };
  const change = (next: number): void => {
    wanted.current = next;
    setMoved(next);
    timer.current ??= setTimeout(send, pace);
  };
  useEffect(
    () => () => {
      // What was set just before it goes is still sent.
      if (timer.current === undefined || wanted.current === undefined) return;
      clearTimeout(timer.current);
      void latest.current(wanted.current);
    },
    [],
  );
  return <Slider {...rest} value={moved ?? value} onValueChange={change} />;
}

/** The same for a bandwidth, in steps of which each is half as much again as the one before. */
export function BandwidthSlider({
  value,
  onChange,
  ...rest
}: Pick<SliderProps, "label" | "labelHidden" | "disabled" | "className"> & {
  /** Bytes per second; null = no limit. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => Promise<void>;
}) {
  const units = useUnits();
  const step = stepOfBandwidth(value);
  return (
    <LiveSlider
      {...rest}
      min={0}
      max={noLimitStep}
      value={step}
      text={(at) => limitText(at === step ? value : bandwidthAtStep(at), units)}
      onChange={(at) => onChange(bandwidthAtStep(at))}
    />
  );
}
