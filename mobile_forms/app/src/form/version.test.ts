import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ENGINE } from "./version.ts";

it("names the engine that is installed, which is pinned exactly", () => {
  const wanted = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(wanted.dependencies["@getodk/xforms-engine"]).toBe(ENGINE);
});
