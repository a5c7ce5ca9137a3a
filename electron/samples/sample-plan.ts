// What the two sample registries hold: repositories, tags, platforms and layer sizes.
import type { Platform } from "../../shared/descriptor.ts";

/** A layer of one platform; the same name gives the same bytes wherever it is used. */
export interface SampleLayer {
  readonly name: string;
  /** Bytes of the file inside. */
  readonly size: number;
}

export interface SampleVersion {
  /** The first one is the version; all point at the same image. */
  readonly tags: readonly string[];
  /** RFC 3339. */
  readonly created: string;
  /** From the base upwards. */
  readonly layers: readonly SampleLayer[];
  /** Adds a bill of materials that refers to the image. */
  readonly attachment?: true;
}

export interface SampleRepository {
  readonly name: string;
  readonly command: string;
  readonly versions: readonly SampleVersion[];
}

export const samplePlatforms: readonly Platform[] = [
  { os: "linux", architecture: "amd64" },
  { os: "linux", architecture: "arm64" },
];

const kB = 1000;
const MB = 1000 * kB;

const system: SampleLayer = { name: "base/system", size: 7 * MB };
const shopRuntime: SampleLayer = { name: "shop/runtime", size: 3 * MB };
const gatewayRuntime: SampleLayer = { name: "platform/runtime", size: 3 * MB };

function layer(name: string, size: number): SampleLayer {
  return { name, size };
}

const web: SampleRepository = {
  name: "shop/web",
  command: "/srv/web",
  versions: versions(
    [system, shopRuntime],
    [
      { tags: ["v1.0.0"], created: "2026-03-02T09:14:00Z", own: [layer("web/1.0", 2 * MB)] },
      {
        tags: ["v1.3.0"],
        created: "2026-06-18T13:40:00Z",
        own: [layer("web/1.0", 2 * MB), layer("web/1.3", 210 * kB)],
      },
      { tags: ["v1.4.1"], created: "2026-09-07T08:02:00Z", own: [layer("web/1.4", 2.2 * MB)] },
      {
        tags: ["v1.4.2", "latest"],
        created: "2026-10-21T15:31:00Z",
        own: [layer("web/1.4", 2.2 * MB), layer("web/1.4.2", 180 * kB)],
        attachment: true,
      },
      { tags: ["v1.5.0-rc.1"], created: "2026-11-12T17:20:00Z", own: [layer("web/1.5", 2.4 * MB)] },
    ],
  ),
};

const api: SampleRepository = {
  name: "shop/api",
  command: "/srv/api",
  versions: versions(
    [system, shopRuntime],
    [
      { tags: ["v1.0.0"], created: "2026-03-02T10:01:00Z", own: [layer("api/1.0", 2 * MB)] },
      { tags: ["v1.2.0"], created: "2026-05-27T07:45:00Z", own: [layer("api/1.2", 2.3 * MB)] },
      {
        tags: ["v1.4.0", "latest"],
        created: "2026-10-02T11:11:00Z",
        own: [layer("api/1.2", 2.3 * MB), layer("api/1.4", 240 * kB)],
      },
      {
        tags: ["v1.4.2-rc.2"],
        created: "2026-11-10T16:05:00Z",
        own: [layer("api/1.2", 2.3 * MB), layer("api/1.4.2", 310 * kB)],
      },
    ],
  ),
};

const worker: SampleRepository = {
  name: "shop/worker",
  command: "/srv/worker",
  versions: versions(
    [system, shopRuntime],
    [
      { tags: ["v1.0.0"], created: "2026-03-03T12:30:00Z", own: [layer("worker/1.0", 2 * MB)] },
      {
        tags: ["v1.1.0"],
        created: "2026-07-15T09:00:00Z",
        own: [layer("worker/1.0", 2 * MB), layer("worker/1.1", 150 * kB)],
      },
      {
        tags: ["v1.2.0", "latest"],
        created: "2026-10-30T14:48:00Z",
        own: [layer("worker/1.0", 2 * MB), layer("worker/1.2", 260 * kB)],
      },
    ],
  ),
};

const baseVersions = versions(
  [system],
  [
    { tags: ["v1.0.0"], created: "2026-02-20T06:00:00Z", own: [layer("certificates/1.0", 90 * kB)] },
    { tags: ["v1.1.0"], created: "2026-06-01T06:00:00Z", own: [layer("certificates/1.1", 95 * kB)] },
  ],
);

const gateway: SampleRepository = {
  name: "platform/gateway",
  command: "/srv/gateway",
  versions: versions(
    [system, gatewayRuntime],
    [
      { tags: ["v1.0.0"], created: "2026-04-09T10:20:00Z", own: [layer("gateway/1.0", 2.5 * MB)] },
      {
        tags: ["v1.1.0", "latest"],
        created: "2026-08-24T10:20:00Z",
        own: [layer("gateway/1.0", 2.5 * MB), layer("gateway/1.1", 320 * kB)],
      },
      {
        tags: ["v1.2.0-rc.1"],
        created: "2026-11-16T08:08:00Z",
        own: [layer("gateway/1.0", 2.5 * MB), layer("gateway/1.2", 400 * kB)],
      },
    ],
  ),
};

const cliFirst: SampleVersion = {
  tags: ["v1.0.0"],
  created: "2026-03-30T18:00:00Z",
  layers: [layer("cli/1.0", 2 * MB)],
};

/** Everything there is. */
export const stagingRepositories: readonly SampleRepository[] = [
  web,
  api,
  worker,
  {
    name: "platform/base",
    command: "/bin/sh",
    versions: [
      ...baseVersions,
      ...versions(
        [system],
        [
          {
            tags: ["v1.2.0", "latest"],
            created: "2026-10-05T06:00:00Z",
            own: [layer("certificates/1.2", 99 * kB)],
          },
        ],
      ),
    ],
  },
  gateway,
  {
    name: "tools/cli",
    command: "/cli",
    versions: [
      cliFirst,
      { tags: ["v1.1.0"], created: "2026-07-02T18:00:00Z", layers: [layer("cli/1.1", 2.1 * MB)] },
      {
        tags: ["v1.2.0", "latest"],
        created: "2026-11-01T18:00:00Z",
        layers: [layer("cli/1.1", 2.1 * MB), layer("cli/1.2", 120 * kB)],
      },
    ],
  },
];

/** A few of them: some tags the same, `platform/base:latest` still the version before, most missing. */
export const productionRepositories: readonly SampleRepository[] = [
  {
    name: "platform/base",
    command: "/bin/sh",
    versions: baseVersions.map((version) =>
      version.tags.includes("v1.1.0") ? { ...version, tags: ["v1.1.0", "latest"] } : version,
    ),
  },
  { name: "tools/cli", command: "/cli", versions: [cliFirst] },
];

interface VersionInput extends Omit<SampleVersion, "layers"> {
  readonly own: readonly SampleLayer[];
}

function versions(below: readonly SampleLayer[], inputs: readonly VersionInput[]): readonly SampleVersion[] {
  return inputs.map(({ own, ...rest }) => ({ ...rest, layers: [...below, ...own] }));
}
