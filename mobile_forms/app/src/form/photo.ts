// A photo made small, without what a camera writes into it, and named by its content.
import { sha256 } from "../report/identity.ts";

const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

/** Draw a picture anew, at most 1,600 pixels long: that leaves place and device behind. */
export async function prepare(file: Blob): Promise<File> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) throw new Error("the picture cannot be written");
  const name = `${await sha256(await blob.arrayBuffer())}.jpg`;
  return new File([blob], name, { type: "image/jpeg" });
}
