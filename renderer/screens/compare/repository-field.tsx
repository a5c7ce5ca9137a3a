// A repository's name to type; taken when the field is left or Enter is pressed.
import { useEffect, useState } from "react";
import { isRepositoryName } from "../../../shared/reference.ts";
import { TextField } from "../../components/text-field.tsx";
import type { ImageAt } from "../../state/navigation.ts";

export function RepositoryField({
  label,
  image,
  onChoose,
}: {
  readonly label: string;
  readonly image: ImageAt;
  readonly onChoose: (repository: string) => void;
}) {
  const [typed, setTyped] = useState(image.repository);
  useEffect(() => setTyped(image.repository), [image.repository]);
  const take = (): void => {
    const name = typed.trim();
    if (isRepositoryName(name) && name !== image.repository) onChoose(name);
    else setTyped(image.repository);
  };
  return (
    <TextField
      label={label}
      labelHidden
      value={typed}
      onValueChange={setTyped}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
      }}
    />
  );
}
