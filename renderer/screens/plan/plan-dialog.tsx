// Placeholder for the dialog that shows a plan.
export function PlanDialog() {
  return null;
}
