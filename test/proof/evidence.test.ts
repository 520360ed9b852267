// Evidence and money beside the books and the visits: what staff approved, put right, called about and paid is sealed too.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Db } from '../../server/core/db'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoints } from '../../server/proof/keep'
import { addSeconds } from '../../shared/core/time'
import { atDoor, HOME } from '../support/door'
import { unguard } from '../support/forge'
import { newWorld, type World } from '../support/world'

type Row = Record<string, unknown>
type Delegate = {
  findMany(): Promise<Row[]>
  updateMany(ask: { where: Row; data: Row }): Promise<{ count: number }>
  deleteMany(ask: { where: Row }): Promise<{ count: number }>
}
/** Each table by its delegate, with the columns it is found by. */
const TABLES = {
  appeal: ['appeal', 'id'],
  call_back: ['callBack', 'id'],
  end_correction: ['endCorrection', 'id'],
  field_check: ['fieldCheck', 'id'],
  first_approval: ['firstApproval', 'id'],
  fund_change: ['fundChange', 'id'],
  fund_decision: ['fundDecision', 'changeId'],
  fund_draw: ['fundDraw', 'id'],
  gift: ['gift', 'id'],
  grant_answer: ['grantAnswer', 'roundId', 'byPersonId'],
  grant_round: ['grantRound', 'id'],
  helper_note: ['helperNote', 'id'],
  paper_batch: ['paperBatch', 'id'],
  paper_line: ['paperLine', 'batchId', 'line'],
  paper_picture: ['paperPicture', 'id'],
  point_closing: ['pointClosing', 'id'],
  redemption: ['redemption', 'id'],
  settlement: ['settlement', 'id'],
} as const
/** They keep a line from being entered twice, and a rejected one gives them up: what the line says stands in the others. */
const KEYS_ONLY = ['paper_line.visitKey', 'paper_line.sheetKey']
/** Goes after its time: of a picture the hash is sealed, and what has another isn't shown; own words are in no leaf (0119). */
const FORGOTTEN = ['paper_picture.sealed', 'appeal.note', 'call_back.note', 'gift.note', 'helper_note.note']
const UNSEALED = [...KEYS_ONLY, ...FORGOTTEN]
/** Seen in the statement that pays for it. */
const ELSEWHERE: Record<string, RegExp> = { 'redemption.settlementId': /^settlement / }
const delegateOf = (db: Db, name: string) => (db as unknown as Record<string, Delegate>)[name] as Delegate

/** One row of each, as if everybody had been at work. */
async function busyWorld(): Promise<World> {
  const world = await newWorld()
  const { db, clock, places } = world
  const door = await atDoor(world, { homePoint: HOME })
  const visitId = await door.served(65)
  await door.answer(visitId, 'yes')
  const { id: elderId } = await db.elder.findFirstOrThrow()
  const [at, regionPath, byPersonId] = [clock.now, places.village.path, randomUUID()]
  const common = { id: randomUUID(), visitId, byPersonId, at }
  await db.firstApproval.create({ data: { ...common, revision: 0, reasonCode: 'ok' } })
  await db.endCorrection.create({
    data: { ...common, wasAt: at, wasSeconds: 60, endAt: at, servedSeconds: 50, note: '提前走了' },
  })
  await db.callBack.create({ data: { ...common, elderId, regionPath, reached: false, note: '没有接' } })
  await db.helperNote.create({ data: { ...common, code: 'E01', reasonCode: 'forgot', note: '忘了' } })
  await db.appeal.create({
    data: {
      ...{ ...common, regionPath, state: 'upheld', reasonCode: 'ok', note: '再看看' },
      ...{ decidedByPersonId: randomUUID(), decidedAt: at, decisionNote: '是对的' },
    },
  })
  await db.fieldCheck.create({
    data: {
      ...{ id: randomUUID(), plateId: randomUUID(), elderId, regionId: places.village.id, regionPath },
      ...{ result: 'well', byPersonId, level: 1, distanceMetres: 5, at, recordedAt: at },
    },
  })
  const batch = await db.paperBatch.create({
    data: {
      ...{ id: randomUUID(), regionId: places.village.id, regionPath, source: 'form', reason: '没有信号', lines: 1 },
      ...{ state: 'approving', enteredByPersonId: byPersonId, enteredAt: at, month: '2026-11' },
      ...{ decidedByPersonId: randomUUID(), decidedAt: at, decisionNote: '看过了' },
    },
  })
  await db.paperLine.create({
    data: {
      ...{
        batchId: batch.id,
        line: 1,
        visitId: randomUUID(),
        visitKey: 'v',
        sheetKey: 's',
        elderId,
        day: '2026-10-02',
      },
      ...{ memberId: randomUUID(), serviceId: randomUUID(), signedBy: 'elder' },
      ...{ checkInAt: addSeconds(at, -7200), checkOutAt: addSeconds(at, -3600) },
    },
  })
  await db.gift.create({
    data: {
      ...{ id: randomUUID(), programmeId: world.programmeId, kind: 'gift', fromPersonId: byPersonId },
      ...{ toPersonId: randomUUID(), relation: 'parent', milliPoints: 5000n, note: '给妈妈', needs: 'staff' },
      ...{ state: 'refused', regionPath, askedAt: at, decidedByPersonId: randomUUID(), decidedAt: at },
    },
  })
  await db.paperPicture.create({
    data: {
      ...{ id: randomUUID(), batchId: batch.id, sealed: 'x', sealedForPersonId: byPersonId, width: 8, height: 9 },
      ...{ byteLength: 10, hash: 'a'.repeat(64), at },
    },
  })
  const terms = { name: '福彩', source: 'welfareLottery', kinds: '', productIds: '', priority: 1, active: true }
  const line = await db.fundLine.create({
    data: {
      id: randomUUID(),
      regionId: places.city.id,
      regionPath: places.city.path,
      year: 2026,
      ...terms,
      budgetFen: 10_000n,
    },
  })
  await db.fundDraw.create({
    data: { id: randomUUID(), fundLineId: line.id, redemptionId: randomUUID(), kind: 'draw', fen: 500, at },
  })
  const change = await db.fundChange.create({
    data: {
      ...{ id: randomUUID(), fundLineId: line.id, regionPath: line.regionPath, terms: JSON.stringify(terms) },
      ...{ reason: '追加', askedById: byPersonId, askedAt: at },
    },
  })
  await db.fundDecision.create({
    data: { changeId: change.id, decision: 'reject', reason: '不够', byId: randomUUID(), at },
  })
  const round = await db.grantRound.create({
    data: {
      ...{ id: randomUUID(), programmeId: world.programmeId, schemeId: randomUUID(), regionPath: places.county.path },
      ...{ name: '慰问', period: '2026-11', approvers: 2, state: 'rejected', proposedAt: at, doneAt: at },
    },
  })
  await db.grantAnswer.create({ data: { roundId: round.id, byPersonId, answer: 'approve', reason: '好', at } })
  const amounts = { pieces: 3, milliPoints: 3000n, costFen: 900n }
  await db.pointClosing.create({
    data: {
      ...{ id: randomUUID(), pointId: randomUUID(), regionPath, day: '2026-11-21', revision: 1, ...amounts },
      ...{ reversedPieces: 0, byPersonId, at },
    },
  })
  const settlementId = randomUUID()
  await db.redemption.create({
    data: {
      ...{ id: randomUUID(), personId: byPersonId, accountId: randomUUID(), programmeId: world.programmeId },
      ...{ productId: randomUUID(), pointId: randomUUID(), regionId: places.village.id, regionPath, code: '12345678' },
      ...{ priceMilliPoints: 0n, costFen: 0, fundLineId: line.id, state: 'reversed', heldAt: at, expiresAt: at },
      ...{ resolvedAt: at, fulfilledByPersonId: randomUUID(), mealDay: '2026-11-22', mealTime: 'lunch' },
      ...{ reversedAt: at, reversedByPersonId: randomUUID(), reverseReason: '拿错了', settlementId, byPersonId },
    },
  })
  await db.settlement.create({
    data: {
      ...{ id: settlementId, pointId: randomUUID(), programmeId: world.programmeId, regionPath, month: '2026-10' },
      ...{ ...amounts, issuedAt: at, issuedByPersonId: byPersonId, paidAt: at, paidByPersonId: randomUUID() },
      paymentNo: '123',
    },
  })
  await signCheckpoints(world.parts, clock.now)
  return world
}

function flipped(value: unknown): unknown {
  if (typeof value === 'string') return `${value}7`
  if (typeof value === 'number') return value + 1
  if (typeof value === 'bigint') return value + 1n
  if (typeof value === 'boolean') return !value
  return new Date((value as Date).getTime() + 1)
}

test('whatever evidence or money beside the books is changed or taken away, the audit names the row', {
  timeout: 300_000,
}, async () => {
  const world = await busyWorld()
  const { db } = world
  const said = async () => (await auditAll(db, world.config.log)).problem
  expect(await said()).toBeNull()
  await unguard(db, Object.keys(TABLES))
  const unseen: string[] = []
  for (const [table, [name, ...key]] of Object.entries(TABLES)) {
    const delegate = delegateOf(db, name)
    const [row] = await delegate.findMany()
    expect(row, table).toBeDefined()
    const where = Object.fromEntries(key.map((column) => [column, row?.[column]]))
    const wanted = `${table} ${Object.values(where).join('/')}`
    const columns = Object.entries(row ?? {}).filter(
      ([column, value]) =>
        !(key as readonly string[]).includes(column) && value !== null && !UNSEALED.includes(`${table}.${column}`),
    )
    for (const [column, value] of columns) {
      await delegate.updateMany({ where, data: { [column]: flipped(value) } })
      const problem = await said()
      const isNamed = ELSEWHERE[`${table}.${column}`]?.test(problem?.row ?? '') ?? problem?.row === wanted
      if (!isNamed) unseen.push(`${table}.${column}: ${JSON.stringify(problem)}`)
      await delegate.updateMany({ where, data: { [column]: value } })
    }
  }
  expect(unseen).toEqual([])
  expect(await said()).toBeNull()
  await delegateOf(db, 'pointClosing').deleteMany({ where: {} })
  expect((await said())?.row).toMatch(/^point_closing /)
})
