import type { z } from 'zod'
import { canonicalJson } from '../../shared/core/canonical'
import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import { maskName } from '../../shared/person/rules'
import { fulfilBody, mealBody, type QueueEvent, type uploadInput } from '../../shared/queue/input'
import { type QueueKind, whyNotFollows } from '../../shared/queue/rules'
import type { EventAnswer, UploadView } from '../../shared/queue/view'
import { fulfilSentence } from '../../shared/redemption/rules'
import type { Actor } from '../core/actor'
import { insertRows, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, transact } from '../core/db'
import { readInput } from '../core/input'
import { hashOf } from '../core/once'
import { openPersons } from '../person/vault'
import { fulfil } from '../redemption/fulfil'
import { serveMeal } from '../redemption/meal'
import { findByCode } from '../redemption/queries'

type Parts = { db: Db; keys: Keys; actor: Actor; at: Date }
type Done = { subjectId: string; title: string; sentence: string }
type Row = RowOf<'QueueEvent'>

/**
 * Takes what a phone did on its own, in order. An event is judged once and its answer kept: uploaded again it gets the first
 * one, however often and in whatever state the phone is. What doesn't follow the chain is answered with how far it goes.
 */
export async function uploadEvents(
  parts: Parts,
  { chainId, events }: z.infer<typeof uploadInput>,
): Promise<UploadView> {
  const { db, actor } = parts
  const answers: EventAnswer[] = []
  let last = await findLast(db, chainId)
  if (last !== null && last.personId !== actor.personId) throw new Refusal('QUEUE_FOREIGN')
  for (const event of [...events].sort((one, other) => one.seq - other.seq)) {
    const known = await db.queueEvent.findUnique({ where: { id: event.id } })
    if (known !== null) {
      answers.push(
        known.personId === actor.personId && isSame(known, event)
          ? answerOf(known)
          : odd(event, parts.at, 'QUEUE_REPLAY'),
      )
      continue
    }
    const whyNot = whyNotFollows(event, last)
    if (whyNot !== null) {
      answers.push(odd(event, parts.at, whyNot))
      continue
    }
    const row = await judge(parts, chainId, event, last)
    answers.push(answerOf(row))
    last = row
  }
  return { answers, last: last === null ? null : { id: last.id, seq: last.seq } }
}

function findLast(db: Db, chainId: string): Promise<Row | null> {
  return db.queueEvent.findFirst({ where: { chainId }, orderBy: { seq: 'desc' } })
}

/** The verb first, under the event's own id; then its answer. Broken off between the two, the verb answers the same again. */
async function judge(parts: Parts, chainId: string, event: QueueEvent, last: Row | null): Promise<Row> {
  const outcome = await outcomeOf(parts, event)
  const { id, kind, seq, previousId, wallAt, monotonicMs, body } = event
  const row = {
    ...{ id, chainId, seq, previousId, kind, monotonicMs, personId: parts.actor.personId },
    deviceId: parts.actor.deviceId,
    body: canonicalJson(body),
    wallAt: new Date(wallAt),
    receivedAt: parts.at,
    ...outcome,
    hash: hashOf({ before: last?.hash ?? '', event }),
  }
  await transact(parts.db, (tx) => insertRows(tx, 'queue_event', [row]))
  // of the same event twice at once the first row stays
  const kept = await parts.db.queueEvent.findUnique({ where: { id } })
  if (kept === null) throw new Refusal('BUSY')
  return kept
}

async function outcomeOf(parts: Parts, event: QueueEvent) {
  try {
    const { subjectId, title, sentence } = await DOERS[event.kind](parts, event)
    return { outcome: 'done', code: null, subjectId, title, sentence }
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500 || error.status === 429) throw error
    const { subjectId = null, title = '', sentence = error.sentence } = error.detail as Partial<Done>
    return { outcome: 'conflict', code: error.code, subjectId, title, sentence }
  }
}

const DOERS: Record<QueueKind, (parts: Parts, event: QueueEvent) => Promise<Done>> = {
  async fulfil({ db, keys, actor, at }, { id, body }) {
    const { pointId, code } = readInput(fulfilBody, body)
    const redemption = await findByCode(db, code)
    if (redemption === null) throw new Refusal('REDEMPTION_CODE')
    const title = await titleOf(db, keys, redemption)
    try {
      await fulfil(db, actor, redemption.id, { id, pointId }, at)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const point = await db.redemptionPoint.findUnique({ where: { id: redemption.pointId } })
      const { resolvedAt } = await db.redemption.findUniqueOrThrow({ where: { id: redemption.id } })
      const sentence = fulfilSentence(error.code, { resolvedAt, pointName: point?.name ?? '' }) ?? error.sentence
      throw new Refusal(error.code, { subjectId: redemption.id, title, sentence })
    }
    return { subjectId: redemption.id, title, sentence: '交给他了' }
  },
  async meal({ db, keys, actor, at }, { id, body, wallAt }) {
    const input = readInput(mealBody, body)
    await serveMeal(db, { keys, actor, input: { id, ...input, servedAt: new Date(wallAt) }, at })
    const redemption = await db.redemption.findUniqueOrThrow({ where: { id } })
    return { subjectId: id, title: await titleOf(db, keys, redemption), sentence: '记下了' }
  },
}

/** "王*英 午餐" */
async function titleOf(db: Db, keys: Keys, { personId, productId }: { personId: string; productId: string }) {
  const [persons, product] = await Promise.all([
    openPersons(db, keys, [personId]),
    db.product.findUnique({ where: { id: productId }, select: { name: true } }),
  ])
  return `${maskName(persons.get(personId)?.name ?? '')} ${product?.name ?? ''}`
}

function isSame(row: Row, event: QueueEvent): boolean {
  return row.seq === event.seq && row.kind === event.kind && row.body === canonicalJson(event.body)
}

function answerOf(row: Row): EventAnswer {
  const { id, outcome, code, sentence, title, receivedAt } = row
  return { id, outcome: outcome as EventAnswer['outcome'], code, sentence, title, at: receivedAt.toISOString() }
}

function odd({ id }: QueueEvent, at: Date, code: RefusalCode): EventAnswer {
  const outcome = code === 'QUEUE_GAP' ? ('gap' as const) : ('conflict' as const)
  return { id, outcome, code, sentence: REFUSALS[code][1], title: '', at: at.toISOString() }
}
