// The Compare drawer: two images part by part.
export function CompareDrawer() {
  return null;
}
