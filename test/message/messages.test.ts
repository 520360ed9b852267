import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { newLog } from '../../server/core/log'
import { forgetMessages } from '../../server/message/forget'
import { sendMessages } from '../../server/message/send'
import { newSms } from '../../server/sms/sms'
import { quietUntil } from '../../shared/message/rules'
import type { MessageCounts, MessageView, SubjectView, SwitchView } from '../../shared/message/view'
import { newMessageWorld } from '../support/message-world'
import { serveWorld } from '../support/world'

test('who agreed at a tap is told in WeChat, once, and a yes is good for one message', async () => {
  const world = await newMessageWorld()
  const { emulator, parts, clock, gateway } = world
  const { personId } = await world.member({ name: '于得水' })
  const openid = await world.withWechat(personId)
  const { ask } = await serveWorld(world)
  emulator.allow(openid, 'tpl-points', 1)
  const answer = { id: randomUUID(), answers: [{ subject: 'points', isAccepted: true }] }
  for (const _ of [1, 2]) expect((await ask({ personId }, 'POST', '/message-grants', answer)).status).toBe(200)
  const subjects = (await ask<SubjectView[]>({ personId }, 'GET', '/message-subjects')).body
  expect(subjects.map(({ subject, left, templateId }) => [subject, left, templateId])).toEqual([
    ['help', 0, 'tpl-help'],
    ['points', 1, 'tpl-points'],
    ['desk', 0, 'tpl-desk'],
  ])

  await world.tell(personId, 'giftOffered', 'gift:1')
  await world.tell(personId, 'giftOffered', 'gift:1')
  await Promise.all([sendMessages(parts, clock.now), sendMessages(parts, clock.now)])
  await sendMessages(parts, world.later(60))

  expect(emulator.messages).toMatchObject([
    { openid, page: 'ledger/apart/give', values: { thing1: '有人要送您积分', time2: '2026-11-22 09:00' } },
  ])
  expect(await world.messages()).toMatchObject([{ state: 'sent', channel: 'wechat', tries: 1 }])

  await world.tell(personId, 'giftAnswered', 'gift:2')
  await sendMessages(parts, clock.now)
  expect(emulator.requestsOf('message')).toHaveLength(1)
  expect((await world.messages())[1]).toMatchObject({ state: 'dropped', reason: 'switchedOff' })
  expect(gateway.texts).toEqual([])
}, 120_000)

test('without a consent that is left a message goes by SMS where that is switched on, and nobody is named in it', async () => {
  const world = await newMessageWorld()
  const { emulator, parts, clock, gateway } = world
  const { personId } = await world.staff('villageStaff')
  const openid = await world.withWechat(personId)
  await world.agree(personId, openid, 'desk')
  // taken back in WeChat itself, of which nobody tells us
  emulator.refuse(openid, 'tpl-desk')

  await world.tell(personId, 'orderUnattended', 'order:1')
  await world.tell(personId, 'orderUnattended', 'order:2')
  await sendMessages(parts, clock.now)

  expect(gateway.texts.map(({ text }) => text)).toEqual(
    Array(2).fill('【睦邻互助服务中心】有需求还没人接。请打开睦邻小程序看看，或者打 12349。'),
  )
  expect(await world.db.messageGrant.findFirst()).toMatchObject({ left: 0, isLasting: false })
  const asked = emulator.requestsOf('message').length
  await world.tell(personId, 'orderUnattended', 'order:3')
  await sendMessages(parts, clock.now)
  expect(emulator.requestsOf('message')).toHaveLength(asked)
  expect(gateway.texts).toHaveLength(3)
})

test('at night only what can’t wait goes out; what was read meanwhile or is too old stays in the app', async () => {
  const world = await newMessageWorld()
  const { parts, gateway, db } = world
  const { personId } = await world.staff('villageStaff')
  world.at('22:30')
  await world.tell(personId, 'orderUnattended', 'order:1')
  await world.tell(personId, 'orderUnattended', 'order:2')
  await world.tell(personId, 'alarm', 'alarm:1')
  await sendMessages(parts, world.clock.now)
  expect(gateway.texts.map(({ text }) => text)).toEqual([expect.stringContaining('有老人求助')])
  const waiting = (await world.messages()).filter((one) => one.state === 'waiting')
  expect(waiting.map((one) => one.dueAt.toISOString())).toEqual(Array(2).fill('2026-11-23T00:00:00.000Z'))

  const [first] = waiting
  await db.notice.update({ where: { id: first?.id as string }, data: { readAt: world.clock.now } })
  expect(await sendMessages(parts, world.at('08:00', '2026-11-23'))).toBe(1)
  expect((await world.messages()).map((one) => one.reason)).toContain('read')

  await world.tell(personId, 'orderUnattended', 'order:3')
  await sendMessages(parts, world.later(49 * 3600))
  expect((await world.messages()).at(-1)).toMatchObject({ state: 'dropped', reason: 'late' })
  expect(await forgetMessages(db, world.later(89 * 86_400))).toBe(3)
})

test('quiet hours go over midnight, and the same hour twice is none', () => {
  const at = (time: string) => new Date(`2026-11-22T${time}:00+08:00`)
  const until = (time: string, from: number, to: number) => quietUntil(at(time), from, to)?.toISOString() ?? null
  expect(until('20:59', 21, 8)).toBeNull()
  expect(until('21:00', 21, 8)).toBe('2026-11-23T00:00:00.000Z')
  expect(until('07:59', 21, 8)).toBe('2026-11-22T00:00:00.000Z')
  expect(until('08:00', 21, 8)).toBeNull()
  expect(until('13:10', 12, 14)).toBe('2026-11-22T06:00:00.000Z')
  expect(until('03:00', 5, 5)).toBeNull()
})

test('a gateway that is busy is asked again, longer and longer apart, and not for ever', async () => {
  const world = await newMessageWorld()
  const { parts, gateway } = world
  const { personId } = await world.staff('villageStaff')
  gateway.answers.push(...Array(20).fill({ ok: false, reason: 'busy', retryable: true }))
  await world.tell(personId, 'alarm', 'alarm:1')
  const pauses: number[] = []
  for (let run = 0; run < 6; run++) {
    await sendMessages(parts, world.clock.now)
    const [row] = await world.messages()
    if (row?.state !== 'waiting') break
    pauses.push((row.dueAt.getTime() - world.clock.now.getTime()) / 1000)
    world.clock.now = row.dueAt
  }
  expect(await world.messages()).toMatchObject([{ state: 'dropped', reason: 'tries', tries: 6 }])
  for (const [place, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(30 * 2 ** place)
    expect(pause).toBeLessThanOrEqual(60 * 2 ** place)
  }
})

test('the desk sees the queue of its places, why something did not go out, and a county switches kinds', async () => {
  const world = await newMessageWorld()
  const { parts, clock, places, gateway } = world
  const { ask } = await serveWorld(world)
  const [village, county] = [await world.staff('villageStaff'), await world.staff('countyAdmin', places.county)]
  const auditor = await world.staff('auditor', places.county)
  const turn = (isOn: boolean, regionId = places.village.id) => ({
    ...{ id: randomUUID(), regionId, kind: 'orderUnattended', channel: 'sms', isOn },
  })
  expect((await ask(auditor, 'POST', '/message-switches', turn(false))).status).toBe(403)
  expect((await ask(county, 'POST', '/message-switches', turn(false, places.otherVillage.id))).status).toBe(404)
  expect((await ask(county, 'POST', '/message-switches', { ...turn(false), kind: 'none' })).status).toBe(400)
  expect((await ask(county, 'POST', '/message-switches', turn(false))).status).toBe(200)

  await world.tell(village.personId, 'orderUnattended', 'order:1')
  await sendMessages(parts, clock.now)
  expect(gateway.texts).toEqual([])
  const list = (await ask<{ items: MessageView[] }>(county, 'GET', '/messages?state=dropped')).body.items
  expect(list).toMatchObject([{ maskedName: '孙*', kindWords: '需求没人接', reasonWords: '这里没有开', tries: 0 }])
  expect((await ask<MessageCounts>(county, 'GET', '/messages/counts')).body).toEqual({
    ...{ waiting: 0, sent: 0, unclear: 0, dropped: 1, wechat: true, sms: true },
  })
  const shown = (await ask<SwitchView[]>(county, 'GET', `/message-switches?regionId=${places.village.id}`)).body
  expect(shown.find((one) => one.kind === 'orderUnattended')?.channels).toEqual([
    { channel: 'wechat', isOn: true, fromRegionName: null },
    { channel: 'sms', isOn: false, fromRegionName: '北庄村' },
  ])
  const [log] = await world.db.operationLog.findMany({ where: { resource: 'message' } })
  expect([log?.before, log?.after].map((one) => JSON.parse(one ?? '{}').active)).toEqual([true, false])

  await ask(county, 'POST', '/message-switches', turn(true))
  await world.tell(village.personId, 'orderUnattended', 'order:2')
  await sendMessages(parts, clock.now)
  expect(gateway.texts).toHaveLength(1)
})

test('who was turned off or erased is told nothing outside of the app', async () => {
  const world = await newMessageWorld()
  const { parts, clock, gateway, db } = world
  const [off, erased] = [await world.staff('villageStaff'), await world.staff('villageStaff')]
  await db.person.update({ where: { id: off.personId }, data: { disabledAt: clock.now } })
  await db.person.update({ where: { id: erased.personId }, data: { erasedAt: clock.now } })
  for (const { personId } of [off, erased]) await world.tell(personId, 'alarm', `alarm:${personId}`)
  await sendMessages(parts, clock.now)
  expect(gateway.texts).toEqual([])
  expect((await world.messages()).map((one) => one.reason)).toEqual(['nobody', 'nobody'])
})

test('the gateway over HTTP says with its status what became of a text, and the log never has a number', async () => {
  const seen: { body: unknown; token: string | undefined }[] = []
  const answers: [number, string][] = [
    [200, '{}'],
    [200, '{"ok":false}'],
    [429, ''],
    [503, ''],
    [422, ''],
    [500, ''],
    [302, ''],
  ]
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      seen.push({ body: JSON.parse(body), token: request.headers.authorization })
      const [status, text] = answers.shift() ?? [200, '']
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end(text)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`
  const lines: string[] = []
  const log = newLog('info', { write: (line: string) => void lines.push(line) })
  const sms = newSms({ kind: 'http', url, token: 'geheim' }, log)
  const text = { id: 'one', phone: '13800001111', text: '有老人求助' }
  const outcomes = []
  for (let count = 0; count < 7; count++) outcomes.push(await sms?.send(text))
  expect(outcomes).toEqual([
    { ok: true },
    { ok: false, reason: 'refused', retryable: false },
    { ok: false, reason: 'busy', retryable: true },
    { ok: false, reason: 'busy', retryable: true },
    { ok: false, reason: 'refused', retryable: false },
    { ok: false, reason: 'unreachable', retryable: false },
    { ok: false, reason: 'unreachable', retryable: false },
  ])
  expect(seen[0]).toEqual({ body: text, token: 'Bearer geheim' })
  server.closeAllConnections()
  server.close()
  const nobody = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => nobody.once('listening', resolve))
  const { port } = nobody.address() as AddressInfo
  await new Promise((resolve) => nobody.close(resolve))
  const closed = newSms({ kind: 'http', url: `http://127.0.0.1:${port}/`, token: 'x' }, log)
  expect(await closed?.send(text)).toEqual({ ok: false, reason: 'unreachable', retryable: true })
  expect(await newSms({ kind: 'console' }, log)?.send(text)).toEqual({ ok: true })
  expect(lines.join('')).toContain('有老人求助')
  expect(lines.join('')).not.toContain('13800001111')
})
