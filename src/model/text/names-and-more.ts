/** `a, b and 3 more`: the first names, and how many there are besides, so that a sentence has a bound. */
export function namesAndMore(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
