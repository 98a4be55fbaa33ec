// One of several, as a question of a form has it.

interface Choices {
  legend: string;
  options: (readonly [string, string])[];
  chosen: string;
  choose: (value: string) => void;
  foreign?: boolean;
}

/** `foreign`: each word is in its own language. */
export function Choice({ legend, options, chosen, choose, foreign = false }: Choices) {
  return (
    <fieldset class="plain">
      <legend>{legend}</legend>
      {options.map(([value, word]) => (
        <label class={`opt ${chosen === value ? "on" : ""}`} key={value}>
          <input class="sr" type="radio" name={legend} checked={chosen === value} onChange={() => choose(value)} />
          <span class="o" />
          <span lang={foreign ? value : undefined}>{word}</span>
        </label>
      ))}
    </fieldset>
  );
}
