// The changes of open forms on their way into the store, and what a closing page leaves behind.
import { signal } from "@preact/signals";
import { get } from "./database.ts";
import { keepDraft } from "./drafts.ts";
import type { Draft } from "./nouns.ts";

/** Why the newest change is not on the phone: no room, or finished in another window. */
export type Unkept = "no room" | "finished";

/** A draft as it is now, and the photos that were removed since it was last stored. */
interface Change {
  draft: Draft;
  removed: string[];
}

const LEFT = "indelible-left-";
/** The newest state of each draft that is not known to be stored. */
const unstored = new Map<string, Change>();

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
    this.writing = this.write(draft.id);
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
  localStorage.removeItem(LEFT + id);
}

/** No write of the store outlives its page: what is not stored goes where it is written at once. */
export function leaveBehind(): void {
  for (const [id, change] of unstored) localStorage.setItem(LEFT + id, JSON.stringify(change));
}

/** Store what a closed page left behind, unless something newer was stored since. */
export async function takeUp(): Promise<void> {
  for (const place of Object.keys(localStorage).filter((each) => each.startsWith(LEFT))) {
    const { draft, removed } = JSON.parse(localStorage.getItem(place)!) as Change;
    const stored = await get<Draft>("drafts", draft.id);
    if (stored && stored.savedAt < draft.savedAt) await keepDraft(draft, removed);
    localStorage.removeItem(place);
  }
}
