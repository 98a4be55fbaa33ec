// One open form: the engine's root, the photos taken, and saving every change at once.
import type { AnyNode, RootNode, UploadNode } from "@getodk/xforms-engine";
import { signal } from "@preact/signals";
import { all, get, put, remove } from "../store/database.ts";
import type { Draft, DraftPhoto, Photo } from "../store/nouns.ts";
import { checklistOf } from "../store/day.ts";
import { language } from "../words.ts";
import { answersOf, progressOf, sectionsOf } from "./answers.ts";
import { openForm, speak } from "./engine.ts";
import { prepare } from "./photo.ts";

export class FormSession {
  /** Counts up with every change, so that what is drawn is drawn again. */
  readonly changes = signal(0);
  readonly savedAt = signal<string | null>(null);
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly root: RootNode,
    public draft: Draft,
  ) {}

  static async open(id: string): Promise<FormSession> {
    const draft = await get<Draft>("drafts", id);
    if (!draft) throw new Error("no such draft");
    const checklist = await checklistOf(draft);
    if (!checklist) throw new Error("the checklist is not on this phone");
    const names = new Set(draft.photos.map((each) => each.name));
    const photos = (await all<Photo>("photos")).filter((each) => names.has(each.name));
    const root = await openForm(checklist.xform, draft, photos);
    speak(root, language.value);
    return new FormSession(root, draft);
  }

  get sections(): AnyNode[] {
    return sectionsOf(this.root).filter((section) => section.currentState.relevant);
  }

  get photos(): ReadonlyMap<string, string> {
    return new Map(this.draft.photos.map((each) => [each.reference, each.name]));
  }

  get answers() {
    return answersOf(this.root, this.photos);
  }

  get progress(): [number, number] {
    return progressOf(this.sections, this.photos);
  }

  /** Make a change in the engine, then keep it. */
  change(make: () => unknown): void {
    make();
    this.changes.value += 1;
    this.save();
  }

  goTo(section: number): void {
    this.draft = { ...this.draft, section };
    this.changes.value += 1;
    this.save();
  }

  async takePhoto(node: UploadNode, file: File): Promise<void> {
    const small = await prepare(file);
    const photo: Photo = { name: small.name, blob: small, report: null };
    await put("photos", small.name, photo);
    await this.setPhoto(node, { reference: node.currentState.reference, name: small.name });
    this.change(() => node.setValue(small));
  }

  async dropPhoto(node: UploadNode): Promise<void> {
    await this.setPhoto(node, null);
    this.change(() => node.setValue(null));
  }

  private async setPhoto(node: UploadNode, photo: DraftPhoto | null): Promise<void> {
    const reference = node.currentState.reference;
    const old = this.draft.photos.find((each) => each.reference === reference);
    const rest = this.draft.photos.filter((each) => each.reference !== reference);
    this.draft = { ...this.draft, photos: photo ? [...rest, photo] : rest };
    if (old && old.name !== photo?.name) await remove("photos", old.name);
  }

  /** Writes follow each other, so that an older state never replaces a newer one. */
  private save(): void {
    const [answered, asked] = this.progress;
    const at = new Date().toISOString();
    this.draft = { ...this.draft, xml: this.root.instanceState.instanceXML, answered, asked, savedAt: at };
    const draft = this.draft;
    this.writing = this.writing
      .then(() => put("drafts", draft.id, draft))
      .then(() => {
        this.savedAt.value = at;
      });
  }

  /** Wait until what was changed is kept. */
  settled(): Promise<void> {
    return this.writing;
  }
}
