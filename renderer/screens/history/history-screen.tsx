// The History screen: every run that was, with filter and search.
import { EmptyState } from "../../components/states.tsx";

export function HistoryScreen() {
  return <EmptyState title="History" />;
}
