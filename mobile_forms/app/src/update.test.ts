import { afterEach, expect, it, vi } from "vitest";
import { offer, renew } from "./update.ts";

afterEach(() => vi.unstubAllGlobals());

it("a new version of the app takes over only while no form is open", () => {
  const waiting = { postMessage: vi.fn() };
  offer({ waiting }, true);
  expect(waiting.postMessage).not.toHaveBeenCalled();
  offer({ waiting }, false);
  expect(waiting.postMessage).toHaveBeenCalledWith("take over");
  offer({ waiting: null }, false);
});

it("a page with an open form goes on when another window let the new version in", () => {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  renew(true);
  expect(reload).not.toHaveBeenCalled();
  renew(false);
  expect(reload).toHaveBeenCalledOnce();
});
