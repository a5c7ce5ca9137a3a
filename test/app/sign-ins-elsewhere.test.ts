// Sign-ins of other processes are heard of once, and those of this one are no news to it.
import { expect, it } from "vitest";
import { silentLog } from "../../electron/app/log.ts";
import { SignInsElsewhere } from "../../electron/app/sign-ins-elsewhere.ts";
import type { Store } from "../../electron/store/store.ts";
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
