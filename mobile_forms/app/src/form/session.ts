// One open form: the engine's root, and saving every change at once.
import type { RootNode, UploadNode } from "@getodk/xforms-engine";
import { signal } from "@preact/signals";
import type { Answers } from "../report/report.ts";
import { all, get, put } from "../store/database.ts";
import { checklistOf } from "../store/drafts.ts";
import { Keeping } from "../store/keeping.ts";
import type { Draft, Me, Photo, Visit } from "../store/nouns.ts";
import { language } from "../words.ts";
import { answersOf, attachedTo, contestOf, photosOf, progressOf } from "./answers.ts";
import { openForm, setContext, speak } from "./engine.ts";
import { filesKey, type Files } from "./files.ts";
import { carriedOver, chooseContest, fill } from "./fill.ts";
import type { Lists } from "./lists.ts";
import { prepare } from "./photo.ts";
import { isOpen, numbersOf, sectionsOf, type Section } from "./tree.ts";

export class FormSession {
  /** Counts up with every change, so that what is drawn is drawn again. */
  readonly changes = signal(0);
  readonly keeping = new Keeping();
  /** Photos that are being made small. */
  private readonly preparing = signal(0);
  readonly numbers: ReadonlyMap<string, number>;
  /** The question to bring into view when the form is shown next. */
  wanted: string | null = null;
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
    if (draft.xml === null) beginWith(root, draft);
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
    const before = this.draft.corrects?.answers;
    return { ...(before ? (carriedOver(this.root, before) as Answers) : {}), ...answersOf(this.root) };
  }

  /** The contest that a protocol is of, where the station votes in several. */
  get contest(): string | null {
    return contestOf(this.root);
  }

  get photos(): string[] {
    return photosOf(this.root);
  }

  get progress(): [number, number] {
    return progressOf(this.sections);
  }

  /** Whether something is on the screen that is not stored yet. */
  get saving(): boolean {
    return this.keeping.saving.value || this.preparing.value > 0;
  }

  /** Make a change in the engine, then keep it. */
  change(make: () => unknown): void {
    make();
    this.draft = { ...this.draft, untouched: false };
    this.changes.value += 1;
    this.save();
  }

  goTo(section: number): void {
    this.draft = { ...this.draft, section };
    this.changes.value += 1;
    this.save();
  }

  async takePhoto(node: UploadNode, file: File): Promise<void> {
    this.preparing.value += 1;
    try {
      const small = await prepare(file);
      if (this.keeps) await this.keepPhoto(small);
      this.change(() => node.setValue(small));
    } finally {
      this.preparing.value -= 1;
    }
  }

  /** A removal of the same picture that is still being stored comes first. */
  private async keepPhoto(small: File): Promise<void> {
    await this.settled();
    const photo: Photo = { name: small.name, blob: small, report: null };
    if (!(await get("photos", small.name))) await put("photos", small.name, photo);
  }

  dropPhoto(node: UploadNode): void {
    this.change(() => node.setValue(null));
  }

  /** Take the form as it is now to the store, at once. */
  private save(): void {
    if (!this.keeps) return;
    const [answered, asked] = this.progress;
    const photos = attachedTo(this.root);
    const removed = this.draft.photos.filter((name) => !photos.includes(name));
    const savedAt = new Date().toISOString();
    if (this.contest) this.draft = { ...this.draft, contest: this.contest };
    this.draft = { ...this.draft, xml: this.root.instanceState.instanceXML, photos, answered, asked, savedAt };
    this.keeping.keep(this.draft, removed);
  }

  /** Wait until what was changed is kept, or is known not to be. */
  settled(): Promise<void> {
    return this.keeping.settled();
  }
}

/** What a new form begins with: what it corrects, or the contest that it was begun for. */
function beginWith(root: RootNode, { contest, corrects }: Draft): void {
  const { contest: sent } = corrects?.envelope ?? {};
  if (corrects) fill(root, corrects.answers, typeof sent === "string" ? sent : null);
  else if (contest) chooseContest(root, contest);
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
