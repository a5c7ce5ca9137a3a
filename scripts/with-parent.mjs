// Loaded into a child of become(): ends it when its parent was killed, so that no work goes on behind anybody's back.
if (process.channel !== undefined) {
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel.unref();
}
