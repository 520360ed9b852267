import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { sendMessages } from '../../server/message/send'
import { type MessageWorld, newMessageWorld } from '../support/message-world'
import { busy, type Fault, quotaUsed, tokenRefused } from '../support/wechat-emulator/faults'
import { serveWorld } from '../support/world'

/** Whatever WeChat does wrong, on whichever of its calls. */
const FAULTS: [string, Fault, 'sent' | 'unclear'][] = [
  ['a time-out', { kind: 'latency', ms: 900, times: 1, call: 'message' }, 'unclear'],
  ['half an answer', { kind: 'truncated', times: 1, call: 'message' }, 'unclear'],
  ['an answer that stops in the middle', { kind: 'stalled', times: 1, call: 'message' }, 'unclear'],
  ['a page of something in between', { kind: 'page', acted: true, times: 1, call: 'message' }, 'unclear'],
  [
    'a bad gateway after it was done',
    { kind: 'status', status: 502, acted: true, times: 1, call: 'message' },
    'unclear',
  ],
  ['a burst of busy', busy(7, 'message'), 'sent'],
  ['a refused token', tokenRefused('message'), 'sent'],
  ['a used-up quota', quotaUsed(1, 'message'), 'sent'],
  ['no token for a while', { kind: 'reset', acted: false, times: 4, call: 'token' }, 'sent'],
]
const impatient = { limits: { timeoutMs: 600, tries: 3, backOffMs: 2 } }

async function ready() {
  const world = await newMessageWorld(impatient)
  const helper = await world.member()
  const openid = await world.withWechat(helper.personId)
  await world.agree(helper.personId, openid, 'points', 20)
  return { world, helper }
}

/** The clock goes on until nothing waits any more, for at most a day. */
async function untilDone(world: MessageWorld): Promise<number> {
  let runs = 0
  for (; runs < 30; runs++) {
    await sendMessages(world.parts, world.clock.now)
    const next = await world.db.message.findFirst({ where: { state: 'waiting' }, orderBy: { dueAt: 'asc' } })
    if (next === null) break
    const ahead = (next.dueAt.getTime() - world.clock.now.getTime()) / 1000
    if (ahead > 0) world.later(ahead)
    world.emulator.clock.advance(Math.max(ahead, 0))
  }
  return runs
}

test.each(FAULTS)(
  '%s: the message arrives once at most, and somebody checks in meanwhile',
  async (_what, fault, end) => {
    const { world, helper } = await ready()
    const { ask } = await serveWorld(world)
    const elder = await world.elder()
    const plate = await world.plate(elder.id)
    world.emulator.faults.push(fault)
    await world.tell(helper.personId, 'giftOffered', 'gift:1')
    const id = randomUUID()
    const press = { id, elderIds: [elder.id], serviceId: world.service.id, code: plate.code }

    const [checkedIn] = await Promise.all([
      ask(helper.actor, 'POST', '/visits', { ...press, deviceAt: world.clock.now.toISOString() }),
      sendMessages(world.parts, world.clock.now),
    ])
    await untilDone(world)

    expect(checkedIn.status).toBe(201)
    expect(await world.db.visit.count({ where: { id, state: 'inProgress' } })).toBe(1)
    expect(world.emulator.messages.length).toBeLessThanOrEqual(1)
    if (end === 'sent') expect(world.emulator.messages).toHaveLength(1)
    expect((await world.messages()).map((one) => one.state)).toEqual([end])
    expect(await world.db.notice.count({ where: { personId: helper.personId } })).toBe(1)
  },
  120_000,
)

test('a message whose sender died in the middle is not sent again', async () => {
  const { world, helper } = await ready()
  await world.tell(helper.personId, 'giftOffered', 'gift:1')
  const leasedUntil = world.later(60)
  await world.db.message.updateMany({ data: { state: 'sending', tries: 1, leasedUntil } })
  await sendMessages(world.parts, world.later(60))
  expect(await world.messages()).toMatchObject([{ state: 'unclear', reason: 'lost' }])
  expect(world.emulator.requestsOf('message')).toEqual([])
})

test('while WeChat is away it is asked a few times a run, however many messages wait, and all of them arrive afterwards', async () => {
  const { world, helper } = await ready()
  const { emulator } = world
  for (let count = 0; count < 20; count++) await world.tell(helper.personId, 'giftOffered', `gift:${count}`)
  emulator.faults.push(quotaUsed(1000, 'message'))
  await sendMessages(world.parts, world.clock.now)
  expect(emulator.requestsOf('message').length).toBeLessThanOrEqual(8)
  expect(await world.db.message.count({ where: { state: 'waiting' } })).toBe(20)

  emulator.faults.length = 0
  await untilDone(world)
  expect(emulator.messages).toHaveLength(20)
  expect((await world.messages()).filter((one) => one.state !== 'sent')).toEqual([])
})

test('two processes whose token is refused share one new one, and each message arrives once', async () => {
  const { world, helper } = await ready()
  const { emulator, parts, clock } = world
  const processes = [0, 1].map(() => ({ ...parts, wechat: world.otherProcess() }))
  await processes[0]?.wechat.plateImage({ scene: 'P1', page: 'notice/mine', build: 'release', width: 300 })
  const before = emulator.requestsOf('token').length
  emulator.tokens.current = null
  emulator.tokens.last = null
  for (let count = 0; count < 8; count++) await world.tell(helper.personId, 'giftOffered', `gift:${count}`)
  await Promise.all(processes.map((one) => sendMessages(one, clock.now)))
  await untilDone(world)
  expect(emulator.requestsOf('token').length - before).toBe(1)
  expect(emulator.messages).toHaveLength(8)
})

test('an error under an image type and a text of somebody long away change nothing but their own answer', async () => {
  const { world } = await ready()
  const { emulator, wechat } = { emulator: world.emulator, wechat: world.parts.wechat }
  emulator.faults.push({ kind: 'jsonAsImage', errcode: 45009, times: 1, call: 'plateImage' })
  const plate = { scene: 'P1', page: 'notice/mine', build: 'release', width: 300 } as const
  expect(await wechat?.plateImage(plate)).toMatchObject({ ok: false, reason: 'tooOften' })
  expect(await wechat?.plateImage(plate)).toMatchObject({ ok: true })
  const { openid } = emulator.addUser()
  expect(await wechat?.checkText({ openid, kind: 'comment', text: '老人家很好' })).toMatchObject({
    ok: false,
    reason: 'inactiveUser',
  })
})
