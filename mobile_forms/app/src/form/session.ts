// One open form: the engine's root, and saving every change at once.
import type { RootNode, UploadNode } from "@getodk/xforms-engine";
import { signal } from "@preact/signals";
import type { Answers } from "../report/report.ts";
import { all, get, put } from "../store/database.ts";
import { checklistOf, keepDraft } from "../store/drafts.ts";
import type { Draft, Me, Photo, Visit } from "../store/nouns.ts";
import { language } from "../words.ts";
import { answersOf, attachedTo, photosOf, progressOf } from "./answers.ts";
import { openForm, setContext, speak } from "./engine.ts";
import { filesKey, type Files } from "./files.ts";
import type { Lists } from "./lists.ts";
import { prepare } from "./photo.ts";
import { isOpen, numbersOf, sectionsOf, type Section } from "./tree.ts";

/** Why the newest change is not on the phone: no room, or finished in another window. */
export type Unkept = "no room" | "finished";

export class FormSession {
  /** Counts up with every change, so that what is drawn is drawn again. */
  readonly changes = signal(0);
  readonly savedAt = signal<string | null>(null);
  readonly unkept = signal<Unkept | null>(null);
  readonly numbers: ReadonlyMap<string, number>;
  /** The question to bring into view when the form is shown next. */
  wanted: string | null = null;
  private writing: Promise<void> = Promise.resolve();
  private keeps = true;

  private constructor(
    readonly root: RootNode,
    public draft: Draft,
    readonly files: Files,
  ) {
    this.numbers = numbersOf(root);
  }

  static async open(id: string): Promise<FormSession> {
    const draft = await get<Draft>("drafts", id);
    if (!draft) throw new Error("no such draft");
    const checklist = await checklistOf(draft);
    if (!checklist) throw new Error("the checklist is not on this phone");
    const photos = (await all<Photo>("photos")).filter((each) => draft.photos.includes(each.name));
    const lists = (await get<Lists>("self", "lists")) ?? {};
    const files = (await get<Files>("self", filesKey(checklist))) ?? {};
    const root = await openForm(checklist.xform, lists, files, draft, photos);
    const [me, visit] = await Promise.all([get<Me>("self", "me"), get<Visit>("visits", draft.visit)]);
    setContext(root, contextOf(draft, me, visit));
    speak(root, language.value);
    const session = new FormSession(root, draft, files);
    if (draft.xml === null) session.save();
    return session;
  }

  /** A form that is only shown: what is answered stays in this window and goes with it. */
  static async preview(xform: string, lists: Lists, files: Files): Promise<FormSession> {
    const root = await openForm(xform, lists, files);
    speak(root, language.value);
    const session = new FormSession(root, NOBODYS, files);
    session.keeps = false;
    return session;
  }

  /** The sections that ask something now. */
  get sections(): Section[] {
    return sectionsOf(this.root).filter(isOpen);
  }

  get answers(): Answers {
    return answersOf(this.root);
  }

  get photos(): string[] {
    return photosOf(this.root);
  }

  get progress(): [number, number] {
    return progressOf(this.sections);
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
    if (!this.keeps) return this.change(() => node.setValue(small));
    const photo: Photo = { name: small.name, blob: small, report: null };
    if (!(await get("photos", small.name))) await put("photos", small.name, photo);
    this.change(() => node.setValue(small));
  }

  dropPhoto(node: UploadNode): void {
    this.change(() => node.setValue(null));
  }

  /** Writes follow each other, so that an older state never replaces a newer one. */
  private save(): void {
    if (!this.keeps) return;
    const [answered, asked] = this.progress;
    const at = new Date().toISOString();
    const photos = attachedTo(this.root);
    const dropped = this.draft.photos.filter((name) => !photos.includes(name));
    this.draft = { ...this.draft, xml: this.root.instanceState.instanceXML, photos, answered, asked, savedAt: at };
    const draft = this.draft;
    this.writing = this.writing
      .then(() => keepDraft(draft, dropped))
      .then(
        (kept) => {
          if (kept) this.savedAt.value = at;
          this.unkept.value = kept ? null : "finished";
        },
        () => {
          this.unkept.value = "no room";
        },
      );
  }

  /** Wait until what was changed is kept, or is known not to be. */
  settled(): Promise<void> {
    return this.writing;
  }
}

/** The draft of a preview: of no mission, at no place. */
const NOBODYS: Draft = {
  id: "", mission: "", checklist: "", version: "", engine: "", visit: "", xml: null, photos: [],
  station: { code: "", name: "", address: "", area: null, registered_voters: null },
  deployment: { id: "", round: "", kind: "static", station: null, area: null, expected: {}, with: [] },
  section: 0, answered: 0, asked: 0, savedAt: "",
};

function contextOf(draft: Draft, me: Me | undefined, visit: Visit | undefined): Record<string, string | null> {
  const at = visit?.position;
  return {
    station: draft.station.code,
    observer: me?.pseudonym ?? null,
    visit: draft.visit,
    arrived_at: visit?.arrivedAt ?? null,
    departed_at: visit?.departedAt ?? null,
    position: at ? `${at.lat} ${at.lon} 0 ${at.accuracy_m}` : null,
  };
}
