// The one place where a screen reader hears of what happens without a change of focus: drags, plans, transfers.
import { useEffect, useState } from "react";
import { onSpoken } from "../state/spoken.ts";

export function Spoken() {
  const [sentence, setSentence] = useState({ text: "", count: 0 });
  useEffect(() => onSpoken((text) => setSentence(({ count }) => ({ text, count: count + 1 }))), []);
  return (
    <div aria-live="polite" data-spoken="" className="hidden-text">
      {/* A new element each time: the same words are said again. */}
      <p key={sentence.count}>{sentence.text}</p>
    </div>
  );
}
