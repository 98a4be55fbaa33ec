// A draft is open in one window at a time (Web Locks): two would overwrite what the other one wrote.

/** The draft is open in another window. */
export class OpenElsewhere extends Error {}

/** Milliseconds until a window that is just closing, or was just told to stop, has let go. */
const CLOSING = 300;
const pause = () => new Promise((done) => setTimeout(done, CLOSING));

/** Hold a draft until what comes is called. Throws OpenElsewhere; `lost` where another window takes it. */
export async function hold(id: string, steal: boolean, lost: () => void): Promise<() => void> {
  if (steal) {
    const release = await request(id, { steal: true }, lost);
    // What the other window is just storing comes first.
    await pause();
    return release!;
  }
  const release = (await request(id, { ifAvailable: true }, lost)) ?? (await pause().then(() => request(id, { ifAvailable: true }, lost)));
  if (!release) throw new OpenElsewhere();
  return release;
}

function request(id: string, options: LockOptions, lost: () => void): Promise<(() => void) | null> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return Promise.resolve(() => undefined);
  return new Promise((resolve) => {
    const holding = (lock: Lock | null) => (lock ? new Promise<void>((release) => resolve(release)) : resolve(null));
    locks.request(`indelible-draft-${id}`, options, holding).catch(lost);
  });
}
