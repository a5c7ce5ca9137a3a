// The one IPC channel; it carries the frames of shared/wire.ts as JSON text, both ways.
export const frameChannel = "freightliner:frame";
