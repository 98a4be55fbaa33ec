import { describe, expect, it } from "vitest";
import { FileRefused, LARGEST, mediumOf, named, typeOf } from "./attached.ts";

describe("a file that is no photo", () => {
  it("is named by its content and its kind, whatever the phone called it", async () => {
    const file = await named(new File(["abc"], "Voice 1.AMR", { type: "" }));
    expect(file.name).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.amr");
    expect(typeOf(file.name)).toBe("audio/amr");
  });

  it("is told by its type where its name does not say", async () => {
    expect((await named(new File(["abc"], "blob", { type: "audio/webm;codecs=opus" }))).name).toMatch(/\.weba$/);
  });

  it("is refused where the server would not take it", async () => {
    await expect(named(new File(["abc"], "tool.exe"))).rejects.toBeInstanceOf(FileRefused);
    await expect(named(new File([], "empty.pdf"))).rejects.toBeInstanceOf(FileRefused);
    await expect(named(new File([new Uint8Array(LARGEST + 1)], "long.mp4"))).rejects.toMatchObject({ reason: "size" });
  });
});

it("knows what a question asks for", () => {
  expect(["image/*", "audio/*", "video/*", "application/*", "*"].map(mediumOf)).toEqual(["image", "audio", "video", "file", "file"]);
});
