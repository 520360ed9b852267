import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { closeDay, findClosings } from '../../server/redemption/close-day'
import { fulfil } from '../../server/redemption/fulfil'
import { redeem } from '../../server/redemption/redeem'
import { reverseFulfilment } from '../../server/redemption/reverse'
import { issueSettlement, listSettlements, paySettlement } from '../../server/redemption/settle'
import { statementFile } from '../../server/redemption/statement'
import { instantOf } from '../../shared/core/time'
import { codesOf } from '../ledger/books'
import { newShop } from './shop'

/** A shop that has handed two pieces over in October and one in November. */
async function newMonth() {
  const shop = await newShop()
  const { db, staff, places, richMember, wish, pointId } = shop
  const li = await richMember(200_000n)
  const counter = await shop.counter()
  const give = async (day: string, time = '10:00') => {
    const at = instantOf(day, time)
    const { id } = await redeem(db, li.actor, wish(), at)
    await fulfil(db, counter, id, { id: randomUUID(), pointId }, at)
    return id
  }
  const ids = [await give('2026-10-30'), await give('2026-10-31', '23:59'), await give('2026-11-01', '00:00')]
  const [admin, finance] = [await staff('countyAdmin', places.county), await staff('countyAdmin', places.county)]
  return { ...shop, counterActor: counter, ids, admin, finance, li, giveOn: give }
}

describe('paying a point', () => {
  test('the month that is over is issued once, paid by another person, and the points leave what is due', async () => {
    const { db, keys, clock, pointId, admin, finance, parts, counterActor, ids, staff, places } = await newMonth()
    const issue = { id: randomUUID(), month: '2026-10' }
    expect(
      await codesOf([
        issueSettlement(db, admin, pointId, { id: randomUUID(), month: '2026-11' }, clock.now),
        issueSettlement(db, admin, pointId, { id: randomUUID(), month: '2026-09' }, clock.now),
        issueSettlement(db, counterActor, pointId, { id: randomUUID(), month: '2026-10' }, clock.now),
      ]),
    ).toEqual(['SETTLEMENT_MONTH', 'SETTLEMENT_EMPTY', 'NOT_FOUND'])
    const both = await Promise.all([
      issueSettlement(db, admin, pointId, issue, clock.now),
      issueSettlement(db, finance, pointId, { id: randomUUID(), month: '2026-10' }, clock.now),
    ])
    expect(new Set(both.map((one) => one.id)).size).toBe(1)
    const { id } = both[0] as { id: string }
    const row = await db.settlement.findUniqueOrThrow({ where: { id } })
    expect(row).toMatchObject({ pieces: 2, milliPoints: 40_000n, costFen: 4000n })
    const payer = row.issuedByPersonId === admin.personId ? finance : admin
    const issuer = payer === finance ? admin : finance
    expect(
      await codesOf([
        paySettlement(db, issuer, id, { id: randomUUID(), paymentNo: '20261105-1' }, clock.now),
        reverseFulfilment(db, admin, ids[0] as string, { id: randomUUID(), reason: '晚了' }, clock.now),
      ]),
    ).toEqual(['SETTLEMENT_TWO_PERSONS', 'REDEMPTION_SETTLED'])
    const pay = { id: randomUUID(), paymentNo: '20261105-1' }
    await paySettlement(db, payer, id, pay, clock.now)
    await paySettlement(db, payer, id, pay, clock.now)
    expect(await codesOf([paySettlement(db, payer, id, { ...pay, id: randomUUID() }, clock.now)])).toEqual([
      'SETTLEMENT_PAID',
    ])
    const due = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'redemptionDue' } })
    expect(due.postedMilliPoints).toBe(20_000n)
    expect((await auditLedger(db)).problem).toBeNull()

    const auditor = await staff('auditor', places.county)
    const [shown] = await listSettlements(db, keys, auditor, { month: '2026-10' }, clock.now)
    expect(shown).toMatchObject({ pointName: '泽头食堂', costFen: '4000', paymentNo: '20261105-1', mayPay: false })
    const [open] = await listSettlements(db, keys, counterActor, { month: '2026-11' }, clock.now)
    expect(open).toMatchObject({ id: null, pieces: 1, mayIssue: false })
    const pdf = await statementFile(parts, counterActor, id, 'pdf', clock.now)
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect((await statementFile(parts, auditor, id, 'xlsx', clock.now)).bytes.length).toBeGreaterThan(3000)
    const foreign = await staff('countyAdmin', places.otherCounty)
    expect(await codesOf([statementFile(parts, foreign, id, 'pdf', clock.now)])).toEqual(['NOT_FOUND'])
  })

  test('what the database keeps: a statement is not changed, and not paid twice', async () => {
    const { db, clock, pointId, admin, finance } = await newMonth()
    const { id } = await issueSettlement(db, admin, pointId, { id: randomUUID(), month: '2026-10' }, clock.now)
    await expect(db.settlement.update({ where: { id }, data: { costFen: 9999n } })).rejects.toThrow()
    await expect(
      db.settlement.update({
        where: { id },
        data: { paidAt: clock.now, paidByPersonId: admin.personId, paymentNo: '1' },
      }),
    ).rejects.toThrow()
    await paySettlement(db, finance, id, { id: randomUUID(), paymentNo: '1' }, clock.now)
    await expect(db.settlement.update({ where: { id }, data: { paymentNo: '2' } })).rejects.toThrow()
    await expect(db.settlement.delete({ where: { id } })).rejects.toThrow()
  })

  test('the day is closed as it stands; reversed afterwards, it is closed anew beside the first count', async () => {
    const { db, keys, clock, pointId, admin, counterActor, giveOn, staff, places } = await newMonth()
    const id = await giveOn('2026-11-22', '08:00')
    const close = { id: randomUUID(), day: '2026-11-22' }
    await closeDay(db, counterActor, pointId, close, clock.now)
    await closeDay(db, counterActor, pointId, close, clock.now)
    await reverseFulfilment(db, admin, id, { id: randomUUID(), reason: '没有给' }, clock.now)
    await closeDay(db, counterActor, pointId, { ...close, id: randomUUID() }, clock.now)
    const { closings, pieces, reversedPieces } = await findClosings(db, keys, counterActor, {}, clock.now)
    expect([pieces, reversedPieces]).toEqual([0, 1])
    expect(closings.map((one) => [one.revision, one.pieces, one.reversedPieces, one.costFen])).toEqual([
      [2, 0, 1, '0'],
      [1, 1, 0, '2000'],
    ])
    const other = await staff('redemptionPoint', places.town2, { redemptionPointId: randomUUID() })
    expect(
      await codesOf([
        closeDay(db, counterActor, pointId, { id: randomUUID(), day: '2026-11-23' }, clock.now),
        closeDay(db, other, pointId, { id: randomUUID(), day: '2026-11-22' }, clock.now),
        findClosings(db, keys, other, { pointId }, clock.now),
      ]),
    ).toEqual(['CLOSING_DAY', 'NOT_FOUND', 'NOT_FOUND'])
  })
})
