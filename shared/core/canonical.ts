/** What is hashed for good: text and nothing but text. Numbers are decimal strings, so that no two serialisers can disagree. */
export type Canonical = string | null | readonly Canonical[] | { readonly [name: string]: Canonical }

/** RFC 8785 (JCS) of a value without numbers: names sorted by UTF-16 code units, no spaces, ECMAScript's own escapes. */
export function canonicalJson(value: Canonical): string {
  if (value === null || typeof value === 'string') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  let text = ''
  for (const name of Object.keys(value).sort())
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`
  return `{${text}}`
}

/**
 * The text whose SHA-256 stands for a value in a leaf. Without the salt nobody can try values out: when it is erased, what
 * the commitment stood for is gone. `printf '%s' "$salt:$field:$value" | sha256sum` makes the same.
 *
 * @param salt hexadecimal
 */
export function commitmentText(salt: string, field: string, value: string): string {
  return `${salt}:${field}:${value}`
}

const isList = (value: Canonical): value is readonly Canonical[] => Array.isArray(value)
