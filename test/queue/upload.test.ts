import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { fulfil } from '../../server/redemption/fulfil'
import { redeem } from '../../server/redemption/redeem'
import type { QueueEvent } from '../../shared/queue/input'
import { momentOf, whyNotFollows } from '../../shared/queue/rules'
import type { EventAnswer } from '../../shared/queue/view'
import { codesOf } from '../ledger/books'
import { newShop } from '../redemption/shop'
import { newOfflinePhone } from '../support/offline-phone'

/** A counter without a network that hands over what it is shown. */
async function newCounter(pieces = 3) {
  const shop = await newShop()
  const { db, clock, pointId, richMember, wish } = shop
  const li = await richMember(200_000n)
  const counter = await shop.counter()
  const codes: string[] = []
  for (let no = 0; no < pieces; no++) {
    const { id } = await redeem(db, li.actor, wish(), clock.now)
    codes.push((await db.redemption.findUniqueOrThrow({ where: { id } })).code)
  }
  /** Another phone of whoever stands at the counter, with its own chain. */
  async function phone() {
    const actor: Actor = { ...counter, deviceId: randomUUID() }
    const held = await newOfflinePhone(shop, actor)
    return { ...held, actor, press: (code: string) => held.press('fulfil', { pointId, code }) }
  }
  return { ...shop, li, counterActor: counter, codes, phone }
}
const said = (answers: readonly EventAnswer[]) => answers.map(({ outcome, code }) => [outcome, code])

test('what was handed over without a network is uploaded in order; uploaded again it gets the first answer', async () => {
  const { db, later, codes, phone } = await newCounter()
  const { press, send } = await phone()
  for (const code of codes) press(code)
  press('00000000')
  const first = await send()
  expect(said(first.answers)).toEqual([
    ['done', null],
    ['done', null],
    ['done', null],
    ['conflict', 'REDEMPTION_CODE'],
  ])
  expect(first.answers[0]).toMatchObject({ title: '张* 大米 5 斤', sentence: '交给他了' })
  expect(first.last).toMatchObject({ seq: 4 })
  later(3600)
  expect((await send()).answers).toEqual(first.answers)
  expect((await Promise.all([send(), send(), send()])).map((one) => one.answers)).toEqual(Array(3).fill(first.answers))
  expect(await db.redemption.count({ where: { state: 'fulfilled' } })).toBe(3)
  expect(await db.queueEvent.count()).toBe(4)
})

test('the same voucher on two phones: one is accepted, the other one is told when and where it was used', async () => {
  const { codes, phone, db, pointId, counterActor, clock } = await newCounter(2)
  const [one, other] = [await phone(), await phone()]
  one.press(codes[0] as string)
  other.press(codes[0] as string)
  const answers = (await Promise.all([one.send(), other.send()])).flatMap((sent) => sent.answers)
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['conflict', 'done'])
  expect(answers.find(({ outcome }) => outcome === 'conflict')).toMatchObject({
    code: 'REDEMPTION_FULFILLED',
    sentence: '这个码已经领过了：11 月 22 日 09:00，在泽头食堂',
  })
  // and a voucher that was handed over online meanwhile
  const { id } = await db.redemption.findFirstOrThrow({ where: { code: codes[1] as string } })
  await fulfil(db, counterActor, id, { id: randomUUID(), pointId }, clock.now)
  other.press(codes[1] as string)
  expect(said((await other.send()).answers.slice(1))).toEqual([['conflict', 'REDEMPTION_FULFILLED']])
})

test('a gap is answered with how far the chain goes; a fork, another body and another person are refused', async () => {
  const { codes, phone, db, staff, places, pointId } = await newCounter(3)
  const { press, send, events, signed, actor } = await phone()
  for (const code of codes) press(code)
  const [first, second, third] = events as [QueueEvent, QueueEvent, QueueEvent]
  const gap = await send([third])
  expect([said(gap.answers), gap.last]).toEqual([[['gap', 'QUEUE_GAP']], null])
  await send([first])
  expect(said((await send([third])).answers)).toEqual([['gap', 'QUEUE_GAP']])
  // out of order in one upload is no gap
  expect(said((await send([third, second])).answers)).toEqual([
    ['done', null],
    ['done', null],
  ])
  const refusalOf = async (event: QueueEvent, as = actor) => (await send([event], as)).answers[0]?.code
  expect(await refusalOf({ ...second, body: { pointId, code: '12345678' } })).toBe('QUEUE_REPLAY')
  expect(await refusalOf(signed({ ...second, id: randomUUID() }))).toBe('QUEUE_REPLAY')
  expect(await refusalOf(signed({ ...third, id: randomUUID(), seq: 4 }))).toBe('QUEUE_FORK')
  expect(await refusalOf(signed({ ...third, id: randomUUID(), seq: 5 }))).toBe('QUEUE_GAP')
  const other = await staff('redemptionPoint', places.town, { redemptionPointId: pointId })
  expect(await codesOf([send([first], other)])).toEqual(['QUEUE_FOREIGN'])
  await expect(db.queueEvent.updateMany({ data: { outcome: 'done' } })).rejects.toThrow()
})

test('what was changed on its way, what another phone made, and a phone without a key are refused, each with its sentence', async () => {
  const { codes, phone, counterActor } = await newCounter(2)
  const [one, other] = [await phone(), await phone()]
  const event = one.press(codes[0] as string)
  const answerOf = async (changed: QueueEvent, as = one.actor) => (await one.send([changed], as)).answers[0]
  expect(await answerOf({ ...event, wallAt: '2026-11-22T00:00:00.000Z' })).toMatchObject({
    code: 'QUEUE_SIGNATURE',
    sentence: '这条记录被改动过，不能算数',
  })
  expect(await answerOf(other.signed(event))).toMatchObject({ code: 'QUEUE_SIGNATURE' })
  expect(await answerOf(event, other.actor)).toMatchObject({ code: 'QUEUE_DEVICE' })
  expect(await answerOf(event, counterActor)).toMatchObject({
    code: 'QUEUE_DEVICE',
    sentence: '这条记录是另一部手机上的，请用那部手机上传',
  })
  expect(await answerOf(event)).toMatchObject({ outcome: 'done' })
})

test('what follows what', () => {
  const event = { seq: 2, previousHash: 'a' }
  expect(whyNotFollows(event, { hash: 'a', seq: 1 })).toBeNull()
  expect(whyNotFollows({ seq: 1, previousHash: null }, null)).toBeNull()
  expect(whyNotFollows(event, null)).toBe('QUEUE_GAP')
  expect(whyNotFollows(event, { hash: 'x', seq: 1 })).toBe('QUEUE_FORK')
  expect(whyNotFollows(event, { hash: 'a', seq: 2 })).toBe('QUEUE_REPLAY')
})

test('when it happened: by how long ago the phone says it was, unless its growing clock or its own order knows better', () => {
  const at = (time: string) => new Date(`2026-11-22T${time}:00Z`)
  const clocks = (wall: string, minutes: number, boot = 'today') => ({
    ...{ wallAt: at(wall).toISOString(), monotonicMs: minutes * 60_000, boot },
  })
  const received = at('12:00')
  const moment = (event: ReturnType<typeof clocks>, sent: ReturnType<typeof clocks>, notBefore: Date | null = null) => {
    const found = momentOf(event, sent, received, notBefore)
    return [found.at.toISOString().slice(11, 16), found.clockSeconds]
  }
  expect(moment(clocks('09:00', 0), clocks('12:00', 180))).toEqual(['09:00', 0])
  // a clock that is simply an hour fast
  expect(moment(clocks('10:00', 0), clocks('13:00', 180))).toEqual(['09:00', 3600])
  // the phone slept, and its growing clock with it
  expect(moment(clocks('09:00', 0), clocks('12:00', 20))).toEqual(['09:00', 0])
  // the clock was put back between: the growing clock says at least three hours
  expect(moment(clocks('11:00', 0), clocks('12:00', 180))).toEqual(['09:00', 7200])
  // after another start nothing contradicts it but the order of the chain
  expect(moment(clocks('09:00', 500, 'before'), clocks('12:00', 1))).toEqual(['09:00', 0])
  expect(moment(clocks('09:00', 0), clocks('12:00', 180), at('09:30'))).toEqual(['09:30', 1800])
  // never in the future: the clock was put back since
  expect(moment(clocks('12:30', 0, 'before'), clocks('12:00', 1))).toEqual(['12:00', 1800])
})
