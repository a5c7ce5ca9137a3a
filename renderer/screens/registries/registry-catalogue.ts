// The commands about registries, as they are known from the start; those of one act on the row that is chosen.
import type { CommandDescription } from "../../commands/description.ts";
import { registriesText } from "../../text/registries.ts";
import { detailsText } from "../../text/registry-details.ts";

const { group } = registriesText;

/** The ids are those of a registry's menu. */
const ofOne = {
  left: registriesText.showLeft,
  right: registriesText.showRight,
  check: registriesText.checkAgain,
  copy: registriesText.copyAddress,
  "sign-in": registriesText.signIn,
  forget: registriesText.forget,
  probe: detailsText.probe,
  duplicate: registriesText.duplicate,
  edit: registriesText.edit,
  rename: registriesText.rename,
  "read-only": registriesText.readOnlyCommand,
  mark: registriesText.mark,
  remove: registriesText.remove,
} as const;

export type RegistryAct = keyof typeof ofOne;
const acts = Object.keys(ofOne) as readonly RegistryAct[];

export const registryCommands = [
  {
    id: "registries.add",
    title: registriesText.add,
    group,
    keys: "Mod+Shift+A",
    keywords: "new endpoint folder archive url",
  },
  {
    id: "registries.import",
    title: `${registriesText.import.title}…`,
    group,
    keywords: "docker podman configuration login",
  },
  {
    id: "registries.checkAll",
    title: registriesText.checkAll,
    group,
    place: "registries",
    keywords: "health test connection",
  },
  ...acts.map((act) => ({
    id: `registry.${act}` as const,
    title: registriesText.ofChosen(ofOne[act]),
    group,
    place: "registries" as const,
    needs: registriesText.needsChosen,
  })),
] as const satisfies readonly CommandDescription[];
