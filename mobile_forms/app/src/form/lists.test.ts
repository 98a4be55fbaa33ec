import { expect, it } from "vitest";
import { asked, offering } from "./lists.ts";

it("names each list that a form asks for, once", () => {
  const xform = `<instance id="a" src="jr://file-csv/stations.csv"/><instance id="b" src="jr://file-csv/stations.csv"/>`;
  expect(asked(xform)).toEqual(["stations.csv"]);
  expect(asked("<h:html/>")).toEqual([]);
});

it("gives the engine what is on the phone, and no options where nothing is", async () => {
  const own = { "towns.csv": new Blob(["name,label\nx,X\n"]) };
  const read = offering({ "stations.csv": "name,label\n1,A\n" }, own).fetchFormAttachment!;
  const at = (name: string) => new URL(`jr://file-csv/${name}`) as Parameters<typeof read>[0];
  const found = await read(at("stations.csv"));
  expect([found.status, await found.text()]).toEqual([200, "name,label\n1,A\n"]);
  expect(await (await read(at("towns.csv"))).text()).toBe("name,label\nx,X\n");
  expect((await read(at("contestants.csv"))).status).toBe(404);
});
