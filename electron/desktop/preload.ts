// The sandboxed preload script: gives the page a frame pipe and nothing of Electron.
import { contextBridge, ipcRenderer, webUtils } from "electron";
import { frameChannel } from "./channel.ts";

contextBridge.exposeInMainWorld(
  "freightliner",
  Object.freeze({
    send(frame: unknown): void {
      ipcRenderer.send(frameChannel, JSON.stringify(frame));
    },
    /** Returns how to stop listening. */
    onFrame(listener: (frame: unknown) => void): () => void {
      // The event object would hand the page a way to reply as it likes; it stays here.
      const forward = (_event: unknown, text: string): void => listener(JSON.parse(text));
      ipcRenderer.on(frameChannel, forward);
      return () => {
        ipcRenderer.removeListener(frameChannel, forward);
      };
    },
    /** The path of a file that was dropped from outside. */
    pathForFile(file: Parameters<typeof webUtils.getPathForFile>[0]): string {
      return webUtils.getPathForFile(file);
    },
  }),
);
