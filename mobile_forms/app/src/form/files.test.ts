import { expect, it } from "vitest";
import { fileName, filesAsked } from "./files.ts";

it("names each file that a form asks for, once", () => {
  const xform = `<value form="image">jr://images/seal.png</value><value form="image">jr://images/seal.png</value>
    <instance id="towns" src="jr://file-csv/towns.csv"/>`;
  expect(filesAsked(xform)).toEqual(["seal.png", "towns.csv"]);
  expect(fileName("jr://images/seal.png")).toBe("seal.png");
});
