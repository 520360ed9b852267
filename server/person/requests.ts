import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import type { Page } from '../../shared/core/view'
import type { askDataInput, dataRequestQuery, decideDataInput, FileDataInput } from '../../shared/person/input'
import { maskName } from '../../shared/person/rules'
import type { DataRequestView } from '../../shared/person/view'
import { DEATH_PROOF_WORDS, RELATION_PROOF_WORDS, RELATIVE_WORDS, WISH_WORDS } from '../../shared/person/words'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, whyNotProved } from '../core/actor'
import type { RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Reader, Tx } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { regionsOfPath } from '../region/queries'
import { longestSetting } from '../region/settings'
import { destroyKeyOf, erase } from './erase'
import { recordsOf } from './former'
import { placeOfPerson } from './place'
import { openForPersons, openPersons, sealForPerson } from './vault'

type Row = RowOf<'DataRequest'>

/** Asks for oneself. */
export async function askForOwn(db: Db, keys: Keys, actor: Actor, input: z.infer<typeof askDataInput>, at: Date) {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'askData', input, at }, () =>
      fileRequest(tx, keys, actor, { ...input, personId: actor.personId }, at),
    ),
  )
}

/**
 * Staff write down what somebody without a phone asks for; or, once somebody died, what a relative asks for, with the papers
 * that were shown (PIPL art. 49), unless who died had arranged otherwise.
 *
 * @throws Refusal NOT_FOUND, DATA_ALIVE, DATA_WITHHELD, DATA_DEAD
 */
export async function fileForOther(db: Db, keys: Keys, actor: Actor, input: FileDataInput, at: Date) {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'fileData', input, at }, async () => {
      const { elderId, memberId, ...request } = input
      const within = inScope(actor, can('dataRequest.keep'))
      const whose =
        memberId === undefined
          ? await tx.elder.findFirst({ where: { id: elderId as string, ...within } })
          : await tx.member.findFirst({ where: { id: memberId, ...within } })
      if (whose === null) throw new Refusal('NOT_FOUND')
      const { personId } = whose
      if (request.kind === 'relative') {
        if (!(await mayHaveDied(tx, personId))) throw new Refusal('DATA_ALIVE')
        if (await isWithheld(tx, personId)) throw new Refusal('DATA_WITHHELD')
      } else if (await isDead(tx, personId)) throw new Refusal('DATA_DEAD')
      return fileRequest(tx, keys, actor, { ...request, personId }, at)
    }),
  )
}

/** One row, in the caller's transaction. */
export async function fileRequest(
  tx: Tx,
  keys: Keys,
  actor: Actor,
  {
    id,
    personId,
    kind,
    text,
    relative,
  }: Pick<FileDataInput, 'id' | 'kind' | 'text' | 'relative'> & { personId: string },
  at: Date,
): Promise<{ id: string }> {
  const regionPath = await placeOfPerson(tx, personId)
  const textSealed = await sealForPerson(tx, keys, personId, 'data_request', 'text', text)
  await tx.dataRequest.create({
    data: {
      ...{ id, personId, askedByPersonId: actor.personId, kind, textSealed, regionPath, state: 'open', askedAt: at },
      ...{ decidedByPersonId: null, decidedAt: null, answer: null },
      ...(relative === undefined
        ? {}
        : {
            ...{ wish: relative.wish, relation: relative.relation },
            relativeSealed: await sealForPerson(tx, keys, personId, 'data_request', 'relative', relative.name),
            proofs: `${relative.deathProof},${relative.relationProof}`,
          }),
    },
  })
  await logOperation(tx, actor, {
    at,
    action: 'ask',
    resource: 'dataRequest',
    resourceId: id,
    regionPath,
    after: {
      kind,
      ...(relative === undefined
        ? {}
        : { wish: relative.wish, relation: relative.relation, proofs: proofsOf(relative) }),
    },
  })
  return { id }
}

const proofsOf = ({ deathProof, relationProof }: NonNullable<FileDataInput['relative']>) => [deathProof, relationProof]

/** An elder of whom that is written down; or a helper who is one no longer: of those the paper alone says it. */
export async function mayHaveDied(db: Reader, personId: string): Promise<boolean> {
  if (await isDead(db, personId)) return true
  const elder = await db.elder.count({ where: { personId } })
  return elder === 0 && (await db.member.count({ where: { personId, state: 'ended' } })) > 0
}

/** Whether staff have written down that an elder died. */
async function isDead(db: Reader, personId: string): Promise<boolean> {
  return (await db.elderExit.count({ where: { elder: { personId }, kind: 'died' } })) > 0
}

/** Whether it was somebody's last word that relatives get nothing: said by oneself at once, written down by staff when another has agreed. */
export async function isWithheld(db: Reader, personId: string): Promise<boolean> {
  const said = await db.dataRequest.findMany({
    where: {
      personId: { in: await recordsOf(db, personId) },
      kind: { in: ['withhold', 'release'] },
      state: { not: 'refused' },
    },
    orderBy: [{ askedAt: 'asc' }, { id: 'asc' }],
  })
  const own = said.filter((one) => one.askedByPersonId === one.personId || one.state === 'done')
  return own.at(-1)?.kind === 'withhold'
}

/**
 * Answers a request, by somebody else than who wrote it down; of relatives whoever does has seen the papers too. One to erase
 * that is done erases, asked for by oneself or by a relative.
 *
 * @throws Refusal DATA_TWO_PERSONS, DATA_DECIDED, DATA_PROOF, DATA_WITHHELD, ERASE_OPEN
 */
export async function decideRequest(
  db: Db,
  actor: Actor,
  requestId: string,
  { outcome, answer, proofsSeen }: z.infer<typeof decideDataInput>,
  at: Date,
): Promise<{ id: string }> {
  const erased = await db.$transaction(async (tx) => {
    const row = await tx.dataRequest.findFirst({ where: { id: requestId, ...inScope(actor, can('dataRequest.keep')) } })
    if (row === null) throw new Refusal('NOT_FOUND')
    const isRelatives = row.kind === 'relative' && outcome === 'done'
    const erases = outcome === 'done' && (row.kind === 'erase' || row.wish === 'erase')
    if (erases && !mayOver(actor, can('dataRequest.erase'), row.regionPath)) throw new Refusal('NOT_ALLOWED')
    if (erases) refuse(whyNotProved(actor, at))
    if (row.askedByPersonId === actor.personId) throw new Refusal('DATA_TWO_PERSONS')
    if (isRelatives && proofsSeen !== true) throw new Refusal('DATA_PROOF', { field: 'proofsSeen' })
    if (isRelatives && (await isWithheld(tx, row.personId))) throw new Refusal('DATA_WITHHELD')
    const moved = await tx.dataRequest.updateMany({
      where: { id: requestId, state: 'open' },
      data: { state: outcome, answer, decidedAt: at, decidedByPersonId: actor.personId },
    })
    if (moved.count === 0) throw new Refusal('DATA_DECIDED')
    if (erases) await erase(tx, row.personId, at)
    await logOperation(tx, actor, {
      ...{ at, action: erases ? 'erase' : 'answer', resource: 'dataRequest', resourceId: requestId },
      ...{
        regionPath: row.regionPath,
        before: { state: 'open' },
        after: { state: outcome, kind: row.kind, ...relativesOf(row) },
      },
    })
    return erases ? row.personId : null
  })
  if (erased !== null) await destroyKeyOf(db, erased)
  return { id: requestId }
}

const relativesOf = ({ wish, relation, proofs }: Row) =>
  wish === null ? {} : { wish, relation, proofs: proofs?.split(',') }

/** What I asked for, the newest first. */
export async function myRequests(db: Db, keys: Keys, actor: { personId: string }): Promise<DataRequestView[]> {
  const rows = await db.dataRequest.findMany({
    where: { personId: actor.personId },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: 50,
  })
  return presentRequests(db, keys, rows)
}

/** Those of the actor's regions, the newest first. */
export async function listRequests(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.output<typeof dataRequestQuery>,
): Promise<Page<DataRequestView>> {
  const after = readCursor(query.cursor, 2)
  const rows = await db.dataRequest.findMany({
    where: {
      AND: [
        inScope(actor, can('dataRequest.read')),
        query.state === undefined ? {} : { state: query.state },
        after === null
          ? {}
          : {
              OR: [
                { askedAt: { lt: new Date(after[0] as string) } },
                { askedAt: new Date(after[0] as string), id: { lt: after[1] as string } },
              ],
            },
      ],
    },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const shown = await presentRequests(db, keys, rows.slice(0, query.limit))
  const views = new Map(shown.map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as DataRequestView,
    (row) => cursorOf(row.askedAt.toISOString(), row.id),
  )
}

/** What was said goes after a while; that it was asked and how it ended stays. */
export async function forgetRequests(db: Db, at: Date): Promise<number> {
  const requestKeepDays = await longestSetting(db, 'requestKeepDays', dayOf(at))
  const { count } = await db.dataRequest.updateMany({
    where: { decidedAt: { lt: addSeconds(at, -requestKeepDays * 86_400) }, textSealed: { not: '' } },
    data: { textSealed: '' },
  })
  return count
}

async function presentRequests(db: Reader, keys: Keys, rows: readonly Row[]): Promise<DataRequestView[]> {
  const persons = await openPersons(
    db,
    keys,
    rows.map((one) => one.personId),
  )
  const said = rows.filter((one) => one.textSealed !== '')
  const opened = await openForPersons(
    db,
    keys,
    said.map(({ personId, textSealed }) => ({ personId, table: 'data_request', column: 'text', sealed: textSealed })),
  )
  const texts = new Map(said.map((one, place) => [one.id, opened[place]]))
  const asking = rows.filter((one) => one.relativeSealed !== null)
  const relatives = await openForPersons(
    db,
    keys,
    asking.map(({ personId, relativeSealed }) => ({
      ...{ personId, table: 'data_request', column: 'relative' },
      sealed: relativeSealed ?? '',
    })),
  )
  const nameOf = new Map(asking.map((one, place) => [one.id, relatives[place] ?? '']))
  const places = new Map<string, string>()
  for (const path of new Set(rows.map((one) => one.regionPath)))
    places.set(path, (await regionsOfPath(db, path)).at(-1)?.name ?? '')
  return rows.map((row) => ({
    id: row.id,
    personId: row.personId,
    maskedName: maskName(persons.get(row.personId)?.name ?? ''),
    kind: row.kind as DataRequestView['kind'],
    text: texts.get(row.id) ?? '',
    relative: relativeView(row, nameOf.get(row.id) ?? ''),
    state: row.state as DataRequestView['state'],
    askedAt: row.askedAt.toISOString(),
    bySelf: row.askedByPersonId === row.personId,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    answer: row.answer,
    regionName: places.get(row.regionPath) ?? '',
  }))
}

const PROOF_WORDS: Record<string, string> = { ...DEATH_PROOF_WORDS, ...RELATION_PROOF_WORDS }

function relativeView({ wish, relation, proofs }: Row, name: string): DataRequestView['relative'] {
  if (wish === null || relation === null) return null
  const kin = RELATIVE_WORDS[relation as keyof typeof RELATIVE_WORDS]
  return {
    wish: wish as keyof typeof WISH_WORDS,
    words: `${kin} ${maskName(name)} ${WISH_WORDS[wish as keyof typeof WISH_WORDS]}`,
    proofWords: (proofs ?? '')
      .split(',')
      .map((one) => PROOF_WORDS[one] ?? one)
      .join('、'),
  }
}
