// What the phone holds, as it is stored.

export interface Station {
  code: string;
  name: string;
  address: string;
  area: string | null;
  registered_voters: number | null;
  lat?: number | null;
  lon?: number | null;
}

export interface Deployment {
  id: string;
  round: string;
  kind: string;
  station: Station | null;
  area: string | null;
  expected: Record<string, number>;
  /** What is voted on there; of a phone that took the plan earlier, not known. */
  contests?: { code: string; name: string }[];
  with: string[];
}

/** How an observer stands at each gate, as the server says. */
export interface Gates {
  declaration: "missing" | "pending" | "accepted" | "refused";
  pledge: "missing" | "outdated" | "signed";
  identity: string;
  briefing: string;
  accreditation: string;
}

/** A public key of the server; `public_key` in base64. */
export interface PublicKey {
  id: string;
  algorithm: string;
  public_key: string;
}

export interface Me {
  role: string;
  mission: string;
  pseudonym: string | null;
  mission_title: string;
  organisation: string | null;
  pledged_at: string | null;
  gates?: Gates | null;
  accreditation?: { state: string; number: string; issuer: string } | null;
  /** To which key an outbox is sealed, and by which one receipts are signed. */
  keys?: { outbox: PublicKey; receipts: PublicKey };
  /** When the answers of sent reports leave the phone, whether it asks for a passphrase, and is to wipe itself. */
  phone?: { forget_hours: number; passphrase?: boolean; wipe: boolean };
  /** The observer's own coordinator; empty where none is known. */
  coordinator_telephone?: string;
  round: { code: string; name: string } | null;
}

export interface Checklist {
  name: string;
  version: string;
  title: Record<string, string>;
  stage: string;
  /** Of what one report counts: a visit, an observation, a contest. */
  per?: string;
  sha256: string;
  xform: string;
  /** The lists of the mission that it chooses from, by file name. */
  lists: string[];
  /** The pictures and lists of the form's own. */
  files?: { name: string; size: number }[];
  /** What the figures must agree in; of a form that was taken earlier, not known. */
  checks?: Check[];
}

/** A rule that several answers keep, as an expression that is true where they do not. */
export interface Check {
  name: string;
  flag_when: string;
  explanation: Record<string, string>;
  inputs: string[];
  difference: string | null;
  /** How far they may be apart. */
  tolerance: number;
}

/** One team at one place, from arrival to departure. */
export interface Visit {
  id: string;
  deployment: string;
  /** The round of its arrival: its reports are of this round, whenever they are finished. */
  round?: string;
  station: string;
  arrivedAt: string;
  departedAt: string | null;
  position: { lat: number; lon: number; accuracy_m: number } | null;
}

/** A report that is being written. It remembers the form's version and the engine's. */
export interface Draft {
  id: string;
  mission: string;
  checklist: string;
  version: string;
  engine: string;
  station: Station;
  deployment: Deployment;
  visit: string;
  xml: string | null;
  photos: string[];
  section: number;
  answered: number;
  asked: number;
  savedAt: string;
  /** Figures as they were typed the second time, by the path of their question. */
  again?: Record<string, string>;
  /** Opened, and nothing changed in it yet: no draft to the observer. */
  untouched?: boolean;
  /** The contest that it was begun for, where the station votes in several. */
  contest?: string;
  /** Of what happened before any arrival: when and where the phone was. */
  noticed?: { at: string; position: Visit["position"] };
  /** What it corrects, if it is a correction. */
  corrects?: Corrected;
}

/** What was sent, as a correction begins from it. */
export interface Corrected {
  /** The report: the id of its first version. */
  report: string;
  /** The version that was the newest when the correction was begun. */
  replaces: string;
  envelope: Record<string, unknown>;
  answers: Record<string, unknown>;
  reason: string;
  /** What was said was not taken by the server: it may be sent as it is. */
  untaken?: boolean;
}

/** A finished report: `body` is what is sent, unchanged, until a receipt names its hash. */
export interface Waiting {
  id: string;
  mission: string;
  round: string;
  body: string;
  sha256: string;
  checklist: string;
  station: string;
  finalisedAt: string;
  photos: string[];
  /** The server's own words where it did not take it, and the code of its reason. */
  refused: string | null;
  code?: string;
  /** Refused, and to be tried once more. */
  again?: boolean;
  /** Of a correction: the id of the report's first version. */
  corrects?: string;
}

export interface Receipt {
  id: string;
  sha256: string;
  received_at: string;
  sequence: number;
  signature: string;
}

export interface Kept {
  receipt: Receipt;
  status: number;
  reasons: { field: string; message: string }[];
  round: string;
  checklist: string;
  station: string;
  finalisedAt: string;
  /** The bytes that were sent, while the phone keeps them. */
  body?: string;
  corrects?: string;
  /** Known from the server alone; never stored. */
  elsewhere?: boolean;
}

/** What became of a report at the desk. */
export interface Outcome {
  id: string;
  /** Versions that were sent after the first, oldest first. */
  ids: string[];
  checklist: string;
  round: string | null;
  contest: string | null;
  received_at: string;
  status: string;
  version: number;
  station: string | null;
  acts: { act: "asked" | "corrected" | "placed" | "accepted" | "decided"; at: string }[];
}

export interface Photo {
  name: string;
  blob: Blob;
  report: string | null;
  /** Why the server does not take it. */
  refused?: string | null;
}

/** What was last saved to a file of the outbox. */
export interface SavedFile {
  at: string;
  reports: string[];
  photos: string[];
}

/** A question of the desk about a report of mine. */
export interface Task {
  id: string;
  report: string;
  checklist: string;
  title: Record<string, string>;
  station: string | null;
  station_name: string;
  received_at: string;
  version: number;
  question: { name: string; number: number | null; label: Record<string, string> } | null;
  sent: { value: unknown; label: Record<string, string> } | null;
  text: string;
  by: string | null;
  asked_at: string;
  seen_at: string | null;
}

/** A message of the desk, a call for safety, or that an area was closed. */
export interface Message {
  id: string;
  kind: "message" | "safety" | "area_closed";
  text: string;
  about: { area: string; area_name: string; begins_on: string; ends_on?: string } | null;
  sent_at: string;
  seen_at: string | null;
  answer: "safe" | "help" | null;
  answered_at: string | null;
}

/** What the observer says to the desk, until it has arrived there. The newest of a path stands. */
export interface Reply {
  id: string;
  mission: string;
  path: string;
  body: Record<string, unknown>;
  at: string;
}
