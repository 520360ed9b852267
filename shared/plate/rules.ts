/** What a scanned or typed text may be: our address with a token, a bare token, a plate's printed number, eight digits. */
export type ReadCode =
  | { kind: 'door' | 'card' | 'rotating' | 'redemption' | 'certificate' | 'invitation'; value: string }
  | { kind: 'token' | 'number' | 'digits'; value: string }

const KIND_OF_PATH = {
  d: 'door',
  e: 'card',
  r: 'rotating',
  x: 'redemption',
  c: 'certificate',
  i: 'invitation',
} as const
const PATH = /\/([derxci])\/([0-9A-Za-z-]{1,40})(?:[/?#]|$)/

/**
 * What a scanned or typed text claims to be, or null for what can't be a code of ours. Whether it is one, only the server's
 * key can tell; whose host is in the address doesn't matter.
 */
export function readCode(text: string): ReadCode | null {
  const code = text.normalize('NFKC').trim()
  const [, path, value] = PATH.exec(code) ?? []
  if (path !== undefined && value !== undefined) return { kind: KIND_OF_PATH[path as keyof typeof KIND_OF_PATH], value }
  if (/^[PR]1[0-9A-Za-z]{29}$/.test(code)) return { kind: 'token', value: code }
  const typed = code.replace(/[\s\-‐-―−]/g, '')
  if (/^\d{8}$/.test(typed)) return { kind: 'digits', value: typed }
  return /^[0-9A-Za-z]{12}$/.test(typed) ? { kind: 'number', value: typed.toUpperCase() } : null
}
