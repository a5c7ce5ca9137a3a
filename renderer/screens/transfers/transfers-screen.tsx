// The Transfers screen: the queue, what runs, and the hosts that are worked with.
import { EmptyState } from "../../components/states.tsx";

export function TransfersScreen() {
  return <EmptyState title="Transfers" />;
}
