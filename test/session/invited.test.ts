import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { acceptProxy, inviteProxy } from '../../server/elder/invitation'
import { logInInvited } from '../../server/session/invited'
import { logInWithWechat } from '../../server/session/wechat'
import { refusal } from '../support/refusal'
import { newWechatWorld } from '../support/wechat-world'
import { newWorld } from '../support/world'

test('a relative nobody has written down comes in with an elder’s invitation and the phone WeChat vouches for, and nobody without', async () => {
  const { emulator, user, wechat } = await newWechatWorld()
  const world = await newWorld({ wechat })
  const { parts, db, keys, clock } = world
  const elder = await world.elder()
  const input = { id: randomUUID(), elderId: elder.id, relation: '儿子', scopes: ['ask' as const] }
  const { id } = await inviteProxy(db, keys, elder.actor, input, clock.now)
  const { serial: code } = await db.proxyInvitation.findUniqueOrThrow({ where: { id } })
  const ticket = async () => {
    const answer = await logInWithWechat(parts, { code: emulator.loginCode(user.openid) }, clock.now)
    return 'ticket' in answer ? answer.ticket : ''
  }
  const enter = async (given: { code?: string; ticket?: string }) =>
    logInInvited(
      parts,
      {
        ticket: given.ticket ?? (await ticket()),
        phoneCode: emulator.phoneCode(user.openid),
        name: '王军',
        code,
        ...given,
      },
      clock.now,
    )
  expect(await refusal(enter({ code: 'K7M2-9QXD-4TRF' }))).toBe('INVITATION_UNKNOWN')
  expect(await refusal(enter({ ticket: 'made up' }))).toBe('SESSION_ENDED')
  const before = await db.person.count()
  const { personId } = await enter({})
  expect(await db.person.count()).toBe(before + 1)
  const son = await world.actorOf(personId)
  expect(son).toMatchObject({ member: null, elder: null, proxyOf: [], roles: [] })
  await acceptProxy(db, keys, son, { id: randomUUID(), code }, clock.now)
  expect((await world.actorOf(personId)).proxyOf).toMatchObject([{ elderId: elder.id, scopes: ['ask'] }])
  // the same phone again is the same person: WeChat knows it by now
  const again = await logInWithWechat(parts, { code: emulator.loginCode(user.openid) }, clock.now)
  expect(again).toMatchObject({ personId })
  expect(await refusal(enter({ ticket: 'x' }))).toBe('SESSION_ENDED')
})
