// A photo: taken or chosen, made small, shown. A sound, a film, another file: chosen and kept as it is.
import type { UploadNode } from "@getodk/xforms-engine";
import { useEffect, useState } from "preact/hooks";
import { t } from "../words.ts";
import { ACCEPTED, FileRefused, isPicture, LARGEST, mediumOf, megabytes, type Medium } from "./attached.ts";
import { Block, follows, type Asked } from "./Label.tsx";

export function Upload({ node, form }: Asked<UploadNode>) {
  follows(form);
  const [problem, setProblem] = useState("");
  const medium = mediumOf(node.nodeOptions.media.accept);
  const file = node.currentState.value;
  const pick = (chosen: File | undefined) => {
    if (!chosen) return;
    form.attach(node, chosen, medium).then(
      () => setProblem(""),
      (error: unknown) => setProblem(problemWords(error, medium)),
    );
  };
  return (
    <Block node={node} form={form}>
      {form.carried(node) !== null && <p class="hint">{staysWords(medium)}</p>}
      {file && (isPicture(file) ? <Picture file={file} /> : <Chosen file={file} medium={medium} />)}
      {problem && (
        <p class="check" role="alert">
          {problem}
        </p>
      )}
      <div class="pair">
        <label class="btn">
          <input
            class="sr"
            type="file"
            accept={ACCEPTED[medium]}
            aria-describedby={node.nodeId}
            onChange={(event) => pick(event.currentTarget.files?.[0])}
          />
          {file || form.carried(node) !== null ? anotherWords(medium) : takeWords(medium)}
        </label>
        {file && (
          <button type="button" class="btn" onClick={() => form.dropPhoto(node)}>
            {t("Remove")}
          </button>
        )}
      </div>
    </Block>
  );
}

function takeWords(medium: Medium): string {
  if (medium === "image") return t("Take a photo");
  if (medium === "audio") return t("Record or choose a sound");
  return medium === "video" ? t("Take or choose a film") : t("Choose a file");
}

/** Of a correction: what was sent before is not on the phone any more, and is not lost. */
const staysWords = (medium: Medium) =>
  medium === "image" ? t("The photo that you sent stays with the report, unless you take another.") : t("The file that you sent stays with the report, unless you choose another.");

const anotherWords = (medium: Medium) => (medium === "image" ? t("Take another") : t("Choose another"));

function problemWords(error: unknown, medium: Medium): string {
  if (error instanceof FileRefused && error.reason === "size") return t("This file is too large. At most {size} MB.", { size: LARGEST / 1024 / 1024 });
  if (error instanceof FileRefused) return t("Files of this kind cannot be sent. Choose another, or take a photo of it.");
  if (medium === "image") return t("This picture could not be kept. Take another, or make room on the phone.");
  return t("This file could not be kept. Choose another, or make room on the phone.");
}

/** What was chosen, to be heard or seen again. */
function Chosen({ file, medium }: { file: File; medium: Medium }) {
  const address = useAddress(file);
  const size = megabytes(file.size);
  return (
    <div class="chosen">
      {address && medium === "audio" && <audio controls src={address} />}
      {address && medium === "video" && <video controls src={address} />}
      <p class="taken">{t("Kept on this phone, {size} MB", { size })}</p>
    </div>
  );
}

function Picture({ file }: { file: File }) {
  const address = useAddress(file);
  return address ? <img class="photo" src={address} alt={t("Your photo")} /> : null;
}

function useAddress(file: File): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file.name]);
  return address;
}
