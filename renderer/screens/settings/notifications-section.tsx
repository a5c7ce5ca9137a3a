// Notifications: which ends of transfers are told, and the browser's permission where it is the browser that tells.
import { BellOff, BellRing } from "lucide-react";
import { useState } from "react";
import type { SettingValue } from "../../../shared/settings.ts";
import { readSetting } from "../../../shared/settings.ts";
import { Button } from "../../components/button.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { Switch } from "../../components/switch.tsx";
import { askToNotify, browserPermission } from "../../state/browser-notices.ts";
import { setSetting, settingNow, useSetting } from "../../state/settings.ts";
import { notificationsText, rowText, type SettingRowName, settingsText } from "../../text/settings.ts";
import { Section } from "./section.tsx";
import { resetTo, SettingRow } from "./setting-row.tsx";

type Rules = SettingValue<"notifications">;
const standard = readSetting({}, "notifications");

function change(rules: Rules, part: Partial<Rules>): void {
  setSetting("notifications", { ...rules, ...part });
}

/** Undone is this rule alone: others may have changed since. */
function resetOf(name: SettingRowName, rule: keyof Rules) {
  const before = settingNow("notifications")[rule];
  return resetTo(
    rowText(name).title,
    before !== standard[rule],
    () => change(settingNow("notifications"), { [rule]: standard[rule] }),
    () => change(settingNow("notifications"), { [rule]: before }),
  );
}

export function NotificationsSection() {
  return (
    <Section name="notifications">
      <BrowserRow />
      <RuleRow name="notifyFailed" rule="failed" />
      <RuleRow name="notifySignIn" rule="signInNeeded" />
      <RuleRow name="notifySucceeded" rule="succeeded" />
      <RuleRow name="notifyQuiet" rule="quietWhileFocused" />
      <ShortestRow />
    </Section>
  );
}

function RuleRow({
  name,
  rule,
}: {
  readonly name: SettingRowName;
  readonly rule: Exclude<keyof Rules, "shortest">;
}) {
  const rules = useSetting("notifications");
  return (
    <SettingRow name={name} reset={resetOf(name, rule)}>
      <Switch
        label={rowText(name).title}
        labelHidden
        checked={rules[rule]}
        onCheckedChange={(next) => change(rules, { [rule]: next })}
      />
    </SettingRow>
  );
}

function ShortestRow() {
  const rules = useSetting("notifications");
  return (
    <SettingRow name="notifyShortest" reset={resetOf("notifyShortest", "shortest")}>
      <NumberField
        label={rowText("notifyShortest").title}
        labelHidden
        value={rules.shortest}
        min={0}
        max={86_400}
        step={5}
        unit={settingsText.unit.seconds}
        className="w-32"
        onValueChange={(next) => next !== null && change(rules, { shortest: Math.round(next) })}
      />
    </SettingRow>
  );
}

/** Asks only when the person presses the button. */
function BrowserRow() {
  const [permission, setPermission] = useState(browserPermission);
  return (
    <SettingRow name="notifyBrowser">
      {permission === "default" ? (
        <Button onClick={() => void askToNotify().then(setPermission)}>{notificationsText.allow}</Button>
      ) : (
        <span className="flex items-center gap-1.5 text-right text-xs text-muted">
          {permission === "granted" ? (
            <BellRing aria-hidden className="size-3.5 shrink-0 text-ok" />
          ) : (
            <BellOff aria-hidden className="size-3.5 shrink-0" />
          )}
          {notificationsText[permission]}
        </span>
      )}
    </SettingRow>
  );
}
