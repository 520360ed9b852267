import { Refusal } from '../../shared/core/refusals'

/** No form of ours is deeper; a parser's stack, or a rule's, is. */
const DEPTH_MAX = 12
/** A spreadsheet comes as one long text, a phone's queue as some hundred objects. */
const NODES_MAX = 20_000
const POLLUTING = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * What came over the wire is plain: not deep, not endless, no key that reaches a prototype, no NUL (PostgreSQL has no text
 * with one) and no half of a character.
 *
 * @throws Refusal BAD_JSON
 */
export function refuseOdd(value: unknown): void {
  let nodes = 0
  const look = (one: unknown, depth: number): void => {
    nodes += 1
    if (depth > DEPTH_MAX || nodes > NODES_MAX) throw new Refusal('BAD_JSON')
    if (typeof one === 'string') {
      if (isOdd(one)) throw new Refusal('BAD_JSON')
    } else if (typeof one === 'object' && one !== null) {
      for (const key of Object.keys(one)) {
        if (POLLUTING.has(key) || isOdd(key)) throw new Refusal('BAD_JSON')
        look((one as Record<string, unknown>)[key], depth + 1)
      }
    }
  }
  look(value, 0)
}

function isOdd(text: string): boolean {
  return text.includes('\0') || !isWhole(text)
}

const LONE_HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Halves of characters are rare: most texts have none of their codes at all. */
function isWhole(text: string): boolean {
  return !LONE_HALF.test(text)
}
