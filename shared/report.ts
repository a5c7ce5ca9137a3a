// The forms in which a run's report can be kept.
import { z } from "zod";

export const reportFormatSchema = z.enum(["json", "csv", "html"]);
export type ReportFormat = z.infer<typeof reportFormatSchema>;
