import { Refusal, type RefusalCode, type RefusalDetail } from '../../shared/core/refusals'
import { type Settled, settled } from '../core/batch'

/** What became of one item of a list: a refusal refuses its own item only. */
export type Outcome = { id: string; refusal: Refusal | null }

export function done(id: string): Outcome {
  return { id, refusal: null }
}

export function refused(id: string, code: RefusalCode, detail?: RefusalDetail): Outcome {
  return { id, refusal: new Refusal(code, detail) }
}

/** The last moment of a list: when its commit is recorded. */
export function latest(items: readonly { at: Date }[]): Date {
  return new Date(Math.max(...items.map(({ at }) => at.getTime())))
}

/** What whoever asked for one item is told. */
export function settlementOf({ id, refusal }: Outcome): Settled<{ id: string }> {
  return refusal === null ? settled({ id }) : { answer: null, refusal }
}
