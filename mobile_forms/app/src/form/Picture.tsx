// A picture of the form's own beside its words. Where it is not on the phone, the words stand alone.
import type { TextRange, TextRole } from "@getodk/xforms-engine";
import { useEffect, useState } from "preact/hooks";
import { fileName, type Files } from "./files.ts";

export function Picture({ text, files }: { text: TextRange<TextRole> | null | undefined; files: Files }) {
  const source = text?.imageSource?.href;
  const file = source === undefined ? undefined : files[fileName(source)];
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!file) return setAddress(undefined);
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address ? <img class="picture" src={address} alt={text?.asString ?? ""} onError={() => setAddress(undefined)} /> : null;
}
