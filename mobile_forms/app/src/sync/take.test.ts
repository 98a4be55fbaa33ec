import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { filesKey, type Files } from "../form/files.ts";
import { get } from "../store/database.ts";
import { Unreachable } from "./server.ts";
import { take } from "./take.ts";

const PICTURE = "a picture";
const FORM = { name: "seals", version: "1", title: {}, stage: "all", sha256: "s", lists: ["stations.csv"] };
const XFORM = `<value form="image">jr://images/seal.png</value><instance id="t" src="jr://file-csv/towns.csv"/>`;
const FILES = [{ name: "seal.png", size: PICTURE.length }, { name: "towns.csv", size: 15 }];

let answers: Record<string, () => Response>;
let asked: string[];

beforeEach(() => {
  asked = [];
  const media = "missions/m/checklists/seals/versions/1/media";
  answers = {
    me: () => Response.json({ mission: "m" }),
    "missions/m/deployments": () => Response.json({ items: [], next: null }),
    "missions/m/checklists": () => Response.json({ items: [FORM], next: null }),
    "missions/m/checklists/seals?version=1&only=form": () => Response.json({ ...FORM, xform: XFORM, files: FILES }),
    [`${media}/seal.png`]: () => new Response(PICTURE),
    [`${media}/towns.csv`]: () => new Response("name,label\nx,X\n"),
  };
  vi.stubGlobal("fetch", (address: string) => {
    const path = address.replace("/api/v1/", "");
    asked.push(path);
    return Promise.resolve(answers[path]?.() ?? new Response("", { status: 404 }));
  });
});
afterEach(() => vi.unstubAllGlobals());

const held = async () => Object.keys((await get<Files>("self", filesKey(FORM))) ?? {}).sort();

it("does not take half a picture for one", async () => {
  answers["missions/m/checklists/seals/versions/1/media/seal.png"] = () => new Response("a pict");
  await expect(take()).rejects.toThrow(Unreachable);
  expect(await held()).toEqual([]);
});

it("takes a form without a picture that the server lacks, and asks for it again", async () => {
  answers["missions/m/checklists/seals/versions/1/media/seal.png"] = () => new Response("", { status: 404 });
  await take();
  expect(await held()).toEqual(["towns.csv"]);
});

it("keeps a form's own files, asks for each once, and for the mission's lists alone among its lists", async () => {
  await take();
  expect(await held()).toEqual(["seal.png", "towns.csv"]);
  expect(asked.filter((path) => path.includes("/media/"))).toHaveLength(1);
  expect(asked.filter((path) => path.includes("/lists/"))).toEqual(["missions/m/lists/stations.csv"]);
});

it("keeps a retired checklist for the drafts that were begun with it", async () => {
  await take();
  answers["missions/m/checklists"] = () => Response.json({ items: [], next: null });
  await take();
  expect(await get("checklists", "seals 1")).toMatchObject({ xform: XFORM });
  expect(await get("self", "newest")).toEqual({});
});
