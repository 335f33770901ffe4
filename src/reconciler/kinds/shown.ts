import { isSecretPath, withoutSecrets } from "../../model/secrets.ts";

/** A value in an error message: short, and without secrets. */
export function shown(value: unknown): string {
  const text = JSON.stringify(withoutSecrets(value)) ?? "absent";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What was given for a field, as the end of a sentence; never a secret's text. */
export function givenAt(path: string, value: unknown): string {
  return isSecretPath(path) ? "its text is not shown" : `was ${shown(value)}`;
}
