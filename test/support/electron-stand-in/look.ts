// Run as a program: the real page in Chromium over the real main; greets the engine, reloads, prints JSON.
//   node look.ts MAIN HOME [SCREENSHOT]
import { showDesktop } from "./chromium.ts";

const [, , main = "", home = "", screenshot] = process.argv;
const shown = await showDesktop({ main, home });
const { page, standIn, complaints } = shown;
const hello = () =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const api = Reflect.get(globalThis, "freightliner");
        const stop = api.onFrame((frame: { id?: number }) => {
          if (frame.id !== 1_000_000) return;
          stop();
          resolve(frame);
        });
        api.send({ t: "call", id: 1_000_000, method: "app.hello", params: {} });
      }),
  );

const answered = await hello();
await page.waitForFunction(() => (document.body.textContent ?? "").trim().length > 0);
// Give lazy parts of the page the time to complain.
await page.waitForTimeout(500);
const text = await page.evaluate(() => document.body.innerText);
if (screenshot !== undefined) await page.screenshot({ path: screenshot });
standIn.windows[0]?.webContents.navigated("app://bundle/");
await page.reload();
const answeredAgain = await hello();
const exposed = await page.evaluate(() => Object.keys(Reflect.get(globalThis, "freightliner")));
await shown.close();
process.stdout.write(
  `${JSON.stringify({ answered, answeredAgain, exposed, complaints, text: text.slice(0, 500) })}\n`,
);
