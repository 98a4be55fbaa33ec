// Opening a form with ODK's engine, new or from a draft.
import { loadForm, type AnyFormInstance, type AnyNode, type RootNode, type UploadNode } from "@getodk/xforms-engine";
import type { Draft, Photo } from "../store/nouns.ts";

/** The engine's exact version; a draft remembers the one it was written with. */
export const ENGINE = "0.22.0";
const XML = "xml_submission_file";

export async function openForm(xform: string, draft: Draft, photos: Photo[]): Promise<RootNode> {
  const loaded = await loadForm(xform);
  if (loaded.status !== "success" && loaded.status !== "warning") {
    throw new Error("error" in loaded ? String(loaded.error) : "the form cannot be read");
  }
  const config = { instanceAttachments: { fileNameFactory: keepName } };
  if (draft.xml === null) return loaded.createInstance(config).root;
  const data = new FormData();
  data.set(XML, new File([draft.xml], XML, { type: "text/xml" }));
  const files = photos.map((photo) => new File([photo.blob], photo.name, { type: "image/jpeg" }));
  for (const file of files) data.set(file.name, file);
  const input = { data: [data] } as unknown as Parameters<typeof loaded.restoreInstance>[0];
  const instance: AnyFormInstance = await loaded.restoreInstance(input, config);
  giveBackPhotos(instance.root, draft, files);
  return instance.root;
}

function keepName(meta: { readonly basename: string; readonly extension: string | null }): string {
  return `${meta.basename}${meta.extension ?? ""}`;
}

/** A restored instance names its photos but leaves the files out; each is set once more. */
function giveBackPhotos(root: RootNode, draft: Draft, files: File[]): void {
  for (const node of leaves(root)) {
    if (node.nodeType !== "upload") continue;
    const named = draft.photos.find((each) => each.reference === node.currentState.reference);
    const file = files.find((each) => each.name === named?.name);
    if (file) (node as UploadNode).setValue(file);
  }
}

/** Every leaf below a node, in order. */
export function* leaves(node: { currentState: { children: readonly unknown[] | null } }): Generator<AnyNode> {
  for (const child of (node.currentState.children ?? []) as AnyNode[]) {
    if (child.currentState.children) yield* leaves(child);
    else yield child;
  }
}

/** Show the form in the app's language, where it has it. */
export function speak(root: RootNode, language: string): void {
  const found = root.languages.find((each) => each.language.toLowerCase().includes(`(${language})`));
  if (found && !found.isSyntheticDefault && found.language !== root.currentState.activeLanguage.language) {
    root.setLanguage(found);
  }
}
