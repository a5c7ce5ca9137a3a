// Tells zod not to try whether it may compile code: the page's policy forbids it and would report each try.
import { z } from "zod";

z.config({ jitless: true });
