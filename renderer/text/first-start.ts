// The words of the first start and of what it teaches.
export const firstStartText = {
  title: "Welcome to Freightliner",
  lead: "See two registries side by side, drag images across, watch every byte arrive, and be able to prove that what arrived is what left.",
  ways: "Ways to start",
  add: {
    title: "Add a registry",
    text: "Paste a URL or an image, and watch what works there.",
    button: "Add registry…",
  },
  import: {
    title: "Import from docker",
    text: "Take over the registries that docker and podman signed in to.",
    button: "Import…",
  },
  folder: {
    title: "Open an OCI folder",
    text: "An OCI image layout on this machine, or an archive of one, to copy from or to.",
    button: "Open folder…",
  },
  samples: {
    title: "Try it with sample registries",
    text: "Two local registries with real generated multi-platform images. No account, no network. They are paced at 16 MiB/s so that you can watch.",
    button: "Start sample registries",
    busy: "Making sample images…",
  },
  stepsTitle: "How it goes",
  steps: [
    { title: "Choose", text: "A registry in each pane. Pick tags, repositories or everything on one side." },
    {
      title: "Drag",
      text: "To the other side, or copy and paste it there. Nothing moves yet: you see the plan.",
    },
    { title: "Start", text: "Watch it arrive. Each image is read back and compared by digest." },
  ],
} as const;

export const whatNextText = {
  label: "What to do next",
  title: "It arrived, and was read back: the digests are the same.",
  compare: "Show the differences",
  jobs: "Repeat it by schedule…",
  add: "Add your own registry…",
  dismiss: "Not now",
} as const;
