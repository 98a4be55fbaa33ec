// One open form: the engine's root, and saving every change at once.
import type { AnyNode, RootNode, UploadNode } from "@getodk/xforms-engine";
import { signal } from "@preact/signals";
import type { Answers } from "../report/report.ts";
import { all, get, put } from "../store/database.ts";
import { checklistOf } from "../store/drafts.ts";
import { Keeping } from "../store/keeping.ts";
import type { Checklist, Draft, Me, Photo, Visit } from "../store/nouns.ts";
import { language } from "../words.ts";
import { answerOf, answersOf, attachedTo, contestOf, filesOf, photosOf, progressOf } from "./answers.ts";
import { isPicture, named, type Medium } from "./attached.ts";
import { notHeld } from "./checks.ts";
import { openForm, setContext, speak } from "./engine.ts";
import { SecondTyping } from "./figures.ts";
import { filesKey, type Files } from "./files.ts";
import { carriedOver, chooseContest, fill } from "./fill.ts";
import type { Lists } from "./lists.ts";
import { unmetWords } from "./missing.ts";
import { prepare } from "./photo.ts";
import { isAsked, isOpen, leaves, nameOf, numbersOf, sectionsOf, type Section } from "./tree.ts";

/** It was finished, or deleted. */
export class Gone extends Error {
  override name = "Gone";
}

export class FormSession {
  /** Counts up with every change, so that what is drawn is drawn again. */
  readonly changes = signal(0);
  readonly keeping = new Keeping();
  /** Photos that are being made small. */
  private readonly preparing = signal(0);
  /** What was typed a second time. */
  readonly second: SecondTyping;
  /** Questions that were left while something was missing: it is said there. */
  readonly marked = new Set<string>();
  /** The question that was gone to, and whether it was gone to from the end of the form. */
  sought: string | null = null;
  fromTheEnd = false;
  private keeps = true;
  private counted: { at: number; numbers: ReadonlyMap<string, number> } | undefined;

  private constructor(
    readonly root: RootNode,
    public draft: Draft,
    readonly files: Files,
    private readonly checklist: Pick<Checklist, "stage" | "checks"> = { stage: "" },
  ) {
    this.second = new SecondTyping(root, checklist.stage, draft.xml === null ? null : (draft.again ?? {}));
  }

  static async open(id: string): Promise<FormSession> {
    const draft = await get<Draft>("drafts", id);
    if (!draft) throw new Gone();
    const checklist = await checklistOf(draft);
    if (!checklist) throw new Error("the checklist is not on this phone");
    const photos = (await all<Photo>("photos")).filter((each) => draft.photos.includes(each.name));
    const lists = (await get<Lists>("self", "lists")) ?? {};
    const files = (await get<Files>("self", filesKey(checklist))) ?? {};
    const root = await openForm(checklist.xform, lists, files, draft, photos, checklist.checks);
    const [me, visit] = await Promise.all([get<Me>("self", "me"), get<Visit>("visits", draft.visit)]);
    setContext(root, contextOf(draft, me, visit));
    if (draft.xml === null) beginWith(root, draft);
    speak(root, language.value);
    const session = new FormSession(root, draft, files, checklist);
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

  /** Another window goes on with it: nothing more is stored from here. */
  letGo(): void {
    this.keeps = false;
  }

  /** Each question's number now, by node. */
  get numbers(): ReadonlyMap<string, number> {
    if (this.counted?.at !== this.changes.value) this.counted = { at: this.changes.value, numbers: numbersOf(this.root) };
    return this.counted.numbers;
  }

  /** What is to be checked at a question: the checks that do not hold and whose last figure it is. */
  notHeldAt(node: AnyNode): string[] {
    return notHeld(this.root, this.checklist.checks ?? []).flatMap(({ check, difference }) => {
      const figures = [...leaves(this.root)].filter((each) => check.inputs.includes(nameOf(each)) && isAsked(each));
      return figures.at(-1) === node ? [unmetWords(check.explanation, difference, figures)] : [];
    });
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

  /** The files that go after the report. */
  get attached(): File[] {
    return filesOf(this.root);
  }

  get progress(): [number, number] {
    return this.progressIn(this.sections);
  }

  progressIn(sections: Section[]): [number, number] {
    return progressOf(sections, (node) => answerOf(node) !== null || this.carried(node) !== null);
  }

  /** A file that was sent before, and stays with the report while no other is taken. */
  carried(node: AnyNode): string | null {
    const said = this.draft.corrects?.answers[nameOf(node)];
    return node.nodeType === "upload" && node.currentState.value === null && typeof said === "string" ? said : null;
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

  /** Keep what was typed the second time. */
  typeAgain(node: AnyNode, text: string): void {
    this.change(() => this.second.set(node, text));
  }

  /** Go to a question, wherever it stands. */
  seek(found: { node: string; section: number }, fromTheEnd = false): void {
    this.sought = found.node;
    this.fromTheEnd = fromTheEnd;
    this.goTo(found.section);
  }

  goTo(section: number): void {
    this.draft = { ...this.draft, section };
    this.changes.value += 1;
    this.save();
  }

  /** Take a file as an answer: a photo made small, all else as it is. */
  async attach(node: UploadNode, file: File, medium: Medium): Promise<void> {
    this.preparing.value += 1;
    try {
      const taken = medium === "image" || (medium === "file" && isPicture(file)) ? await prepare(file) : await named(file);
      if (this.keeps) await this.keepPhoto(taken);
      this.change(() => node.setValue(taken));
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
    this.draft = { ...this.draft, xml: this.root.instanceState.instanceXML, again: this.second.stored(), photos, answered, asked, savedAt };
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
