// The Jobs screen: saved jobs with their schedules.
import { EmptyState } from "../../components/states.tsx";

export function JobsScreen() {
  return <EmptyState title="Jobs" />;
}
