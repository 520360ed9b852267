import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { uploadEvents } from '../../server/queue/upload'
import { fulfil } from '../../server/redemption/fulfil'
import { redeem } from '../../server/redemption/redeem'
import type { QueueEvent } from '../../shared/queue/input'
import { whyNotFollows } from '../../shared/queue/rules'
import type { EventAnswer } from '../../shared/queue/view'
import { codesOf } from '../ledger/books'
import { newShop } from '../redemption/shop'

/** A counter without a network that hands over what it is shown. */
async function newCounter(pieces = 3) {
  const shop = await newShop()
  const { db, keys, clock, pointId, richMember, wish } = shop
  const li = await richMember(200_000n)
  const counter = await shop.counter()
  const codes: string[] = []
  for (let no = 0; no < pieces; no++) {
    const { id } = await redeem(db, li.actor, wish(), clock.now)
    codes.push((await db.redemption.findUniqueOrThrow({ where: { id } })).code)
  }
  /** A phone's own chain. */
  function phone() {
    const chainId = randomUUID()
    const events: QueueEvent[] = []
    const press = (code: string): QueueEvent => {
      const before = events.at(-1)
      const event: QueueEvent = {
        ...{ id: randomUUID(), kind: 'fulfil', seq: events.length + 1, previousId: before?.id ?? null },
        ...{ wallAt: clock.now.toISOString(), monotonicMs: 1000 * events.length, body: { pointId, code } },
      }
      events.push(event)
      return event
    }
    const send = (some: readonly QueueEvent[] = events, actor = counter) =>
      uploadEvents({ db, keys, actor, at: clock.now }, { chainId, events: [...some] })
    return { events, press, send }
  }
  return { ...shop, li, counterActor: counter, codes, phone }
}
const said = (answers: readonly EventAnswer[]) => answers.map(({ outcome, code }) => [outcome, code])

test('what was handed over without a network is uploaded in order; uploaded again it gets the first answer', async () => {
  const { db, later, codes, phone } = await newCounter()
  const { press, send, events } = phone()
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
  expect(first.last).toEqual({ id: events[3]?.id, seq: 4 })
  later(3600)
  expect((await send()).answers).toEqual(first.answers)
  expect((await Promise.all([send(), send(), send()])).map((one) => one.answers)).toEqual(Array(3).fill(first.answers))
  expect(await db.redemption.count({ where: { state: 'fulfilled' } })).toBe(3)
  expect(await db.queueEvent.count()).toBe(4)
})

test('the same voucher on two phones: one is accepted, the other one is told when and where it was used', async () => {
  const { codes, phone, db, pointId, counterActor, clock } = await newCounter(2)
  const [one, other] = [phone(), phone()]
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
  const { codes, phone, clock, db, keys, staff, places, pointId } = await newCounter(3)
  const { press, send, events } = phone()
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
  expect(said((await send([{ ...second, body: { pointId, code: '12345678' } }])).answers)).toEqual([
    ['conflict', 'QUEUE_REPLAY'],
  ])
  expect(said((await send([{ ...second, id: randomUUID() }])).answers)).toEqual([['conflict', 'QUEUE_REPLAY']])
  expect(said((await send([{ ...third, id: randomUUID(), seq: 4, previousId: second.id }])).answers)).toEqual([
    ['gap', 'QUEUE_GAP'],
  ])
  const other = await staff('redemptionPoint', places.town, { redemptionPointId: pointId })
  const chainId = (await db.queueEvent.findFirstOrThrow()).chainId
  expect(
    await codesOf([uploadEvents({ db, keys, actor: other, at: clock.now }, { chainId, events: [first] })]),
  ).toEqual(['QUEUE_FOREIGN'])
  await expect(db.queueEvent.updateMany({ data: { outcome: 'done' } })).rejects.toThrow()
})

test('what follows what', () => {
  const event = { id: 'b', seq: 2, previousId: 'a' }
  expect(whyNotFollows(event, { id: 'a', seq: 1 })).toBeNull()
  expect(whyNotFollows({ ...event, seq: 1, previousId: null }, null)).toBeNull()
  expect(whyNotFollows(event, null)).toBe('QUEUE_GAP')
  expect(whyNotFollows(event, { id: 'x', seq: 1 })).toBe('QUEUE_GAP')
  expect(whyNotFollows(event, { id: 'b', seq: 2 })).toBe('QUEUE_REPLAY')
})
