import { dayOf } from '../../../shared/core/time'
import { now } from '../core/clock'
import { createStore, useStore } from '../core/store'
import { type Item, isConflict, useItems } from './queue'

/** What this phone knows of visits without asking: begun here and not ended, and which ends it has kept. */
export interface KeptVisits {
  /** begun on this phone today and not ended on it */
  running: Item | null
  /** whether the end of this visit is kept here */
  hasEnd: (visitId: string) => boolean
}

export function useKeptVisits(): KeptVisits {
  const items = useItems()
  const endedOnline = useStore(ended)
  const kept = items.filter((item) => item.event.kind === 'checkOut' && !isConflict(item))
  const ends = new Set([...endedOnline, ...kept.map(visitIdOf)])
  const today = dayOf(now())
  const begun = items.find(
    (item) =>
      item.event.kind === 'checkIn' &&
      !isConflict(item) &&
      dayOf(new Date(item.event.wallAt)) === today &&
      !ends.has(item.event.id) &&
      !ends.has(item.answer?.subjectId ?? ''),
  )
  return { running: begun ?? null, hasEnd: (visitId) => ends.has(visitId) }
}

/** What was ended over the network has no event here: without this the phone would take it for running. */
const ENDED_KEPT = 20
const ended = createStore<string[]>('mulin.keep.ended', [], (stored) =>
  Array.isArray(stored) ? (stored as string[]) : null,
)

export function markEnded(visitId: string): void {
  ended.set([...ended.get(), visitId].slice(-ENDED_KEPT))
}

const visitIdOf = ({ event }: Item): string => event.body.visitId ?? ''
