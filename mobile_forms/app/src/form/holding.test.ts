import { expect, it } from "vitest";
import { hold, OpenElsewhere } from "./holding.ts";

const nothing = () => undefined;

it("lets one window have a draft, and the next one once it was let go", async () => {
  const release = await hold("a", false, nothing);
  await expect(hold("a", false, nothing)).rejects.toBeInstanceOf(OpenElsewhere);
  release();
  (await hold("a", false, nothing))();
});

it("tells the first window where another one takes the draft", async () => {
  let lost = false;
  await hold("b", false, () => (lost = true));
  const release = await hold("b", true, nothing);
  expect(lost).toBe(true);
  release();
});
