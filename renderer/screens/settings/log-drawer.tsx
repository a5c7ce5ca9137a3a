// The Log drawer: live lines of one run or of all.
export function LogDrawer() {
  return null;
}
