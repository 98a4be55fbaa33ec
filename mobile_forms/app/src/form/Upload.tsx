// A photo: taken or chosen, made small, shown.
import type { UploadNode } from "@getodk/xforms-engine";
import { useEffect, useState } from "preact/hooks";
import { t } from "../words.ts";
import { Block, follows, type Asked } from "./Label.tsx";

export function Upload({ node, form }: Asked<UploadNode>) {
  follows(form);
  const [problem, setProblem] = useState(false);
  const file = node.currentState.value;
  const pick = (chosen: File | undefined) => {
    if (!chosen) return;
    form.takePhoto(node, chosen).then(
      () => setProblem(false),
      () => setProblem(true),
    );
  };
  return (
    <Block node={node} form={form}>
      {file && <Picture file={file} />}
      {problem && (
        <p class="check" role="alert">
          {t("This picture could not be kept. Take another, or make room on the phone.")}
        </p>
      )}
      <div class="pair">
        <label class="btn">
          <input
            class="sr"
            type="file"
            accept="image/*"
            aria-describedby={node.nodeId}
            onChange={(event) => pick(event.currentTarget.files?.[0])}
          />
          {file ? t("Take another") : t("Take a photo")}
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

function Picture({ file }: { file: File }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file.name]);
  return address ? <img class="photo" src={address} alt={t("Your photo")} /> : null;
}
