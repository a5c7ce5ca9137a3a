// The Settings screen: sections at the left, found by a search.
import { EmptyState } from "../../components/states.tsx";

export function SettingsScreen() {
  return <EmptyState title="Settings" />;
}
