// An image's configuration as read: odd ones are no reason to show nothing, commands are what people wrote.
import { describe, expect, it } from "vitest";
import {
  commandText,
  looksSecret,
  readImageConfig,
  shellText,
} from "../../../../renderer/screens/inspect/image-config.ts";
import {
  blobsOf,
  bytesOf,
  layerRows,
  sharedBytesOf,
} from "../../../../renderer/screens/inspect/layer-rows.ts";
import type { InspectedManifest } from "../../../../shared/contract.ts";

describe("readImageConfig", () => {
  it("reads what docker and others write, with null in any place", () => {
    const config = readImageConfig(
      JSON.stringify({
        os: "linux",
        architecture: "arm",
        variant: "v7",
        config: {
          Env: ["A=1=2", "B"],
          Entrypoint: null,
          Cmd: ["sh"],
          Labels: null,
          ExposedPorts: { "80/tcp": {} },
        },
        history: null,
      }),
    );
    expect(config?.platform).toBe("linux/arm/v7");
    expect(config?.env).toEqual([
      { name: "A", value: "1=2" },
      { name: "B", value: "" },
    ]);
    expect(config?.ports).toEqual(["80/tcp"]);
    expect(config?.entrypoint).toEqual([]);
  });
  it("is undefined for what is no configuration", () => {
    expect(readImageConfig("binary")).toBeUndefined();
    expect(readImageConfig("[1]")).toBeUndefined();
    expect(readImageConfig('{"config":{"Env":"PATH"}}')).toBeUndefined();
  });
});

describe("commandText", () => {
  it.each([
    ["/bin/sh -c #(nop)  ENV A=1", "ENV A=1"],
    ["/bin/sh -c apt-get update", "RUN apt-get update"],
    ["RUN /bin/sh -c make # buildkit", "RUN make"],
    ["RUN |1 V=2 /bin/sh -c echo $V # buildkit", "RUN echo $V"],
    ["COPY . /app # buildkit", "COPY . /app"],
  ])("%s", (createdBy, expected) => expect(commandText(createdBy)).toBe(expected));
});

describe("looksSecret", () => {
  it.each([
    ["DB_PASSWORD", "x", true],
    ["GITHUB_TOKEN", "x", true],
    ["API_KEY", "x", true],
    ["PATH", "/bin", false],
    ["DB_PASSWORD", "", false],
    ["DB_PASSWORD_FILE", "/run/secret", false],
  ])("%s=%s: %s", (name, value, expected) => expect(looksSecret({ name, value })).toBe(expected));
});

it("quotes words of a command that a shell would split", () => {
  expect(shellText(["sh", "-c", "echo it's"])).toBe(`sh -c 'echo it'\\''s'`);
});

const layer = (letter: string, size: number) => ({ digest: `sha256:${letter}`, mediaType: "layer", size });
const manifest = (letters: string): InspectedManifest => ({
  digest: `sha256:m${letters}`,
  mediaType: "m",
  kind: "image",
  platform: null,
  size: 1,
  config: { digest: `sha256:config-${letters}`, mediaType: "c", size: 10 },
  layers: [...letters].map((letter) => layer(letter, 100)),
  text: "{}",
});
const step = (command: string, empty = false) => ({ command, created: null, empty });

describe("layerRows", () => {
  it("puts each command to its layer and keeps steps without one", () => {
    const rows = layerRows([layer("a", 50), layer("b", 100)], [step("FROM"), step("ENV", true), step("RUN")]);
    expect(rows.map(({ number, step: made }) => [number, made?.command])).toEqual([
      [1, "FROM"],
      [undefined, "ENV"],
      [2, "RUN"],
    ]);
    expect(rows.map(({ share }) => share)).toEqual([0.5, 0, 1]);
  });
  it("names no command where the history belongs to other layers", () => {
    const rows = layerRows([layer("a", 1), layer("b", 1)], [step("FROM")]);
    expect(rows.map(({ step: made }) => made)).toEqual([undefined, undefined]);
  });
});

it("counts each blob once, and what platforms share", () => {
  const both = [manifest("ab"), manifest("bc")];
  expect(blobsOf(both).size).toBe(5);
  expect(bytesOf(both)).toBe(320);
  expect(sharedBytesOf(both)).toBe(100);
});
