import { expect, it } from "vitest";
import { draftWithChecks, withChecks } from "./checks.ts";

const XFORM = `<h:html><model><instance><data id="f"><a/></data></instance><bind nodeset="/data/a" type="int"/></model></h:html>`;
const CHECK = { name: "C", flag_when: "/data/a > 3 and /data/b != ''", explanation: {}, inputs: ["a"], difference: "/data/a - 3", tolerance: 0 };

it("has each check calculated in a field beside the answers", () => {
  const made = withChecks(XFORM, [CHECK]);
  expect(made).toContain(`<a/><__checks><c0/><c0d/></__checks></data>`);
  expect(made).toContain(`calculate="if(/data/a > 3 and /data/b != '', '1', '')"`);
  expect(withChecks(XFORM, [])).toBe(XFORM);
});

it("opens a draft that was begun without checks, or with others", () => {
  const wanted = `<data id="f"><a>4</a><__checks><c0/><c0d/></__checks></data>`;
  expect(draftWithChecks(`<data id="f"><a>4</a></data>`, XFORM, [CHECK])).toBe(wanted);
  expect(draftWithChecks(`<data id="f"><a>4</a><__checks><c0>1</c0><c0d>1</c0d><c1/></__checks></data>`, XFORM, [CHECK])).toBe(wanted);
});
