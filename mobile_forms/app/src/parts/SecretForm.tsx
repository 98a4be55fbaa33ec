// A form that asks for a PIN or a passphrase: its fields, why it was not taken, its button.
import type { ComponentChildren } from "preact";
import { t } from "../words.ts";

interface Props {
  /** The words of its button. */
  word: string;
  submit: () => void;
  /** Why what was typed was not taken; empty where it was, or nothing was typed yet. */
  said: string;
  busy?: boolean;
  children: ComponentChildren;
  /** What else can be done, behind the button. */
  besides?: ComponentChildren;
}

export function SecretForm({ word, submit, said, busy = false, children, besides }: Props) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
      {said && (
        <p class="check" role="alert">
          {said}
        </p>
      )}
      <button class="btn main" disabled={busy}>
        {busy ? t("One moment") : word}
      </button>
      {besides}
    </form>
  );
}
