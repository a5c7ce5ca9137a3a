// Sign-ins of other processes are heard of once, and those of this one are no news to it.
import { expect, it } from "vitest";
import { silentLog } from "../../electron/app/log.ts";
import { SignInsElsewhere } from "../../electron/app/sign-ins-elsewhere.ts";
import type { Store } from "../../electron/store/store.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { endpoint, testStore } from "../store/samples.ts";

function watch(store: Store, isHost = true) {
  const heard: string[] = [];
  const signIns = new SignInsElsewhere({ store, onChanged: (id) => void heard.push(id), log: silentLog });
  if (isHost) signIns.open();
  signIns.close();
  const news = (): string[] => {
    signIns.look();
    return heard.splice(0);
  };
  return { signIns, news };
}

it("tells each once, of endpoints that came later, too, and none of those that are gone", () => {
  const { store, other } = testStore();
  for (const id of ["one", "two"]) store.endpoints.insert(endpoint(id));
  const here = watch(store);
  const there = watch(other("second"));
  expect([here.news(), there.news()]).toEqual([[], []]);
  there.signIns.tell("one");
  there.signIns.tell("one");
  expect([here.news(), there.news()]).toEqual([["one"], []]);
  here.signIns.tell("one");
  expect([here.news(), there.news()]).toEqual([[], ["one"]]);
  store.endpoints.insert(endpoint("three"));
  there.signIns.tell("three");
  there.signIns.tell("two");
  store.endpoints.remove("two");
  expect(here.news()).toEqual(["three"]);
  expect(here.news()).toEqual([]);
  expect(() => here.signIns.tell("two")).toThrow(expect.objectContaining({ code: "not-found" }));
});

it("tells a host at its start what came while none was open, and no other one again", () => {
  const { store, other } = testStore();
  for (const id of ["one", "two"]) store.endpoints.insert(endpoint(id));
  const opened = (owner: string): readonly string[] => {
    const heard: string[] = [];
    const signIns = new SignInsElsewhere({
      store: other(owner),
      onChanged: (id) => void heard.push(id),
      log: silentLog,
    });
    signIns.open();
    signIns.close();
    return heard;
  };
  watch(store, false).signIns.tell("two");
  expect(opened("second")).toEqual(["two"]);
  expect(opened("third")).toEqual([]);
  // What a host does itself it need not be told at its next start.
  watch(store).signIns.tell("one");
  expect(opened("fourth")).toEqual([]);
});

it("tells again what could not be taken over, and one that fails keeps no other from its news", () => {
  const { store, other } = testStore();
  for (const id of ["one", "two"]) store.endpoints.insert(endpoint(id));
  const there = watch(other("second"));
  const heard: string[] = [];
  const faults = { two: true, hear: false };
  const signIns = new SignInsElsewhere({
    store: {
      journal: store.journal,
      endpoints: {
        ...store.endpoints,
        hearSignIns: () => {
          if (faults.hear) throw new FreightlinerError({ code: "store", operation: "x", message: "busy" });
          return store.endpoints.hearSignIns();
        },
      },
    },
    onChanged: (id) => {
      if (id === "two" && faults.two) throw new Error("cannot be opened");
      heard.push(id);
    },
    log: silentLog,
  });
  const news = (): string[] => {
    signIns.look();
    return heard.splice(0);
  };
  watch(store, false).signIns.tell("two");
  signIns.open();
  signIns.close();
  there.signIns.tell("one");
  expect(news()).toEqual(["one"]);
  expect(news()).toEqual([]);
  faults.two = false;
  expect(news()).toEqual(["two"]);
  expect(news()).toEqual([]);
  there.signIns.tell("one");
  faults.hear = true;
  expect(news).toThrow("busy");
  heard.length = 0;
  faults.hear = false;
  expect(news()).toEqual(["one"]);
  expect(news()).toEqual([]);
});
