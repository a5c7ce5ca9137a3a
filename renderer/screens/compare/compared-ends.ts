// The two images of a comparison.
import type { ImageAt } from "../../state/navigation.ts";

export interface ComparedEnds {
  readonly source: ImageAt;
  readonly destination: ImageAt;
}
