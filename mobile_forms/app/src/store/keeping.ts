// The changes of open forms on their way into the store, and what a closing page leaves behind.
import { signal } from "@preact/signals";
import { get } from "./database.ts";
import { keepDraft } from "./drafts.ts";
import { forgetLeft, leave, readLeft } from "./left.ts";
import type { Draft } from "./nouns.ts";

/** Why the newest change is not on the phone: no room, or finished in another window. */
export type Unkept = "no room" | "finished";

/** A draft as it is now, and the photos that were removed since it was last stored. */
interface Change {
  draft: Draft;
  removed: string[];
}

/** The newest state of each draft that is not known to be stored. */
const unstored = new Map<string, Change>();
/** The writes that are under way. */
const writing = new Set<Promise<void>>();

/** Stores the newest state of one draft: one write at a time, and none of a state overtaken. */
export class Keeping {
  readonly saving = signal(false);
  readonly savedAt = signal<string | null>(null);
  readonly unkept = signal<Unkept | null>(null);
  private writing: Promise<void> = Promise.resolve();

  keep(draft: Draft, removed: string[]): void {
    const before = unstored.get(draft.id)?.removed ?? [];
    const gone = [...before, ...removed].filter((name) => !draft.photos.includes(name));
    unstored.set(draft.id, { draft, removed: gone });
    if (this.saving.value) return;
    this.saving.value = true;
    const writes = this.write(draft.id);
    this.writing = writes;
    writing.add(writes);
    void writes.finally(() => writing.delete(writes));
  }

  /** Wait until what was changed is kept, or is known not to be. */
  settled(): Promise<void> {
    return this.writing;
  }

  private async write(id: string): Promise<void> {
    for (let change = unstored.get(id), last: Change | undefined; change && change !== last; change = unstored.get(id)) {
      last = change;
      this.unkept.value = await outcomeOf(change);
      if (this.unkept.value === null) this.savedAt.value = change.draft.savedAt;
      if (this.unkept.value !== "no room" && unstored.get(id) === change) forget(id);
    }
    this.saving.value = false;
  }
}

const outcomeOf = ({ draft, removed }: Change): Promise<Unkept | null> =>
  keepDraft(draft, removed).then(
    (kept) => (kept ? null : "finished"),
    () => "no room",
  );

function forget(id: string): void {
  unstored.delete(id);
  forgetLeft(id);
}

/** No write of the store outlives its page: what is not stored goes where it is written at once. */
export function leaveBehind(): void {
  for (const [id, change] of unstored) leave(id, JSON.stringify(change));
}

/** Before the phone locks: wait for what is being stored, and let go of what is stored or left behind. */
export async function allKept(): Promise<void> {
  await Promise.all(writing);
  for (const [id, change] of unstored) if (leave(id, JSON.stringify(change))) unstored.delete(id);
}

/** Store what a closed page left behind, and what could not be stored, unless something newer was stored since. */
export async function takeUp(): Promise<void> {
  for (const [id, text] of await readLeft()) {
    const change = read(text);
    if (change) await storeNewer(change);
    forgetLeft(id);
  }
  for (const [id, change] of [...unstored]) if (await storeNewer(change)) unstored.delete(id);
}

async function storeNewer({ draft, removed }: Change): Promise<boolean> {
  const stored = await get<Draft>("drafts", draft.id);
  if (stored && stored.savedAt < draft.savedAt) await keepDraft(draft, removed);
  return true;
}

/** What somebody changed in the phone's storage is no change of a draft; the app opens all the same. */
function read(text: string): Change | null {
  try {
    const said = JSON.parse(text) as Partial<Change>;
    return said.draft?.id && Array.isArray(said.removed) ? { draft: said.draft, removed: said.removed } : null;
  } catch {
    return null;
  }
}
