// A choice that weakens the connection: red unless it harms nothing, with what it means, as soon as it is made.
import { Badge } from "../../components/badge.tsx";
import { Checkbox } from "../../components/toggle.tsx";

export function Risky(props: {
  readonly label: string;
  readonly badge: string;
  readonly harmless?: boolean;
  readonly warning: string;
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
}) {
  return (
    <div className="flex flex-col gap-1.5">
      <Checkbox label={props.label} checked={props.checked} onCheckedChange={props.onCheckedChange} />
      {props.checked && (
        <p className="flex items-center gap-2 pl-6 text-xs text-muted">
          <Badge tone={props.harmless === true ? "neutral" : "bad"}>{props.badge}</Badge>
          {props.warning}
        </p>
      )}
    </div>
  );
}
