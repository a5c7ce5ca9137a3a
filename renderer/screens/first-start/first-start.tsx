// Placeholder for the screen of the first start.
export function FirstStart() {
  return null;
}
