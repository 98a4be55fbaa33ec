// Opening a form with ODK's engine, new or from a draft.
import { loadForm, type AnyFormInstance, type InputNode, type RootNode, type UploadNode } from "@getodk/xforms-engine";
import type { Check, Draft, Photo } from "../store/nouns.ts";
import { typeOf } from "./attached.ts";
import { draftWithChecks, withChecks } from "./checks.ts";
import type { Files } from "./files.ts";
import { offering, type Lists } from "./lists.ts";
import { childrenOf, CONTEXT, leaves, nameOf } from "./tree.ts";

const XML = "xml_submission_file";

export async function openForm(
  xform: string,
  lists: Lists,
  files: Files,
  draft: Draft | null = null,
  photos: Photo[] = [],
  checks: Check[] = [],
): Promise<RootNode> {
  const loaded = await loadForm(withChecks(xform, checks), offering(lists, files));
  if (loaded.status !== "success" && loaded.status !== "warning") {
    throw new Error("error" in loaded ? String(loaded.error) : "the form cannot be read");
  }
  const config = { instanceAttachments: { fileNameFactory: keepName } };
  if (!draft || draft.xml === null) return loaded.createInstance(config).root;
  const data = new FormData();
  data.set(XML, new File([draftWithChecks(draft.xml, xform, checks)], XML, { type: "text/xml" }));
  const taken = photos.map((photo) => new File([photo.blob], photo.name, { type: typeOf(photo.name) }));
  for (const file of taken) data.set(file.name, file);
  const input = { data: [data] } as unknown as Parameters<typeof loaded.restoreInstance>[0];
  const instance: AnyFormInstance = await loaded.restoreInstance(input, config);
  giveBackPhotos(instance.root, taken);
  return instance.root;
}

function keepName(meta: { readonly basename: string; readonly extension: string | null }): string {
  return `${meta.basename}${meta.extension ?? ""}`;
}

/**
 * A restored instance names its photos but leaves the files out; each is set once more. It also
 * goes on naming a photo that was removed: only what the draft still has is given back.
 */
function giveBackPhotos(root: RootNode, files: File[]): void {
  for (const node of leaves(root)) {
    if (node.nodeType !== "upload") continue;
    const upload = node as UploadNode;
    const file = files.find((each) => each.name === upload.currentState.instanceValue);
    if (file) upload.setValue(file);
  }
}

/** What the app knows itself, for the rules of a form that speak of it. It is never asked. */
export function setContext(root: RootNode, known: Record<string, string | null>): void {
  const context = childrenOf(root).find((node) => nameOf(node) === CONTEXT);
  for (const leaf of context ? leaves(context) : []) {
    const value = known[nameOf(leaf)];
    if (leaf.nodeType === "input" && value) (leaf as InputNode<"string">).setValue(value);
  }
}

/** Show the form in the app's language, where it has it. */
export function speak(root: RootNode, language: string): void {
  const found = root.languages.find((each) => each.language.toLowerCase().includes(`(${language})`));
  if (found && !found.isSyntheticDefault && found.language !== root.currentState.activeLanguage.language) {
    root.setLanguage(found);
  }
}
